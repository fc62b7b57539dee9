import pytest
from django.urls import reverse

from engagements.execution.models import QuestionSet, SetQuestion
from engagements.execution.services.question_sets import load_question_sets
from engagements.services.shipped import load_offerings
from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from tests.factories.engagements import OfferingFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("execution:question-set-list")
ADD = reverse("execution:question-set-add")
TYPED = {
    "title": "Backups",
    "questions": "# Now\nWhere to?\nHow often?",
    "is_active": "on",
}


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRACTICE_MANAGER])


def questions_of(question_set):
    return list(question_set.questions.values_list("section", "text"))


def test_shipped_sets_come_with_their_offerings_and_are_never_put_over_edited_ones():
    load_offerings()
    assert load_question_sets() == 5
    migration = QuestionSet.objects.get(key="migration")
    first = migration.questions.first()
    assert migration.offerings.filter(key="migration-quickstart").exists()

    QuestionSet.objects.filter(key="health-check").update(
        title="Ours", edited_at="2027-01-01T00:00Z"
    )
    migration.questions.exclude(pk=first.pk).delete()
    assert load_question_sets() == 4
    # A question that stays is the same row: sessions know where theirs came from.
    assert migration.questions.first() == first
    assert migration.questions.count() > 10
    assert QuestionSet.objects.get(key="health-check").title == "Ours"


def test_a_manager_adds_and_edits_a_set(client, manager):
    offering = OfferingFactory()
    client.force_login(manager)

    assert client.post(ADD, TYPED | {"offerings": [offering.pk]}).url == LIST
    made = QuestionSet.objects.get(key="backups")
    assert questions_of(made) == [("Now", "Where to?"), ("Now", "How often?")]
    assert list(made.offerings.all()) == [offering]
    often = made.questions.get(text="How often?")

    page = client.get(made.get_absolute_url())
    assert "# Now" in page.content.decode()
    typed = TYPED | {"questions": "How often?\nWho restores?", "offerings": []}
    assert client.post(made.get_absolute_url(), typed).status_code == 302
    assert questions_of(made) == [("", "How often?"), ("", "Who restores?")]
    assert made.questions.get(text="How often?") == often
    told = Event.objects.get(verb="question-set-edited")
    assert told.changes == {"questions": [2, 2], "offerings": [offering.title, ""]}


def test_an_edit_that_changes_nothing_is_no_edit(client, manager):
    load_question_sets()
    made = QuestionSet.objects.get(key="migration")
    client.force_login(manager)
    form = client.get(made.get_absolute_url()).context["form"]

    typed = {
        "title": made.title,
        "questions": form["questions"].value(),
        "is_active": "on",
    }
    assert client.post(made.get_absolute_url(), typed).status_code == 302
    made.refresh_from_db()
    assert made.edited_at is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "???"}, "title"),
        ({"title": "taken"}, "title"),
        ({"questions": "# Heading alone"}, "questions"),
        ({"questions": "x" * 301}, "questions"),
        ({"questions": "Which\x00?"}, "questions"),
        ({"questions": "\u200b"}, "questions"),
        ({"offerings": ["999"]}, "offerings"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_written(
    client, manager, typed, field
):
    QuestionSet.objects.create(key="taken", title="Taken")
    client.force_login(manager)

    response = client.post(ADD, TYPED | typed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert QuestionSet.objects.count() == 1


def test_two_who_edit_the_questions_are_told_once(client, manager):
    made = QuestionSet.objects.create(key="backups", title="Backups")
    SetQuestion.objects.create(question_set=made, text="Where to?")
    client.force_login(manager)
    typed = {"title": "Backups", "is_active": "on", "initial-title": "Backups"}
    typed |= {"initial-questions": "Where to?", "initial-is_active": "True"}
    client.post(made.get_absolute_url(), typed | {"questions": "Hers?"})

    mine = client.post(made.get_absolute_url(), typed | {"questions": "Mine?"})
    assert mine.status_code == 422
    assert "Hers?" in str(mine.context["form"].errors["questions"])
    assert questions_of(made) == [("", "Hers?")]


def test_the_list_costs_the_same_queries_for_any_number_of_sets(
    client, manager, django_assert_num_queries
):
    def more(number):
        for n in range(number):
            one = QuestionSet.objects.create(
                key=f"set-{QuestionSet.objects.count()}-{n}", title="Set"
            )
            one.offerings.add(OfferingFactory())

    client.force_login(manager)
    more(3)
    client.get(LIST)
    with django_assert_num_queries(5):
        client.get(LIST)
    more(27)
    with django_assert_num_queries(5):
        client.get(LIST)
