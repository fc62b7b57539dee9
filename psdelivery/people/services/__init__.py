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
from psdelivery.people.services.hours import (
    remove_working_hours,
    set_working_hours,
)
from psdelivery.people.services.notifications import choose_notifications
from psdelivery.people.services.people import (
    add_person,
    bring_back,
    edit_person,
    mark_left,
    send_log_in_link,
    set_roles,
)
from psdelivery.people.services.pools import add_pool, edit_pool
from psdelivery.people.services.settings import change_setting
from psdelivery.people.services.skills import (
    add_skill,
    confirm_skill,
    edit_skill,
    state_skills,
)
from psdelivery.people.services.time_off import (
    approve_time_off,
    cancel_time_off,
    edit_time_off,
    enter_time_off,
    refuse_time_off,
)

__all__ = [
    "add_contact",
    "add_customer",
    "add_person",
    "add_pool",
    "add_skill",
    "approve_time_off",
    "bring_back",
    "cancel_time_off",
    "change_setting",
    "choose_notifications",
    "confirm_skill",
    "edit_contact",
    "edit_customer",
    "edit_person",
    "edit_pool",
    "edit_skill",
    "erase_contact",
    "erase_person",
    "export_personal_data",
    "edit_time_off",
    "enter_time_off",
    "mark_left",
    "refuse_time_off",
    "remove_working_hours",
    "send_log_in_link",
    "set_roles",
    "set_working_hours",
    "state_skills",
]
