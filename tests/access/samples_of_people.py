from datetime import timedelta

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.choices import Role
from tests.access.sample import Sample
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PersonSkillFactory,
    PoolFactory,
    SkillFactory,
    TimeOffFactory,
    UserFactory,
    WorkingHoursFactory,
)


def _person(cast):
    return Sample.same(pk=UserFactory().pk)


def _customer(cast):
    own = CustomerFactory(created_by=cast.actor)
    return Sample(own={"pk": own.pk}, foreign={"pk": CustomerFactory().pk})


def _contact(cast):
    own = ContactFactory(customer__created_by=cast.actor)
    return Sample(own={"pk": own.pk}, foreign={"pk": ContactFactory().pk})


def _contact_of_anybody(cast):
    return Sample.same(pk=ContactFactory().pk)


def _setting(cast):
    return Sample.same(key="company.zone")


def _own_or(beyond):
    """The own page, and that of others for who reaches them by another action."""

    def sample(cast):
        team = UserFactory(manager=cast.actor)
        return Sample(
            own={"pk": cast.actor.pk},
            team={"pk": team.pk},
            foreign={"pk": UserFactory().pk},
            beyond=beyond,
        )

    return sample


def _report(cast):
    """Nearest to a manager is a report: the own hours and skills are not theirs."""
    own, foreign = UserFactory(manager=cast.actor), UserFactory()
    return Sample(own={"pk": own.pk}, foreign={"pk": foreign.pk})


def _hours_of_a_report(cast):
    own = WorkingHoursFactory(person__manager=cast.actor)
    return Sample(own={"pk": own.pk}, foreign={"pk": WorkingHoursFactory().pk})


def _skill_of_a_report(cast):
    own = PersonSkillFactory(person__manager=cast.actor)
    return Sample(own={"pk": own.pk}, foreign={"pk": PersonSkillFactory().pk})


def _skill(cast):
    return Sample.same(pk=SkillFactory().pk)


def _pool(cast):
    return Sample.same(pk=PoolFactory().pk)


def _own_person(cast):
    return Sample(own={"pk": cast.actor.pk}, foreign={"pk": UserFactory().pk})


def _time_off(cast, **more):
    own = TimeOffFactory(person=cast.actor)
    foreign = TimeOffFactory()
    return Sample(own={"pk": own.pk}, foreign={"pk": foreign.pk}, **more)


def _seen_time_off(cast):
    team = TimeOffFactory(person__manager=cast.actor)
    return _time_off(cast, team={"pk": team.pk}, beyond=Action.TIME_OFF_SEE)


def _decided_time_off(cast):
    """My own to decide is what waits for a manager for whom I stand in (R-23)."""
    today = clock.today("Europe/Berlin")
    manager = UserFactory(roles=[Role.PRACTICE_MANAGER])
    TimeOffFactory(
        person=manager,
        deputy=cast.actor,
        starts_on=today - timedelta(days=2),
        ends_on=today + timedelta(days=2),
    )
    own, foreign = TimeOffFactory(person__manager=manager), TimeOffFactory()
    team = TimeOffFactory(person__manager=cast.actor)
    return Sample(
        own={"pk": own.pk},
        team={"pk": team.pk},
        foreign={"pk": foreign.pk},
        beyond=Action.TIME_OFF_APPROVE,
    )


def _reset_key(cast):
    return Sample.same(uidb36="1", key="set-password")


SAMPLES = {
    "account_reset_password_from_key": _reset_key,
    "people:second-factor-reset": _person,
    "people:person-detail": _person,
    "people:person-edit": _person,
    "people:person-roles": _person,
    "people:person-leave": _person,
    "people:person-return": _person,
    "people:person-link": _person,
    "people:person-erase": _person,
    "people:person-export": _person,
    "people:contact-erase": _contact_of_anybody,
    "people:contact-export": _contact_of_anybody,
    "people:person-hours": _own_or(Action.HOURS_EDIT),
    "people:hours-add": _report,
    "people:hours-remove": _hours_of_a_report,
    "people:person-skills": _own_or(Action.SKILLS_SEE),
    "people:skill-confirm": _skill_of_a_report,
    "people:skill-edit": _skill,
    "people:pool-edit": _pool,
    "people:time-off-add": _own_person,
    "people:time-off-detail": _seen_time_off,
    "people:time-off-edit": _time_off,
    "people:time-off-cancel": _time_off,
    "people:time-off-decide": _decided_time_off,
    "people:customer-detail": _customer,
    "people:customer-edit": _customer,
    "people:contact-add": _customer,
    "people:contact-edit": _contact,
    "people:setting-edit": _setting,
}
