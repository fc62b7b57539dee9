"""Work items, their open questions, and the project that they are pushed to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import TONES, PushState, WorkItemState
from engagements.models import Engagement
from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text


class CollaborationProject(models.Model):
    """The customer's GitLab project; its token is a secret of the environment."""

    engagement = models.OneToOneField(
        Engagement, on_delete=models.CASCADE, related_name="collaboration_project"
    )
    url = models.URLField(_("address of the project"), max_length=500)
    read_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

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
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=200, validators=[validate_line])
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
    pushed_title = models.CharField(max_length=255, blank=True)
    pushed_text = models.TextField(blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)
    there_title = models.CharField(max_length=255, blank=True)
    there_text = models.TextField(blank=True)
    there_state = models.CharField(max_length=20, blank=True)
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
    text = models.CharField(max_length=500, validators=[validate_line])
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
