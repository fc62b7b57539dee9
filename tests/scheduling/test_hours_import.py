from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements.registry import facts
from engagements.rules.hours import WorkedHours
from psdelivery.people.choices import Role
from psdelivery.people.services.settings import change_setting
from psdelivery.registry import RuleRefused
from scheduling.hours_import_job import take_over_long
from scheduling.hours_settings import SOURCE
from scheduling.models import HoursEntry, HoursImport, HoursPart
from scheduling.rules.hours_import import Unreadable, lines_of
from scheduling.services.hours.importing import judged_rows, take_over, upload_hours
from tests.factories.hours import FRIDAY, NOW, confirmed, running, typed
from tests.factories.jobs import JobFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
HEAD = "Person;Engagement;Date;Hours;External id;Note"


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def work(ann):
    ann.email = "ann@example.com"
    ann.save()
    return running()


@pytest.fixture
def psa():
    change_setting(SOURCE, "imported", by=None, now=NOW)


def uploaded(coordinator, *rows, head=HEAD):
    text = "\n".join([head, *rows])
    file = SimpleUploadedFile("psa.csv", text.encode("utf-8-sig"))
    return upload_hours(file, FRIDAY, by=coordinator, now=NOW)


def taken(coordinator, *rows):
    return take_over(uploaded(coordinator, *rows), by=coordinator, now=NOW)


def row(work, day="2027-03-15", hours="8", key="t-1", who="ann@example.com", note=""):
    return ";".join([who, str(getattr(work, "pk", work)), day, hours, key, note])


def fates(found):
    return [(one.fate.value, one.why) for one in judged_rows(found)]


@pytest.mark.usefixtures("psa")
def test_rows_are_taken_over_and_count_as_approved(coordinator, ann, work):
    done = taken(
        coordinator, row(work, note="Runner"), row(work, hours="0,75", key="t-2"),
        row(work, day="2027-03-22", key="t-3", who="ANN@example.com"),
    )  # fmt: skip

    assert (done.entered, done.changed, done.rows) == (3, 0, [])
    told = facts.read(WorkedHours, work)
    assert [week.approved for week in told.weeks] == [Decimal("8.75"), 8]
    assert (told.is_imported, told.covered_until) == (True, FRIDAY)
    assert HoursPart.objects.filter(state="approved", source="imported").count() == 2


@pytest.mark.usefixtures("psa")
def test_the_same_file_twice_doubles_nothing_and_a_correction_replaces(
    coordinator, ann, work
):
    taken(coordinator, row(work), row(work, key="t-2", day="2027-03-16"))
    other = running()
    again = uploaded(
        coordinator, row(work), row(other, key="t-2", day="2027-03-16", hours="6.5")
    )
    assert [fate for fate, _why in fates(again)] == ["same", "changed"]

    done = take_over(again, by=coordinator, now=NOW)

    assert (done.entered, done.changed) == (0, 1)
    hours = dict(HoursPart.objects.values_list("engagement", "hours"))
    assert hours == {work.pk: 8, other.pk: Decimal("6.5")}
    assert HoursEntry.objects.count() == 2


@pytest.mark.usefixtures("psa")
def test_each_wrong_row_says_why_and_the_rest_is_taken_over(coordinator, ann, work):
    found = uploaded(
        coordinator,
        row(work, who="nobody@example.com"),
        row(999_999),
        row(work, day="15.03.2027"),
        row(work, hours="a lot"),
        row(work, hours="-1"),
        row(work, hours="7.1"),
        row(work, hours="25"),
        row(work, key=""),
        row(work, hours="16"),
        row(work, hours="8.25", key="t-9"),
        row(work, day="2027-03-16"),
    )

    told = fates(found)

    assert [fate for fate, _why in told] == ["wrong"] * 8 + ["new", "wrong", "wrong"]
    assert [why[:24] for _fate, why in told] == [
        "Nobody here has this e-m",
        "There is no engagement o",
        "The date is not read: wr",
        "The hours are no number.",
        "Hours are not negative.",
        "Hours are counted in qua",
        "A day has 24 hours.",
        "The external id is missi",
        "",
        "Mon 15 Mar 2027 would ha",
        "The external id stands t",
    ]
    assert take_over(found, by=coordinator, now=NOW).entered == 1


def test_hours_confirmed_in_the_portal_are_not_imported_over(coordinator, ann, work):
    confirmed(ann, typed(work, 8))
    change_setting(SOURCE, "imported", by=None, now=NOW)

    found = uploaded(coordinator, row(work))

    assert fates(found) == [
        ("wrong", "The hours of this week were confirmed in the portal.")
    ]


def test_while_the_portal_asks_nothing_is_imported(coordinator, work):
    with pytest.raises(RuleRefused, match="confirmed in the portal"):
        uploaded(coordinator, row(work))


@pytest.mark.usefixtures("psa")
def test_a_file_is_taken_over_once(coordinator, ann, work):
    found = taken(coordinator, row(work))

    with pytest.raises(RuleRefused, match="taken over before"):
        take_over(found, by=coordinator, now=NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lacks the columns"),
        ("Person,Hours\nann,8", "lacks the columns: engagement, date, external id"),
    ],
)
def test_what_is_no_table_of_hours_says_so(text, words):
    with pytest.raises(Unreadable, match=words):
        lines_of(text)


@pytest.mark.usefixtures("psa")
def test_a_job_takes_over_what_is_long_and_says_how_far_it_is(coordinator, ann, work):
    found = uploaded(coordinator, row(work))
    told = []

    class Work:
        arguments = {"import": found.pk}
        by = coordinator

        def commit(self, done, total):
            told.append((done, total))

    outcome = take_over_long(Work())

    assert outcome.text == "1 row taken over, 0 replaced."
    assert told == [(1, 1)]
    assert JobFactory is not None


@pytest.mark.usefixtures("psa")
def test_the_pages_from_the_file_to_the_hours_and_back(client, coordinator, ann, work):
    client.force_login(coordinator)
    text = "\n".join([HEAD, row(work, note="=1+1"), row(work, hours="x", key="t-2")])
    file = SimpleUploadedFile("psa.csv", text.encode())
    url = reverse("scheduling:hours-import-list")
    answer = client.post(url, {"file": file, "covered_until": FRIDAY}, follow=True)
    assert "1 row is left out as it is wrong" in answer.content.decode()

    found = HoursImport.objects.get()
    client.post(reverse("scheduling:hours-import-run", args=[found.pk]))

    assert HoursPart.objects.get().hours == 8
    export = reverse("scheduling:hours-export")
    lines = client.get(f"{export}?who=Ann&first=2027-03-15").content.decode("utf-8-sig")
    assert f"ann@example.com,Ann A,{work.pk}," in lines
    assert "2027-03-15,8.00,t-1,'=1+1,approved" in lines
    assert client.get(f"{export}?who=Ben").content.decode().count("\n") == 1
    sheet = client.get(reverse("scheduling:hours-sheet"))
    assert sheet.content.startswith(b"PK")


def test_no_file_of_another_kind(client, coordinator, psa):
    client.force_login(coordinator)
    file = SimpleUploadedFile("psa.csv", b"PK\x03\x04\x00\x00")

    answer = client.post(
        reverse("scheduling:hours-import-list"),
        {"file": file, "covered_until": date(2027, 3, 19)},
    )

    assert answer.status_code == 422
    assert "no text file" in answer.content.decode()
    assert not HoursImport.objects.exists()


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_asks_as_often_for_3_and_for_30(
    client, ann, work, count, django_assert_num_queries
):
    finance = UserFactory(roles=[Role.FINANCE])
    part = HoursPart.objects.create(
        week=confirmed(ann, typed(work, 1)), engagement=running(), hours=1
    )
    HoursEntry.objects.bulk_create(
        HoursEntry(part=part, day=FRIDAY, hours=1, external_key=f"k{n}", at=NOW)
        for n in range(count)
    )
    client.force_login(finance)
    url = reverse("scheduling:hours-list")
    client.get(url)

    with django_assert_num_queries(5):
        client.get(url)


def test_who_works_on_it_sees_the_sums_and_the_own_hours_alone(client, ann, ben, work):
    from tests.factories.engagements import TeamMemberFactory

    for person in (ann, ben):
        TeamMemberFactory(engagement=work, role="pse", person=person)
        confirmed(person, typed(work, 8))
    client.force_login(ann)

    page = client.get(reverse("scheduling:engagement-hours", args=[work.pk]))

    assert page.context["told"].worked == 16
    assert page.context["people"] == []
    rows = client.get(reverse("scheduling:hours-list")).context["page"].object_list
    assert [one.part.week.person for one in rows] == [ann]
