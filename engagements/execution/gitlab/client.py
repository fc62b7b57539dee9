"""The issues of a GitLab project, by REST API v4 and nothing beside it.

Every answer is bounded: in time, in size, in pages. No redirect is followed, so the
token goes to no host but the one that the operator allowed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import requests
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from requests.auth import AuthBase

from engagements.execution.gitlab.addresses import LOOPBACK, ProjectAddress
from psdelivery.people.validators import without_control_characters

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 15.0, 30.0
MOST_BYTES = 16 * 1024 * 1024
PER_PAGE = 50
MOST_PAGES = 60
CHUNK = 64 * 1024
LONGEST_WAIT = 3600
TOO_MANY, NOT_FOUND, UNAUTHORIZED, FORBIDDEN = 429, 404, 401, 403
SERVER_ERROR = 500


class GitlabError(Exception):
    """The other side did not do it; the message is for people.

    With `is_of_item` only this issue is at fault, and the next one may be tried;
    `retry_after` is how many seconds the other side wants to be left alone.
    """

    def __init__(
        self, sentence: str, *, is_of_item: bool = False, retry_after: int = 0
    ) -> None:
        super().__init__(sentence)
        self.is_of_item = is_of_item
        self.retry_after = retry_after


class IssueGone(GitlabError):
    """The project answers, and the issue is not in it any more."""


@dataclass(frozen=True)
class Issue:
    """An issue as it stands there."""

    number: int
    title: str
    text: str
    state: str
    url: str
    updated_at: datetime


@dataclass(frozen=True)
class Note:
    """A comment of a person there; what GitLab notes by itself is none."""

    number: int
    author: str
    text: str
    at: datetime


class TokenAuth(AuthBase):
    """Puts the token into the header, and keeps other log-ins of this machine out."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["PRIVATE-TOKEN"] = self._token
        return request


class GitlabProject:
    """One project, talked to with one token; use as a context, so that it is closed."""

    def __init__(self, address: ProjectAddress, token: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.auth = TokenAuth(token)
        self._session.headers["Accept"] = "application/json"
        # A proxy of the company is used, but never for this machine itself.
        self._session.trust_env = address.host not in LOOPBACK

    def __enter__(self) -> "GitlabProject":
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    def issue(self, number: int) -> Issue:
        """Return an issue; raises IssueGone, and GitlabError for all else."""
        try:
            return issue_of(self._ask("GET", f"/issues/{number}")[0])
        except IssueGone:
            # The project itself must be there for that to mean anything.
            self._ask("GET", "")
            raise

    def create(self, title: str, text: str) -> Issue:
        """Make an issue."""
        body = {"title": title, "description": text}
        return issue_of(self._ask("POST", "/issues", body=body)[0])

    def update(self, number: int, title: str, text: str) -> Issue:
        """Write title and text of an issue; its state stays theirs."""
        body = {"title": title, "description": text}
        return issue_of(self._ask("PUT", f"/issues/{number}", body=body)[0])

    def comment(self, number: int, text: str) -> None:
        """Write a comment below an issue."""
        self._ask("POST", f"/issues/{number}/notes", body={"body": text})

    def issues_since(self, moment: datetime) -> list[Issue]:
        """Return the issues made since then, whoever made them, oldest first."""
        since = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        wanted = {"created_after": since, "order_by": "created_at", "sort": "asc"}
        return [issue_of(one) for one in self._pages("/issues", wanted)]

    def issues(self, numbers: Iterable[int]) -> list[Issue]:
        """Return those of these issues that are there still."""
        wanted, found = sorted(numbers), []
        for start in range(0, len(wanted), PER_PAGE):
            part = wanted[start : start + PER_PAGE]
            found += self._pages("/issues", {"iids[]": part})
        return [issue_of(one) for one in found]

    def notes(self, number: int) -> list[Note]:
        """Return what people wrote below an issue, oldest first."""
        wanted = {"order_by": "created_at", "sort": "asc"}
        rows = self._pages(f"/issues/{number}/notes", wanted)
        return [note_of(one) for one in rows if not one.get("system")]

    def _pages(self, path: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = "1"
        for _number in range(MOST_PAGES):
            params = {"state": "all", **wanted, "per_page": PER_PAGE, "page": page}
            rows, headers = self._ask("GET", path, params=params)
            if not isinstance(rows, list):
                raise GitlabError(self._say(_("%(host)s answered with no list.")))
            found += rows
            page = headers.get("x-next-page", "")
            if not page:
                return found
        raise GitlabError(self._say(_("%(host)s has more issues than can be read.")))

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> tuple[Any, Mapping[str, str]]:
        """Send a request; returns what was answered, with the headers."""
        end = monotonic() + WHOLE_SECONDS
        try:
            with self._session.request(
                method,
                f"{self._address.api}{path}",
                params=params,
                json=body,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                self._refuse(answer)
                return json.loads(self._read(answer, end)), answer.headers
        except requests.Timeout as error:
            raise GitlabError(self._say(_("%(host)s takes too long."))) from error
        except requests.RequestException as error:
            raise GitlabError(self._say(_("%(host)s cannot be reached."))) from error
        except ValueError as error:
            sentence = self._say(_("%(host)s answered with what is no JSON."))
            raise GitlabError(sentence) from error

    def _read(self, answer: requests.Response, end: float) -> bytes:
        found = b""
        for chunk in answer.iter_content(CHUNK):
            found += chunk
            if len(found) > MOST_BYTES:
                raise GitlabError(self._say(_("%(host)s answered with too much.")))
            if monotonic() > end:
                raise GitlabError(self._say(_("%(host)s takes too long.")))
        return found

    def _refuse(self, answer: requests.Response) -> None:
        code = answer.status_code
        if code < 300:
            return
        if code == NOT_FOUND and "/issues/" in answer.url:
            raise IssueGone(_("The issue is gone there."), is_of_item=True)
        sentences = {
            UNAUTHORIZED: _("%(host)s does not accept the portal's token any more."),
            FORBIDDEN: _("The portal's token may not do this on %(host)s."),
            NOT_FOUND: _("%(host)s has no such project, or hides it from the token."),
            TOO_MANY: _("%(host)s wants to be asked less often."),
        }
        sentence = sentences.get(code) or self._other_words(code)
        is_of_item = code in {400, 409, 413, 422}
        wait = retry_after(answer.headers.get("retry-after", ""))
        raise GitlabError(self._say(sentence), is_of_item=is_of_item, retry_after=wait)

    def _other_words(self, code: int) -> str:
        if code < 400:
            return _("The project has moved on %(host)s: enter its new address.")
        if code >= SERVER_ERROR:
            return _("%(host)s has trouble of its own.") + f" ({code})"
        return _("%(host)s refused it.") + f" ({code})"

    def _say(self, sentence: str) -> str:
        return sentence % {"host": self._address.netloc}


def retry_after(value: str) -> int:
    """Return the seconds that a header names, an hour at most."""
    plain = value.strip()
    if not (plain.isascii() and plain.isdecimal()):
        return 0
    return min(int(plain[:9]), LONGEST_WAIT)


def issue_of(row: Any) -> Issue:
    """Read an issue; raises ValueError for what is none."""
    try:
        return Issue(
            number=int(row["iid"]),
            title=plain(row["title"]),
            text=plain(row.get("description")),
            state=plain(row.get("state"))[:20],
            url=web_address(row.get("web_url")),
            updated_at=moment_of(row.get("updated_at")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no issue") from error


def note_of(row: Any) -> Note:
    """Read a comment; raises ValueError for what is none."""
    try:
        return Note(
            number=int(row["id"]),
            author=plain((row.get("author") or {}).get("name"))[:120] or "–",
            text=plain(row["body"]),
            at=moment_of(row.get("created_at")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no note") from error


def plain(value: Any) -> str:
    """Return a text from outside as it can be stored."""
    return without_control_characters(str(value or ""))


def web_address(value: Any) -> str:
    """Return a link from outside, "" for what is none."""
    url = plain(value)
    is_link = url.startswith(("https://", "http://")) and len(url) <= 500
    return url if is_link else ""


def moment_of(value: Any) -> datetime:
    """Return a moment from outside; raises ValueError for what is none."""
    found = parse_datetime(str(value))
    if found is None:
        raise ValueError("no moment")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
