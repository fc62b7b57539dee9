from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from psdelivery.people.models import User
from psdelivery.people.seen import SeenForm
from scheduling.models import HostAccount
from training.choices import Platform
from training.forms.fields import PersonField, SafeURLField
from training.meeting_queries import HostRow
from training.models import Delivery, Session
from training.rules.meetings import default_limit, has_own_registrations
from training.services.meetings import MeetingSetup, SessionMeeting, meeting_of

MOST_REGISTRANTS = 10_000


class HostField(forms.ModelChoiceField):  # type: ignore[type-arg]  # plain at run time
    """An account; each says whether it is free at the times of the class (R-22)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Not chosen yet"))
        super().__init__(queryset=HostAccount.objects.none(), required=False, **kwargs)
        self.rows: dict[int, HostRow] = {}

    def offer(self, rows: Sequence[HostRow]) -> None:
        """Fill the list, anew for each form."""
        self.rows = {row.host.pk: row for row in rows}
        self.queryset = HostAccount.objects.filter(pk__in=self.rows)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({self.rows[obj.pk].words})"


class MeetingForm(SeenForm):
    """The meeting of a class; its sessions follow in forms of their own."""

    FOR_CLASS, FOR_SESSIONS = "class", "session"
    host = HostField(
        label=_("Host account"),
        help_text=_("It holds one meeting at a time, with a break before and after."),
    )
    alternative_host = PersonField(
        label=_("Alternative host"),
        help_text=_("Who opens the meeting where the account cannot."),
    )
    registrant_limit = forms.IntegerField(
        label=_("Registrants at most"),
        required=False,
        min_value=1,
        max_value=MOST_REGISTRANTS,
        help_text=_("As many as seats, unless more are to be let in."),
    )
    registration = forms.ChoiceField(
        label=_("People register"),
        widget=forms.RadioSelect,
        choices=[
            (FOR_CLASS, _("once, for all sessions")),
            (FOR_SESSIONS, _("for each session on its own")),
        ],
    )
    registration_url = SafeURLField(
        label=_("Registration link"),
        help_text=_("Of the class. Where each session has its own, leave it empty."),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        delivery: Delivery,
        sessions: Sequence[Session],
        hosts: Sequence[HostRow],
    ) -> None:
        initial = first_values(delivery, sessions)
        seen = [initial, *(meeting_of(session) for session in sessions)]
        super().__init__(data, now_seen=mark_of(seen), initial=initial)
        self.rows = [
            SessionMeetingForm(data, session=session, prefix=f"session-{session.pk}")
            for session in sessions
        ]
        self.zone = sessions[0].zone if sessions else ""
        self.hosts = {row.host.pk: row for row in hosts}
        host, person = self.fields["host"], self.fields["alternative_host"]
        if isinstance(host, HostField) and isinstance(person, PersonField):
            host.offer(hosts)
            person.offer(delivery.alternative_host)
            person.empty_label = trainer_words(delivery.trainer)

    def is_valid(self) -> bool:
        # All are asked, so that everything wrong is told at once.
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def clean_host(self) -> HostAccount | None:
        host: HostAccount | None = self.cleaned_data["host"]
        row = self.hosts.get(host.pk) if host is not None else None
        if row is not None and not row.is_free:
            raise forms.ValidationError(row.taken_words(self.zone))
        return host

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_for_class = cleaned.get("registration") == self.FOR_CLASS
        own = [row for row in self.rows if row.data_of("registration_url")]
        if is_for_class and own:
            message = _("The link of the class is for all sessions: empty this one.")
            for row in own:
                row.refused_url = str(message)
        if not is_for_class and cleaned.get("registration_url"):
            message = _("Each session has its own link: empty this one.")
            self.add_error("registration_url", message)
        return cleaned

    @property
    def setup(self) -> MeetingSetup:
        """What a valid form asks for."""
        given = self.cleaned_data
        return MeetingSetup(
            host=given["host"],
            alternative_host=given["alternative_host"],
            registrant_limit=given["registrant_limit"],
            registration_url=given["registration_url"],
            sessions={row.session.pk: row.meeting for row in self.rows},
        )


class SessionMeetingForm(forms.Form):
    """How one session is held, with the links that belong to it alone."""

    platform = forms.ChoiceField(
        label=_("Meeting or webinar"), choices=Platform.choices
    )
    join_url = SafeURLField(label=_("Join link of the trainer"))
    registration_url = SafeURLField(label=_("Registration link of this session"))

    def __init__(
        self, data: QueryDict | None, *, session: Session, prefix: str
    ) -> None:
        now = meeting_of(session)
        initial = {
            "platform": now.platform,
            "join_url": now.join_url,
            "registration_url": now.registration_url,
        }
        super().__init__(data, prefix=prefix, initial=initial)
        self.session = session
        # What the form of the class has against the link.
        self.refused_url = ""

    def data_of(self, name: str) -> str:
        """Return what was typed into a field."""
        return str(self[name].data or "").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refused_url:
            self.add_error("registration_url", self.refused_url)
        return cleaned

    @property
    def meeting(self) -> SessionMeeting:
        """What a valid form asks for."""
        return SessionMeeting(**self.cleaned_data)


def first_values(delivery: Delivery, sessions: Sequence[Session]) -> dict[str, Any]:
    """Return how the meeting is set up now; a limit is proposed where none is."""
    is_own = has_own_registrations(sessions)
    limit = delivery.registrant_limit
    proposed = default_limit(delivery.seats, delivery.host)
    return {
        "host": delivery.host,
        "alternative_host": delivery.alternative_host,
        "registrant_limit": proposed if limit is None else limit,
        "registration": MeetingForm.FOR_SESSIONS if is_own else MeetingForm.FOR_CLASS,
        "registration_url": delivery.registration_url,
    }


def mark_of(seen: object) -> str:
    """Return a mark of what somebody saw; the links in it are secrets."""
    return salted_hmac("training.meeting", repr(seen)).hexdigest()[:16]


def trainer_words(trainer: User | None) -> str:
    """Say who is the alternative host where nobody is chosen."""
    if trainer is None:
        return str(_("Nobody yet"))
    return str(_("The trainer (%(name)s)") % {"name": trainer})
