"""The table as data against the page that decides it, typed a second time."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from psdelivery import access
from psdelivery.access import TABLE, URLS, Action, Scope, scope_for
from psdelivery.people.choices import Role

pytestmark = pytest.mark.unit

COLUMNS = [
    [Role.COORDINATOR],
    [Role.PM],
    [Role.EM],
    [Role.PSE, Role.TRAINER, Role.TECHNICAL_ARCHITECT, Role.PARTNER],
    [Role.ACCOUNT],
    [Role.PRACTICE_MANAGER],
    [Role.LEADERSHIP],
    [Role.FINANCE],
    [Role.ADMINISTRATOR],
]
WORDS = {
    "–": Scope.NONE,
    "self": Scope.SELF,
    "own steps": Scope.OWN_STEPS,
    "own": Scope.OWN,
    "team": Scope.TEAM,
    "all": Scope.ALL,
}
# coordinator | PM | EM | PSE, trainer | account team | practice manager
# | leadership | finance | administrator
DOMAIN = {
    Action.ENGAGEMENT_SEE: "all | all | all | own | own | all | all | all | –",
    Action.VALUE_SEE: "– | own | own | – | own | team | all | all | –",
    Action.MONEY_SEE: "– | own | own | – | – | team | all | all | –",
    Action.ENGAGEMENT_CREATE: "all | – | own | – | – | – | – | – | –",
    Action.ENGAGEMENT_EDIT: "all | own | own | – | – | team | – | – | –",
    Action.GATE_WAIVE: "– | – | – | – | – | team | all | – | –",
    # Who decides may ask too.
    Action.GATE_WAIVE_REQUEST: "– | own | own | – | – | team | all | – | –",
    Action.HANDOFF_EDIT: "all | own | own | – | – | team | – | – | –",
    # Coordinators of training only: the rule decides, R-5.
    Action.HANDOFF_ACKNOWLEDGE: "own | own | – | own | – | team | – | – | –",
    Action.HANDOFF_ANSWER: "– | own | own | own | own | team | – | – | –",
    Action.STATUS_MOVE: "all | own | own | – | – | team | all | all | –",
    Action.STEP_TICK: (
        "all | own | own | own steps | own steps | team | own | own steps | –"
    ),
    Action.MAIL_SEND: "all | own | own | own | – | team | – | – | –",
    # The row above; the administrator mends what failed.
    Action.MAIL_DECIDE: "all | own | own | own | – | team | – | – | all",
    Action.CERTIFICATION_ASSIGN: "all | – | – | – | – | team | – | – | –",
    Action.CERTIFICATION_REVIEW: "– | – | – | own steps | – | team | – | – | –",
    Action.WORK_SEE: "all | own | own | own | – | team | all | – | –",
    Action.WORK_EDIT: "all | own | own | own | – | team | – | – | –",
    Action.PROFILE: "self | self | self | self | self | self | self | self | self",
    Action.MY_DAY: "self | self | self | self | self | self | self | self | self",
    Action.CUSTOMER_SEE: "all | own | own | own | own | team | all | all | –",
    Action.CUSTOMER_CREATE: "all | – | own | – | – | – | – | – | –",
    Action.CUSTOMER_EDIT: "all | own | own | – | – | team | – | – | –",
    Action.PEOPLE_SEE: "all | all | all | all | all | all | all | all | all",
    Action.OUTBOX_READ: "all | own | own | own | – | team | all | – | all",
    Action.PORTFOLIO_SEE: "all | own | own | – | – | team | all | all | –",
    # Own change, internal time: what is about themselves.
    Action.RESOURCE_REQUEST: "all | own | own | self | – | team | all | – | –",
    Action.BOOK: "all | – | – | – | – | – | – | – | –",
    Action.BOARD_SEE: "all | all | all | all | – | all | all | all | –",
    Action.CAPACITY_SEE: "all | own | own | – | – | team | all | all | –",
    # Who is away is told to all, and why only to who plans and to who approves.
    Action.TIME_OFF_SEE: "all | – | – | – | – | team | all | – | –",
    Action.TIME_OFF_ENTER: "all | self | self | self | – | self | self | self | –",
    Action.TIME_OFF_APPROVE: "– | – | – | – | – | team | all | – | –",
    Action.ACTUALS_CONFIRM: (
        "self | self | self | self | self | self | self | self | self"
    ),
    Action.ACTUALS_SEE: "all | own | own | own | – | team | all | all | –",
    # Coordinators: internal work and training only: the rule decides.
    Action.ACTUALS_APPROVE: "all | own | – | – | – | team | all | – | –",
    Action.ACTUALS_IMPORT: "all | – | – | – | – | – | – | – | all",
    Action.HOURS_EDIT: "all | – | – | – | – | team | all | – | all",
    Action.SKILLS_SEE: "all | all | all | – | – | all | all | – | –",
    Action.SKILLS_CONFIRM: "– | – | – | – | – | team | all | – | –",
    Action.REGISTER_SEE: "all | – | – | – | – | all | all | – | all",
    # "propose" of the row above.
    Action.REGISTER_PROPOSE: "all | – | – | – | – | all | all | – | all",
    Action.REGISTER_EDIT: "– | – | – | – | – | all | all | – | all",
    Action.USERS_EDIT: "– | – | – | – | – | – | – | – | all",
}
# From outside the company: as an engineer, but without the directory of people and
# the board.
EXCEPTIONS = {
    (Action.PEOPLE_SEE, Role.PARTNER): Scope.NONE,
    (Action.BOARD_SEE, Role.PARTNER): Scope.NONE,
}


def test_every_action_of_the_table_is_typed_here():
    assert set(TABLE) == set(Action) == set(DOMAIN)


@pytest.mark.parametrize("action", Action)
def test_a_row_says_what_the_page_says(action):
    cells = DOMAIN[action].split(" | ")
    row = {
        role: EXCEPTIONS.get((action, role), WORDS[cell])
        for roles, cell in zip(COLUMNS, cells, strict=True)
        for role in roles
    }

    assert TABLE[action] == row


@pytest.mark.parametrize("action", Action)
def test_every_role_stands_in_every_row(action):
    assert set(TABLE[action]) == set(Role)


def test_several_roles_reach_as_far_as_the_widest():
    both = scope_for([Role.PSE, Role.COORDINATOR], Action.STEP_TICK)

    assert scope_for([Role.PSE], Action.STEP_TICK) is Scope.OWN_STEPS
    assert both is Scope.ALL


@pytest.mark.parametrize("action", Action)
def test_nobody_reaches_anything_without_a_role(action):
    assert scope_for([], action) is Scope.NONE


def test_each_view_stands_in_one_module_of_its_place():
    modules = [one.name for one in iter_modules(access.__path__)]
    parts = [
        getattr(import_module(f"{access.__name__}.{name}"), name.upper())
        for name in modules
        if name not in {"doors", "table"}
    ]

    assert sorted(view for part in parts for view in part) == sorted(URLS)
    assert [p for p in parts if len({v.rpartition(":")[0] for v in p}) > 1] == []
