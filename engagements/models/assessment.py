"""What was found out before the paper: scope, skills, assumptions, outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.choices import AssessmentOutcome
from engagements.models.catalogue import hours_by_role
from engagements.models.engagement import Engagement
from psdelivery.people.choices import SkillLevel
from psdelivery.people.validators import validate_text


class Assessment(models.Model):
    """The assessment of one engagement (domain.md, section 1)."""

    engagement = models.OneToOneField(
        Engagement, on_delete=models.CASCADE, related_name="assessment"
    )
    # Question key → answer; the questions come with the portal.
    answers = models.JSONField(default=dict, blank=True)
    summary = models.TextField(blank=True, validators=[validate_text])
    # One in each line, so that each can be confirmed on its own later.
    assumptions = models.TextField(blank=True, validators=[validate_text])
    risks = models.TextField(blank=True, validators=[validate_text])
    out_of_scope = models.TextField(blank=True, validators=[validate_text])
    # Role → hours.
    effort = models.JSONField(default=dict, blank=True)
    scoping_url = models.URLField(max_length=500, blank=True)
    outcome = models.CharField(
        max_length=10, choices=AssessmentOutcome.choices, blank=True
    )
    outcome_note = models.TextField(blank=True, validators=[validate_text])
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_on__isnull=True)
                | (~Q(outcome="") & Q(decided_on__isnull=False)),
                name="assessment_outcome_has_its_day",
                violation_error_message=_("An outcome has the day it was decided."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Assessment')} · {self.engagement}"

    @property
    def effort_words(self) -> str:
        """Return the hours by role in a line: "PSE 40, technical architect 8"."""
        return hours_by_role(self.effort)


class NeededSkill(models.Model):
    """A skill that the work needs: how well, and by how many people."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="skills"
    )
    skill = models.ForeignKey(
        "people.Skill", on_delete=models.PROTECT, related_name="+"
    )
    level = models.PositiveSmallIntegerField(choices=SkillLevel.choices)
    people = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "skill"], name="needed_skill_once"
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1),
                name="needed_skill_has_people",
                violation_error_message=_("At least one person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} × {self.skill}, {self.get_level_display()}"
