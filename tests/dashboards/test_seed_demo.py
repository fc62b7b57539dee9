"""The demo data: told once for all these tests, at a fixed moment."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction

from engagements.choices import Kind, Status
from engagements.models import Engagement
from psdelivery.dashboards.demo.people import login_password
from psdelivery.dashboards.demo.seeding import seed
from psdelivery.dashboards.demo.slots import SLOTS, Mood
from psdelivery.dashboards.queries import my_day_of
from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.people.models import TimeOff, User, WorkingHours
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.services.deadlines import schedule, with_schedule_facts
from psdelivery.playbooks.services.reminders import scan_reminders
from training.models import DateProposal, LabCode, PlanningMeeting

LATE_MOODS = {Mood.LATE, Mood.CLASS_NOW, Mood.BLOCKED}
ENDED_OR_PAUSED = {
    Status.COMPLETED,
    Status.CANCELLED,
    Status.ON_HOLD,
    Status.BACKLOG,
}
# A Wednesday.
NOW = datetime(2027, 6, 9, 9, 30, tzinfo=UTC)
TOLD = 20
COUNT = 24

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("seed_demo")]


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        seed(COUNT, 1, now=NOW, told=TOLD)
        yield
        transaction.set_rollback(True)


def test_the_first_dozen_slots_cover_every_status_and_kind():
    dozen = SLOTS[:12]

    assert {slot.ending for slot in dozen} == set(Status)
    assert {slot.kind for slot in dozen} == set(Kind) - {Kind.INTERNAL}


def test_every_status_and_kind_is_there():
    assert set(Engagement.objects.values_list("status", flat=True)) == set(Status)
    assert set(Engagement.objects.values_list("kind", flat=True)) == set(Kind)
    assert Engagement.objects.exclude(kind=Kind.INTERNAL).count() == COUNT


def test_few_engagements_are_late_and_some_are():
    late = Step.objects.late(NOW).filter(engagement__isnull=False)

    # Three of the slots told, two of them copied.
    assert late.values("engagement").distinct().count() == 5


def test_in_a_block_of_sixty_one_engagement_in_twelve_is_late():
    late = [slot for slot in SLOTS if slot.mood in LATE_MOODS]
    running = [slot for slot in SLOTS if slot.ending not in ENDED_OR_PAUSED]

    assert 0.05 <= len(late) / len(running) <= 0.10


def test_one_engagement_waits_for_its_signature():
    unsigned = Engagement.objects.filter(
        status=Status.IN_SETUP,
        conditions__code="customer_signature",
        conditions__met_on=None,
    )

    assert unsigned.count() >= 2


@pytest.mark.parametrize("login", ["pse", "trainer"])
def test_who_delivers_finds_a_day_of_work(login):
    day = my_day_of(User.objects.get(username=login), NOW)
    listed = sum(len(section.rows) for section in day.sections)

    assert 5 <= listed <= 20
    assert day.late >= 1
    assert day.today >= 1


def test_the_trainer_has_a_session_and_a_review_due_within_a_day():
    trainer = User.objects.get(username="trainer")
    reviews = Step.objects.filter(assignee=trainer, key="certification-review")

    assert my_day_of(trainer, NOW).sessions != []
    assert reviews.due_between(NOW, NOW + timedelta(days=1)).count() == 1
    assert reviews.open().count() == 4


def test_coordination_finds_work_and_a_registration_link_due_soon():
    coordinator = User.objects.get(username="coordinator")
    day = my_day_of(coordinator, NOW)
    links = Step.objects.filter(assignee=coordinator, key="registration-link")

    assert 15 <= sum(len(section.rows) for section in day.sections) <= 40
    assert links.due_between(NOW, NOW + timedelta(days=5)).exists()


@pytest.mark.parametrize(
    ("login", "key"),
    [
        ("finance", "invoices-issued"),
        ("account", "handoff-growth"),
        ("em", "qualify"),
        ("pm", "weekly-status"),
        ("manager", "retro-held"),
    ],
)
def test_other_log_ins_have_their_steps(login, key):
    assert Step.objects.open().filter(assignee__username=login, key=key).exists()


def test_one_class_is_late_by_design():
    late = Step.objects.open().filter(key="registration-link", late_by_design=True)

    assert late.count() == 1


def test_the_first_scan_sends_no_flood():
    assert scan_reminders(now=NOW) == 0
    assert scan_reminders(now=NOW + timedelta(minutes=30)) <= 5


def test_mail_of_late_is_kept_and_none_leaves():
    states = Counter(Message.objects.values_list("state", flat=True))

    assert set(states) <= {State.CANCELLED, State.DRAFT, State.KEPT}
    assert states[State.KEPT] >= 10
    assert not Message.objects.filter(state=State.KEPT, text="").exists()


def test_history_tells_what_happened_when_it_happened():
    moved = Event.objects.filter(verb="status-moved")

    assert moved.exists()
    assert not Event.objects.filter(at__gt=NOW).exists()


def test_nothing_was_done_before_it_was_there():
    for step in Step.objects.filter(state=StepState.DONE).select_related("checklist"):
        assert step.checklist.created_at <= step.done_at <= NOW


def test_a_copy_plays_at_another_site_with_other_people():
    copies = Engagement.objects.filter(customer__name__contains=", site 2")
    logins = User.objects.filter(username__in=["coordinator", "pse", "trainer"])

    assert copies.count() == COUNT - TOLD
    assert not Step.objects.filter(engagement__in=copies, assignee__in=logins).exists()


def test_a_copy_hangs_together():
    for checklist in Checklist.objects.select_related("engagement", "parent"):
        kept = {checklist.engagement_id}
        if checklist.parent:
            kept.add(checklist.parent.engagement_id)
        for step in checklist.steps.select_related("anchor__checklist"):
            kept |= {step.engagement_id, step.anchor.checklist.engagement_id}
        assert len(kept) == 1
    for engagement in Engagement.objects.exclude(kind=Kind.INTERNAL):
        assert engagement.checklist.engagement_id == engagement.pk
        assert engagement.checklist.subject_url == engagement.get_absolute_url()


def test_the_dates_of_a_copy_are_those_its_rules_give():
    copies = Engagement.objects.filter(customer__name__contains=", site 2")
    steps = Step.objects.open().filter(engagement__in=copies)
    before = dict(steps.values_list("pk", "due_at"))
    found = list(with_schedule_facts(steps))

    schedule(found, portal_settings(), now=NOW)

    assert {step.pk: step.due_at for step in found} == before


def test_a_second_run_is_refused():
    with pytest.raises(CommandError, match="engagements already"):
        call_command("seed_demo", engagements=1, stdout=StringIO())


def test_a_number_below_one_is_refused():
    with pytest.raises(CommandError, match="1 or more"):
        call_command("seed_demo", engagements=0, stdout=StringIO())


def test_without_demo_nobody_can_log_in(settings):
    assert all(
        not User.objects.get(username=login).has_usable_password()
        for login in settings.DEMO_LOGINS
    )


def test_with_demo_the_password_is_the_one_that_is_printed(settings):
    settings.DEMO = True

    assert check_password(settings.DEMO_PASSWORD, login_password())


def test_people_have_skills_hours_and_coming_time_off():
    delivering = {"pse", "trainer"}
    with_skills = User.objects.filter(skills__confirmed_on__isnull=False)
    coming = TimeOff.objects.counting().filter(starts_on__gt=NOW.date())

    assert with_skills.filter(role_grants__role__in=delivering).distinct().count() > 8
    assert WorkingHours.objects.filter(friday=4).exists()
    assert {row.state for row in coming} == {"requested", "approved"}
    assert all(row.deputy_id for row in coming)


def test_classes_have_codes_a_meeting_and_dates_that_are_asked():
    assert LabCode.objects.exists()
    assert PlanningMeeting.objects.count() == 1
    assert DateProposal.objects.count() == 1
