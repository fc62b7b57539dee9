import pytest

from psdelivery.history.models import Event
from psdelivery.outbox.models import MailTemplate
from psdelivery.outbox.services.templates import (
    TypedText,
    load_templates,
    reset_template,
    restore_template,
    save_template,
)
from psdelivery.outbox.templates import mail_kind, mail_kinds, shipped_text
from psdelivery.playbooks.services.shipped import shipped_playbooks
from psdelivery.registry import RuleRefused
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
KEY = "welcome"


@pytest.fixture
def manager():
    return UserFactory()


@pytest.fixture
def loaded():
    load_templates()
    return mail_kind(KEY)


def current():
    return MailTemplate.objects.current().get(kind=KEY)


def typed(body="Hello {{ contact_name }}", seen=1, **more):
    return TypedText(subject="Welcome", body=body, seen=seen, **more)


def test_every_kind_of_mail_has_a_shipped_text_that_can_be_saved(manager, now):
    for kind in mail_kinds():
        text = shipped_text(kind.key)
        seen = TypedText(subject=text.subject, body=text.body, seen=0)
        assert save_template(kind, seen, by=manager, now=now).body == text.body


def test_loading_again_writes_nothing():
    assert load_templates() == len(mail_kinds())
    assert load_templates() == 0


def test_a_text_that_was_not_edited_is_refreshed(loaded):
    MailTemplate.objects.filter(kind=KEY).update(body="Old")

    assert load_templates() == 1
    assert current().version == 1
    assert current().body == shipped_text(KEY).body


def test_mails_written_keep_the_version_they_were_written_from(loaded):
    MailTemplate.objects.filter(kind=KEY).update(body="Old")
    message = MessageFactory(template=current())

    load_templates()

    message.refresh_from_db()
    assert message.template.body == "Old"
    assert current().version == 2


def test_an_edited_text_is_never_overwritten(loaded, manager, now):
    save_template(loaded, typed(), by=manager, now=now)

    assert load_templates() == 0
    assert current().body == "Hello {{ contact_name }}"


def test_an_edit_is_a_new_version_with_who_and_why(loaded, manager, now):
    save_template(loaded, typed(note="Shorter"), by=manager, now=now)

    found = current()
    assert (found.version, found.edited_by, found.edited_at, found.note) == (
        2, manager, now, "Shorter",
    )  # fmt: skip
    event = Event.objects.get()
    assert (event.verb, event.actor, event.reason) == (
        "template-edited", manager, "Shorter",
    )  # fmt: skip


def test_saving_the_same_text_makes_no_version(loaded, manager, now):
    text = shipped_text(KEY)
    same = TypedText(subject=text.subject, body=text.body, seen=1)

    assert save_template(loaded, same, by=manager, now=now).version == 1
    assert not Event.objects.exists()


def test_r15_an_unknown_placeholder_is_an_error_at_saving(loaded, manager, now):
    with pytest.raises(RuleRefused, match="no placeholder “nobody”"):
        save_template(loaded, typed("{{ nobody }}"), by=manager, now=now)

    assert current().version == 1


def test_two_who_edit_at_once_are_told(loaded, manager, now):
    save_template(loaded, typed("First"), by=manager, now=now)

    with pytest.raises(RuleRefused, match="saved version 2 meanwhile"):
        save_template(loaded, typed("Second"), by=UserFactory(), now=now)
    save_template(loaded, typed("Second", seen=2), by=UserFactory(), now=now)

    assert current().body == "Second"


def test_going_back_is_a_version_of_its_own(loaded, manager, now):
    first = current()
    save_template(loaded, typed(), by=manager, now=now)

    restore_template(loaded, first, by=manager, now=now)

    assert (current().version, current().body) == (3, first.body)
    assert current().note == "As in version 1"
    assert MailTemplate.objects.filter(kind=KEY, is_current=True).count() == 1


def test_as_shipped_is_refreshed_by_upgrades_again(loaded, manager, now):
    save_template(loaded, typed(), by=manager, now=now)

    reset_template(loaded, by=manager, now=now)

    assert current().body == shipped_text(KEY).body
    assert current().edited_at is None
    assert Event.objects.filter(verb="template-restored").exists()


def test_every_mail_that_a_shipped_step_sends_is_known():
    named = {
        step.get("mail", "")
        for playbook in shipped_playbooks()
        for step in playbook["step"]
    }

    assert named - {""} <= {kind.key for kind in mail_kinds()}
