"""What people can do, and who says so."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import SkillLevel
from psdelivery.people.models.person import User
from psdelivery.people.validators import validate_line


class Skill(models.Model):
    # Of shipped skills: so that one that was renamed here does not come back.
    key = models.SlugField(max_length=60, blank=True, editable=False)
    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[validate_line]
    )
    group = models.CharField(
        _("group"), max_length=80, blank=True, validators=[validate_line]
    )
    is_active = models.BooleanField(
        _("in use"),
        default=True,
        help_text=_("What is no longer in use is kept and not offered any more."),
    )

    class Meta:
        ordering = ["group", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="skill_key_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonSkill(models.Model):
    """How well a person does something; it counts once somebody else confirmed it."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="people")
    level = models.PositiveSmallIntegerField(_("level"), choices=SkillLevel.choices)
    wants_to_grow = models.BooleanField(_("wants to grow into it"), default=False)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["skill__group", "skill__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "skill"], name="person_skill_once"
            ),
            models.CheckConstraint(
                condition=Q(level__in=SkillLevel.values),
                name="person_skill_level_is_known",
                violation_error_message=_("This is not a level."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_on__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_on__isnull=False),
                name="person_skill_confirmed_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=models.F("person")),
                name="person_skill_confirmed_by_another",
                violation_error_message=_("Nobody confirms their own skill."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill}: {self.get_level_display()}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_on is not None
