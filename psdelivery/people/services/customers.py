from collections.abc import Mapping
from datetime import datetime

from psdelivery.people.models import Contact, Customer, User
from psdelivery.people.rules import reasons_against_changing
from psdelivery.people.services.changes import (
    add_record,
    edit_record,
    one_transaction,
)
from psdelivery.registry import refuse


def add_customer(
    values: Mapping[str, object], *, by: User | None, now: datetime
) -> Customer:
    """Register a customer; who did it counts it among their own from then on."""
    with one_transaction():
        customer = Customer(**values, created_by=by)
        return add_record(customer, "customer-added", by=by, now=now)


def edit_customer(
    customer: Customer, values: Mapping[str, object], *, by: User | None, now: datetime
) -> Customer:
    """Change a customer; a corrected zone counts for dates computed from now on."""
    with one_transaction():
        return edit_record(customer, values, "customer-edited", by=by, now=now)


def add_contact(
    customer: Customer, values: Mapping[str, object], *, by: User | None, now: datetime
) -> Contact:
    """Add a person at the customer."""
    with one_transaction():
        contact = Contact(**values, customer=customer)
        return add_record(contact, "contact-added", by=by, now=now)


def edit_contact(
    contact: Contact, values: Mapping[str, object], *, by: User | None, now: datetime
) -> Contact:
    """Change a contact, or mark one who no longer works there."""
    with one_transaction():
        refuse(reasons_against_changing(contact))
        return edit_record(contact, values, "contact-edited", by=by, now=now)
