from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery import clock
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.history.services import record
from psdelivery.people.choices import Role
from psdelivery.playbooks.choices import EvidenceWanted, StepState
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step, set_aside_step
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import (
    NOW,
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
KICKOFF = date(2027, 4, 12)
TODAY = "2027-04-12"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(client):
    person = UserFactory(roles=[Role.PSE])
    client.force_login(person)
    return person


@pytest.fixture
def make_step(owner):
    """Function that makes a step of the person who is logged in."""

    def make(**fields):
        playbook = PlaybookFactory()
        fields = {"title": "Call the customer", "owner_role": "pse"} | fields
        PlaybookStepFactory(playbook=playbook, key="one", **fields)
        people = owners(pse=owner)
        checklist = start(playbook, people=people, anchors={"kickoff": KICKOFF})
        return checklist.steps.get(key="one")

    return make


def url(action, step):
    return reverse(f"playbooks:step-{action}", args=[step.pk])


def post(client, action, step, *, headers=None, **data):
    return client.post(url(action, step), data, headers=headers or {})


def upload(name="report.pdf", content=b"%PDF"):
    return SimpleUploadedFile(name, content)


def nothing_is_written(step, media):
    step.refresh_from_db()
    files = [path for path in media.rglob("*") if path.is_file()]
    return (
        step.is_open
        and files == []
        and not Event.objects.exists()
        and not Document.objects.exists()
    )


def test_the_page_shows_what_when_why_and_whose(client, make_step, owner):
    step = make_step(instructions="Use the **red** telephone.")

    page = client.get(url("detail", step)).content.decode()

    assert "Call the customer" in page
    assert "<strong>red</strong>" in page
    assert "3 days after the kickoff (Mon 12 Apr 2027): Thu 15 Apr 2027" in page
    assert owner.display_name in page


def test_the_page_says_what_comes_first(client, owner):
    playbook = PlaybookFactory()
    PlaybookStepFactory(playbook=playbook, key="first", title="Ask", owner_role="pse")
    PlaybookStepFactory(
        playbook=playbook, key="one", owner_role="pse", blocked_by=["first"]
    )
    step = start(playbook, people=owners(pse=owner)).steps.get(key="one")

    page = client.get(url("detail", step)).content.decode()

    assert "Another step comes first" in page
    assert step.blockers.get().get_absolute_url() in page
    assert 'id="tick"' not in page


@pytest.mark.parametrize("action", ["complete", "reopen", "set-aside"])
def test_a_stranger_finds_no_step(client, make_step, action):
    step = make_step()
    client.force_login(UserFactory(roles=[Role.TRAINER]))

    assert client.get(url("detail", step)).status_code == 404
    assert post(client, action, step).status_code == 404


@pytest.mark.parametrize("action", ["complete", "reopen", "set-aside"])
def test_who_may_only_look_cannot_tick(client, make_step, media, action):
    step = make_step()
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    page = client.get(url("detail", step))

    assert page.status_code == 200
    assert 'id="tick"' not in page.content.decode()
    assert post(client, action, step).status_code == 403
    assert nothing_is_written(step, media)


@pytest.mark.parametrize("action", ["complete", "reopen", "set-aside"])
def test_a_step_changes_by_post_only(client, make_step, action):
    assert client.get(url(action, make_step())).status_code == 405


def test_a_tick_is_one_click(client, make_step, owner):
    step = make_step()

    answer = post(client, "complete", step)

    step.refresh_from_db()
    assert (step.state, step.done_by) == (StepState.DONE, owner)
    assert (answer.status_code, answer.url) == (302, step.get_absolute_url())


def test_after_the_tick_the_page_offers_to_take_it_back(client, make_step):
    step = make_step()

    page = client.post(url("complete", step), follow=True).content.decode()

    assert "Done: Call the customer" in page
    assert url("reopen", step) in page


def test_in_a_list_a_tick_answers_with_its_row(client, make_step):
    step = make_step()

    answer = post(client, "complete", step, headers=HTMX)

    row = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="step-{step.pk}"' in row
    assert "row-done" in row
    assert "<html" not in row


def test_evidence_can_be_a_link(client, make_step):
    step = make_step(evidence_wanted=EvidenceWanted.LINK_OR_FILE)

    post(client, "complete", step, evidence_link="https://example.com/notes")

    step.refresh_from_db()
    assert step.evidence.url == "https://example.com/notes"


def test_evidence_can_be_a_file(client, make_step):
    step = make_step(evidence_wanted=EvidenceWanted.LINK_OR_FILE)

    post(client, "complete", step, evidence_file=upload())

    step.refresh_from_db()
    assert (step.evidence.filename, step.evidence.size) == ("report.pdf", 4)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "row"])
def test_missing_evidence_is_told_at_its_field_and_the_note_is_kept(
    client, make_step, media, headers
):
    step = make_step(evidence_wanted=EvidenceWanted.LINK_OR_FILE)

    answer = post(client, "complete", step, headers=headers, note="They agreed")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give a file or a link as evidence." in page
    assert "They agreed" in page
    assert ("<html" in page) == (not headers)
    assert nothing_is_written(step, media)


def test_a_note_that_is_wanted_must_be_written(client, make_step, media):
    step = make_step(evidence_wanted=EvidenceWanted.NOTE)

    assert post(client, "complete", step, note="  \n ").status_code == 422
    assert nothing_is_written(step, media)


def test_a_step_that_dates_an_event_asks_for_the_day(client, make_step):
    step = make_step(sets_anchor="golive")

    page = client.get(url("detail", step)).content.decode()
    without = post(client, "complete", step)
    post(client, "complete", step, happened_on="2027-05-03")

    assert "On which day is it, or was it?" in page
    assert without.status_code == 422
    assert step.checklist.anchors.get(key="golive").day == date(2027, 5, 3)


def test_the_field_of_the_note_says_what_does_not_belong_there(client, make_step):
    step = make_step(evidence_wanted=EvidenceWanted.LINK_OR_FILE)

    page = client.get(url("detail", step)).content.decode()
    row = post(client, "complete", step, headers=HTMX).content.decode()

    hint = "Stands in the history. No links or codes that give access."
    assert hint in page
    assert hint in row


BAD_INPUT = {
    "control character": {"note": "Ring \x07"},
    "NUL": {"note": "a\x00b"},
    "turned reading direction": {"note": "\u202egpj.exe"},
    "a novel": {"note": "x" * 10_000},
    "long ago": {"happened_on": "1800-01-01"},
    "far off": {"happened_on": "9999-12-31"},
    "no day": {"happened_on": "next Tuesday"},
    "no such day": {"happened_on": "2027-02-30"},
    "script": {"evidence_link": "javascript:alert(1)"},
    "local file": {"evidence_link": "file:///etc/passwd"},
    "link with a space": {"evidence_link": "https://example.com/a b"},
    "very long link": {"evidence_link": f"https://example.com/{'x' * 3000}"},
    "program": {"evidence_file": ("setup.exe", b"MZ")},
    "page": {"evidence_file": ("page.html", b"<script>")},
    "empty file": {"evidence_file": ("report.pdf", b"")},
    "two": {
        "evidence_link": "https://example.com/",
        "evidence_file": ("report.pdf", b"%PDF"),
    },
}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "row"])
@pytest.mark.parametrize("bad", BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_is_refused_and_nothing_is_written(
    client, make_step, media, bad, headers
):
    step = make_step(sets_anchor="golive", evidence_wanted=EvidenceWanted.LINK_OR_FILE)
    data = {"happened_on": TODAY, "note": "Fine"}
    if "evidence_file" not in bad:
        data["evidence_link"] = "https://example.com/"
    data |= {
        name: upload(*value) if isinstance(value, tuple) else value
        for name, value in bad.items()
    }
    answer = post(client, "complete", step, headers=headers, **data)

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert nothing_is_written(step, media)


def test_a_tick_out_of_order_is_refused_with_the_reason(client, owner, media):
    playbook = PlaybookFactory()
    PlaybookStepFactory(playbook=playbook, key="first", title="Ask", owner_role="pse")
    PlaybookStepFactory(
        playbook=playbook,
        key="one",
        owner_role="pse",
        blocked_by=["first"],
        evidence_wanted=EvidenceWanted.LINK_OR_FILE,
    )
    step = start(playbook, people=owners(pse=owner)).steps.get(key="one")

    answer = post(client, "complete", step, evidence_file=upload())

    assert answer.status_code == 409
    assert "“Ask” comes first." in answer.content.decode()
    assert nothing_is_written(step, media)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "row"])
def test_a_second_click_is_told_that_it_is_done(client, make_step, headers):
    step = make_step()
    complete_step(step, Completion(), by=None, now=NOW)

    answer = post(client, "complete", step, headers=headers)

    assert answer.status_code == 409
    assert "is already done" in answer.content.decode()
    assert Event.objects.filter(verb="step-completed").count() == 1


def test_a_done_step_shows_how_it_was_settled(client, make_step, owner):
    step = make_step()
    complete_step(step, Completion(note="They <b>agreed</b>"), by=owner, now=NOW)

    page = client.get(url("detail", step)).content.decode()

    assert "How it was settled" in page
    assert "They &lt;b&gt;agreed&lt;/b&gt;" in page
    assert "ticked" in page


def test_a_tick_is_taken_back_with_a_reason_or_without(client, make_step, owner):
    step = make_step()
    complete_step(step, Completion(), by=owner, now=NOW)

    answer = post(client, "reopen", step, reason="A slip")

    step.refresh_from_db()
    assert (answer.status_code, step.is_open) == (302, True)
    assert Event.objects.get(verb="step-reopened").reason == "A slip"


def test_the_row_of_a_reopened_step_offers_today_as_the_day(client, make_step, owner):
    step = make_step(sets_anchor="golive")
    complete_step(step, Completion(happened_on=KICKOFF), by=owner, now=NOW)

    row = post(client, "reopen", step, headers=HTMX).content.decode()

    assert f'value="{clock.today(owner.zone)}"' in row


@pytest.mark.parametrize("reason", ["a\x00b", "\x07", "x" * 10_000])
def test_a_bad_reason_to_take_it_back_is_refused(client, make_step, owner, reason):
    step = make_step()
    complete_step(step, Completion(), by=owner, now=NOW)

    answer = post(client, "reopen", step, reason=reason)

    step.refresh_from_db()
    assert (answer.status_code, step.state) == (422, StepState.DONE)


def test_an_open_step_is_not_opened_again(client, make_step, media):
    step = make_step()

    assert post(client, "reopen", step).status_code == 409
    assert nothing_is_written(step, media)


def test_a_step_is_set_aside_with_its_reason(client, make_step):
    step = make_step()

    answer = post(client, "set-aside", step, **{"aside-reason": "They host it"})

    step.refresh_from_db()
    assert answer.status_code == 302
    assert (step.state, step.note) == (StepState.NOT_APPLICABLE, "They host it")


@pytest.mark.parametrize("reason", ["", "  ", "a\x00b", "x" * 10_000])
def test_setting_aside_wants_a_reason_that_can_be_read(
    client, make_step, media, reason
):
    step = make_step()

    answer = post(client, "set-aside", step, **{"aside-reason": reason})

    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()
    assert nothing_is_written(step, media)


def test_what_was_settled_is_not_set_aside(client, make_step, owner):
    step = make_step()
    set_aside_step(step, by=owner, reason="No", now=NOW)

    answer = post(client, "set-aside", step, **{"aside-reason": "Twice"})

    assert answer.status_code == 409
    assert "is already not applicable" in answer.content.decode()


def test_after_a_tick_the_reader_is_back_where_they_were(client, make_step):
    answer = post(client, "complete", make_step(), next="/steps/?owner=me")

    assert answer.url == "/steps/?owner=me"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "///evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\x00//evil.example",
        "https://testserver.evil.example/",
        "http://testserver@evil.example/",
    ],
)
def test_next_never_leaves_the_portal(client, make_step, target):
    step = make_step()

    assert post(client, "complete", step, next=target).url == step.get_absolute_url()


def test_a_line_break_in_next_makes_no_header(client, make_step):
    answer = post(client, "complete", make_step(), next="/steps/\r\nSet-Cookie: a=b")

    assert answer.status_code == 302
    assert "Set-Cookie: a=b" not in str(answer.headers)


def page_queries(client, owner, count):
    playbook = PlaybookFactory()
    first = [f"first-{number}" for number in range(count)]
    for key in first:
        PlaybookStepFactory(playbook=playbook, key=key, owner_role="pse")
    PlaybookStepFactory(
        playbook=playbook, key="one", owner_role="pse", blocked_by=first
    )
    checklist = start(playbook, people=owners(pse=owner), anchors={"kickoff": KICKOFF})
    step = checklist.steps.get(key="one")
    for number in range(count):
        Reminder.objects.create(
            step=step,
            rule=f"owner-{number}",
            due_at=step.due_at,
            decided_at=NOW,
            message=MessageFactory(),
        )
        record("step-reopened", by=UserFactory(), subject=step, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url("detail", step)).status_code == 200
    return len(queries)


def test_the_page_takes_the_same_queries_with_3_and_30_rows(client, owner):
    page_queries(client, owner, 1)  # fills caches of the process

    assert page_queries(client, owner, 3) == page_queries(client, owner, 30) <= 25


def test_moments_of_the_page_are_on_the_readers_clock(client, make_step, owner):
    owner.zone = "Australia/Sydney"
    owner.save()
    step = make_step()
    Step.objects.filter(pk=step.pk).update(
        next_reminder_at=datetime(2027, 4, 14, 22, tzinfo=UTC)
    )

    page = client.get(url("detail", step)).content.decode()

    assert "Thu 15 Apr 2027, 08:00 AEST" in page
