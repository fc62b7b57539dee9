from tests.access.sample import Sample
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory


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


def _reset_key(cast):
    return Sample.same(uidb36="1", key="set-password")


SAMPLES = {
    "account_reset_password_from_key": _reset_key,
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
    "people:customer-detail": _customer,
    "people:customer-edit": _customer,
    "people:contact-add": _customer,
    "people:contact-edit": _contact,
    "people:setting-edit": _setting,
}
