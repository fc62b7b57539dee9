"""Question sets, discovery sessions with their answers, and assumptions (R-10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import AssumptionState
from engagements.models import Engagement
from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import (
    validate_line,
    validate_plannable,
    validate_text,
)


class QuestionSet(models.Model):
    """Questions for a discovery, for the offerings that they fit (practice.md, §5)."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120, validators=[validate_line])
    offerings = models.ManyToManyField(
        "engagements.Offering",
        blank=True,
        related_name="question_sets",
        verbose_name=_("offerings"),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # Set when changed in the portal: shipped data never overwrites it then.
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("execution:question-set-edit", self.pk)


class SetQuestion(models.Model):
    """One question of a set."""

    question_set = models.ForeignKey(
        QuestionSet, on_delete=models.CASCADE, related_name="questions"
    )
    order = models.PositiveSmallIntegerField(default=0)
    section = models.CharField(max_length=80, blank=True, validators=[validate_line])
    text = models.CharField(max_length=300, validators=[validate_line])

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class DiscoverySession(models.Model):
    """A discovery session with the customer; notes and recap stand on the sheet.

    Each is an anchor: its steps (send the questions, read back, file the notes) hang on
    a checklist of its own (domain.md, section 4).
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="discovery_sessions"
    )
    title = models.CharField(_("title"), max_length=160, validators=[validate_line])
    sheet = models.OneToOneField(
        "livetext.LiveSheet",
        on_delete=models.PROTECT,
        related_name="discovery_session",
    )
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="discovery_session_owner",
    )
    # On the customer's calendar.
    held_on = models.DateField(
        _("day"), null=True, blank=True, validators=[validate_plannable]
    )
    questions_sent_at = models.DateTimeField(null=True, blank=True)
    read_back_at = models.DateTimeField(null=True, blank=True)
    read_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Who of the customer confirmed the recap, and how.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "people.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmation = models.TextField(blank=True, validators=[validate_text])
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("execution:discovery-detail", self.pk)


class DiscoveryQuestion(models.Model):
    """A question of one session; its answer is the text of that key on the sheet."""

    session = models.ForeignKey(
        DiscoverySession, on_delete=models.CASCADE, related_name="questions"
    )
    order = models.PositiveSmallIntegerField(default=0)
    section = models.CharField(max_length=80, blank=True, validators=[validate_line])
    text = models.CharField(max_length=300, validators=[validate_line])
    # The question of a set that it was taken from.
    source = models.ForeignKey(
        SetQuestion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.OneToOneField(
        "livetext.LiveText",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="discovery_question",
    )

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "source"],
                condition=Q(source__isnull=False),
                name="discovery_question_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Assumption(Labelled):
    """An assumption of the estimate: open, validated or invalidated (R-10)."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="assumptions"
    )
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("assumption"), max_length=500, validators=[validate_line])
    # Whether it stood in the assessment before the work began.
    is_initial = models.BooleanField(default=False)
    state = models.CharField(
        max_length=11, choices=AssumptionState.choices, default=AssumptionState.OPEN
    )
    evidence = models.TextField(_("evidence"), blank=True, validators=[validate_text])
    session = models.ForeignKey(
        DiscoverySession,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assumptions",
    )
    # what became a risk no longer holds the build up.
    risk = models.OneToOneField(
        "execution.ProjectRisk",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assumption",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open")
                | (~Q(evidence="") & Q(decided_at__isnull=False)),
                name="assumption_decided_with_evidence",
                violation_error_message=_("Say what shows it."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
