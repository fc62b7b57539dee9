"""Post one nasty field at a time, and say what was wrong with the answer."""

import re
import traceback
from copy import deepcopy
from dataclasses import dataclass
from html import unescape

from django.conf import settings
from django.db import transaction
from django.forms import BaseForm, BaseFormSet
from django.template.context import Context

from tests.fuzz.journal import kept_journal
from tests.fuzz.nasty import CHOICES, LIVE_HTML, TICKS, Upload
from tests.fuzz.page import Form, Page
from tests.fuzz.sending import post

TOKEN = "csrfmiddlewaretoken"
TYPED = {"text", "textarea", "search", "tel", "email", "url", "number", "date", "time"}
SAFE_SCHEMES = {"http", "https", "mailto", "tel", "data"}
SCHEME_OF_LINK = re.compile(r"""(?:href|src|action)\s*=\s*["']?\s*([\w.+-]+):""", re.I)
ACCEPTED, REFUSED = {302}, {409, 422}
TOLD_IN_WORDS = {
    "400.html",
    "livetext/conflict.html",
    "training/delivery_course.html",
}
# A text that came late is kept beside the one that stands: that is the point of it.
KEPT_ASIDE = {"livetext_livetextversion"}
ROOT = str(settings.BASE_DIR)


@dataclass
class Case:
    """A form ready to be posted: who, where, and a body that is accepted."""

    client: object
    path: str
    form: Form
    body: dict
    headers: dict
    # Whether the form stands at the address that it posts to.
    at_home: bool
    writes: bool = True
    previews: bool = False

    @property
    def has_files(self):
        return any(one.kind == "file" for one in self.form.controls.values())

    def fields(self):
        return [one for one in self.form.controls.values() if one.name != TOKEN]


def case_of(spec, world, client):
    """Open the page with the form of a body and fill it in."""
    path = spec.at(world, client)
    page_path = spec.form_on(world) if spec.form_on else path
    headers = {"HX-Request": "true"} if spec.htmx else {}
    page = Page(client.get(page_path, headers=headers).content.decode())
    at_home = page_path.partition("?")[0] == path.partition("?")[0]
    form = page.form_to(path.partition("?")[0], own=at_home)
    assert form is not None, f"no form on {page_path} posts to {path}"
    given = spec.values(world) if spec.values else {}
    for name in spec.buttons:
        form.control(name, "hidden")
    unknown = given.keys() - form.controls.keys()
    assert not unknown, f"the form on {page_path} has no {sorted(unknown)}"
    body = form.body | {name: as_list(value) for name, value in given.items()}
    return Case(client, path, form, body, headers, at_home, spec.writes, spec.previews)


def as_list(value):
    return value if isinstance(value, list) else [value]


def stored_files():
    root = settings.MEDIA_ROOT
    return sorted(str(path) for path in root.rglob("*") if path.is_file())


def post_case(case, body):
    """Post a body in the way in which the form of the case is sent."""
    return post(case.client, case.path, body, has_files=case.has_files, **case.headers)


def answer_to(case, body):
    """Post a body and undo it: the status, or the crash in words."""
    try:
        with transaction.atomic():
            answer = post_case(case, body)
            transaction.set_rollback(True)
    except Exception as error:
        return crash(error)
    return answer.status_code


def crash(error):
    return f"{type(error).__name__}: {error} ({where(error)})"[:600]


def complaints_about(case, sent, *, must_pass=False):
    """Post a round and undo it; what is wrong with what came back, in words."""
    cookies, files = deepcopy(case.client.cookies), stored_files()
    try:
        with transaction.atomic():
            with kept_journal() as journal:
                answer = post_case(case, sent.body)
            try:
                if must_pass and not is_accepted(case, answer):
                    return [f"answered {answer.status_code}", *sentences_of(answer)]
                if must_pass and case.writes and not journal.tables:
                    return ["accepted, but nothing is written"]
                return list(found_wrong(case, sent, answer, journal, files))
            finally:
                transaction.set_rollback(True)
    except Exception as error:
        return [crash(error)]
    finally:
        case.client.cookies = cookies


def where(error):
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame
        for frame in frames
        if frame.filename.startswith(ROOT)
        and "/tests/" not in frame.filename
        and "/.venv/" not in frame.filename
    ]
    frame = (ours or frames)[-1]
    return f"{frame.filename.removeprefix(ROOT)}:{frame.lineno}"


def found_wrong(case, sent, answer, journal, files):
    if is_accepted(case, answer):
        yield from wrong_after_success(case, answer)
    elif answer.status_code in REFUSED:
        if written := set(journal.tables) - KEPT_ASIDE:
            yield f"refused, but written: {sorted(written)}"
        if stored_files() != files:
            yield "refused, but the file is kept"
        yield from wrong_with_refusal(case, sent, answer)
    elif case.previews and answer.status_code == 200:
        if journal.tables:
            yield f"only shown, but written: {sorted(set(journal.tables))}"
        yield from wrong_with_html(answer)
    else:
        yield f"answered {answer.status_code}"


def is_accepted(case, answer):
    is_file = "Content-Disposition" in answer.headers
    return answer.status_code in ACCEPTED or (
        ("HX-Request" in case.headers or is_file) and answer.status_code == 200
    )


def wrong_after_success(case, answer):
    for _step in range(3):
        if answer.status_code not in ACCEPTED:
            break
        answer = case.client.get(answer.url)
    if answer.status_code != 200:
        yield f"accepted, but then {answer.status_code}"
    yield from wrong_with_html(answer)


def wrong_with_html(answer):
    """Whether anything that was typed is alive in the page; a file is none."""
    if "Content-Disposition" in answer.headers:
        return
    html = answer.content.decode()
    yield from (f"not escaped: {live}" for live in LIVE_HTML if live in html)
    for scheme in sorted({found.lower() for found in SCHEME_OF_LINK.findall(html)}):
        if scheme not in SAFE_SCHEMES:
            yield f"a link to {scheme}:"


def wrong_with_refusal(case, sent, answer):
    yield from wrong_with_html(answer)
    if sent.tampered:
        # Nobody typed this, and no browser sends it.
        return
    page = Page(answer.content.decode())
    sentences = sentences_of(answer)
    if not sentences and not is_told_in_words(answer):
        yield "refused without a reason"
    for sentence in sentences:
        if sentence not in page.text:
            yield f"not told on the page: {sentence}"
    yield from lost(case, sent.body, page)


def is_told_in_words(answer):
    """Whether the page itself says what is wrong, without a form or a rule."""
    return TOLD_IN_WORDS & {template.name for template in answer.templates}


def sentences_of(answer):
    """Why it was refused: the errors of bound forms, and the reasons of rules."""
    told = []
    for context in contexts_of(answer):
        for value in context.flatten().values():
            if isinstance(value, (BaseForm, BaseFormSet)) and value.is_bound:
                told += errors_of(value)
        told += [reason.sentence for reason in context.get("reasons") or []]
    return sorted({" ".join(unescape(str(one)).split()) for one in told})


def contexts_of(answer):
    """All contexts of a page; of a page of a single template Django gives that one."""
    found = answer.context or []
    return [found] if isinstance(found, Context) else found


def errors_of(form):
    if isinstance(form, BaseFormSet):
        return [*form.non_form_errors(), *(e for one in form for e in errors_of(one))]
    return [error for errors in form.errors.values() for error in errors]


def lost(case, body, page):
    """What was typed and does not stand in the page any more."""
    form = page.form_to(case.path.partition("?")[0], own=case.at_home)
    if not case.at_home and page.form_to("", own=True):
        yield "a form without an address, which would be posted here"
    if form is None:
        if any(one.kind in TYPED for one in case.fields()):
            yield "refused, and the form is gone with all that was typed"
        return
    for control in case.fields():
        if control.is_disabled or control.kind not in TYPED | CHOICES | TICKS:
            continue
        sent = [shown_as(value) for value in body.get(control.name, [])]
        shown = form.controls.get(control.name)
        if shown is None:
            yield f"no {control.name} in the answer"
        elif is_other(control, sent, shown):
            yield f"{control.name}: typed {sent}, shown {shown.values}"[:300]


def is_other(control, sent, shown):
    if control.kind in {"select", "radio"}:
        # What is not offered cannot be shown as chosen.
        return any(one in shown.offered and [one] != shown.values for one in sent[-1:])
    if control.kind in TICKS and len(control.offered) == 1:
        # Whatever it sends, it is ticked; nothing is no tick.
        return any(sent) != bool(shown.values)
    if control.kind in CHOICES | TICKS:
        return sorted(shown.values) != sorted(set(sent) & set(shown.offered))
    values = [shown_as(value) for value in shown.values]
    return values[-1:] != sent[-1:] if sent else False


def shown_as(value):
    """A value as it can stand in HTML."""
    if isinstance(value, Upload):
        return ""
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    # Spaces at the ends say nothing, and the theme's forms shorten them.
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
