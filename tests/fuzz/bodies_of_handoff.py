from tests.fuzz.bodies import Body, always, at

TAB = at("engagements:engagement-tab", "consulting", "handoff")
GOALS = at("livetext:text-detail", "sheet", "goals")


def step(world):
    return {
        "title": "Ask for access",
        "owner": str(world.me.pk),
        "due_day": "2027-02-05",
    }


def call(world):
    return {
        "day": "2027-02-08",
        "clock": "10:00",
        "zone": "Europe/Berlin",
        "minutes": "60",
        "location": "https://meet.example/1",
        "description": "Read\nthe record",
        "attendees": [str(world.me.pk), str(world.trainer.pk)],
        "contacts": [str(world.contact.pk)],
    }


HANDOFF = {
    "engagements:handoff-call": Body(
        at("engagements:handoff-call", "consulting"), call
    ),
    "engagements:handoff-call-cancel": Body(
        at("engagements:handoff-call-cancel", "training"),
        form_on=at("engagements:engagement-tab", "training", "handoff"),
    ),
    "engagements:handoff-begin": Body(
        at("engagements:handoff-begin", "foreign"),
        form_on=at("engagements:engagement-tab", "foreign", "handoff"),
    ),
    "engagements:handoff-held": Body(
        at("engagements:handoff-held", "consulting"),
        lambda world: {"held_on": "2027-02-01", "attended": [str(world.me.pk)]},
    ),
    "engagements:handoff-written": Body(
        at("engagements:handoff-written", "training"),
        form_on=at("engagements:engagement-tab", "training", "handoff"),
    ),
    "engagements:handoff-acknowledge": Body(
        at("engagements:handoff-acknowledge", "consulting"), form_on=TAB
    ),
    "engagements:handoff-kickoff-first": Body(
        at("engagements:handoff-kickoff-first", "consulting"),
        always(reason="They fly in\non Monday"),
    ),
    "engagements:handoff-question-add": Body(
        at("engagements:handoff-question-add", "consulting"),
        lambda world: {"text": "Who has\naccess?", "owner": str(world.me.pk)},
    ),
    "engagements:handoff-question-answer": Body(
        at("engagements:handoff-question-answer", "consulting", "question"),
        always(answer="17.4"),
    ),
    "engagements:handoff-question-step": Body(
        at("engagements:handoff-question-step", "consulting", "question"), step
    ),
    "livetext:text-save": Body(
        at("livetext:text-save", "sheet", "goals"),
        always(text="Another\ngoal"),
        form_on=GOALS,
    ),
    "livetext:text-save, in place": Body(
        at("livetext:text-save", "sheet", "goals"),
        always(text="Another goal"),
        form_on=TAB,
        htmx=True,
    ),
    "livetext:text-writing": Body(
        at("livetext:text-writing", "sheet", "goals"), form_on=TAB
    ),
    "livetext:card-add": Body(
        at("livetext:card-add", "sheet", "outcomes"), form_on=TAB
    ),
    "livetext:card-remove": Body(
        at("livetext:card-remove", "sheet", "outcomes", "1"), form_on=TAB
    ),
    "livetext:card-restore": Body(
        at("livetext:card-restore", "sheet", "outcomes", "2"),
        form_on=at("livetext:text-detail", "sheet", "outcomes-2-outcome"),
    ),
}
