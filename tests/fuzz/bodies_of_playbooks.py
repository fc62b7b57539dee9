from django.urls import reverse

from tests.fuzz.bodies import Body, always, at


def draft(name, *, with_step=False):
    """The address of something to do with the draft."""

    def address(world, client=None):
        arguments = ["consulting"]
        if with_step:
            arguments.append(world.draft_step.pk)
        return reverse(f"playbooks:{name}", args=arguments)

    return address


STEP = {
    "title": "Call the customer",
    "instructions": "Ask for *the date*.",
    "phase": "2",
    "owner_role": "pm",
    "offset_amount": "3",
    "offset_unit": "business_days",
    "direction": "before",
    "anchor": "kickoff",
    "calendar": "customer",
    "evidence_wanted": "note",
    "mail_template": "",
    "reminders_owner": "2, 0",
    "reminders_coordinator": "1",
    "reminders_manager": "3",
    "blocked_by": "",
    "after_move": "keep",
    "repeat": "weekly",
    "repeat_until": "planned_end",
    "condition": "size = small, medium",
}


def adopt(world, client=None):
    pk = world.training.checklist_id
    return reverse("playbooks:checklist-adopt", args=[pk])


ON_THE_STEP = {"form_on": at("playbooks:step-detail", "noting")}
BOOKS = {
    "playbooks:step-snooze": Body(
        at("playbooks:step-snooze", "noting"),
        always(until="2027-02-02"),
        **ON_THE_STEP,
    ),
    "playbooks:step-delegate": Body(
        at("playbooks:step-delegate", "noting"),
        lambda world: {"to": str(world.colleague.pk), "note": "You know them"},
        **ON_THE_STEP,
    ),
    "playbooks:step-pass": Body(
        at("playbooks:step-pass", "noting"), always(party="customer"), **ON_THE_STEP
    ),
    "playbooks:step-wake": Body(
        at("playbooks:step-wake", "handed"),
        form_on=at("playbooks:step-detail", "handed"),
    ),
    "playbooks:step-take-back": Body(
        at("playbooks:step-take-back", "handed"),
        form_on=at("playbooks:step-detail", "handed"),
    ),
    "playbooks:step-unpin": Body(
        at("playbooks:step-unpin", "handed"),
        form_on=at("playbooks:step-detail", "handed"),
    ),
    "playbooks:move-undo": Body(
        at("playbooks:move-undo", "move"), form_on=at("playbooks:move-detail", "move")
    ),
    "playbooks:draft-start": Body(
        at("playbooks:draft-start", "dedicated"),
        form_on=at("playbooks:playbook-detail", "dedicated"),
    ),
    "playbooks:draft-note": Body(
        draft("draft-note"),
        always(title="Consulting", note="Shorter"),
        form_on=draft("draft-detail"),
    ),
    "playbooks:draft-publish": Body(
        at("playbooks:draft-publish", "blended"),
        form_on=at("playbooks:draft-detail", "blended"),
    ),
    "playbooks:draft-discard": Body(
        draft("draft-discard"), form_on=draft("draft-detail")
    ),
    "playbooks:draft-step-add": Body(
        draft("draft-step-add"),
        lambda world: {k: v for k, v in STEP.items() if k != "blocked_by"},
    ),
    "playbooks:draft-step-edit": Body(
        draft("draft-step-edit", with_step=True),
        lambda world: {k: v for k, v in STEP.items() if k != "blocked_by"},
    ),
    "playbooks:draft-step-remove": Body(
        draft("draft-step-remove", with_step=True), form_on=draft("draft-detail")
    ),
    "playbooks:draft-step-shift": Body(
        draft("draft-step-shift", with_step=True),
        always(to="down"),
        form_on=draft("draft-detail"),
        buttons=("to",),
    ),
    "playbooks:checklist-adopt": Body(
        adopt, lambda world: {"version": "2", "keys": "welcome"}
    ),
}
