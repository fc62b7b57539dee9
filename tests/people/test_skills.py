from datetime import date

import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people import services
from psdelivery.people.choices import Role
from psdelivery.people.models import PersonSkill, Skill
from psdelivery.people.queries.skills import (
    MatrixFilter,
    matrix_people,
    matrix_rows,
    matrix_skills,
)
from psdelivery.people.rules.skills import (
    Stated,
    changes_of,
    keeps_confirmation,
    reasons_against_confirming,
)
from psdelivery.people.services.shipped import load_skills
from psdelivery.registry import RuleRefused
from tests.factories.people import (
    PersonSkillFactory,
    PracticeFactory,
    RegionFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRACTICE_MANAGER], first_name="Mona", last_name="M")


@pytest.fixture
def anna(manager):
    return UserFactory(
        roles=[Role.PSE], first_name="Anna", last_name="A", manager=manager
    )


def state(person, now, **levels):
    skills = {Skill.objects.get(name=name): value for name, value in levels.items()}
    return services.state_skills(person, skills, by=person, now=now)


def html_of(client, path):
    return " ".join(client.get(path).content.decode().split())


def test_another_level_loses_its_confirmation_and_a_wish_does_not():
    assert keeps_confirmation(Stated(2), Stated(2, True))
    assert not keeps_confirmation(Stated(2), Stated(3))
    assert changes_of({1: Stated(2)}, {1: Stated(2), 2: Stated(), 3: Stated(1)}) == {
        3: Stated(1)
    }


def test_what_is_stated_is_kept_and_told_in_words(anna, now):
    SkillFactory(name="Kubernetes"), SkillFactory(name="Geo")

    assert state(anna, now, Kubernetes=Stated(2, True), Geo=Stated()) == 1
    assert state(anna, now, Kubernetes=Stated(2, True)) == 0
    assert state(anna, now, Kubernetes=Stated()) == 1

    first = Event.objects.filter(verb="skills-stated").last()
    assert first.changes == {"Kubernetes": ["", "assists, wants to grow"]}
    assert not PersonSkill.objects.exists()


def test_a_manager_confirms_and_a_new_level_waits_again(anna, manager, now):
    row = PersonSkillFactory(person=anna, skill__name="Geo", level=3)

    services.confirm_skill(row, 2, by=manager, now=now)

    row.refresh_from_db()
    assert (row.level, row.confirmed_by, row.confirmed_on) == (
        2,
        manager,
        date(2027, 3, 9),
    )
    state(anna, now, Geo=Stated(2, True))
    row.refresh_from_db()
    assert row.is_confirmed
    state(anna, now, Geo=Stated(3))
    row.refresh_from_db()
    assert not row.is_confirmed


def test_nobody_confirms_their_own_skill(manager, now):
    row = PersonSkillFactory(person=manager)

    assert reasons_against_confirming(row, UserFactory()) == []
    with pytest.raises(RuleRefused):
        services.confirm_skill(row, 4, by=manager, now=now)
    assert not PersonSkill.objects.get().is_confirmed


def test_the_own_page_takes_levels_and_a_wish_begins_with_learning(client, anna):
    geo, kubernetes = SkillFactory(name="Geo"), SkillFactory(name="Kubernetes")
    client.force_login(anna)
    path = reverse("people:my-skills")

    client.post(path, {f"level-{geo.pk}": "3", f"wants-{kubernetes.pk}": "on"})

    found = {
        row.skill: (row.level, row.wants_to_grow) for row in PersonSkill.objects.all()
    }
    assert found == {geo: (3, False), kubernetes: (1, True)}
    answer = client.post(path, {f"level-{geo.pk}": "9"})
    assert answer.status_code == 422
    assert PersonSkill.objects.get(skill=geo).level == 3


def test_a_manager_confirms_from_the_persons_page(client, anna, manager):
    row = PersonSkillFactory(person=anna, level=2)
    client.force_login(manager)
    page = reverse("people:person-skills", args=[anna.pk])

    assert "not yet" in html_of(client, page)
    client.post(reverse("people:skill-confirm", args=[row.pk]), {"level": "2"})

    assert "by Mona M" in html_of(client, page)
    wrong = client.post(reverse("people:skill-confirm", args=[row.pk]), {"level": "x"})
    assert wrong.status_code == 422


def test_shipped_skills_are_added_once_and_what_was_edited_stays():
    written = load_skills()
    assert written == Skill.objects.count() > 30
    Skill.objects.filter(key="geo-disaster-recovery").update(name="Geo")
    Skill.objects.filter(key="kubernetes").delete()

    assert load_skills() == 1
    assert Skill.objects.filter(name="Geo").count() == 1


def test_the_six_courses_are_skills():
    load_skills()

    assert Skill.objects.filter(group="Courses").count() == 6


def test_the_matrix_is_narrowed_by_place_skill_and_level(anna):
    practice, region = PracticeFactory(), RegionFactory()
    geo = SkillFactory(name="Geo", group="Platform")
    german = SkillFactory(name="German", group="Languages")
    here = UserFactory(roles=[Role.PSE], practice=practice, region=region)
    pm = UserFactory(roles=[Role.PM])
    PersonSkillFactory(person=here, skill=geo, level=3)
    PersonSkillFactory(person=anna, skill=geo, level=1, wants_to_grow=True)
    PersonSkillFactory(person=pm, skill=german)
    UserFactory(roles=[Role.FINANCE])
    PersonSkillFactory(person__is_active=False, skill=geo)

    def people(**wanted):
        return set(matrix_people(MatrixFilter(**wanted)))

    assert people() == {anna, here, pm}
    assert people(practice_id=practice.pk, region_id=region.pk) == {here}
    assert people(skill_id=geo.pk, level=2) == {here}
    assert people(group="Languages", level=1) == {pm}
    assert people(wants_to_grow=True) == {anna}
    assert people(text="anna") == {anna}
    assert list(matrix_skills(MatrixFilter(group="Languages"))) == [german]
    [row] = matrix_rows([here], [german, geo])
    assert [cell and cell.level for cell in row.cells] == [None, 3]


def test_the_matrix_says_confirmed_in_words_and_exports_the_same(
    as_coordinator, anna, manager
):
    PersonSkillFactory(
        person=anna,
        skill__name="=Geo",
        level=3,
        confirmed_by=manager,
        confirmed_on=date(2027, 2, 1),
    )

    html = html_of(as_coordinator, reverse("people:skill-matrix"))
    answer = as_coordinator.get(reverse("people:skill-export") + "?q=anna")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert "delivers alone, confirmed" in html
    assert lines == [
        "Name,Practice,Region,'=Geo",
        'Anna A,,,"3 delivers alone, confirmed by Mona M on 2027-02-01"',
    ]
    assert as_coordinator.get("/people/skills/export/?level=9").status_code == 422


def test_the_matrix_takes_the_same_queries_for_3_and_for_30(
    as_coordinator, manager, queries_of
):
    skills = [SkillFactory() for _ in range(5)]

    def make(count):
        for _ in range(count):
            person = UserFactory(roles=[Role.PSE], practice=PracticeFactory())
            for skill in skills:
                PersonSkillFactory(
                    person=person,
                    skill=skill,
                    confirmed_by=manager,
                    confirmed_on=date(2027, 2, 1),
                )

    make(3)
    few = queries_of(reverse("people:skill-matrix"))
    make(27)

    assert queries_of(reverse("people:skill-matrix")) == few


def test_managers_edit_the_register_and_a_name_stands_once(client, manager):
    client.force_login(manager)
    client.post(reverse("people:skill-add"), {"name": "Geo", "is_active": "on"})
    skill = Skill.objects.get()

    again = client.post(reverse("people:skill-add"), {"name": "geo"})
    client.post(reverse("people:skill-edit", args=[skill.pk]), {"name": "Geo"})

    assert again.status_code == 422
    skill.refresh_from_db()
    assert not skill.is_active
    assert [event.verb for event in Event.objects.order_by("pk")] == [
        "skill-added",
        "skill-edited",
    ]
