import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from tests.factories.people import PracticeFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("people:person-list")
ADD = reverse("people:person-add")


def path_of(name, person):
    return reverse(f"people:person-{name}", args=[person.pk])


def valid(**values):
    return {
        "first_name": "Grace",
        "last_name": "Hopper",
        "username": "grace",
        "email": "grace@example.com",
        "zone": "America/New_York",
        "country": "US",
        **values,
    }


def errors(response):
    return set(response.context["form"].errors)


def names(response):
    return [person.username for person in response.context["page"]]


def test_a_person_is_added_and_the_roles_come_next(as_administrator):
    response = as_administrator.post(ADD, valid(send_link="on"))

    person = User.objects.get(username="grace")
    assert response.url == path_of("roles", person)
    assert person.zone == "America/New_York"
    assert Message.objects.get().to == ["grace@example.com"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "grace hopper"),
        ("username", "gr\x00ace"),
        ("username", "x" * 151),
        ("email", ""),
        ("email", "grace"),
        ("email", "grace@example.com\nBcc: all@example.com"),
        ("first_name", "Gr\x07ace"),
        ("last_name", "x" * 151),
        ("last_name", "\u2066Hopper"),
        ("zone", "Mars/Base"),
        ("country", "ZZ"),
        ("subdivision", "Nowhere"),
        ("practice", "999"),
        ("region", "EMEA"),
        ("manager", "9" * 30),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(
    as_administrator, field, value
):
    response = as_administrator.post(ADD, valid(**{field: value}))

    assert response.status_code == 422
    assert errors(response) == {field}
    assert User.objects.count() == 1
    assert not Event.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("username", "GRACE"), ("email", "Grace@Example.COM")]
)
def test_what_somebody_has_already_is_told_at_its_field(as_administrator, field, value):
    UserFactory(username="grace", email="grace@example.com")
    other = {"username": "hopper", "email": "hopper@example.com", field: value}

    response = as_administrator.post(ADD, valid(**other))

    assert response.status_code == 422
    assert errors(response) == {field}


def test_a_person_is_edited(as_administrator):
    person = UserFactory()

    response = as_administrator.post(path_of("edit", person), valid())

    person.refresh_from_db()
    assert response.url == person.get_absolute_url()
    assert (person.username, person.email) == ("grace", "grace@example.com")


def test_a_circle_of_managers_is_told_at_the_manager(as_administrator):
    chief = UserFactory()
    lead = UserFactory(manager=chief)

    response = as_administrator.post(path_of("edit", chief), valid(manager=lead.pk))

    assert response.status_code == 422
    assert errors(response) == {"manager"}


def test_a_manager_who_left_stays_chosen_but_is_not_offered_to_others(
    as_administrator,
):
    gone = UserFactory(is_active=False)
    person = UserFactory(manager=gone)

    kept = as_administrator.post(path_of("edit", person), valid(manager=gone.pk))
    new = as_administrator.post(
        ADD, valid(username="b", email="b@x.example", manager=gone.pk)
    )

    assert kept.status_code == 302
    assert errors(new) == {"manager"}


def test_roles_are_given_and_taken(as_administrator):
    person = UserFactory(roles=[Role.PM])

    response = as_administrator.post(path_of("roles", person), {"roles": ["em", "pse"]})

    assert response.url == person.get_absolute_url()
    assert User.objects.get(pk=person.pk).role_set == {"em", "pse"}


def test_a_role_that_does_not_exist_is_refused(as_administrator):
    person = UserFactory(roles=[Role.PM])

    response = as_administrator.post(path_of("roles", person), {"roles": ["king"]})

    assert response.status_code == 422
    assert User.objects.get(pk=person.pk).role_set == {"pm"}


def test_the_last_administrator_is_told_why_the_role_stays(
    as_administrator, administrator
):
    response = as_administrator.post(path_of("roles", administrator), {"roles": []})

    assert response.status_code == 422
    assert "This is the last administrator." in response.content.decode()


def test_who_leaves_is_listed_apart_and_can_come_back(as_administrator):
    person = UserFactory()

    as_administrator.post(path_of("leave", person), {"reason": "New job"})
    assert person.username not in names(as_administrator.get(LIST))
    assert names(as_administrator.get(LIST, {"state": "left"})) == [person.username]

    as_administrator.post(path_of("return", person))
    assert person.username in names(as_administrator.get(LIST))


def test_nobody_marks_themselves_as_left(as_administrator, administrator):
    response = as_administrator.post(path_of("leave", administrator))

    administrator.refresh_from_db()
    assert response.status_code == 422
    assert administrator.is_active


def test_a_log_in_link_is_sent_again(as_administrator):
    person = UserFactory()

    response = as_administrator.post(path_of("link", person))

    assert response.url == person.get_absolute_url()
    assert Message.objects.get().to == [person.email]


def test_who_has_left_gets_no_link(as_administrator):
    response = as_administrator.post(path_of("link", UserFactory(is_active=False)))

    assert response.status_code == 409
    assert "has left and cannot log in" in response.content.decode()


def test_everybody_sees_a_person_and_administrators_may_change_it(
    as_coordinator, administrator
):
    person = UserFactory(manager=administrator, roles=[Role.TRAINER])

    page = as_coordinator.get(person.get_absolute_url()).content.decode()
    assert "Trainer" in page
    assert administrator.display_name in page
    assert path_of("edit", person) not in page

    as_coordinator.force_login(administrator)
    page = as_coordinator.get(person.get_absolute_url()).content.decode()
    assert path_of("edit", person) in page


def test_a_person_who_is_not_there_is_not_found(as_administrator):
    assert as_administrator.get("/people/999999/").status_code == 404
    assert as_administrator.get(f"/people/{'9' * 30}/").status_code == 404


def test_the_list_is_filtered_and_sorted_by_the_address(as_coordinator, coordinator):
    region, practice = RegionFactory(), PracticeFactory()
    place = {"region": region, "practice": practice, "roles": [Role.PSE]}
    UserFactory(username="b", last_name="Bell", **place)
    UserFactory(username="a", last_name="Able", **place)
    UserFactory(username="c", last_name="Able", roles=[Role.PSE])
    chosen = {"region": region.pk, "practice": practice.pk, "role": "pse"}

    assert names(as_coordinator.get(LIST, chosen)) == ["a", "b"]
    assert names(as_coordinator.get(LIST, {**chosen, "sort": "-name"})) == ["b", "a"]
    assert names(as_coordinator.get(LIST, {"q": "bell"})) == ["b"]
    assert names(as_coordinator.get(LIST, {"role": "pse", "sort": "region"})) == [
        "a",
        "b",
        "c",
    ]


@pytest.mark.parametrize(
    "query", [{"role": "king"}, {"region": "x"}, {"practice": "9" * 40}, {"state": "?"}]
)
def test_a_filter_that_does_not_exist_is_told(as_coordinator, query):
    response = as_coordinator.get(LIST, query)

    assert response.status_code == 422
    assert names(response) == []


def test_nobody_found_is_said_in_words(as_coordinator):
    page = as_coordinator.get(LIST, {"q": "nobody"}).content.decode()

    assert "Nobody fits these filters" in page


def test_the_list_takes_the_same_queries_for_three_and_for_thirty(
    as_coordinator, queries_of
):
    boss = UserFactory()
    for _ in range(3):
        UserFactory(roles=[Role.PSE], manager=boss, region=RegionFactory())
    few = queries_of(LIST)
    for _ in range(27):
        UserFactory(roles=[Role.PSE, Role.PM], manager=boss, practice=PracticeFactory())

    assert queries_of(LIST) == few


def test_a_person_page_takes_the_same_queries_for_three_reports_and_for_thirty(
    as_coordinator, queries_of
):
    boss = UserFactory()
    UserFactory.create_batch(3, manager=boss)
    few = queries_of(boss.get_absolute_url())
    UserFactory.create_batch(27, manager=boss)

    assert queries_of(boss.get_absolute_url()) == few
