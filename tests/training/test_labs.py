"""R-12: the code of a class, its longer life, and the steps that follow them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.people.services import change_setting
from psdelivery.playbooks.models import Move
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.moves import undo_move
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import RuleRefused
from tests.factories.training import FIRST_DAY, LabCodeFactory, local, plan_class
from training.choices import CodeState, ExtensionState
from training.labs_queries import lab_situation
from training.models import LabCode
from training.services.deliveries import edit_delivery, move_delivery
from training.services.labs import (
    CodeDraft,
    ask_extension,
    decide_extension,
    enter_code,
    retire_code,
)
from training.services.sessions import add_session

PLANNED = datetime(2027, 2, 1, 9, tzinfo=UTC)
# A class on Tue 6 and Wed 7 April 2027, 09:00 to 13:00 in Sydney: clocks change on 4.
OPENS = datetime(2027, 3, 31, 3, tzinfo=UTC)
FIRST_START = datetime(2027, 4, 5, 23, tzinfo=UTC)
LAST_END = datetime(2027, 4, 7, 3, tzinfo=UTC)
ENTERED = datetime(2027, 4, 1, 1, tzinfo=UTC)


@pytest.fixture
def plain(engagement, trainer, coordinator):
    """A class of two days without a certification: one code covers it."""
    return plan_class(
        engagement, trainer=trainer, by=coordinator, with_certification=False
    )


@pytest.fixture
def weekly(engagement, coordinator):
    """A class on three Tuesdays: no single code covers it."""
    delivery = plan_class(engagement, days=1, with_certification=False)
    for week in (1, 2):
        times = local(FIRST_DAY + timedelta(weeks=week)).moments
        add_session(delivery, times, by=coordinator, now=PLANNED)
    return delivery


@pytest.fixture
def enter(coordinator):
    def enter(delivery, code="amber-7", *, at=ENTERED, seats=12, now=None):
        draft = CodeDraft(code, at, seats)
        return enter_code(delivery, draft, by=coordinator, now=now or at)

    return enter


def step(delivery, key):
    steps = delivery.checklist.steps.filter(key=key).exclude(state="cancelled")
    return steps.order_by("-again").first()


def state(delivery, key):
    found = step(delivery, key)
    return found.state if found else None


def window(delivery):
    return delivery.checklist.anchors.get(key="lab_window").moment


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


# The window follows the class


def test_r12_the_step_of_the_code_opens_with_the_window(plain):
    code = step(plain, "lab-code")

    assert window(plain) == OPENS
    assert code.opening.moment == OPENS
    assert (code.due_day, code.due_is_day) == (date(2027, 4, 5), True)


def test_r12_a_window_that_opens_after_the_day_before_makes_the_step_due_at_the_start(
    engagement,
):
    """Seven days on end: the code may be generated two hours ahead."""
    delivery = plan_class(engagement, days=1, with_certification=False)
    last = local(FIRST_DAY + timedelta(days=7), "05:00", "07:00").moments
    add_session(delivery, last, by=None, now=PLANNED)

    code = step(delivery, "lab-code")
    assert window(delivery) == FIRST_START - timedelta(hours=2)
    assert (code.due_at, code.due_is_day) == (FIRST_START, False)


def test_a_class_without_labs_has_no_window(engagement):
    delivery = plan_class(engagement, with_labs=False)

    assert window(delivery) is None
    assert lab_situation(delivery).window is None


def test_r12_where_one_code_covers_nobody_asks_for_an_extension(plain):
    assert step(plain, "code-covers-class") is None


def test_r12_the_extension_is_asked_for_two_weeks_ahead(weekly):
    asked = step(weekly, "code-covers-class")

    assert (asked.state, asked.due_day) == ("open", date(2027, 3, 23))
    assert window(weekly) is None


def test_r12_a_certification_needs_an_extension_but_one_code_covers_the_class(
    delivery,
):
    assert window(delivery) == OPENS
    assert state(delivery, "code-covers-class") == "open"


def test_r12_an_edit_brings_and_takes_the_extension(plain, coordinator):
    for wanted, found in ((True, "open"), (False, None)):
        values = {"with_certification": wanted}
        edit_delivery(plain, values, by=coordinator, now=PLANNED)
        assert state(plain, "code-covers-class") == found


def test_r12_moving_the_class_moves_the_window_and_undo_brings_it_back(
    plain, coordinator
):
    move = move_delivery(
        plain, 7, by=coordinator, reason="They asked", cause="customer", now=PLANNED
    )
    # On 4 April clocks were put back: a week later the window is seven days later.
    assert window(plain) == OPENS + timedelta(days=7)

    undo_move(move, by=coordinator, now=PLANNED)
    assert window(plain) == OPENS


def test_r12_a_session_a_week_later_brings_the_extension_and_undo_takes_it(
    plain, coordinator
):
    times = local(FIRST_DAY + timedelta(days=14)).moments
    add_session(plain, times, by=coordinator, now=PLANNED)
    assert window(plain) is None
    assert state(plain, "code-covers-class") == "open"

    undo_move(Move.objects.get(), by=coordinator, now=PLANNED)
    assert window(plain) == OPENS
    assert state(plain, "code-covers-class") is None


def test_r12_a_longer_life_of_codes_counts_from_the_next_dates_on(plain, coordinator):
    change_setting("labs.code_days", 14, by=coordinator, now=PLANNED)

    move_delivery(
        plain, 7, by=coordinator, reason="They asked", cause="customer", now=PLANNED
    )
    assert window(plain) == OPENS


# A code is entered


def test_r12_a_code_that_is_entered_ticks_its_step(plain, enter, coordinator):
    code = enter(plain)

    assert code.expires_at == ENTERED + timedelta(days=7)
    assert (code.generated_by, code.seats) == (coordinator, 12)
    done = step(plain, "lab-code")
    assert (done.state, done.done_by) == ("done", coordinator)
    assert lab_situation(plain).state(ENTERED) == CodeState.LIVING


def test_r12_the_code_stands_in_no_history(plain, enter, coordinator):
    code = enter(plain, "amber-secret")
    retire_code(code, by=coordinator, reason="Broken", now=ENTERED)

    told = "".join(
        f"{event.changes}{event.reason}{event.subject_label}"
        for event in Event.objects.all()
    )
    assert Event.objects.filter(verb="lab-code-entered").exists()
    assert "Broken" in told
    assert "amber-secret" not in told
    notes = plain.checklist.steps.values_list("note", flat=True)
    assert not any("amber" in note for note in notes)


def test_r12_a_code_generated_eight_days_early_is_refused(plain, enter):
    with pytest.raises(RuleRefused) as refusal:
        enter(plain, at=FIRST_START - timedelta(days=8))

    assert codes(refusal) == ["generated-early"]
    assert "Generate the code from Wed 31 Mar 2027, 14:00" in str(
        refusal.value.reasons[0].sentence
    )
    assert not LabCode.objects.exists()


def test_r12_a_code_belongs_to_one_class(plain, weekly, enter, coordinator):
    enter(plain, "amber-7")
    ask_extension(
        weekly, datetime(2027, 4, 21, tzinfo=UTC), by=coordinator, now=PLANNED
    )

    with pytest.raises(RuleRefused) as refusal:
        enter(weekly, "AMBER-7")

    assert codes(refusal) == ["double"]
    assert LabCode.objects.get().delivery == plain


def test_r12_a_class_has_one_code_at_a_time(plain, enter):
    enter(plain)

    with pytest.raises(RuleRefused) as refusal:
        enter(plain, "birch-8")

    assert codes(refusal) == ["present"]


def test_a_class_that_was_called_off_takes_no_code(plain, enter, coordinator):
    plain.state = "cancelled"
    plain.save()

    with pytest.raises(RuleRefused) as refusal:
        enter(plain)

    assert codes(refusal) == ["cancelled"]


def test_r12_the_step_is_not_ticked_without_a_code(plain, coordinator):
    with pytest.raises(RuleRefused) as refusal:
        complete_step(
            step(plain, "lab-code"), Completion(), by=coordinator, now=ENTERED
        )

    assert codes(refusal) == ["no-code"]
    assert refusal.value.reasons[0].fix_url.endswith(f"/classes/{plain.pk}/labs/")


def test_a_step_that_was_opened_again_is_ticked_while_the_code_lives(
    plain, enter, coordinator
):
    enter(plain)
    reopen_step(step(plain, "lab-code"), by=coordinator, now=ENTERED)

    complete_step(step(plain, "lab-code"), Completion(), by=coordinator, now=ENTERED)

    assert state(plain, "lab-code") == "done"


# A code is retired


def test_r12_a_retired_code_brings_its_step_back(plain, enter, coordinator):
    retire_code(enter(plain), by=coordinator, reason="It does not work", now=ENTERED)

    assert state(plain, "lab-code") == "open"
    assert lab_situation(plain).code is None
    event = Event.objects.get(verb="lab-code-retired")
    assert event.reason == "It does not work"


def test_r12_a_second_code_brings_the_access_mail_back(plain, enter, coordinator):
    first = enter(plain)
    complete_step(step(plain, "lab-access-sent"), Completion(), by=None, now=ENTERED)
    retire_code(first, by=coordinator, reason="It does not work", now=ENTERED)
    assert state(plain, "lab-access-sent") == "done"

    enter(plain, "birch-8")
    assert state(plain, "lab-access-sent") == "open"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_code_is_retired_with_a_reason(plain, enter, coordinator, reason):
    with pytest.raises(RuleRefused):
        retire_code(enter(plain), by=coordinator, reason=reason, now=ENTERED)


def test_a_code_is_retired_once(plain, enter, coordinator):
    code = enter(plain)
    retire_code(code, by=coordinator, reason="Broken", now=ENTERED)

    with pytest.raises(RuleRefused) as refusal:
        retire_code(code, by=coordinator, reason="Broken", now=ENTERED)

    assert codes(refusal) == ["retired"]


def test_nothing_comes_back_of_a_class_that_is_over(plain, enter, coordinator):
    code, after = enter(plain), LAST_END + timedelta(hours=1)

    retire_code(code, by=coordinator, reason="Over", now=after)

    assert state(plain, "lab-code") == "done"


# The class moves after the code was entered


def moved(delivery, days, coordinator):
    return move_delivery(
        delivery, days, by=coordinator, reason="They asked", cause="us", now=ENTERED
    )


def test_r12_a_code_that_covers_the_new_dates_too_is_kept(plain, enter, coordinator):
    enter(plain, at=ENTERED + timedelta(hours=8))

    moved(plain, 1, coordinator)

    assert state(plain, "lab-code") == "done"
    assert step(plain, "lab-code").again == 0


def test_r12_a_code_that_dies_before_the_new_dates_comes_back(
    plain, enter, coordinator
):
    enter(plain)

    move = moved(plain, 7, coordinator)

    again = step(plain, "lab-code")
    assert (again.state, again.again) == ("open", 1)
    with pytest.raises(RuleRefused):
        complete_step(again, Completion(), by=coordinator, now=ENTERED)
    undo_move(move, by=coordinator, now=ENTERED)
    assert state(plain, "lab-code") == "done"


def test_r12_a_later_last_session_brings_the_code_back_too(plain, enter, coordinator):
    """The first session stays where it is, so no date of the step moves."""
    enter(plain)
    times = local(FIRST_DAY + timedelta(days=4)).moments

    add_session(plain, times, by=coordinator, now=ENTERED)
    assert state(plain, "lab-code") == "open"

    undo_move(Move.objects.get(), by=coordinator, now=ENTERED)
    assert state(plain, "lab-code") == "done"


# Extensions


def granted(delivery, until, coordinator, *, now=PLANNED):
    asked = ask_extension(delivery, until, by=coordinator, now=now)
    return decide_extension(asked, until, by=coordinator, now=now)


def test_r12_a_grant_takes_the_warning_and_ticks_the_step(weekly, coordinator):
    needed = lab_situation(weekly).window.needed_until
    asked = ask_extension(weekly, needed, by=coordinator, now=PLANNED)
    assert lab_situation(weekly).warnings
    assert state(weekly, "code-covers-class") == "open"

    decide_extension(asked, needed, by=coordinator, now=PLANNED)

    assert lab_situation(weekly).warnings == []
    assert state(weekly, "code-covers-class") == "done"
    assert window(weekly) == FIRST_START - timedelta(days=7)


def test_r12_a_code_lives_as_long_as_was_granted(weekly, enter, coordinator):
    needed = lab_situation(weekly).window.needed_until
    granted(weekly, needed, coordinator)

    assert enter(weekly).expires_at == needed


def test_r12_a_grant_lets_the_present_code_live_longer(weekly, enter, coordinator):
    needed = lab_situation(weekly).window.needed_until
    asked = ask_extension(weekly, needed, by=coordinator, now=PLANNED)
    code = enter(weekly)
    assert lab_situation(weekly).state(ENTERED) == CodeState.SHORT

    decide_extension(asked, needed, by=coordinator, now=ENTERED)

    code.refresh_from_db()
    assert code.expires_at == needed
    assert lab_situation(weekly).state(ENTERED) == CodeState.LIVING


def test_r12_without_a_request_no_code_is_taken_for_three_weeks(weekly, enter):
    with pytest.raises(RuleRefused) as refusal:
        enter(weekly)

    assert codes(refusal) == ["no-single-code"]


def test_r12_a_refused_request_leaves_the_warning(weekly, coordinator):
    needed = lab_situation(weekly).window.needed_until
    asked = ask_extension(weekly, needed, by=coordinator, now=PLANNED)

    decide_extension(asked, None, note="Too long", by=coordinator, now=PLANNED)

    asked.refresh_from_db()
    assert (asked.state, asked.note) == (ExtensionState.REFUSED, "Too long")
    assert lab_situation(weekly).warnings
    assert state(weekly, "code-covers-class") == "open"


def test_r12_a_grant_that_is_too_short_leaves_the_warning(weekly, coordinator):
    needed = lab_situation(weekly).window.needed_until
    asked = ask_extension(weekly, needed, by=coordinator, now=PLANNED)
    decide_extension(asked, needed - timedelta(days=1), by=coordinator, now=PLANNED)

    (warning,) = lab_situation(weekly).warnings
    assert warning.code == "extension-short"
    assert state(weekly, "code-covers-class") == "open"


def test_one_request_waits_at_a_time_and_is_answered_once(weekly, coordinator):
    needed = lab_situation(weekly).window.needed_until
    asked = ask_extension(weekly, needed, by=coordinator, now=PLANNED)
    with pytest.raises(RuleRefused) as twice:
        ask_extension(weekly, needed, by=coordinator, now=PLANNED)
    decide_extension(asked, needed, by=coordinator, now=PLANNED)
    with pytest.raises(RuleRefused) as again:
        decide_extension(asked, None, by=coordinator, now=PLANNED)

    assert (codes(twice), codes(again)) == (["asked"], ["decided"])


def test_r12_the_step_of_the_extension_is_not_ticked_by_hand(weekly, coordinator):
    with pytest.raises(RuleRefused) as refusal:
        complete_step(
            step(weekly, "code-covers-class"), Completion(), by=coordinator, now=PLANNED
        )

    assert codes(refusal) == ["no-grant"]


def test_r12_an_extension_that_no_longer_lasts_is_asked_for_again(weekly, coordinator):
    needed = lab_situation(weekly).window.needed_until
    granted(weekly, needed, coordinator)

    moved(weekly, 7, coordinator)
    again = step(weekly, "code-covers-class")
    assert (again.state, again.again) == ("open", 1)


def test_r12_an_extension_that_lasts_for_the_new_dates_too_is_kept(weekly, coordinator):
    needed = lab_situation(weekly).window.needed_until
    granted(weekly, needed + timedelta(days=30), coordinator)

    moved(weekly, 7, coordinator)

    assert state(weekly, "code-covers-class") == "done"


# An older checklist, made before there was a window


def test_a_class_whose_checklist_has_no_window_takes_codes_all_the_same(
    plain, enter, coordinator
):
    plain.checklist.steps.filter(opens_with="lab_window").update(
        opening=None, opens_with=""
    )
    plain.checklist.anchors.filter(key="lab_window").delete()

    enter(plain)
    moved(plain, 7, coordinator)

    assert state(plain, "lab-code") == "open"


def test_a_code_never_names_itself(db):
    code = LabCodeFactory(code="amber-secret")

    assert "amber-secret" not in f"{code}{code!r}"
