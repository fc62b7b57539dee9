"""For each view that takes a POST: where its form stands, and a body it accepts.

What a body does not name is sent as the form shows it. A view may have several
bodies, told apart by words after its name: "engagements:engagement-move, to cancel".
"""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from psdelivery.outbox.letters import is_stale
from psdelivery.people.models import User
from psdelivery.people.register import registered_settings
from tests.fuzz.nasty import Upload
from tests.fuzz.world import PASSWORD

NEW_PASSWORD = "a new horse, another battery"
PDF = Upload("sow.pdf", b"%PDF-1.4", "application/pdf")


@dataclass(frozen=True)
class Body:
    """`at` opens what is needed and returns the address; `values` what is typed.

    `form_on` is the page of the form where it is another one, `buttons` the names
    that only a pressed button sends.
    """

    at: Callable
    values: Callable | None = None
    form_on: Callable | None = None
    buttons: tuple[str, ...] = ()
    anonymous: bool = False
    htmx: bool = False
    # Whether more than the session is written.
    writes: bool = True
    # Whether the answer is a file and not a page.
    gives_file: bool = False
    # Whether it may be answered with what would happen, to be pressed again.
    previews: bool = False


def at(name, *path):
    """The address of a view, with arguments that hang on the world."""
    return lambda world, client=None: reverse(name, args=of(world, path))


def of(world, path):
    found = []
    for word in path:
        value = getattr(world, word, word)
        found.append(getattr(value, "pk", value))
    return found


def always(**values):
    return lambda world: values


def reset_page(world, client):
    """The page behind the mailed link; the key itself moves into the session."""
    # As stored: who logs in is changed in memory too, and the key hangs on that.
    key = default_token_generator.make_token(User.objects.get(pk=world.me.pk))
    address = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(world.me), "key": key},
    )
    return client.get(address).url


ACCOUNT = {
    "account_login": Body(
        at("account_login"),
        always(login="me", password=PASSWORD),
        anonymous=True,
    ),
    "account_logout": Body(at("account_logout"), writes=False),
    "account_change_password": Body(
        at("account_change_password"),
        always(oldpassword=PASSWORD, password1=NEW_PASSWORD, password2=NEW_PASSWORD),
    ),
    "account_reset_password": Body(
        at("account_reset_password"),
        lambda world: {"email": world.me.email},
        anonymous=True,
    ),
    "account_reset_password_from_key": Body(
        reset_page,
        always(password1=NEW_PASSWORD, password2=NEW_PASSWORD),
        anonymous=True,
    ),
}


def with_second_factor(name):
    """The address of a view that only who has a second factor comes to."""

    def opened(world, client):
        world.totp_secret = generate_totp_secret()
        TOTP.activate(world.me, world.totp_secret)
        RecoveryCodes.activate(world.me)
        return reverse(name)

    return opened


def half_logged_in(world, client):
    """The page that asks for the code, after the password."""
    path = with_second_factor("mfa_authenticate")(world, client)
    page = client.get(reverse("account_login"))
    token = str(page.context["csrf_token"])
    form = {"login": "me", "password": PASSWORD, "csrfmiddlewaretoken": token}
    client.post(reverse("account_login"), form)
    return path


def setting_up(world, client):
    world.client = client
    return reverse("mfa_activate_totp")


def code_of(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


SECOND_FACTOR = {
    "account_reauthenticate": Body(
        at("account_reauthenticate"), always(password=PASSWORD), writes=False
    ),
    "mfa_authenticate": Body(
        half_logged_in,
        lambda world: {"code": code_of(world.totp_secret)},
        anonymous=True,
    ),
    "mfa_reauthenticate": Body(
        with_second_factor("mfa_reauthenticate"),
        lambda world: {"code": code_of(world.totp_secret)},
    ),
    # The secret is made by the page that shows it.
    "mfa_activate_totp": Body(
        setting_up,
        lambda world: {"code": code_of(world.client.session["mfa.totp.secret"])},
    ),
    "mfa_deactivate_totp": Body(with_second_factor("mfa_deactivate_totp")),
    "mfa_generate_recovery_codes": Body(
        with_second_factor("mfa_generate_recovery_codes")
    ),
}
PERSON = {
    "first_name": "Nia",
    "last_name": "New",
    "username": "nia",
    "email": "nia@example.com",
    "zone": "Europe/Berlin",
    "country": "DE",
    "subdivision": "BE",
}
TIME_OFF = {
    "kind": "holiday",
    "starts_on": "2027-03-15",
    "ends_on": "2027-03-19",
    "note": "Alps",
    "seen": "2027-03-15/2027-03-19/",
}
SEEN = {"buttons": ("seen",), "previews": True}
PEOPLE = {
    "people:profile": Body(
        at("people:profile"),
        always(first_name="Mina", zone="Asia/Tokyo", country="JP", subdivision=""),
    ),
    "people:theme": Body(
        at("people:theme"),
        always(theme="dark"),
        form_on=at("people:profile"),
        buttons=("theme",),
    ),
    "people:person-add": Body(at("people:person-add"), always(**PERSON)),
    "people:person-edit": Body(at("people:person-edit", "colleague"), always(**PERSON)),
    "people:person-roles": Body(
        at("people:person-roles", "colleague"), always(roles=["pm", "em"])
    ),
    "people:person-leave": Body(
        at("people:person-leave", "colleague"), always(reason="Moved on")
    ),
    "people:person-return": Body(
        at("people:person-return", "left"), form_on=at("people:person-detail", "left")
    ),
    "people:second-factor-reset": Body(
        at("people:second-factor-reset", "colleague"),
        form_on=at("people:person-detail", "colleague"),
        writes=False,
    ),
    "people:person-link": Body(
        at("people:person-link", "colleague"),
        form_on=at("people:person-detail", "colleague"),
    ),
    "people:person-export": Body(
        at("people:person-export", "colleague"),
        form_on=at("people:person-detail", "colleague"),
        gives_file=True,
    ),
    "people:person-erase": Body(
        at("people:person-erase", "left"), always(reason="Asked us to", is_sure="on")
    ),
    "people:contact-export": Body(
        at("people:contact-export", "foreign_contact"),
        form_on=lambda world: (
            f"{reverse('people:personal-data')}?q={world.foreign_contact.email}"
        ),
        gives_file=True,
    ),
    "people:contact-erase": Body(
        at("people:contact-erase", "gone_contact"),
        always(reason="Asked us to", is_sure="on"),
    ),
    "people:hours-add": Body(
        at("people:hours-add", "colleague"),
        always(valid_from="2027-04-01", friday="4.25"),
    ),
    "people:hours-remove": Body(
        at("people:hours-remove", "hours"),
        form_on=at("people:person-hours", "colleague"),
    ),
    "people:notifications": Body(
        at("people:notifications"), always(**{"step-due": "immediate"})
    ),
    "people:pool-add": Body(
        at("people:pool-add"), always(name="Trainers", role="trainer", region="")
    ),
    "people:pool-edit": Body(
        at("people:pool-edit", "pool"), always(name="Coordinators here")
    ),
    "people:my-skills": Body(
        at("people:my-skills"),
        lambda world: {f"level-{world.skill.pk}": "2", f"wants-{world.skill.pk}": "on"},
    ),
    "people:skill-confirm": Body(
        at("people:skill-confirm", "stated"),
        always(level="3"),
        form_on=at("people:person-skills", "colleague"),
    ),
    "people:skill-add": Body(
        at("people:skill-add"), always(name="Terraform", group="Platform")
    ),
    "people:skill-edit": Body(
        at("people:skill-edit", "skill"), always(name="Kubernetes and Helm")
    ),
    "people:time-off-add": Body(
        at("people:time-off-add", "me"), always(**TIME_OFF), **SEEN
    ),
    "people:time-off-add, for somebody": Body(
        at("people:time-off-add", "colleague"),
        lambda world: {
            **TIME_OFF,
            "deputy": str(world.trainer.pk),
            "seen": f"2027-03-15/2027-03-19/{world.trainer.pk}",
        },
        **SEEN,
    ),
    "people:time-off-edit": Body(
        at("people:time-off-edit", "time_off"), always(**TIME_OFF), **SEEN
    ),
    "people:time-off-cancel": Body(
        at("people:time-off-cancel", "time_off"),
        always(reason="Stays at work"),
        form_on=at("people:time-off-detail", "time_off"),
    ),
    "people:time-off-decide": Body(
        at("people:time-off-decide", "time_off"),
        always(decision="refuse", reason="Go-live week"),
        form_on=at("people:time-off-detail", "time_off"),
        buttons=("decision",),
    ),
    "people:customer-add": Body(
        at("people:customer-add"),
        always(name="Globex", zone="Asia/Tokyo", country="JP", notes="Speaks\nlittle"),
    ),
    "people:customer-edit": Body(
        at("people:customer-edit", "customer"), always(name="Acme Ltd")
    ),
    "people:contact-add": Body(
        at("people:contact-add", "customer"),
        always(name="Cid", email="cid@acme.example", phone="+61 2", job_title="CTO"),
    ),
    "people:contact-edit": Body(
        at("people:contact-edit", "contact"), always(job_title="CIO")
    ),
}
COMMENTS = {
    "comments:comment-add": Body(
        at("comments:comment-add", "engagement", "consulting"),
        always(text="Ready **now**"),
        form_on=lambda world: f"{world.consulting.get_absolute_url()}comments/",
    ),
    "comments:comment-add, on a step": Body(
        at("comments:comment-add", "step", "ticking"),
        always(text="Ready @me"),
        form_on=at("playbooks:step-detail", "ticking"),
    ),
    "comments:comment-edit": Body(
        at("comments:comment-edit", "comment"), always(text="Ready!")
    ),
    "comments:comment-delete": Body(
        at("comments:comment-delete", "comment"),
        form_on=lambda world: f"{world.consulting.get_absolute_url()}comments/",
    ),
    "comments:mention-seen": Body(
        at("comments:mention-seen", "mention"),
        form_on=at("dashboards:my-day"),
    ),
}
JOBS = {
    "jobs:job-cancel": Body(
        at("jobs:job-cancel", "waiting_job"),
        form_on=at("jobs:job-detail", "waiting_job"),
    ),
    "jobs:job-undo": Body(
        at("jobs:job-undo", "undoable_job"),
        form_on=at("jobs:job-detail", "undoable_job"),
    ),
}
OUTBOX = {
    "outbox:message-retry": Body(
        at("outbox:message-retry", "failed"),
        form_on=at("outbox:message-detail", "failed"),
    ),
    "outbox:message-cancel": Body(
        at("outbox:message-cancel", "failed"),
        form_on=at("outbox:message-detail", "failed"),
    ),
    "outbox:message-confirm": Body(
        at("outbox:message-confirm", "doubtful"),
        form_on=at("outbox:message-detail", "doubtful"),
    ),
}


def true_draft(world, client):
    """A draft made again where the names in it changed: only then can it be sent."""
    if is_stale(world.draft):
        client.post(reverse("outbox:draft-remake", args=[world.draft.pk]))
    return reverse("outbox:draft-send", args=[world.draft.pk])


DRAFTS = {
    "outbox:message-bounce": Body(
        at("outbox:message-bounce", "left_mail"),
        always(reason="Unknown user"),
        form_on=at("outbox:message-detail", "left_mail"),
    ),
    "outbox:message-clear": Body(
        at("outbox:message-clear", "lost"),
        lambda world: {"address": "lost@acme.example"},
        form_on=at("outbox:message-detail", "lost"),
        buttons=("address",),
    ),
    "outbox:contact-address": Body(
        at("outbox:contact-address", "contact"), always(reason="Unknown user")
    ),
    "outbox:test-mail": Body(at("outbox:test-mail"), form_on=at("outbox:message-list")),
    "outbox:draft-add": Body(
        at("outbox:draft-add", "planning-meeting", "delivery"),
        form_on=at("training:delivery-detail", "delivery"),
    ),
    "outbox:draft-edit": Body(
        at("outbox:draft-edit", "draft"),
        always(subject="What comes next", body="Hello **Ann**"),
    ),
    "outbox:draft-remake": Body(
        at("outbox:draft-remake", "stale"),
        form_on=at("outbox:message-detail", "stale"),
    ),
    "outbox:draft-send": Body(
        true_draft,
        form_on=at("outbox:message-detail", "draft"),
    ),
    "playbooks:step-mail": Body(
        at("playbooks:step-mail", "mailing"),
        form_on=at("playbooks:step-detail", "mailing"),
    ),
    "playbooks:step-elsewhere": Body(
        at("playbooks:step-elsewhere", "mailing"),
        always(
            day="2027-01-29",
            clock="10:30",
            to="ann@acme.example, bob@acme.example",
            subject="What comes next",
            text="Hello Ann",
        ),
    ),
}
TEMPLATES = {
    "outbox:template-edit": Body(
        at("outbox:template-edit", "welcome"),
        always(subject="Welcome, {{ contact_name }}", body="Hello", note="Shorter"),
    ),
    "outbox:template-reset": Body(
        at("outbox:template-reset", "welcome"),
        form_on=at("outbox:template-detail", "welcome"),
    ),
    "outbox:template-restore": Body(
        at("outbox:template-restore", "welcome", "1"),
        form_on=at("outbox:template-detail", "welcome"),
    ),
}
TICK = {"happened_on": "2027-02-01", "evidence_link": "https://example.com/notes"}
PLAYBOOKS = {
    "playbooks:step-complete": Body(
        at("playbooks:step-complete", "ticking"),
        always(**TICK, note="Held", next="/steps/"),
        form_on=at("playbooks:step-detail", "ticking"),
    ),
    "playbooks:step-complete, with a file": Body(
        at("playbooks:step-complete", "ticking"),
        always(happened_on="2027-02-01", evidence_file=PDF),
        form_on=at("playbooks:step-detail", "ticking"),
    ),
    "playbooks:step-complete, with a note": Body(
        at("playbooks:step-complete", "noting"),
        always(note="Done by phone"),
        form_on=at("playbooks:step-detail", "noting"),
    ),
    "playbooks:step-complete, in a row": Body(
        at("playbooks:step-complete", "ticking"),
        always(**TICK, note="Held"),
        form_on=at("dashboards:my-day"),
        htmx=True,
    ),
    "playbooks:step-reopen": Body(
        at("playbooks:step-reopen", "done"),
        always(reason="Not yet"),
        form_on=at("playbooks:step-detail", "done"),
    ),
    "playbooks:step-set-aside": Body(
        at("playbooks:step-set-aside", "noting"),
        lambda world: {"aside-reason": "No labs"},
        form_on=at("playbooks:step-detail", "noting"),
    ),
}


def setting_bodies():
    """One of each type of setting; the full tier takes all of them."""
    return {
        f"people:setting-edit, {one.key}": Body(
            at("people:setting-edit", one.key),
            always(value=one.default if one.type == "roles" else str(one.default)),
            # It is the default again.
            writes=False,
        )
        for one in registered_settings()
    }


def one_of_each_type():
    """A setting of each type, for the quick tier."""
    keys = {one.type: one.key for one in registered_settings()}
    return {f"people:setting-edit, {key}" for key in keys.values()}
