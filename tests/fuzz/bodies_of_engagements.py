from datetime import date, timedelta

from engagements.choices import Status
from engagements.models import Engagement
from engagements.registry import bookings
from engagements.services.holds import shifts_of
from engagements.services.reviving import steps_to_revive
from engagements.services.status import move_status
from psdelivery.playbooks.services.moves import AnchorChange
from tests.factories.engagements import NOW
from tests.factories.scheduling import booked
from tests.fuzz import looks
from tests.fuzz.bodies import PDF, Body, always, at


def intake(world):
    return {
        "customer": str(world.customer.pk),
        "title": "Migration",
        "kind": "blended",
        "region": str(world.me.region_id),
        "practice": str(world.me.practice_id),
        "opportunity_url": "https://crm.example.com/1",
        "opportunity_stage": "5",
        "forecast_category": "commit",
        "wished_start": "2027-03-01",
        "wished_start_latest": "2027-03-15",
        "planned_end": "2027-06-30",
        "definition_url": "https://docs.example.com/1",
        "notes": "First\nsecond",
        "paper-value": "120000.50",
        "paper-currency": "EUR",
        "paper-billing_terms": "upon_sow",
        "paper-hours": "160",
        "paper-units_sold": "two classes",
        "paper-use_by": "2027-12-31",
        "paper-evidence_link": "https://docs.example.com/sow",
        "people-coordinator": str(world.me.pk),
        "people-em": str(world.me.pk),
    }


def offering(world):
    return {
        "category": "Training",
        "type": "Class",
        "title": "Advanced class",
        "maturity": "viable",
        "kind": "training",
        "course": str(world.course.pk),
        "kit_links": "https://example.com/a Slides\nhttps://example.com/b",
        "role_hours": "trainer 16\npc: 2,5",
    }


def member(world):
    return {
        "role": "pse",
        "person": str(world.colleague.pk),
    }


CLOSED_WON = {
    "met_on": "2027-01-29",
    "met_at": "10:30",
    "note": "By mail",
    "evidence_link": "https://crm.example.com/1",
}


def at_work(world):
    """Active work with two bookings to come."""
    Engagement.objects.filter(pk=world.training.pk).update(
        status=Status.ACTIVE,
        opportunity_stage=5,
        forecast_category="commit",
    )
    engagement = Engagement.objects.get(pk=world.training.pk)
    for person in (world.colleague, world.trainer):
        booked(person, engagement, by=world.me, now=NOW)


def on_hold(world):
    """Set aside for two weeks; everything it was planned for lies ahead."""
    at_work(world)
    go(world, Status.ON_HOLD, NOW - timedelta(days=14))


def cancelled(world):
    at_work(world)
    go(world, Status.CANCELLED, NOW)


def go(world, target, now):
    engagement = Engagement.objects.get(pk=world.training.pk)
    move_status(engagement, target, by=world.me, reason="Why not", now=now)


def booking_fields(world):
    """The fields that ask what becomes of each booking."""
    return [f"booking-{one.key}" for one in bookings.to_come(world.training, NOW)]


def moved_to(target, prepare, values, **options):
    """The form that moves the training to a status, after it was brought near it."""
    address = at("engagements:engagement-move", "training")

    def opened(world, client=None):
        prepare(world)
        return address(world)

    return Body(
        opened,
        lambda world: {"target": target, **values(world)},
        form_on=lambda world: f"{address(world)}?target={target}",
        **options,
    )


MOVED = date(2027, 8, 16)
MOVE = {"day": str(MOVED), "cause": "customer", "reason": "Holiday"}
ENGAGEMENTS = {
    "engagements:assessment-edit": Body(
        at("engagements:assessment-edit", "consulting"),
        lambda world: {
            "answer_lead": "Ann and Bob",
            "summary": "Move 200 people",
            "assumptions": "They have a cluster",
            "effort": "pse 40",
            "scoping_url": "https://example.com/scope",
            "outcome": "rework",
            "outcome_note": "Budget",
        },
    ),
    "engagements:change-add": Body(
        at("engagements:change-add", "consulting"),
        always(
            kind="extension",
            title="Longer",
            reason="They were late",
            hours="12.5",
            value="1000",
            new_end="2027-09-30",
            evidence_link="https://example.com/signed",
        ),
    ),
    "engagements:change-decide": Body(
        at("engagements:change-decide", "consulting", "change"),
        always(note="Too late", decision="refuse"),
        form_on=at("engagements:change-detail", "consulting", "change"),
        buttons=("decision",),
    ),
    "engagements:change-evidence": Body(
        at("engagements:change-evidence", "consulting", "change"),
        always(evidence_link="https://example.com/signed"),
        form_on=at("engagements:change-detail", "consulting", "change"),
    ),
    "engagements:change-withdraw": Body(
        at("engagements:change-withdraw", "consulting", "change"),
        form_on=at("engagements:engagement-tab", "consulting", "changes"),
    ),
    "engagements:units-edit": Body(
        at("engagements:units-edit", "consulting"),
        always(hour_block_sold="4", hour_block_dated="1", hour_block_held="1"),
    ),
    "engagements:engagement-add": Body(at("engagements:engagement-add"), intake),
    "engagements:engagement-edit": Body(
        at("engagements:engagement-edit", "consulting"),
        lambda world: {
            name: value
            for name, value in intake(world).items()
            if not name.startswith("people-") and name not in {"customer", "kind"}
        },
    ),
    "engagements:engagement-move": Body(
        at("engagements:engagement-move", "training"),
        always(target="prospect"),
        form_on=at("engagements:engagement-detail", "training"),
    ),
    "engagements:engagement-move, to cancel": Body(
        at("engagements:engagement-move", "consulting"),
        always(target="cancelled", reason="Customer withdrew"),
        form_on=lambda world: (
            at("engagements:engagement-move", "consulting")(world) + "?target=cancelled"
        ),
    ),
    "engagements:engagement-move, to hold": moved_to(
        "on_hold",
        at_work,
        lambda world: {
            "reason": "Summer",
            "ball_with": "us",
            **dict.fromkeys(booking_fields(world), "keep"),
        },
    ),
    "engagements:engagement-move, to cancel with bookings": moved_to(
        "cancelled",
        at_work,
        lambda world: {
            "reason": "Customer withdrew",
            **dict.fromkeys(booking_fields(world), "release"),
        },
    ),
    "engagements:engagement-move, to resume": moved_to(
        "active",
        on_hold,
        lambda world: {
            "reason": "They are back",
            "shift_days": "14",
            **looks.of_changes(shifts_of(world.training, 14)),
        },
        buttons=("confirm",),
        previews=True,
    ),
    "engagements:engagement-move, to revive": moved_to(
        "prospect",
        cancelled,
        lambda world: {
            "reason": "They came back",
            "steps": [str(step.pk) for step in steps_to_revive(world.training)[:3]],
        },
    ),
    "engagements:engagement-move, in place": Body(
        at("engagements:engagement-move", "training"),
        always(target="prospect"),
        form_on=at("engagements:engagement-detail", "training"),
        htmx=True,
    ),
    "engagements:date-move": Body(
        at("engagements:date-move", "consulting", "golive"),
        lambda world: MOVE | looks.of_changes([AnchorChange(world.golive, MOVED)]),
        buttons=("confirm",),
        previews=True,
    ),
    "engagements:planned-move": Body(
        at("engagements:planned-move", "training", "planned_end"),
        lambda world: MOVE | looks.of_changes([AnchorChange(world.planned_end, MOVED)]),
        buttons=("confirm",),
        previews=True,
    ),
    "engagements:engagement-ball": Body(
        at("engagements:engagement-ball", "consulting"),
        always(ball_with="customer", reason="Waits for access"),
        form_on=at("engagements:engagement-detail", "consulting"),
    ),
    "engagements:engagement-condition": Body(
        at("engagements:engagement-condition", "consulting", "closed_won"),
        always(**CLOSED_WON),
    ),
    "engagements:engagement-condition, with a file": Body(
        at("engagements:engagement-condition", "consulting", "agreement"),
        always(met_on="2027-01-29", evidence_file=PDF),
    ),
    "engagements:condition-withdraw": Body(
        at("engagements:condition-withdraw", "consulting", "customer_signature"),
        always(reason="Signed by the wrong person"),
        form_on=at(
            "engagements:engagement-condition", "consulting", "customer_signature"
        ),
    ),
    "engagements:risk-add": Body(
        at("engagements:risk-add", "consulting"),
        always(
            codes=["agreement", "countersignature"],
            reason="The customer waits",
            hours_cap="40.5",
            expires_on="2027-02-15",
        ),
    ),
    "engagements:risk-grant": Body(
        at("engagements:risk-grant", "training", "asked_risk"),
        always(**{"grant-note": "Until the paper is here"}),
        form_on=at("engagements:risk-detail", "training", "asked_risk"),
    ),
    "engagements:risk-refuse": Body(
        at("engagements:risk-refuse", "training", "asked_risk"),
        always(**{"refusal-note": "Too early"}),
        form_on=at("engagements:risk-detail", "training", "asked_risk"),
    ),
    "engagements:risk-take-back": Body(
        at("engagements:risk-take-back", "training", "asked_risk"),
        always(),
        form_on=at("engagements:risk-detail", "training", "asked_risk"),
    ),
    "engagements:risk-end": Body(
        at("engagements:risk-end", "training", "granted_risk"),
        always(**{"end-reason": "Signed"}),
        form_on=at("engagements:risk-detail", "training", "granted_risk"),
    ),
    "engagements:step-add": Body(
        at("engagements:step-add", "consulting"),
        lambda world: {
            "title": "Ask about the proxy",
            "owner": f"person:{world.colleague.pk}",
            "due_day": "2027-03-01",
            "due_time": "14:30",
            "phase": "3",
            "instructions": "By mail\nor telephone",
            "subject_url": "https://docs.example.com/proxy",
            "evidence_wanted": "note",
        },
    ),
    "engagements:team-member-add": Body(
        at("engagements:team-member-add", "consulting"), member
    ),
    "engagements:team-member-edit": Body(
        at("engagements:team-member-edit", "consulting", "member"),
        lambda world: {"person": str(world.colleague.pk)},
    ),
    "engagements:team-member-handover": Body(
        at("engagements:team-member-handover", "consulting", "member"),
        lambda world: {"person": str(world.colleague.pk), "reason": "On leave"},
    ),
    "engagements:team-member-remove": Body(
        at("engagements:team-member-remove", "consulting", "member"),
        always(reason="Moved"),
        form_on=at("engagements:team-member-edit", "consulting", "member"),
    ),
    "engagements:document-add": Body(
        at("engagements:document-add", "consulting"),
        always(title="Minutes", evidence_link="https://docs.example.com/minutes"),
        form_on=lambda world: f"{world.consulting.get_absolute_url()}documents/",
    ),
    "engagements:document-add, with a file": Body(
        at("engagements:document-add", "consulting"),
        always(title="", evidence_file=PDF, is_money="on"),
    ),
    "engagements:document-version": Body(
        at("engagements:document-version", "consulting", "document"),
        always(title="SOW, signed", evidence_file=PDF),
    ),
    "engagements:export-start": Body(at("engagements:export-start")),
    "engagements:offering-add": Body(at("engagements:offering-add"), offering),
    "engagements:offering-edit": Body(
        at("engagements:offering-edit", "offering"), offering
    ),
}
