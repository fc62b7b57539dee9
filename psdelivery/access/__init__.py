"""Who may do what: the table of the design as data (`gatekeeper.py` asks it).

`TABLE` says how far a role reaches with an action, `URLS` which action each view
is. What lies inside a reach ("own", "team") is decided by the loaders in each
app's `access.py`, which read `request.access`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from psdelivery.access.discovery import DISCOVERY
from psdelivery.access.doors import PUBLIC as PUBLIC
from psdelivery.access.doors import SIGNED_IN as SIGNED_IN
from psdelivery.access.doors import Door as Door
from psdelivery.access.table import ROWS as ROWS
from psdelivery.access.table import TABLE as TABLE
from psdelivery.access.table import Action as Action
from psdelivery.access.table import Scope as Scope
from psdelivery.access.training import TRAINING
from psdelivery.people.choices import Role

URLS: dict[str, Action | Door] = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "account_login": PUBLIC,
    # Logging out twice is no mistake.
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    # Between the password and the session there is nobody to ask the table about.
    "mfa_authenticate": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "openid_connect_login": PUBLIC,
    "openid_connect_callback": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    # people
    "people:profile": Action.PROFILE,
    "people:subdivision-options": SIGNED_IN,
    "people:theme": Action.PROFILE,
    "people:person-list": Action.PEOPLE_SEE,
    "people:person-detail": Action.PEOPLE_SEE,
    "people:person-add": Action.USERS_EDIT,
    "people:person-edit": Action.USERS_EDIT,
    "people:person-roles": Action.USERS_EDIT,
    "people:person-leave": Action.USERS_EDIT,
    "people:person-return": Action.USERS_EDIT,
    "people:person-link": Action.USERS_EDIT,
    "people:second-factor-reset": Action.USERS_EDIT,
    "people:person-erase": Action.USERS_EDIT,
    "people:person-export": Action.USERS_EDIT,
    "people:contact-erase": Action.USERS_EDIT,
    "people:contact-export": Action.USERS_EDIT,
    "people:personal-data": Action.USERS_EDIT,
    "people:my-time-off": Action.TIME_OFF_ENTER,
    "people:time-off-add": Action.TIME_OFF_ENTER,
    "people:time-off-edit": Action.TIME_OFF_ENTER,
    "people:time-off-cancel": Action.TIME_OFF_ENTER,
    "people:time-off-list": Action.TIME_OFF_SEE,
    # The own, and for who approves, or stands in for whoever does: `people.access`.
    "people:time-off-detail": SIGNED_IN,
    "people:time-off-decide": SIGNED_IN,
    "people:notifications": Action.PROFILE,
    "people:pool-list": Action.PEOPLE_SEE,
    "people:pool-add": Action.REGISTER_EDIT,
    "people:pool-edit": Action.REGISTER_EDIT,
    "people:my-hours": Action.PROFILE,
    # The own, and those that one may set: `people.access`.
    "people:person-hours": SIGNED_IN,
    "people:hours-add": Action.HOURS_EDIT,
    "people:hours-remove": Action.HOURS_EDIT,
    "people:my-skills": Action.PROFILE,
    # The own, and for who staffs work.
    "people:person-skills": SIGNED_IN,
    "people:skill-confirm": Action.SKILLS_CONFIRM,
    "people:skill-matrix": Action.SKILLS_SEE,
    "people:skill-export": Action.SKILLS_SEE,
    "people:skill-list": Action.REGISTER_SEE,
    "people:skill-add": Action.REGISTER_EDIT,
    "people:skill-edit": Action.REGISTER_EDIT,
    "people:customer-list": Action.CUSTOMER_SEE,
    "people:customer-detail": Action.CUSTOMER_SEE,
    "people:customer-add": Action.CUSTOMER_CREATE,
    "people:customer-edit": Action.CUSTOMER_EDIT,
    "people:contact-add": Action.CUSTOMER_EDIT,
    "people:contact-edit": Action.CUSTOMER_EDIT,
    "people:setting-list": Action.REGISTER_SEE,
    "people:setting-edit": Action.REGISTER_EDIT,
    # Whose document it is decides, not the role: `documents.access`.
    "documents:document-download": SIGNED_IN,
    # Whose sheet it is decides, not the role: the loader of its kind.
    "livetext:sheet-changes": SIGNED_IN,
    "livetext:text-detail": SIGNED_IN,
    "livetext:text-save": SIGNED_IN,
    "livetext:text-writing": SIGNED_IN,
    "livetext:card-add": SIGNED_IN,
    "livetext:card-remove": SIGNED_IN,
    "livetext:card-restore": SIGNED_IN,
    # Jobs that I started: as near as my own day.
    "jobs:job-list": Action.MY_DAY,
    "jobs:job-detail": Action.MY_DAY,
    "jobs:job-cancel": Action.MY_DAY,
    "jobs:job-undo": Action.MY_DAY,
    # Whose record it stands on decides: `comments.access`.
    "comments:comment-add": Action.MY_DAY,
    "comments:comment-edit": Action.MY_DAY,
    "comments:comment-delete": Action.MY_DAY,
    "comments:mention-seen": Action.MY_DAY,
    # outbox
    "outbox:message-list": Action.OUTBOX_READ,
    "outbox:message-detail": Action.OUTBOX_READ,
    "outbox:message-retry": Action.MAIL_DECIDE,
    "outbox:message-cancel": Action.MAIL_DECIDE,
    "outbox:message-confirm": Action.MAIL_DECIDE,
    "outbox:message-bounce": Action.MAIL_DECIDE,
    "outbox:message-clear": Action.MAIL_DECIDE,
    "outbox:contact-address": Action.CUSTOMER_EDIT,
    "outbox:test-mail": Action.USERS_EDIT,
    "outbox:draft-add": Action.MAIL_SEND,
    "outbox:draft-edit": Action.MAIL_SEND,
    "outbox:draft-remake": Action.MAIL_SEND,
    "outbox:draft-send": Action.MAIL_SEND,
    "outbox:template-list": Action.REGISTER_SEE,
    "outbox:template-detail": Action.REGISTER_SEE,
    "outbox:template-edit": Action.REGISTER_EDIT,
    "outbox:template-reset": Action.REGISTER_EDIT,
    "outbox:template-restore": Action.REGISTER_EDIT,
    # playbooks
    "playbooks:playbook-list": Action.REGISTER_SEE,
    "playbooks:playbook-detail": Action.REGISTER_SEE,
    "playbooks:playbook-versions": Action.REGISTER_SEE,
    "playbooks:playbook-version": Action.REGISTER_SEE,
    "playbooks:playbook-running": Action.REGISTER_SEE,
    "playbooks:draft-start": Action.REGISTER_PROPOSE,
    "playbooks:draft-detail": Action.REGISTER_PROPOSE,
    "playbooks:draft-note": Action.REGISTER_PROPOSE,
    "playbooks:draft-publish": Action.REGISTER_EDIT,
    "playbooks:draft-discard": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-add": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-edit": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-remove": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-shift": Action.REGISTER_PROPOSE,
    "playbooks:checklist-adopt": Action.ENGAGEMENT_EDIT,
    "playbooks:step-detail": Action.MY_DAY,
    "playbooks:step-complete": Action.STEP_TICK,
    "playbooks:step-reopen": Action.STEP_TICK,
    "playbooks:step-set-aside": Action.STEP_TICK,
    "playbooks:step-hand": Action.STEP_TICK,
    "playbooks:step-snooze": Action.STEP_TICK,
    "playbooks:step-wake": Action.STEP_TICK,
    "playbooks:step-delegate": Action.STEP_TICK,
    "playbooks:step-take-back": Action.STEP_TICK,
    "playbooks:step-pass": Action.STEP_TICK,
    "playbooks:step-unpin": Action.STEP_TICK,
    "playbooks:move-detail": Action.ENGAGEMENT_SEE,
    "playbooks:move-undo": Action.WORK_EDIT,
    "playbooks:step-mail": Action.MAIL_SEND,
    "playbooks:step-elsewhere": Action.MAIL_SEND,
    # engagements
    "engagements:engagement-list": Action.ENGAGEMENT_SEE,
    "engagements:engagement-export": Action.ENGAGEMENT_SEE,
    "engagements:export-start": Action.ENGAGEMENT_SEE,
    "engagements:engagement-detail": Action.ENGAGEMENT_SEE,
    "engagements:engagement-tab": Action.ENGAGEMENT_SEE,
    "engagements:engagement-add": Action.ENGAGEMENT_CREATE,
    "engagements:engagement-edit": Action.ENGAGEMENT_EDIT,
    "engagements:engagement-condition": Action.ENGAGEMENT_EDIT,
    "engagements:condition-withdraw": Action.ENGAGEMENT_EDIT,
    "engagements:risk-add": Action.GATE_WAIVE_REQUEST,
    "engagements:risk-detail": Action.ENGAGEMENT_SEE,
    "engagements:risk-grant": Action.GATE_WAIVE,
    "engagements:risk-refuse": Action.GATE_WAIVE,
    "engagements:risk-end": Action.GATE_WAIVE,
    "engagements:risk-take-back": Action.GATE_WAIVE_REQUEST,
    "engagements:engagement-ball": Action.ENGAGEMENT_EDIT,
    "engagements:engagement-move": Action.STATUS_MOVE,
    "engagements:assessment-edit": Action.ENGAGEMENT_EDIT,
    "engagements:change-add": Action.GATE_WAIVE_REQUEST,
    "engagements:change-detail": Action.ENGAGEMENT_SEE,
    "engagements:change-decide": Action.GATE_WAIVE,
    "engagements:change-evidence": Action.GATE_WAIVE_REQUEST,
    "engagements:change-withdraw": Action.GATE_WAIVE_REQUEST,
    "engagements:units-edit": Action.ENGAGEMENT_EDIT,
    "engagements:date-move": Action.WORK_EDIT,
    "engagements:planned-move": Action.ENGAGEMENT_EDIT,
    "engagements:step-add": Action.STEP_TICK,
    "engagements:team-member-add": Action.ENGAGEMENT_EDIT,
    "engagements:team-member-edit": Action.ENGAGEMENT_EDIT,
    "engagements:team-member-handover": Action.ENGAGEMENT_EDIT,
    "engagements:team-member-remove": Action.ENGAGEMENT_EDIT,
    "engagements:document-add": Action.WORK_EDIT,
    "engagements:document-version": Action.WORK_EDIT,
    "engagements:handoff-begin": Action.HANDOFF_EDIT,
    "engagements:handoff-call": Action.HANDOFF_EDIT,
    "engagements:handoff-call-cancel": Action.HANDOFF_EDIT,
    "engagements:handoff-held": Action.HANDOFF_EDIT,
    "engagements:handoff-written": Action.HANDOFF_EDIT,
    "engagements:handoff-acknowledge": Action.HANDOFF_ACKNOWLEDGE,
    # Only the lead: R-5.
    "engagements:handoff-kickoff-first": Action.HANDOFF_EDIT,
    "engagements:handoff-summary": Action.ENGAGEMENT_SEE,
    "engagements:handoff-question-add": Action.HANDOFF_ANSWER,
    "engagements:handoff-question-answer": Action.HANDOFF_ANSWER,
    "engagements:handoff-question-step": Action.HANDOFF_ANSWER,
    "engagements:offering-list": Action.REGISTER_SEE,
    "engagements:offering-add": Action.REGISTER_EDIT,
    "engagements:offering-edit": Action.REGISTER_EDIT,
    # scheduling: `scheduling.access` adds what I asked for and what is booked of me.
    "scheduling:request-list": Action.ENGAGEMENT_SEE,
    "scheduling:request-detail": Action.ENGAGEMENT_SEE,
    "scheduling:request-candidates": Action.BOOK,
    "scheduling:request-offer": Action.BOOK,
    "scheduling:request-decline": Action.RESOURCE_REQUEST,
    "scheduling:request-take-back": Action.BOOK,
    # Whoever is asked about a soft hold reads the offer too: `offer_access`.
    "scheduling:offer-detail": Action.ENGAGEMENT_SEE,
    "scheduling:offer-accept": Action.RESOURCE_REQUEST,
    "scheduling:offer-decline": Action.RESOURCE_REQUEST,
    "scheduling:offer-displace-agree": Action.RESOURCE_REQUEST,
    "scheduling:offer-displace-refuse": Action.RESOURCE_REQUEST,
    "scheduling:board": Action.BOARD_SEE,
    "scheduling:board-rows": Action.BOARD_SEE,
    "scheduling:board-changes": Action.BOARD_SEE,
    "scheduling:board-move": Action.BOOK,
    "scheduling:demand-list": Action.BOARD_SEE,
    # Each sees the own views and those for everybody; only who kept one removes it.
    "scheduling:board-view-list": Action.BOARD_SEE,
    "scheduling:board-view-save": Action.BOARD_SEE,
    "scheduling:board-view-delete": Action.BOARD_SEE,
    "scheduling:conflict-list": Action.ENGAGEMENT_SEE,
    "scheduling:conflict-detail": Action.ENGAGEMENT_SEE,
    "scheduling:conflict-stand-in": Action.BOOK,
    "scheduling:conflict-shift": Action.BOOK,
    "scheduling:conflict-release": Action.BOOK,
    "scheduling:illness-add": Action.BOOK,
    "scheduling:host-list": Action.REGISTER_SEE,
    "scheduling:host-add": Action.REGISTER_EDIT,
    "scheduling:host-edit": Action.REGISTER_EDIT,
    # Feeds are the own; their content is what the owner may see.
    "scheduling:feed-list": Action.MY_DAY,
    "scheduling:feed-add": Action.MY_DAY,
    "scheduling:feed-revoke": Action.MY_DAY,
    # Calendar programs cannot log in: the secret in the address opens it.
    "scheduling:feed": PUBLIC,
    # Manager, person and asker: `scheduling.views.extra_days` looks who it is.
    "scheduling:extra-day-add": Action.RESOURCE_REQUEST,
    "scheduling:extra-day-detail": Action.MY_DAY,
    "scheduling:extra-day-grant": Action.MY_DAY,
    "scheduling:extra-day-consent": Action.MY_DAY,
    "scheduling:extra-day-decline": Action.MY_DAY,
    "scheduling:request-add": Action.RESOURCE_REQUEST,
    # Whose comment it is, and whether the work is in reach: `scheduling.access`.
    "scheduling:comment-request": Action.RESOURCE_REQUEST,
    "scheduling:request-edit": Action.RESOURCE_REQUEST,
    "scheduling:request-submit": Action.RESOURCE_REQUEST,
    "scheduling:request-withdraw": Action.RESOURCE_REQUEST,
    "scheduling:request-review": Action.BOOK,
    "scheduling:request-refuse": Action.BOOK,
    "scheduling:request-answer": Action.BOOK,
    "scheduling:request-book": Action.BOOK,
    "scheduling:allocation-detail": Action.ENGAGEMENT_SEE,
    "scheduling:allocation-add": Action.BOOK,
    "scheduling:allocation-edit": Action.BOOK,
    "scheduling:allocation-release": Action.BOOK,
    # `scheduling.hold_access` adds what I asked for.
    "scheduling:soft-hold-list": Action.RESOURCE_REQUEST,
    "scheduling:allocation-extend": Action.RESOURCE_REQUEST,
    "scheduling:allocation-convert": Action.BOOK,
    **DISCOVERY,
    **TRAINING,
    # dashboards
    "dashboards:my-day": Action.MY_DAY,
    "dashboards:step-list": Action.MY_DAY,
    "dashboards:portfolio": Action.PORTFOLIO_SEE,
}
# Django's own admin pages come and go with the registered models.
NAMESPACES: dict[str, Action] = {"admin": Action.USERS_EDIT}


@dataclass(frozen=True)
class Access:
    """What the person at hand may do in this view, and how far it reaches."""

    action: Action | Door
    scope: Scope


def scope_for(roles: Iterable[str], action: Action) -> Scope:
    """Return how far the roles reach together: the widest of them."""
    row = TABLE[action]
    return max((row[Role(role)] for role in roles), default=Scope.NONE)


def needed_for(view_name: str) -> Action | Door | None:
    """Return what a view asks for; None for one that nobody entered in the table."""
    namespace = view_name.partition(":")[0]
    return URLS.get(view_name) or NAMESPACES.get(namespace)
