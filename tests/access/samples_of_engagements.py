from engagements.models import Change
from psdelivery.documents.services import add_link
from psdelivery.playbooks.models import Anchor
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.engagements import (
    NOW,
    OfferingFactory,
    TeamMemberFactory,
    asked,
    waived,
)
from tests.factories.playbooks import ChecklistFactory, StepFactory


def _engagement(cast):
    return _with(cast, lambda engagement: {"pk": engagement.pk})


def _with(cast, arguments):
    near = near_and_far(cast, lambda engagement: engagement)
    return Sample(**{name: arguments(found) for name, found in near.items()})


def _with_checklist(cast):
    def make(engagement):
        engagement.checklist = ChecklistFactory(engagement=engagement)
        engagement.save()
        # Whoever is on the team owns something there.
        near = engagement.team.filter(person=cast.actor).exists()
        StepFactory(
            checklist=engagement.checklist, assignee=cast.actor if near else None
        )
        return engagement

    near = near_and_far(cast, make)
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _date(cast, key="planned_start", sets=""):
    def make(engagement):
        checklist = ChecklistFactory(engagement=engagement)
        engagement.checklist = checklist
        engagement.save()
        if sets:
            StepFactory(checklist=checklist, sets_anchor=sets)
        dated = {"day": NOW.date(), "known_since": NOW}
        anchor, _ = Anchor.objects.update_or_create(
            checklist=checklist, key=key, defaults=dated
        )
        return {"pk": engagement.pk, "anchor": anchor.pk}

    return _with(cast, make)


def _golive(cast):
    return _date(cast, key="golive", sets="golive")


def _tab(cast):
    return _with(cast, lambda engagement: {"pk": engagement.pk, "tab": "team"})


def _condition(cast):
    return _with(cast, lambda engagement: {"pk": engagement.pk, "code": "agreement"})


def _member(cast):
    def arguments(engagement):
        # Nobody in particular: who is on it decides whose engagement it is.
        member = TeamMemberFactory(
            engagement=engagement, role="csm", person=None, none_reason="No CSM"
        )
        return {"pk": engagement.pk, "member": member.pk}

    return _with(cast, arguments)


def _risk(cast, make=asked):
    def arguments(engagement):
        risk = make(engagement, "agreement")
        return {"pk": engagement.pk, "risk": risk.pk}

    return _with(cast, arguments)


def _granted_risk(cast):
    return _risk(cast, make=waived)


def _document(cast):
    def arguments(engagement):
        minutes = add_link(
            "https://example.com/", title="", engagement=engagement, by=None, now=NOW
        )
        return {"pk": engagement.pk, "document": minutes.pk}

    return _with(cast, arguments)


def _offering(cast):
    return Sample.same(pk=OfferingFactory().pk)


def _change(cast):
    def make(engagement):
        change = Change.objects.create(
            engagement=engagement,
            kind="scope",
            title="More",
            reason="They grew",
            hours=8,
            requested_at=NOW,
        )
        return {"pk": engagement.pk, "change": change.pk}

    return _with(cast, make)


SAMPLES = {
    "engagements:assessment-edit": _engagement,
    "engagements:change-add": _engagement,
    "engagements:change-detail": _change,
    "engagements:change-decide": _change,
    "engagements:change-evidence": _change,
    "engagements:change-withdraw": _change,
    "engagements:units-edit": _engagement,
    "engagements:engagement-detail": _engagement,
    "engagements:engagement-tab": _tab,
    "engagements:engagement-edit": _engagement,
    "engagements:engagement-move": _engagement,
    "engagements:date-move": _golive,
    "engagements:planned-move": _date,
    "engagements:engagement-ball": _engagement,
    "engagements:engagement-condition": _condition,
    "engagements:condition-withdraw": _condition,
    "engagements:risk-add": _engagement,
    "engagements:risk-detail": _risk,
    "engagements:risk-grant": _risk,
    "engagements:risk-refuse": _risk,
    "engagements:risk-take-back": _risk,
    "engagements:risk-end": _granted_risk,
    "engagements:team-member-add": _engagement,
    "engagements:step-add": _with_checklist,
    "engagements:team-member-edit": _member,
    "engagements:team-member-handover": _member,
    "engagements:team-member-remove": _member,
    "engagements:document-add": _engagement,
    "engagements:document-version": _document,
    "engagements:offering-edit": _offering,
}
