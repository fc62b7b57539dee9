"""Work items, their open questions, and the project that they are pushed to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import TONES, PushState, WorkItemState
from engagements.models import Engagement
from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text

TITLE_LENGTH = 200
QUESTION_LENGTH = 500


class CollaborationProject(models.Model):
    """The customer's GitLab project; its token is a secret of the environment."""

    engagement = models.OneToOneField(
        Engagement, on_delete=models.CASCADE, related_name="collaboration_project"
    )
    url = models.URLField(_("address of the project"), max_length=500)
    read_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    # When the portal looks there next; null: only when somebody asks for it.
    next_look_at = models.DateTimeField(null=True, blank=True)
    # How often in a row the customer's GitLab did not answer as it should.
    attempts = models.PositiveSmallIntegerField(default=0)
    # Who talks to it now: one at a time, so that nothing is made twice.
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_look_at"], name="project_next_look")]

    def __str__(self) -> str:
        return self.url


class WorkItem(Labelled):
    """A piece of work to build, in four parts of Markdown (domain.md, section 4).

    After the first push GitLab owns the text: what was pushed last and what stands
    there are both kept, so that a change made there is never overwritten.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="work_items"
    )
    # Stands in the issue, so that a push finds what an earlier one has made.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        "execution.DiscoverySession",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="work_items",
    )
    deliverable = models.ForeignKey(
        "execution.Deliverable",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="work_items",
        verbose_name=_("deliverable"),
    )
    assumptions = models.ManyToManyField(
        "execution.Assumption",
        blank=True,
        related_name="work_items",
        verbose_name=_("assumptions"),
    )
    # The answered questions that it was drafted from.
    answers = models.ManyToManyField(
        "execution.DiscoveryQuestion", blank=True, related_name="work_items"
    )
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(
        _("title"), max_length=TITLE_LENGTH, validators=[validate_line]
    )
    overview = models.TextField(_("overview"), blank=True, validators=[validate_text])
    tasks = models.TextField(_("tasks"), blank=True, validators=[validate_text])
    acceptance_criteria = models.TextField(
        _("acceptance criteria"), blank=True, validators=[validate_text]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    state = models.CharField(
        max_length=13, choices=WorkItemState.choices, default=WorkItemState.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    push_state = models.CharField(
        max_length=7, choices=PushState.choices, default=PushState.NEVER
    )
    issue_number = models.PositiveIntegerField(null=True, blank=True)
    issue_url = models.URLField(max_length=500, blank=True)
    # Asked to be pushed, by whom; until it stands there, or was refused.
    push_wanted_at = models.DateTimeField(null=True, blank=True)
    push_wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Fingerprints: of what was sent last, or was just to be sent; and of a text there
    # that somebody has seen and wants to be overwritten.
    sent_digest = models.CharField(max_length=64, blank=True, editable=False)
    seen_digest = models.CharField(max_length=64, blank=True, editable=False)
    # What stood there after the last push, and what stands there now.
    pushed_title = models.CharField(max_length=255, blank=True)
    pushed_text = models.TextField(blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)
    there_title = models.CharField(max_length=255, blank=True)
    there_text = models.TextField(blank=True)
    there_state = models.CharField(max_length=20, blank=True)
    there_updated_at = models.DateTimeField(null=True, blank=True)
    there_at = models.DateTimeField(null=True, blank=True)
    push_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            # A second push never doubles.
            models.UniqueConstraint(
                fields=["engagement", "issue_number"],
                condition=Q(issue_number__isnull=False),
                name="work_item_once_per_issue",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("execution:work-item-detail", self.pk)

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def edit_url(self) -> str:
        return address_of("execution:work-item-edit", self.pk)


class OpenQuestion(models.Model):
    """What must be known before the item is built, or becomes a risk (R-10)."""

    work_item = models.ForeignKey(
        WorkItem, on_delete=models.CASCADE, related_name="open_questions"
    )
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=QUESTION_LENGTH, validators=[validate_line])
    answer = models.TextField(blank=True, validators=[validate_text])
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    risk = models.OneToOneField(
        "execution.ProjectRisk",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="open_question",
    )

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_settled(self) -> bool:
        """Whether it is answered, or became a risk (R-10)."""
        return bool(self.answer) or self.risk_id is not None


class WorkItemComment(models.Model):
    """A comment that was read back from the customer's project."""

    work_item = models.ForeignKey(
        WorkItem, on_delete=models.CASCADE, related_name="comments_there"
    )
    number = models.PositiveBigIntegerField()
    author = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["work_item", "number"], name="work_item_comment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.at:%Y-%m-%d}"
