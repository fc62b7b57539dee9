import pytest

from engagements.choices import Status
from engagements.services.status import move_status, reasons_against_move
from psdelivery.playbooks.models import Anchor, Step
from tests.engagements.ticks import set_status, tick_all
from tests.factories.engagements import EngagementFactory
from tests.factories.training import CourseFactory
from training.choices import DeliveryState, Place
from training.models import Delivery

pytestmark = pytest.mark.django_db


def refusals(engagement, target, now):
    return [r.code for r in reasons_against_move(engagement, target, now=now)]


def open_before(engagement, status):
    return Step.objects.open().filter(engagement=engagement, blocks_move=status).count()


def class_of(engagement, **fields):
    fields = {"state": "held", "roster_in_at": engagement.created_at} | fields
    return Delivery.objects.create(
        engagement=engagement,
        course=CourseFactory(),
        title="Git",
        created_at=engagement.created_at,
        **fields,
    )


def test_r17_active_to_closed_names_every_open_step_once(consulting, now):
    set_status(consulting, Status.ACTIVE)
    count = open_before(consulting, Status.CLOSED)

    assert count > 1
    assert refusals(consulting, Status.CLOSED, now) == ["step-open"] * count


def test_r17_closed_is_reached_with_the_work_done_and_dated(consulting, pm, now):
    set_status(consulting, Status.ACTIVE)
    tick_all(consulting, Status.CLOSED)

    moved = move_status(consulting, Status.CLOSED, by=pm, now=now)
    assert moved.status == Status.CLOSED
    assert Anchor.objects.get(key="closed").moment == now


def test_r17_closed_to_completed_needs_the_billing_items(consulting, pm, now):
    set_status(consulting, Status.CLOSED)
    count = open_before(consulting, Status.COMPLETED)
    assert refusals(consulting, Status.COMPLETED, now) == ["step-open"] * count

    tick_all(consulting, Status.COMPLETED)
    assert refusals(consulting, Status.COMPLETED, now) == []
    moved = move_status(consulting, Status.COMPLETED, by=pm, now=now)
    assert moved.ball_with == "nobody"


def test_r17_back_from_completed_nothing_is_asked(consulting, pm, now):
    set_status(consulting, Status.COMPLETED)

    move_status(consulting, Status.CLOSED, by=pm, reason="Invoice is wrong", now=now)


def test_r17_remote_training_goes_straight_to_completed(training, now):
    set_status(training, Status.ACTIVE)
    class_of(training, place=Place.REMOTE)
    both = open_before(training, "closed") + open_before(training, "completed")
    assert refusals(training, Status.COMPLETED, now) == ["step-open"] * both

    tick_all(training, Status.CLOSED)
    tick_all(training, Status.COMPLETED)
    assert refusals(training, Status.COMPLETED, now) == []


def test_r17_a_class_on_site_is_closed_first_unless_it_was_called_off(training, now):
    set_status(training, Status.ACTIVE)
    tick_all(training, Status.CLOSED)
    tick_all(training, Status.COMPLETED)
    on_site = class_of(training, place=Place.ON_SITE)
    assert refusals(training, Status.COMPLETED, now) == ["on-site"]

    on_site.state = DeliveryState.CANCELLED
    on_site.save()
    assert refusals(training, Status.COMPLETED, now) == []


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.CLOSED])
def test_r17_training_is_completed_with_the_roster_of_each_class(training, now, status):
    set_status(training, status)
    tick_all(training, Status.CLOSED)
    tick_all(training, Status.COMPLETED)
    out = class_of(training, roster_in_at=None)
    class_of(training)
    (reason,) = reasons_against_move(training, Status.COMPLETED, now=now)
    assert (reason.code, reason.fix_url) == (
        "roster-out",
        f"{out.get_absolute_url()}roster/",
    )

    out.state = DeliveryState.CANCELLED
    out.save()
    assert refusals(training, Status.COMPLETED, now) == []


def test_r17_consulting_never_skips_closed(consulting, now):
    set_status(consulting, Status.ACTIVE)

    assert refusals(consulting, Status.COMPLETED, now) == ["outside-table"]


def test_internal_work_closes_without_questions(now):
    internal = EngagementFactory(kind="internal", status=Status.ACTIVE)

    assert refusals(internal, Status.CLOSED, now) == []
