"""What happens to people and steps, for certifications and accounts of trainers."""

from collections.abc import Callable

from psdelivery.people.events import PersonalDataErased, RecordChanged
from psdelivery.people.models import User
from psdelivery.playbooks.events import StepCompleted, StepReopened
from psdelivery.playbooks.models import Step
from psdelivery.registry import reactions, refuse
from training.choices import StepKey
from training.models import Delivery, TrainerCertification, TrainerProfile
from training.rules.trainers import reasons_without_certifying
from training.services.certifications import add_certification, follow_person
from training.services.trainers import note_account
from training.trainer_queries import certification_of

# What may give somebody another manager, or take the work from them.
FOLLOWED = frozenset({"person-edited", "person-left", "person-returned"})


def class_of(step: Step) -> Delivery | None:
    """Return the class on whose checklist the step stands, where it has a trainer."""
    classes = Delivery.objects.filter(
        checklist=step.checklist_id, trainer__isnull=False
    )
    return classes.select_related("course", "trainer__region").first()


def begin_way(event: StepCompleted) -> None:
    """Note the trainer of a class as on the way, where nothing is noted yet (R-14)."""
    delivery = class_of(event.step)
    if delivery is None or delivery.trainer is None:
        return
    if certification_of(delivery.trainer, delivery.course) is None:
        person, course = delivery.trainer, delivery.course
        add_certification(person, course, by=event.by, now=event.now)


def keep_account(event: StepCompleted) -> None:
    """Note the account of the trainer once and for all classes."""
    delivery = class_of(event.step)
    if delivery is not None and delivery.trainer is not None:
        note_account(delivery.trainer, has_account=True, by=event.by, now=event.now)


def take_account_back(event: StepReopened) -> None:
    """Let the account be missing again where its tick is taken back."""
    delivery = class_of(event.step)
    if delivery is not None and delivery.trainer is not None:
        note_account(delivery.trainer, has_account=False, by=event.by, now=event.now)


def hold_badge_to_page(event: StepCompleted) -> None:
    """R-14: refuse to tick the last step of the way before it is certified."""
    rows = TrainerCertification.objects.filter(checklist=event.step.checklist_id)
    for certification in rows:
        refuse(reasons_without_certifying(certification))


ON_TICK: dict[str, Callable[[StepCompleted], None]] = {
    StepKey.TRAINER_CERTIFIED: begin_way,
    StepKey.DEMO_ACCOUNT: keep_account,
    StepKey.TRAINER_BADGE: hold_badge_to_page,
}


def on_trainer_step(event: StepCompleted) -> None:
    """Do what the tick of a step about a trainer brings with it."""
    react = ON_TICK.get(event.step.key)
    if react is not None:
        react(event)


def on_trainer_step_reopened(event: StepReopened) -> None:
    """Take back what the tick of a step about a trainer brought with it."""
    if event.step.key == StepKey.DEMO_ACCOUNT:
        take_account_back(event)


def follow_changed_person(event: RecordChanged) -> None:
    """Let certifications follow another manager, and end with who leaves."""
    if isinstance(event.subject, User) and event.verb in FOLLOWED:
        follow_person(event.subject, by=event.by, now=event.at)


def erase_trainer(event: PersonalDataErased) -> None:
    """Delete what somebody could teach, as their skills are."""
    if isinstance(event.subject, User):
        TrainerCertification.objects.filter(person=event.subject).delete()
        TrainerProfile.objects.filter(person=event.subject).delete()


def register_trainer_reactions() -> None:
    """Enter the reactions about trainers."""
    reactions.register(StepCompleted, on_trainer_step)
    reactions.register(StepReopened, on_trainer_step_reopened)
    reactions.register(RecordChanged, follow_changed_person)
    reactions.register(PersonalDataErased, erase_trainer)
