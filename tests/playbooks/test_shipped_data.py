import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from engagements.choices import Kind, Status
from psdelivery.calendars import Offset
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import (
    AfterMove,
    CalendarKind,
    EvidenceWanted,
    Phase,
    Recipient,
    Repeat,
)

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "psdelivery" / "playbooks" / "data"

KINDS = [kind.value for kind in Kind if kind != Kind.INTERNAL]
CLASS_PLAYBOOKS = ["delivery", "session", "submission", "date-proposal"]
# What a kind of engagement runs on: its own playbook, and those of its classes.
PLAYBOOKS_OF = {
    "consulting": ["consulting"],
    "training": ["training", *CLASS_PLAYBOOKS],
    "blended": ["blended", *CLASS_PLAYBOOKS],
    "dedicated": ["dedicated"],
}
ENGAGEMENT_ANCHORS = {
    "use_by",
    "intake",
    "closed_won",
    "gate_open",
    "planned_start",
    "planned_end",
    "kickoff",
    "handoff_held",
    "golive",
    "signoff_sent",
    "closed",
    "completed",
}
DELIVERY_ANCHORS = ENGAGEMENT_ANCHORS | {
    "first_session",
    "last_session",
    "planning_meeting",
    "lab_window",
}
# A session and a submission are children of their delivery.
ANCHORS_OF = {
    **dict.fromkeys(KINDS, ENGAGEMENT_ANCHORS),
    "delivery": DELIVERY_ANCHORS,
    "session": DELIVERY_ANCHORS | {"session", "session_end"},
    "submission": DELIVERY_ANCHORS | {"submission"},
    # Of a person, not of an engagement.
    "trainer": {"trainer_start", "certification_end"},
    # A proposal is a child of its engagement.
    "date-proposal": ENGAGEMENT_ANCHORS | {"proposed", "proposal_sent"},
    # And so is a further discovery session.
    "discovery-session": ENGAGEMENT_ANCHORS | {"discovery_added"},
    # Of a person and of who approves: no engagement's.
    "hours-week": {"week_end"},
    "hours-approval": {"hours_due"},
}
CONDITION_FACTS = {
    **dict.fromkeys(KINDS, {"kind", "size", "deployed", "units"}),
    **dict.fromkeys(
        CLASS_PLAYBOOKS,
        {
            "kind",
            "labs",
            "certification",
            "extension",
            "remote",
            "trainer_uncertified",
            "trainer_without_account",
        },
    ),
    "trainer": {"learning", "expires", "certification", "labs"},
    "date-proposal": {"kind", "own_mail"},
    "discovery-session": {"kind", "size", "deployed", "units"},
    "hours-week": set(),
    "hours-approval": set(),
}
WITHOUT_LOGIN = {
    EngagementRole.INSTRUCTIONAL_DESIGNER,
    EngagementRole.SUPPORT_OPERATIONS,
}
STEP_KEYS = {
    "key", "title", "phase", "owner", "anchor", "offset", "calendar", "evidence",
    "instructions", "process", "reminders", "blocked_by", "blocks_move",
    "sets_anchor", "opens_with", "condition", "repeat", "repeat_until", "due_at_once",
    "after_move", "mail",
}  # fmt: skip


def _toml(path):
    return tomllib.loads(path.read_text("utf-8"))


PLAYBOOKS = {name: _toml(DATA / f"{name}.toml") for name in ANCHORS_OF}
PARAGRAPHS = {entry["id"]: entry for entry in _toml(DATA / "process.toml")["paragraph"]}

pytestmark = pytest.mark.unit


def _steps(name):
    return {step["key"]: step for step in PLAYBOOKS[name]["step"]}


def _process_ids(names):
    return {
        process_id
        for name in names
        for step in PLAYBOOKS[name]["step"]
        for process_id in step.get("process", [])
    }


def _covering(process_id):
    return [
        step
        for playbook in PLAYBOOKS.values()
        for step in playbook["step"]
        if process_id in step.get("process", [])
    ]


# The process, both ways


def test_process_ids_are_unique():
    entries = _toml(DATA / "process.toml")["paragraph"]

    assert len(PARAGRAPHS) == len(entries)


def test_each_paragraph_is_well_formed():
    for key, entry in PARAGRAPHS.items():
        assert set(entry) == {"id", "section", "sentence", "owner", "evidence", "kinds"}
        assert re.fullmatch(r"P[1-4]\.[a-z]+\.[1-9][0-9]?", key)
        assert entry["section"].strip(), key
        assert entry["owner"] in EngagementRole.values, key
        assert entry["evidence"] in EvidenceWanted.values, key
        assert entry["kinds"], key
        assert set(entry["kinds"]) <= set(KINDS), key


def test_each_paragraph_has_one_sentence():
    for entry in PARAGRAPHS.values():
        assert re.fullmatch(r"[A-Z][^.!?]{20,}\.", entry["sentence"])


def test_steps_and_process_name_the_same_ids():
    assert _process_ids(PLAYBOOKS) == set(PARAGRAPHS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_playbooks_of_a_kind_hold_each_duty_that_applies_to_it(kind):
    wanted = {key for key, entry in PARAGRAPHS.items() if kind in entry["kinds"]}

    assert wanted - _process_ids(PLAYBOOKS_OF[kind]) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_the_playbook_of_a_kind_names_no_duty_of_another(kind):
    foreign = {key for key, entry in PARAGRAPHS.items() if kind not in entry["kinds"]}

    assert _process_ids([kind]) & foreign == set()


def test_a_step_with_the_expected_owner_and_evidence_covers_each_duty():
    for process_id, entry in PARAGRAPHS.items():
        found = {(step["owner"], step["evidence"]) for step in _covering(process_id)}

        assert (entry["owner"], entry["evidence"]) in found, process_id


# Every step


def _keys_where(name, is_wrong):
    return [step["key"] for step in PLAYBOOKS[name]["step"] if is_wrong(step)]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_each_step_has_owner_date_phase_and_instructions(name):
    for step in PLAYBOOKS[name]["step"]:
        assert set(step) <= STEP_KEYS, step["key"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", step["key"])
        assert len(step["key"]) <= 60
        assert 0 < len(step["title"]) <= 200, step["key"]
        assert step["owner"] in set(EngagementRole.values) - WITHOUT_LOGIN, step["key"]
        assert step["phase"].upper() in Phase.names, step["key"]
        assert step["calendar"] in CalendarKind.values, step["key"]
        assert step["evidence"] in EvidenceWanted.values, step["key"]
        assert len(step["instructions"].strip()) >= 40, step["key"]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_each_step_hangs_on_an_anchor_that_its_checklist_has(name):
    set_here = {step.get("sets_anchor") for step in PLAYBOOKS[name]["step"]}
    known = ANCHORS_OF[name] | set_here

    assert _keys_where(name, lambda step: step["anchor"] not in known) == []


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_no_step_waits_for_the_anchor_that_it_sets(name):
    assert (
        _keys_where(name, lambda step: step["anchor"] == step.get("sets_anchor")) == []
    )


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_each_offset_is_read_by_the_calendar(name):
    for step in PLAYBOOKS[name]["step"]:
        assert isinstance(Offset.parse(step["offset"]), Offset)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_step_before_a_planned_date_is_due_at_once_when_booked_late(name):
    def is_wrong(step):
        return Offset.parse(step["offset"]).value < 0 and not step.get("due_at_once")

    assert _keys_where(name, is_wrong) == []


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_reminders_name_days_for_each_recipient_and_reach_the_owner(name):
    for step in PLAYBOOKS[name]["step"]:
        if "reminders" not in step:
            continue
        assert set(step["reminders"]) == set(Recipient.values), step["key"]
        assert step["reminders"]["owner"], step["key"]
        for days in step["reminders"].values():
            assert all(type(day) is int and 0 <= day <= 120 for day in days)
            assert len(days) == len(set(days)), step["key"]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_optional_words_of_a_step_are_known(name):
    moves = {"in_setup", "okay_to_start", "active", "closed", "completed"}

    assert moves <= set(Status.values)
    for step in PLAYBOOKS[name]["step"]:
        assert step.get("blocks_move", "closed") in moves, step["key"]
        assert step.get("after_move", "keep") in AfterMove.values, step["key"]
        assert step.get("repeat", "") in Repeat.values, step["key"]
        assert set(step.get("condition", {})) <= CONDITION_FACTS[name], step["key"]
        if "opens_with" in step:
            assert step["opens_with"] in ANCHORS_OF[name], step["key"]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_repeated_step_ends_and_blocks_no_status_move(name):
    for step in PLAYBOOKS[name]["step"]:
        if "repeat" in step:
            assert step["repeat_until"] in ANCHORS_OF[name], step["key"]
            assert "blocks_move" not in step, step["key"]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_links_are_complete_addresses(name):
    for step in PLAYBOOKS[name]["step"]:
        for address in re.findall(r"\]\(([^)]*)\)", step["instructions"]):
            assert re.fullmatch(r"https?://[^\s]+", address), step["key"]


# Every playbook


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_is_named_like_its_file(name):
    playbook = PLAYBOOKS[name]

    assert playbook["key"] == name
    assert playbook["title"]
    assert playbook["for_kind"] == (name if name in KINDS else "")


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_step_keys_and_titles_are_unique(name):
    steps = PLAYBOOKS[name]["step"]

    assert len({step["key"] for step in steps}) == len(steps)
    assert len({step["title"] for step in steps}) == len(steps)


@pytest.mark.parametrize("kind", ["training", "blended"])
def test_a_class_has_no_step_key_of_its_engagement(kind):
    of_classes = [key for name in CLASS_PLAYBOOKS for key in _steps(name)]

    assert len(set(of_classes)) == len(of_classes)
    assert set(of_classes) & set(_steps(kind)) == set()


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_blocking_steps_exist_and_never_wait_for_each_other(name):
    graph = {key: step.get("blocked_by", []) for key, step in _steps(name).items()}

    assert {key for keys in graph.values() for key in keys} <= set(graph)
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("kind", ["consulting", "training"])
def test_blended_holds_the_steps_of_both(kind):
    assert set(_steps(kind)) <= set(_steps("blended"))


def test_blended_says_of_a_consulting_step_what_consulting_says():
    blended = _steps("blended")
    different = {
        key for key, step in _steps("consulting").items() if blended[key] != step
    }

    assert different == {"welcome"}


# The steps that rules and status table look for


@pytest.mark.parametrize("kind", KINDS)
def test_r4_welcome_is_due_72_business_hours_after_closed_won(kind):
    step = _steps(kind)["welcome"]

    assert (step["anchor"], step["offset"]) == ("closed_won", "72 business hours")
    assert step["calendar"] == "customer"
    assert step["evidence"] == "link_or_file"
    assert step["blocks_move"] == "okay_to_start"
    assert "reminders" not in step


@pytest.mark.parametrize("kind", KINDS)
def test_r5_the_handoff_is_due_5_business_days_after_the_gate_opens(kind):
    steps = _steps(kind)

    for key in ("handoff-record", "handoff-held", "handoff-acknowledged"):
        step = steps[key]
        assert (step["anchor"], step["offset"]) == ("gate_open", "5 business days")
    assert steps["handoff-held"]["sets_anchor"] == "handoff_held"


@pytest.mark.parametrize("kind", ["consulting", "blended"])
def test_r5_the_kickoff_waits_for_the_rule_and_not_for_a_tick(kind):
    step = _steps(kind)["kickoff-held"]

    # Whoever ticks it too early hears what of the handoff is missing, and from whom.
    assert "blocked_by" not in step
    assert step["sets_anchor"] == "kickoff"


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("consulting", "kickoff-held"),
        ("blended", "kickoff-held"),
        ("dedicated", "first-day"),
        ("training", "dates-confirmed"),
    ],
)
def test_r1_one_step_with_evidence_stands_before_active(kind, key):
    before_active = {
        step["key"]: step["evidence"]
        for step in PLAYBOOKS[kind]["step"]
        if step.get("blocks_move") == "active"
    }

    assert set(before_active) == {key}
    assert before_active[key] != "none"


def test_blended_asks_for_the_confirmed_dates_without_blocking():
    assert "blocks_move" not in _steps("blended")["dates-confirmed"]


def test_r11_registration_link_is_due_14_days_before_the_first_session():
    step = _steps("delivery")["registration-link"]

    assert (step["anchor"], step["offset"]) == ("first_session", "-14 days")
    assert (step["calendar"], step["owner"]) == ("session", "tc")
    assert step["evidence"] == "link_or_file"
    assert step["due_at_once"] is True
    assert step["after_move"] == "tell_again"
    assert step["reminders"] == {
        "owner": [7, 2, 0],
        "coordinator": [0, 1],
        "manager": [3],
    }


def test_r13_a_submission_is_reviewed_within_168_hours():
    (step,) = PLAYBOOKS["submission"]["step"]

    assert step["key"] == "certification-review"
    assert (step["anchor"], step["offset"]) == ("submission", "168 hours")
    assert (step["owner"], step["evidence"]) == ("trainer", "note")
    assert step["reminders"] == {
        "owner": [4, 2, 1],
        "coordinator": [0],
        "manager": [1],
    }


@pytest.mark.parametrize("kind", ["consulting", "blended"])
def test_r16_acceptance_is_due_4_business_days_after_the_day_of_sending(kind):
    steps = _steps(kind)
    step = steps["deliverables-accepted"]

    assert steps["sign-off-sent"]["sets_anchor"] == "signoff_sent"
    assert (step["anchor"], step["offset"]) == ("signoff_sent", "4 business days")
    assert step["calendar"] == "customer"
    assert step["blocks_move"] == "closed"


WORK = {"milestones-accepted"}
CLASSES = {"roster-in"}
EVERYWHERE = {"hours-approved", "expenses-in", "invoices-issued", "revenue-released"}


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("consulting", EVERYWHERE | WORK),
        ("training", EVERYWHERE | CLASSES),
        ("blended", EVERYWHERE | WORK | CLASSES),
        ("dedicated", EVERYWHERE | WORK),
    ],
)
def test_r17_every_billing_and_revenue_item_stands_before_completed(kind, keys):
    before_completed = {
        step["key"]
        for step in PLAYBOOKS[kind]["step"]
        if step.get("blocks_move") == "completed"
    }

    assert before_completed == keys


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_retrospective_recap_and_support_handoff_never_block_a_status(name):
    for step in PLAYBOOKS[name]["step"]:
        if step["phase"] == "customer_success":
            assert "blocks_move" not in step


def test_r19_support_handoff_follows_the_size_of_the_engagement():
    steps = _steps("consulting")

    assert steps["support-handoff"]["condition"] == {
        "size": ["small", "medium"],
        "deployed": True,
    }
    assert steps["support-handoff-first-phase"]["condition"] == {
        "size": ["large"],
        "deployed": True,
    }
    assert steps["support-handoff-first-phase"]["anchor"] == "golive"


def test_r19_a_training_has_no_support_handoff():
    assert not any(key.startswith("support") for key in _steps("training"))


def test_a_session_has_few_steps():
    assert set(_steps("session")) == {
        "meeting-exists",
        "join-link",
        "held",
        "attendee-report",
    }


def test_the_renewal_is_decided_60_days_before_the_end():
    step = _steps("dedicated")["renewal-decision"]

    assert (step["anchor"], step["offset"]) == ("planned_end", "-60 days")


@pytest.mark.parametrize("name", ["consulting", "blended", "dedicated"])
def test_the_status_is_reported_every_week_by_thursday(name):
    step = _steps(name)["weekly-status"]

    assert (step["repeat"], step["repeat_until"]) == ("weekly", "planned_end")
    assert step["offset"] == "1 thursday"
