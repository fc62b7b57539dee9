import pytest
from django.db import transaction

from psdelivery.people.models import Practice
from tests.fuzz.journal import kept_journal
from tests.fuzz.nasty import Upload
from tests.fuzz.page import Page
from tests.fuzz.sending import multipart, urlencoded

FORM = """
<form action="/here/?a=1"><input type="hidden" name="csrfmiddlewaretoken" value="x">
<input name="title" value="A &amp; B" maxlength="20"><input type="file" name="file">
<textarea name="notes">
first
second</textarea>
<input type="checkbox" name="roles" value="pm" checked>
<input type="checkbox" name="roles" value="em">
<select name="kind"><option value="a">A<option value="b" selected>B</select>
<select name="kept" disabled><option value="c">C</select>
<button name="more" value="1">More</button></form><p>Well &lt;done&gt;</p>
"""


@pytest.mark.unit
def test_a_page_is_read_as_a_browser_reads_it():
    page = Page(FORM)
    form = page.form_to("/here/", own=False)

    assert form.body == {
        "csrfmiddlewaretoken": ["x"],
        "title": ["A & B"],
        "file": [],
        "notes": ["first\nsecond"],
        "roles": ["pm"],
        "kind": ["b"],
    }
    assert form.controls["title"].longest == 20
    assert form.controls["roles"].offered == ["pm", "em"]
    assert page.text.endswith("Well <done>")


@pytest.mark.unit
def test_bodies_carry_any_byte():
    body = {"a b": ["x&y", b"\xed\xa0\x80"], "none": []}

    assert urlencoded(body) == b"a%20b=x%26y&a%20b=%ED%A0%80"
    sent = multipart({"file": [Upload('a".pdf', b"%PDF")]})
    assert b'name="file"; filename="a\\".pdf"' in sent
    assert b"\r\n\r\n%PDF\r\n" in sent


@pytest.mark.django_db
def test_the_journal_tells_what_was_written():
    with kept_journal() as journal:
        practice = Practice.objects.create(name="One")
        Practice.objects.filter(pk=practice.pk).update(name="Two")
        practice.delete()

    assert journal.tables.count("people_practice") == 2 + 1


@pytest.mark.django_db
def test_the_journal_forgets_what_was_rolled_back():
    with kept_journal() as journal:
        with transaction.atomic():
            with transaction.atomic():
                Practice.objects.create(name="One")
            transaction.set_rollback(True)
        kept = journal.tables[:]
        Practice.objects.create(name="Two")

    assert kept == []
    assert journal.tables == ["people_practice"]
