"""The part "courses and trainers": what it enters in the registers of other places."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.history.verbs import register_field, register_verb
from psdelivery.people.models import User
from psdelivery.people.person_links import PersonLink, register_person_link
from psdelivery.people.personal_data import register_personal_data, rows
from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.step_links import StepLink, step_links
from training.choices import StepKey
from training.models import Course, TrainerCertification, TrainerProfile
from training.services.certifications import (
    certification_facts,
    certification_owners,
)
from training.stand_in_fits import register_stand_in_fits
from training.trainer_access import is_shown_of
from training.trainer_notes import register_trainer_notes
from training.trainer_queries import certifications
from training.trainer_reactions import register_trainer_reactions

VERBS = {
    "trainer-started": gettext_lazy("noted as on the way"),
    "trainer-certified": gettext_lazy("noted the certification"),
    "trainer-renewed": gettext_lazy("renewed the certification"),
    "trainer-withdrawn": gettext_lazy("withdrew the certification"),
    "demo-account-noted": gettext_lazy("noted the demo-cloud account of"),
}
FIELDS = {
    "certified_on": gettext_lazy("certified on"),
    "expires_on": gettext_lazy("last day"),
    "demo_account": gettext_lazy("own account"),
    "certification": gettext_lazy("certification"),
}


def keeping_of(checklist: Checklist) -> Keeping | None:
    """Return facts and owners for the checklist of a trainer's certification."""
    entry = certifications().filter(checklist=checklist).first()
    if entry is None:
        return None
    return Keeping(certification_facts(entry), certification_owners(entry))


def links_of(step: Step, reader: User) -> Sequence[StepLink]:
    """Return what the catalogue has for a step about the course, as it is now."""
    tell = MATERIALS.get(step.key)
    course = course_of(step) if tell else None
    return tell(course) if tell and course else []


def course_of(step: Step) -> Course | None:
    """Return the course of the class, or of the certification, of this step."""
    near = Course.objects.filter(delivery__checklist=step.checklist_id)
    return (
        near.first()
        or Course.objects.filter(
            trainer_certifications__checklist=step.checklist_id
        ).first()
    )


def slides_of(course: Course) -> list[StepLink]:
    """Return the version of the slides, and the way to them."""
    version = course.slides_version
    words = _("Slides, version %(version)s") % {"version": version}
    if not version:
        words = _("Slides")
    if not (version or course.slides_url):
        words = _("The catalogue names no slides yet: ask the instructional designer.")
    return [StepLink(words, course.slides_url), page_of(course)]


def video_of(course: Course) -> list[StepLink]:
    """Return the way to the train-the-trainer video."""
    words = _("Train-the-trainer video")
    if not course.video_url:
        words = _("The catalogue names no video yet: ask the instructional designer.")
    return [StepLink(words, course.video_url), page_of(course)]


def introduction_of(course: Course) -> list[StepLink]:
    """Return the way to the course introduction, where there is one."""
    if not course.introduction_url:
        return [page_of(course)]
    words = _("Introduction of %(course)s") % {"course": course.title}
    return [StepLink(words, course.introduction_url), page_of(course)]


def materials_of(course: Course) -> list[StepLink]:
    """Return all that somebody reads who is on the way to the course."""
    return [*slides_of(course)[:1], *video_of(course)]


def page_of(course: Course) -> StepLink:
    """Return the way to the course in the catalogue."""
    words = _("%(course)s in the catalogue") % {"course": course.title}
    return StepLink(words, course.get_absolute_url())


MATERIALS = {
    StepKey.LATEST_SLIDES: slides_of,
    StepKey.T3_VIDEO: video_of,
    StepKey.INTRODUCTION: introduction_of,
    StepKey.TRAINER_MATERIALS: materials_of,
}


def certifications_of(person: User) -> list[dict[str, Any]]:
    """Return what somebody may teach, or is on the way to."""
    fields = ("course__title", "state", "certified_on", "expires_on", "note")
    return rows(TrainerCertification.objects.filter(person=person).values(*fields))


def profile_of(person: User) -> list[dict[str, Any]]:
    """Return what somebody noted about the own demo-cloud account."""
    found = TrainerProfile.objects.filter(person=person)
    return rows(found.values("has_demo_account", "checked_on"))


def register_trainers() -> None:
    """Enter certifications, coverage and accounts of trainers everywhere."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
    for field, name in FIELDS.items():
        register_field(field, name)
    keepers.register("trainers", keeping_of)
    step_links.register("training", links_of)
    title = gettext_lazy("Courses they teach")
    register_person_link(PersonLink("training:trainer-profile", title, is_shown_of))
    register_personal_data(User, "trainer_certifications", certifications_of)
    register_personal_data(User, "trainer_profile", profile_of)
    register_stand_in_fits()
    register_trainer_notes()
    register_trainer_reactions()
