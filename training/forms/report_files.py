"""Choosing a report, and deciding who its doubtful people are."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.rules import MEGABYTE, clean_filename
from psdelivery.people.fields import ZoneField
from psdelivery.people.moments import clock_text, day_text
from psdelivery.people.register import portal_settings
from training.choices import RowFate
from training.imports import UnreadableReport
from training.mail_facts import session_line
from training.models import Attendee, Delivery, ReportRow, Session
from training.roster_queries import REPORT_MEGABYTES, known_of
from training.rules.matching import candidates_for, directory_of
from training.rules.report_session import Told, read_for
from training.services.decisions import Decision, person_of
from training.services.reports import Upload

OTHER, NEW, OUT = "other", "new", "out"


def refuse_size(upload: "UploadedFile[bytes]") -> None:
    """Raise UnreadableReport for a file above the limit, before it is read."""
    limit = int(portal_settings()[REPORT_MEGABYTES])
    size = upload.size or 0
    if size > limit * MEGABYTE:
        sentence = _now("The file is too large: %(size)s MB, at most %(limit)s MB.")
        shown = {"size": -(-size // MEGABYTE), "limit": limit}
        raise UnreadableReport("large", sentence % shown)


class SessionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # plain at run time
    """A session of the class, told by its day and hours."""

    def label_from_instance(self, obj: Any) -> str:
        return session_line(obj)


class ReportUploadForm(forms.Form):
    """A report as the meeting platform exports it; what it is it says itself."""

    report = forms.FileField(
        label=_("Report"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_("The CSV file as it was downloaded: registrations or attendees."),
    )
    session = SessionField(
        label=_("Session"),
        queryset=Session.objects.none(),
        required=False,
        empty_label=_("Found out by the times in the report"),
    )
    zone = ZoneField(
        label=_("Time zone of the times in the report"),
        help_text=_(
            "That of the account which exported it, unless the file names one."
        ),
    )
    told: Told

    def __init__(
        self, data: Any = None, files: Any = None, *, delivery: Delivery, now: datetime
    ) -> None:
        self.sessions = list(delivery.sessions.all())
        zone = self.sessions[0].zone if self.sessions else "UTC"
        super().__init__(data, files, initial={"zone": zone})
        field = self.fields["session"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = delivery.sessions.all()
        self.now = now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("report")
        if self.errors or not upload:
            return cleaned
        try:
            refuse_size(upload)
            self.data_read = upload.read()
            self.told = read_for(
                self.data_read,
                self.sessions,
                cleaned.get("session"),
                zone=cleaned["zone"],
                now=self.now,
            )
        except UnreadableReport as error:
            self.add_error("report", error.sentence)
            return cleaned
        for reason in self.told.reasons:
            self.add_error(reason.code, reason.sentence)
        return cleaned

    @property
    def upload(self) -> Upload:
        return Upload(
            name=clean_filename(self.cleaned_data["report"].name or ""),
            data=self.data_read,
            report=self.told.report,
            session=self.told.session,
        )


class ReviewForm(forms.Form):
    """Who each of some doubtful rows is; what is left open waits on.

    `roster` are the people of the class with their aliases.
    """

    def __init__(
        self, data: Any = None, *, rows: list[ReportRow], roster: list[Attendee]
    ) -> None:
        super().__init__(data)
        self.rows, self.roster = rows, roster
        self.names = {person.pk: person_words(person) for person in roster}
        directory = directory_of(known_of(person) for person in roster)
        for row in rows:
            person = person_of(row)
            near = candidates_for(person, directory.near(person))
            self.add_fields(row, [one.pk for one in near])

    def add_fields(self, row: ReportRow, candidates: list[int]) -> None:
        likely = [(str(pk), self.names[pk]) for pk in candidates]
        self.fields[f"row-{row.pk}"] = forms.ChoiceField(
            label=spoken(_("Who is it?"), row),
            required=False,
            widget=forms.RadioSelect,
            choices=[
                *likely,
                (OTHER, _("Somebody else on the roster")),
                (NEW, _("Somebody new")),
                (OUT, _("Leave out: nobody who attends")),
            ],
        )
        self.fields[f"other-{row.pk}"] = forms.CharField(
            label=spoken(_("Who on the roster?"), row),
            required=False,
            max_length=400,
            widget=forms.TextInput(
                attrs={"list": "roster-people", "autocomplete": "off"}
            ),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.decisions: dict[int, Decision] = {}
        for row in self.rows:
            choice = cleaned.get(f"row-{row.pk}")
            typed = str(cleaned.get(f"other-{row.pk}") or "")
            if choice == OTHER or (typed and not choice):
                self.decide_other(row, typed)
            elif choice:
                self.decisions[row.pk] = decision_of(choice)
        if not self.decisions and not self.errors:
            self.add_error(None, _("Choose who it is in one row at least."))
        return cleaned

    def decide_other(self, row: ReportRow, typed: str) -> None:
        found = people_named(self.roster, typed)
        if len(found) == 1:
            self.decisions[row.pk] = Decision(RowFate.MATCHED, found[0].pk)
            return
        message = _("Several people are called so: type the address, or the number.")
        if not found:
            message = _("Type the name or the address of somebody on the roster.")
        self.add_error(f"other-{row.pk}", message)

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "title": row.name or row.email or _now("Without a name"),
                "times": join_words(row),
                "choice": self[f"row-{row.pk}"],
                "other": self[f"other-{row.pk}"],
            }
            for row in self.rows
        ]


def spoken(label: Any, row: ReportRow) -> str:
    """Let a label say to screen readers which row it belongs to."""
    hidden = '<span class="visually-hidden">: {}</span>'
    return format_html(f"{{}}{hidden}", label, row.name or row.email)


def decision_of(choice: str) -> Decision:
    if choice == NEW:
        return Decision(RowFate.NEW)
    if choice == OUT:
        return Decision(RowFate.IGNORED)
    return Decision(RowFate.MATCHED, int(choice))


def person_words(person: Attendee) -> str:
    """Name somebody so that they are found again: name, address, number."""
    parts = [person.name, person.email, f"#{person.pk}"]
    return " · ".join(part for part in parts if part)


def people_named(roster: list[Attendee], typed: str) -> list[Attendee]:
    """Return who is meant by what was typed or chosen from the list."""
    words = typed.strip().casefold()
    if not words:
        return []
    number = words.rpartition("#")[2]
    if "#" in words and number.isdecimal():
        return [person for person in roster if str(person.pk) == number]
    return [
        person
        for person in roster
        if words in {person.name.casefold(), person.email, person_words(person)}
    ]


def join_words(row: ReportRow) -> list[str]:
    """Say when somebody was in, on the clock of the session; minutes where told."""
    session = row.report.session
    if session is None or not row.joins:
        minutes = _now("%(n)s minutes") % {"n": row.minutes}
        return [minutes] if row.minutes else []
    return [span_words(one, session) for one in row.joins]


def span_words(join: list[Any], session: Session) -> str:
    zone = ZoneInfo(session.zone)
    start, stop = (datetime.fromisoformat(one).astimezone(zone) for one in join[:2])
    name = f" · {join[3]}" if len(join) > 3 and join[3] else ""
    return f"{day_text(start.date())}, {clock_text(start)}–{clock_text(stop)}{name}"
