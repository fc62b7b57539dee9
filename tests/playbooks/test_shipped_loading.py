from io import StringIO

import pytest
from django.core.management import call_command

from psdelivery.outbox.services.templates import load_templates
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.definitions import default_reminders
from psdelivery.playbooks.models import Playbook, PlaybookStep
from psdelivery.playbooks.services import shipped
from psdelivery.playbooks.services.shipped import (
    load_playbook,
    load_shipped_data,
    shipped_playbooks,
)
from tests.factories.playbooks import NOW, start
from tests.factories.shipped import ship_mails, ship_playbooks

pytestmark = pytest.mark.django_db

STEP = {
    "key": "call",
    "title": "Call",
    "phase": "plan",
    "owner": "pm",
    "anchor": "kickoff",
    "offset": "-5 business days",
    "calendar": "owner",
    "instructions": " Ring them. ",
}


def content(*steps, title="Class"):
    return {"key": "class", "title": title, "step": [STEP | step for step in steps]}


def test_a_file_becomes_a_playbook():
    load_playbook(content({}, {"key": "mail", "repeat": "weekly", "due_at_once": True}))

    call, mail = PlaybookStep.objects.all()
    assert (call.offset_value, call.offset_unit) == (-5, "business_days")
    assert (call.phase, call.instructions) == (Phase.PLAN, "Ring them.")
    assert call.reminder_days == default_reminders()
    assert (mail.order, mail.repeat, mail.due_at_once) == (1, "weekly", True)


def test_loading_again_writes_nothing():
    load_playbook(content({}))

    assert load_playbook(content({})) is None
    assert Playbook.objects.count() == 1


def test_a_changed_file_is_taken_while_nothing_runs_on_it():
    load_playbook(content({}))

    load_playbook(content({"title": "Call twice"}, title="Course"))

    playbook = Playbook.objects.get()
    assert (playbook.title, playbook.version) == ("Course", 1)
    assert playbook.steps.get().title == "Call twice"


def test_running_checklists_keep_the_version_they_were_made_from():
    checklist = start(load_playbook(content({})))

    load_playbook(content({"title": "Call twice"}))

    assert checklist.playbook.steps.get().title == "Call"
    assert list(Playbook.objects.values_list("version", "is_current")) == [
        (2, True),
        (1, False),
    ]


def test_what_was_edited_is_never_overwritten():
    Playbook.objects.filter(pk=load_playbook(content({})).pk).update(edited_at=NOW)

    assert load_playbook(content({"title": "Call twice"})) is None
    assert PlaybookStep.objects.get().title == "Call"


def test_every_shipped_file_loads_once():
    written = load_shipped_data()

    assert {playbook.key for playbook in written} == {
        path.stem for path in shipped.DATA.glob("*.toml") if path.stem != "process"
    }
    assert load_shipped_data() == []


@pytest.mark.parametrize("again", [False, True])
def test_tests_get_a_copy_of_what_the_loader_wrote(again):
    # The first of a run reads the files, the others copy what it left.
    ship_playbooks()
    ship_mails()

    assert Playbook.objects.current().count() == len(shipped_playbooks())
    assert load_shipped_data() == []
    assert load_templates() == 0
    # Its keys are taken: what comes next gets others.
    assert load_playbook(content({})).steps.count() == 1


def test_the_command_says_what_it_wrote():
    output = StringIO()

    call_command("load_shipped_data", stdout=output)
    call_command("load_shipped_data", stdout=output)

    lines = output.getvalue().splitlines()
    assert f"Playbooks written: {len(shipped_playbooks())}" in lines
    assert "Playbooks written: 0" in lines
