"""Writes about people, customers and settings, each with its history event."""

from psdelivery.people.services.customers import (
    add_contact,
    add_customer,
    edit_contact,
    edit_customer,
)
from psdelivery.people.services.erasure import (
    erase_contact,
    erase_person,
    export_personal_data,
)
from psdelivery.people.services.people import (
    add_person,
    bring_back,
    edit_person,
    mark_left,
    send_log_in_link,
    set_roles,
)
from psdelivery.people.services.settings import change_setting

__all__ = [
    "add_contact",
    "add_customer",
    "add_person",
    "bring_back",
    "change_setting",
    "edit_contact",
    "edit_customer",
    "edit_person",
    "erase_contact",
    "erase_person",
    "export_personal_data",
    "mark_left",
    "send_log_in_link",
    "set_roles",
]
