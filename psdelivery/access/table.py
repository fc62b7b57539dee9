"""How far each role reaches with each action, row by row as the design has it."""

from enum import IntEnum, StrEnum

from psdelivery.people.choices import Role


class Scope(IntEnum):
    """How far somebody reaches, from nothing to everything."""

    NONE = 0
    SELF = 1  # only what is about myself
    OWN_STEPS = 2  # steps that I (or a pool I belong to) own
    OWN = 3  # engagements whose team I am on, or where I own a step
    TEAM = 4  # and those my reports or my practice are on
    ALL = 5


class Action(StrEnum):
    ENGAGEMENT_SEE = "engagement_see"  # schedule and steps included
    VALUE_SEE = "value_see"
    MONEY_SEE = "money_see"  # value, rates and margin
    ENGAGEMENT_CREATE = "engagement_create"
    ENGAGEMENT_EDIT = "engagement_edit"  # intake, paper, evidence
    GATE_WAIVE = "gate_waive"  # work at risk; exceptions and change orders
    GATE_WAIVE_REQUEST = "gate_waive_request"
    STATUS_MOVE = "status_move"  # who may make which move: R-1
    HANDOFF_EDIT = "handoff_edit"
    HANDOFF_ACKNOWLEDGE = "handoff_acknowledge"
    HANDOFF_ANSWER = "handoff_answer"  # ask too
    STEP_TICK = "step_tick"  # snooze and delegate too
    MAIL_SEND = "mail_send"
    MAIL_DECIDE = "mail_decide"  # retry, cancel, mark as arrived
    CERTIFICATION_ASSIGN = "certification_assign"
    CERTIFICATION_REVIEW = "certification_review"
    WORK_SEE = "work_see"  # work pages of a phase
    WORK_EDIT = "work_edit"
    PROFILE = "profile"
    MY_DAY = "my_day"
    CUSTOMER_SEE = "customer_see"
    CUSTOMER_CREATE = "customer_create"
    CUSTOMER_EDIT = "customer_edit"
    PEOPLE_SEE = "people_see"
    TIME_OFF_SEE = "time_off_see"  # of others, with its kind; that they are away: all
    TIME_OFF_ENTER = "time_off_enter"
    TIME_OFF_APPROVE = "time_off_approve"
    HOURS_EDIT = "hours_edit"
    ACTUALS_CONFIRM = "actuals_confirm"  # own worked hours
    ACTUALS_SEE = "actuals_see"  # worked hours of others, by engagement
    ACTUALS_APPROVE = "actuals_approve"
    ACTUALS_IMPORT = "actuals_import"
    SKILLS_SEE = "skills_see"
    SKILLS_CONFIRM = "skills_confirm"
    OUTBOX_READ = "outbox_read"
    PORTFOLIO_SEE = "portfolio_see"
    RESOURCE_REQUEST = "resource_request"  # ask for people, changes and releases
    BOOK = "book"  # book, offer, move on the board
    BOARD_SEE = "board_see"
    CAPACITY_SEE = "capacity_see"
    REGISTER_SEE = "register_see"  # playbooks, templates, settings, offerings, courses
    REGISTER_PROPOSE = "register_propose"  # a draft of a playbook
    REGISTER_EDIT = "register_edit"
    USERS_EDIT = "users_edit"  # users, roles, keys, Django's own admin pages


COLUMNS: tuple[tuple[Role, ...], ...] = (
    (Role.COORDINATOR,),
    (Role.PM,),
    (Role.EM,),
    (Role.PSE, Role.TRAINER, Role.TECHNICAL_ARCHITECT),
    (Role.PARTNER,),  # as an engineer, but from outside: no directory of people
    (Role.ACCOUNT,),
    (Role.PRACTICE_MANAGER,),
    (Role.LEADERSHIP,),
    (Role.FINANCE,),
    (Role.ADMINISTRATOR,),
)

__ = Scope.NONE
SLF = Scope.SELF
STP = Scope.OWN_STEPS
OWN = Scope.OWN
TEA = Scope.TEAM
ALL = Scope.ALL

# fmt: off
ROWS: dict[Action, tuple[Scope, ...]] = {
    #                         Coor PM   EM   PSE  Part Acco PrMa Lead Fina Admi
    Action.ENGAGEMENT_SEE:   (ALL, ALL, ALL, OWN, OWN, OWN, ALL, ALL, ALL, __),
    Action.VALUE_SEE:        (__,  OWN, OWN, __,  __,  OWN, TEA, ALL, ALL, __),
    Action.MONEY_SEE:        (__,  OWN, OWN, __,  __,  __,  TEA, ALL, ALL, __),
    Action.ENGAGEMENT_CREATE: (ALL, __,  OWN, __,  __,  __,  __,  __,  __,  __),
    Action.ENGAGEMENT_EDIT:  (ALL, OWN, OWN, __,  __,  __,  TEA, __,  __,  __),
    Action.GATE_WAIVE:       (__,  __,  __,  __,  __,  __,  TEA, ALL, __,  __),
    Action.GATE_WAIVE_REQUEST:
                             (__,  OWN, OWN, __,  __,  __,  TEA, ALL, __,  __),
    # Finance reaches all, and R-1 gives it Closed → Completed only.
    Action.STATUS_MOVE:      (ALL, OWN, OWN, __,  __,  __,  TEA, ALL, ALL, __),
    Action.HANDOFF_EDIT:     (ALL, OWN, OWN, __,  __,  __,  TEA, __,  __,  __),
    # Coordinators: as the lead of training only (R-5 decides).
    Action.HANDOFF_ACKNOWLEDGE:
                             (OWN, OWN, __,  OWN, OWN, __,  TEA, __,  __,  __),
    Action.HANDOFF_ANSWER:   (__,  OWN, OWN, OWN, OWN, OWN, TEA, __,  __,  __),
    Action.STEP_TICK:        (ALL, OWN, OWN, STP, STP, STP, TEA, OWN, STP, __),
    # Engineers and trainers: of their own sessions and discovery only.
    Action.MAIL_SEND:        (ALL, OWN, OWN, OWN, OWN, __,  TEA, __,  __,  __),
    # As above, and the administrator, who mends what failed.
    Action.MAIL_DECIDE:      (ALL, OWN, OWN, OWN, OWN, __,  TEA, __,  __,  ALL),
    Action.CERTIFICATION_ASSIGN:
                             (ALL, __,  __,  __,  __,  __,  TEA, __,  __,  __),
    # Own steps = submissions assigned to me.
    Action.CERTIFICATION_REVIEW:
                             (__,  __,  __,  STP, STP, __,  TEA, __,  __,  __),
    Action.WORK_SEE:         (ALL, OWN, OWN, OWN, OWN, __,  TEA, ALL, __,  __),
    Action.WORK_EDIT:        (ALL, OWN, OWN, OWN, OWN, __,  TEA, __,  __,  __),
    Action.PROFILE:          (SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF),
    Action.MY_DAY:           (SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF),
    Action.CUSTOMER_SEE:     (ALL, OWN, OWN, OWN, OWN, OWN, TEA, ALL, ALL, __),
    # Who registers an engagement can name a customer that is not there yet.
    Action.CUSTOMER_CREATE:  (ALL, __,  OWN, __,  __,  __,  __,  __,  __,  __),
    Action.CUSTOMER_EDIT:    (ALL, OWN, OWN, __,  __,  __,  TEA, __,  __,  __),
    Action.PEOPLE_SEE:       (ALL, ALL, ALL, ALL, __,  ALL, ALL, ALL, ALL, ALL),
    # Who enters it for others or approves it.
    Action.TIME_OFF_SEE:     (ALL, __,  __,  __,  __,  __,  TEA, ALL, __,  __),
    Action.TIME_OFF_ENTER:   (ALL, SLF, SLF, SLF, SLF, __,  SLF, SLF, SLF, __),
    Action.TIME_OFF_APPROVE: (__,  __,  __,  __,  __,  __,  TEA, ALL, __,  __),
    Action.HOURS_EDIT:       (ALL, __,  __,  __,  __,  __,  TEA, ALL, __,  ALL),
    Action.ACTUALS_CONFIRM:  (SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF, SLF),
    # Engineers and trainers: planned and left hours of what they work on.
    Action.ACTUALS_SEE:      (ALL, OWN, OWN, OWN, OWN, __,  TEA, ALL, ALL, __),
    # Coordinators: internal work and training (the rule decides).
    Action.ACTUALS_APPROVE:  (ALL, OWN, __,  __,  __,  __,  TEA, ALL, __,  __),
    Action.ACTUALS_IMPORT:   (ALL, __,  __,  __,  __,  __,  __,  __,  __,  ALL),
    # Whoever staffs work.
    Action.SKILLS_SEE:       (ALL, ALL, ALL, __,  __,  __,  ALL, ALL, __,  __),
    Action.SKILLS_CONFIRM:   (__,  __,  __,  __,  __,  __,  TEA, ALL, __,  __),
    Action.OUTBOX_READ:      (ALL, OWN, OWN, OWN, OWN, __,  TEA, ALL, __,  ALL),
    Action.PORTFOLIO_SEE:    (ALL, OWN, OWN, __,  __,  __,  TEA, ALL, ALL, __),
    # Engineers and trainers: own changes and internal time.
    Action.RESOURCE_REQUEST: (ALL, OWN, OWN, SLF, SLF, __,  TEA, ALL, __,  __),
    # Their own region first: the pages sort, nothing is closed.
    Action.BOOK:             (ALL, __,  __,  __,  __,  __,  __,  __,  __,  __),
    # Partners and the account team: own bookings, with their engagement.
    Action.BOARD_SEE:        (ALL, ALL, ALL, ALL, __,  __,  ALL, ALL, ALL, __),
    Action.CAPACITY_SEE:     (ALL, OWN, OWN, __,  __,  __,  TEA, ALL, ALL, __),
    # The coordinator sees these to propose changes.
    Action.REGISTER_SEE:     (ALL, __,  __,  __,  __,  __,  ALL, ALL, __,  ALL),
    Action.REGISTER_PROPOSE: (ALL, __,  __,  __,  __,  __,  ALL, ALL, __,  ALL),
    Action.REGISTER_EDIT:    (__,  __,  __,  __,  __,  __,  ALL, ALL, __,  ALL),
    Action.USERS_EDIT:       (__,  __,  __,  __,  __,  __,  __,  __,  __,  ALL),
}
# fmt: on

TABLE: dict[Action, dict[Role, Scope]] = {
    action: {
        role: scope
        for roles, scope in zip(COLUMNS, scopes, strict=True)
        for role in roles
    }
    for action, scopes in ROWS.items()
}
