import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from psdelivery.documents.models import Document
from psdelivery.documents.queries import with_older_versions
from psdelivery.documents.services import add_link, new_version
from psdelivery.history.models import Event
from psdelivery.registry import RuleRefused
from tests.factories.engagements import EngagementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sow(ann, now):
    return add_link(
        "https://example.com/1", title="SOW", engagement=EngagementFactory(), by=ann,
        money=True, now=now,
    )  # fmt: skip


def replace(document, ann, now, number=2, **fields):
    link = {"evidence_link": f"https://example.com/{number}"}
    return new_version(document, link, by=ann, now=now, **fields)


def test_a_new_version_takes_the_place_and_the_old_one_stays(sow, ann, now):
    newest = replace(sow, ann, now)

    sow.refresh_from_db()
    assert (newest.version, newest.is_current, newest.series) == (2, True, sow.series)
    assert (sow.version, sow.is_current, sow.url) == (1, False, "https://example.com/1")
    assert (newest.title, newest.is_money) == ("SOW", True)
    assert newest.engagement_id == sow.engagement_id


def test_the_history_tells_of_the_version_where_money_is_told(sow, ann, now):
    replace(sow, ann, now, title="SOW, signed")

    event = Event.objects.latest("pk")
    assert (event.verb, event.is_money) == ("document-version-added", True)
    assert event.changes == {"version": [1, 2]}
    assert event.subject_label == "SOW, signed"


def test_versions_go_on_from_the_newest_whichever_is_at_hand(sow, ann, now):
    replace(sow, ann, now)
    third = replace(sow, ann, now, number=3)

    assert third.version == 3
    assert Document.objects.current().get() == third


def test_a_file_may_follow_a_link(sow, ann, now):
    upload = SimpleUploadedFile("sow.pdf", b"%PDF-1.7")

    newest = new_version(sow, {"evidence_file": upload}, by=ann, now=now)

    assert (newest.kind, newest.filename, newest.version) == ("file", "sow.pdf", 2)


def test_what_is_refused_replaces_nothing(sow, ann, now, store):
    upload = SimpleUploadedFile("sow.exe", b"MZ")

    with pytest.raises(RuleRefused):
        new_version(sow, {"evidence_file": upload}, by=ann, now=now)

    assert Document.objects.get().is_current
    assert not store.exists()


def test_nothing_given_is_no_version(sow, ann, now):
    assert new_version(sow, {"evidence_link": ""}, by=ann, now=now) is None
    assert Document.objects.count() == 1


def test_a_number_is_given_once_and_one_is_the_newest(sow, ann, now):
    newest = replace(sow, ann, now)

    for pk, change in ((newest.pk, {"version": 1}), (sow.pk, {"is_current": True})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.filter(pk=pk).update(**change)


@pytest.mark.parametrize("count", [3, 30])
def test_older_versions_cost_one_query(ann, now, count, django_assert_num_queries):
    for number in range(count):
        first = add_link(
            f"https://example.com/{number}", title="", engagement=None, by=ann, now=now
        )
        replace(first, ann, now)
        replace(first, ann, now)
    newest = list(Document.objects.current())

    with django_assert_num_queries(1):
        with_older_versions(newest)

    assert [[v.version for v in one.older_versions] for one in newest] == [
        [2, 1]
    ] * count
