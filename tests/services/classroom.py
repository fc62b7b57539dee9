"""Data near now for the reminders: made inside a portal, by way of its services.

Where a reminder leaves at eight o'clock, a zone is chosen in which it is working time
now. So the tests say the same at every hour of the day.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from engagements.comments import subject_of
from psdelivery import clock
from psdelivery.comments.services import add_comment
from psdelivery.documents.services import add_link
from psdelivery.outbox.daily import coming_morning
from psdelivery.people.choices import EngagementRole, NotificationDelivery, Role
from psdelivery.people.models import NotificationChoice
from psdelivery.people.notifications import MENTION, STEP_DUE
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.playbooks.services.shipped import load_shipped_data
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.engagements import (
    EngagementFactory,
    TeamMemberFactory,
    registered,
)
from tests.factories.people import (
    CustomerFactory,
    PoolFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.playbooks import (
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)
from tests.factories.training import WHY, CourseFactory, local, release, submit
from training.models import Delivery, Submission
from training.services.deliveries import plan_delivery

TWO_WEEKS = timedelta(days=14)
WEEK = timedelta(hours=168)


def zone_at_work(now):
    """A zone in which it is between ten and noon."""
    zones = [f"Etc/GMT{hours:+d}" for hours in range(-14, 13)]
    return next(z for z in zones if 10 <= now.astimezone(ZoneInfo(z)).hour < 12)


def pool_at(place):
    # Sequences of the factories begin anew in each process: names tell the places.
    return PoolFactory(region=RegionFactory(name=place, code=place))


def people_at(place, zone):
    """The people of a class, with addresses of their own at this place."""
    roles = {
        "tc": Role.COORDINATOR,
        "pc": Role.COORDINATOR,
        "trainer": Role.TRAINER,
        "boss": Role.PRACTICE_MANAGER,
    }
    people = {
        name: UserFactory(
            username=f"{name}-{place}",
            email=f"{name}@{place}.example",
            zone=zone,
            roles=[role],
        )
        for name, role in roles.items()
    }
    for name in ("tc", "trainer"):
        people[name].manager = people["boss"]
        people[name].save()
    return people


def open_class(place):
    """A class whose link is due at the end of today, and a review due in two hours.

    Returns the two steps; all others are called off, so that they say nothing: nobody
    may look at them before, some are due at once.
    """
    load_shipped_data()
    with transaction.atomic():
        return _class_of_two_steps(place)


def _class_of_two_steps(place):
    now = clock.now()
    zone = zone_at_work(now)
    people = people_at(place, zone)
    engagement = registered(
        kind="blended",
        title=place,
        region=pool_at(place).region,
        practice=PracticeFactory(name=place),
        customer=CustomerFactory(name=place, zone=zone, country=""),
        team=[
            (EngagementRole.TC, people["tc"]),
            (EngagementRole.PC, people["pc"]),
            (EngagementRole.TRAINER, people["trainer"]),
        ],
        now=now,
    )
    first = now.astimezone(ZoneInfo(zone)).date() + TWO_WEEKS
    delivery = plan_delivery(
        Delivery(
            engagement=engagement,
            course=CourseFactory(key=place, title=place),
            title=place,
            trainer=people["trainer"],
            with_certification=True,
        ),
        [local(first, zone=zone).moments],
        reason=WHY,
        by=None,
        now=now,
    )
    submitted = now - WEEK + timedelta(hours=2)
    submission = submit(delivery, at=submitted, now=now)
    link = delivery.checklist.steps.get(key="registration-link")
    review = submission.checklist.steps.get(key="certification-review")
    cancel_steps(Step.objects.exclude(pk__in=[link.pk, review.pk]), now=clock.now())
    return link.pk, review.pk


def due_moments(steps):
    return list(Step.objects.filter(pk__in=steps).values_list("due_at", flat=True))


def settle(steps):
    """Do what the two steps ask for: mail the link, release the result."""
    now = clock.now()
    link, review = (Step.objects.get(pk=pk) for pk in steps)
    mail = add_link(
        "https://mail.example/1", title="", engagement=None, by=None, now=now
    )
    complete_step(link, Completion(evidence=mail), by=link.assignee, now=now)
    submission = Submission.objects.get(checklist=review.checklist)
    release(submission, by=review.assignee, now=now, note="Badge sent")


def open_canary(place):
    """A step due in three days; its owner hears whatever is said of it."""
    now = clock.now()
    bird = UserFactory(username=f"bird-{place}", email=f"bird@{place}.example")
    playbook = PlaybookFactory(key=f"canary-{place}")
    PlaybookStepFactory(playbook=playbook, title="Sing")
    pool = pool_at(f"canary-{place}")
    people = owners(pc=bird, coordinator=bird, manager=bird, pool=pool)
    start(playbook, people=people, now=now, anchors={"kickoff": now.date()})


def choose_at_once(person):
    NotificationChoice.objects.create(
        person=person, reason=STEP_DUE, delivery=NotificationDelivery.IMMEDIATE
    )


def open_many(place, count):
    """Steps of one person, due from today on, one a day."""
    now = clock.now()
    cancel_steps(Step.objects.all(), now=now)
    zone = zone_at_work(now)
    person = people_at(place, zone)["tc"]
    # Each in a mail of its own, so that the letters can be counted.
    choose_at_once(person)
    playbook = PlaybookFactory(key=f"many-{place}")
    for number in range(count):
        PlaybookStepFactory(
            playbook=playbook,
            title=f"Step {number} at {place}",
            offset_value=number,
            calendar="session",
        )
    start(
        playbook,
        people=owners(pc=person, coordinator=person, pool=pool_at(place)),
        zone=zone,
        country="",
        now=now,
        anchors={"kickoff": now.astimezone(ZoneInfo(zone)).date()},
    )


def open_digest(place):
    """Three steps of somebody who hears of them once a day, and two mentions.

    Returns the morning on which the mentions are told.
    """
    now = clock.now()
    cancel_steps(Step.objects.all(), now=now)
    zone = zone_at_work(now)
    people = people_at(place, zone)
    person = people["tc"]
    playbook = PlaybookFactory(key=f"digest-{place}")
    for number in range(3):
        PlaybookStepFactory(
            playbook=playbook,
            title=f"Step {number} at {place}",
            offset_value=2,
            calendar="session",
            reminder_days={"owner": [2], "coordinator": [], "manager": []},
        )
    start(
        playbook,
        people=owners(pc=person, coordinator=person, pool=pool_at(place)),
        zone=zone,
        country="",
        now=now,
        anchors={"kickoff": now.astimezone(ZoneInfo(zone)).date()},
    )
    mention_twice(person, by=people["boss"], title=place)
    return coming_morning(person, portal_settings()["reminders.hour"], now)


def mention_twice(person, *, by, title):
    """Two comments that name somebody who wants to hear of it once a day."""
    NotificationChoice.objects.create(
        person=person, reason=MENTION, delivery=NotificationDelivery.DIGEST
    )
    engagement = EngagementFactory(title=title)
    TeamMemberFactory(engagement=engagement, role=EngagementRole.TC, person=person)
    for words in ("first", "second"):
        text = f"@{person.username}, look at the {words}"
        add_comment(subject_of(engagement), text, by=by, now=clock.now())
