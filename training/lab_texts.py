"""Texts about the labs of a class that are needed in other programs (R-12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from psdelivery.people.moments import city_of
from training.labs_queries import LabSituation
from training.mail_facts import session_line
from training.models import Delivery, Session
from training.rules.labs import CodeWindow, at_words, days_words

LAB_ADDRESS = "gitlabdemo.com"


@dataclass(frozen=True)
class CopyText:
    """A text with its key and its title, for `{% copy_block %}`."""

    key: str
    title: str
    text: str


def access_steps(code: str) -> list[str]:
    """Return what attendees do to get into the labs, in order."""
    return [
        _("Visit %(address)s.") % {"address": LAB_ADDRESS},
        _("Press the blue button and redeem the code %(code)s: a user name and a "
          "password are made for you.") % {"code": code},
        _("Press the red button and download the credentials, now: this page cannot "
          "be opened again."),
        _("Press the blue button to open your group, and create your first project."),
    ]  # fmt: skip


def expiry_line(situation: LabSituation) -> str:
    """Say until when the code lives, on the clock of the class."""
    code, window = situation.code, situation.window
    if code is None or window is None:
        return ""
    dies = at_words(code.expires_at, window.zone)
    return _("Code and accounts expire on %(dies)s.") % {"dies": dies}


def access_texts(situation: LabSituation) -> list[CopyText]:
    """R-12: return the access for chat, slides and the meeting; the code is in it."""
    if situation.code is None:
        return []
    steps, expiry = access_steps(situation.code.code), expiry_line(situation)
    numbered = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    title = _("Your labs: %(class)s") % {"class": situation.delivery}
    slide = [title, "", *numbered, "", expiry]
    chat = [title, *numbered, expiry]
    invitation = [
        _("Labs: %(address)s, code %(code)s. Download the credentials at once.")
        % {"address": LAB_ADDRESS, "code": situation.code.code},
        expiry,
    ]
    return [
        CopyText("lab-chat", _("For chat"), "\n".join(chat)),
        CopyText("lab-slides", _("For slides"), "\n".join(slide)),
        CopyText("lab-zoom", _("For Zoom"), "\n".join(invitation)),
    ]


def reminders_text(
    delivery: Delivery, sessions: Sequence[Session], situation: LabSituation
) -> str:
    """Return the friendly reminders for the instructor; no code stands in it.

    domain.md, section 5: posted seven days ahead, it says when the code follows.
    """
    lines = [
        _("Friendly reminders for %(class)s, %(customer)s")
        % {"class": delivery.title, "customer": delivery.engagement.customer},
        *[f"- {session_line(session)}" for session in sessions],
        _("Trainer: %(trainer)s") % {"trainer": delivery.trainer}
        if delivery.trainer
        else "",
        _("Please confirm the latest slides and materials, try every lab exercise, "
          "and work through the instructor pre-training checklist."),
        code_line(situation),
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def code_line(situation: LabSituation) -> str:
    """Say when the invitation code follows, and where the trainer finds it."""
    window = situation.window
    if window is None:
        return _("This class has no labs.")
    if situation.code is not None:
        return _("The invitation code is on the Labs page of the class.")
    if window.opens is None:
        return _(
            "No single invitation code covers this class: an extension is needed "
            "first. The code then follows on the Labs page of the class."
        )
    return _(
        "The invitation code can be generated from %(opens)s on, and follows before "
        "the first session on the Labs page of the class."
    ) % {"opens": at_words(window.opens, window.zone)}


def request_text(situation: LabSituation) -> str:
    """R-12: return the request for a longer life, for the demo systems channel."""
    window, delivery = situation.window, situation.delivery
    if window is None:
        return ""
    lines = [
        _("Request: longer life of an invitation code (%(city)s time)")
        % {"city": city_of(window.zone)},
        _("Class: %(class)s, %(customer)s, %(seats)s seats")
        % {
            "class": delivery.title,
            "customer": delivery.engagement.customer,
            "seats": delivery.seats,
        },
        _("First session: %(at)s") % {"at": at_words(window.first_start, window.zone)},
        _("Last session ends: %(at)s") % {"at": at_words(window.last_end, window.zone)},
        generated_line(situation, window),
        _("Please let code and accounts live until: %(until)s")
        % {"until": at_words(window.needed_until, window.zone)},
        why_line(situation),
    ]
    return "\n".join(lines)


def generated_line(situation: LabSituation, window: CodeWindow) -> str:
    """Say of which code the request is; the code itself is added by hand."""
    if situation.code is None:
        return _("The code is not generated yet.")
    generated = at_words(situation.code.generated_at, window.zone)
    return _("The code was generated on %(at)s.") % {"at": generated}


def why_line(situation: LabSituation) -> str:
    """Say why the usual life of a code is too short."""
    if situation.window is None:
        return ""
    days = days_words(situation.window.lifetime)
    if situation.delivery.with_certification:
        return _(
            "Why: attendees hand in work for their certification after the class, and "
            "it is reviewed in the labs; the usual life of %(days)s is over by then."
        ) % {"days": days}
    return _("Why: the sessions are further apart than the usual life of %(days)s.") % {
        "days": days
    }
