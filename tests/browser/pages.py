"""Every page of the portal, with a real object and somebody who may open it."""

from django.urls import reverse

from psdelivery.people.choices import Role
from psdelivery.people.models import Pool
from tests.browser import pages_of_discovery
from tests.browser.pages_of_training import (
    TRAINING_NO_PAGES,
    TRAINING_OPENED_BY,
    training_arguments,
)

NOBODY = ""
COORDINATOR, MANAGER = Role.COORDINATOR, Role.PRACTICE_MANAGER
ADMIN, TRAINER = Role.ADMINISTRATOR, Role.TRAINER

# Who opens what; the objects are put in by `address_of`.
OPENED_BY = {
    NOBODY: [
        "socialaccount_login_cancelled",
        "account_login",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    ],
    COORDINATOR: [
        *TRAINING_OPENED_BY[COORDINATOR],
        "engagements:handoff-call",
        "engagements:handoff-held",
        "engagements:handoff-kickoff-first",
        "engagements:handoff-summary",
        "livetext:text-detail",
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
        "dashboards:my-day",
        "dashboards:step-list",
        "engagements:export-start",
        "comments:comment-add",
        "comments:comment-edit",
        "jobs:job-list",
        "jobs:job-detail",
        "engagements:engagement-list",
        "engagements:engagement-add",
        "engagements:engagement-detail",
        "engagements:engagement-edit",
        "engagements:engagement-tab",
        "engagements:engagement-move",
        "engagements:engagement-condition",
        "engagements:risk-detail",
        "engagements:assessment-edit",
        "engagements:change-detail",
        "engagements:units-edit",
        "engagements:document-add",
        "engagements:document-version",
        "engagements:team-member-add",
        "engagements:step-add",
        "engagements:date-move",
        "engagements:planned-move",
        "engagements:team-member-edit",
        "engagements:team-member-handover",
        "outbox:message-list",
        "outbox:message-detail",
        "outbox:draft-edit",
        "outbox:contact-address",
        "people:customer-list",
        "people:customer-detail",
        "people:customer-add",
        "people:customer-edit",
        "people:contact-add",
        "people:contact-edit",
        "people:profile",
        "people:my-hours",
        "people:notifications",
        "people:pool-list",
        "people:person-hours",
        "people:hours-add",
        "people:my-skills",
        "people:skill-matrix",
        "people:my-time-off",
        "people:time-off-add",
        "people:time-off-edit",
        "people:time-off-detail",
        "people:time-off-list",
        "playbooks:playbook-detail",
        "playbooks:playbook-list",
        "playbooks:playbook-running",
        "playbooks:playbook-version",
        "playbooks:playbook-versions",
        "playbooks:checklist-adopt",
        "playbooks:draft-detail",
        "playbooks:draft-step-add",
        "playbooks:draft-step-edit",
        "playbooks:step-detail",
        "playbooks:move-detail",
        "playbooks:step-elsewhere",
        "scheduling:board",
        "scheduling:board-view-list",
        "scheduling:board-view-save",
        "scheduling:request-list",
        "scheduling:request-add",
        "scheduling:request-detail",
        "scheduling:request-edit",
        "scheduling:request-refuse",
        "scheduling:request-answer",
        "scheduling:request-withdraw",
        "scheduling:request-book",
        "scheduling:request-candidates",
        "scheduling:request-decline",
        "scheduling:request-take-back",
        "scheduling:offer-detail",
        "scheduling:allocation-detail",
        "scheduling:allocation-add",
        "scheduling:allocation-edit",
        "scheduling:allocation-release",
        "scheduling:conflict-list",
        "scheduling:conflict-detail",
        "scheduling:illness-add",
        "scheduling:extra-day-add",
        "scheduling:extra-day-detail",
        "scheduling:feed-list",
        "scheduling:allocation-extend",
        "scheduling:allocation-convert",
        "scheduling:soft-hold-list",
        "scheduling:demand-list",
    ],
    TRAINER: [
        *TRAINING_OPENED_BY[TRAINER],
    ],
    MANAGER: [
        *TRAINING_OPENED_BY[MANAGER],
        "engagements:handoff-question-add",
        "engagements:handoff-question-answer",
        "engagements:handoff-question-step",
        "dashboards:portfolio",
        "engagements:risk-add",
        "engagements:change-add",
        "engagements:offering-list",
        "engagements:offering-add",
        "engagements:offering-edit",
        "people:setting-list",
        "people:setting-edit",
        "people:person-skills",
        "people:skill-list",
        "people:skill-add",
        "people:pool-add",
        "people:pool-edit",
        "people:skill-edit",
        "outbox:template-list",
        "outbox:template-detail",
        "outbox:template-edit",
        "scheduling:host-list",
        "scheduling:host-add",
        "scheduling:host-edit",
        *pages_of_discovery.OPENED_BY_MANAGER,
    ],
    ADMIN: [
        "people:person-list",
        "people:person-detail",
        "people:person-add",
        "people:person-edit",
        "people:person-roles",
        "people:person-leave",
        "people:person-erase",
        "people:contact-erase",
        "people:personal-data",
    ],
}
# Addresses that show no page when they are opened.
NO_PAGES = {
    *pages_of_discovery.NO_PAGES,
    *TRAINING_NO_PAGES,
    "healthz",
    "readyz",
    "documents:document-download",
    "engagements:engagement-export",
    "comments:comment-delete",
    "comments:mention-seen",
    "jobs:job-cancel",
    "jobs:job-undo",
    "people:subdivision-options",
    # Rows that the board fetches.
    "scheduling:board-rows",
    "scheduling:board-changes",
    # Opened by a drag: test_journey_board.py looks at it.
    "scheduling:board-move",
    # The file of a calendar.
    "scheduling:feed",
    # Reached by a button only.
    "scheduling:conflict-stand-in",
    "scheduling:conflict-shift",
    "scheduling:conflict-release",
    "scheduling:extra-day-grant",
    "scheduling:extra-day-consent",
    "scheduling:extra-day-decline",
    "scheduling:feed-add",
    "scheduling:feed-revoke",
    "scheduling:board-view-delete",
    "engagements:condition-withdraw",
    "engagements:engagement-ball",
    "engagements:change-decide",
    "engagements:change-evidence",
    "engagements:change-withdraw",
    "engagements:risk-end",
    "engagements:risk-grant",
    "engagements:risk-refuse",
    "engagements:risk-take-back",
    "engagements:team-member-remove",
    "engagements:handoff-begin",
    "engagements:handoff-call-cancel",
    "engagements:handoff-written",
    "engagements:handoff-acknowledge",
    "livetext:card-add",
    "livetext:card-remove",
    "livetext:card-restore",
    "livetext:sheet-changes",
    "livetext:text-save",
    "livetext:text-writing",
    "outbox:message-cancel",
    "outbox:message-confirm",
    "outbox:message-retry",
    "people:contact-export",
    "people:person-export",
    "outbox:test-mail",
    "outbox:draft-add",
    "outbox:message-bounce",
    "outbox:message-clear",
    "outbox:draft-remake",
    "outbox:draft-send",
    "outbox:template-reset",
    "outbox:template-restore",
    "people:person-link",
    "people:hours-remove",
    "people:skill-confirm",
    "people:skill-export",
    # Shown between the password and the session, or once there is a second factor:
    # test_second_factor.py looks at them.
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "openid_connect_callback",
    "openid_connect_login",
    "people:second-factor-reset",
    "people:time-off-cancel",
    "people:time-off-decide",
    "people:person-return",
    "people:theme",
    "playbooks:draft-discard",
    "playbooks:draft-note",
    "playbooks:draft-publish",
    "playbooks:draft-start",
    "playbooks:draft-step-remove",
    "playbooks:draft-step-shift",
    "playbooks:move-undo",
    "playbooks:step-complete",
    "playbooks:step-reopen",
    "playbooks:step-set-aside",
    "playbooks:step-hand",
    "playbooks:step-snooze",
    "playbooks:step-wake",
    "playbooks:step-delegate",
    "playbooks:step-take-back",
    "playbooks:step-pass",
    "playbooks:step-unpin",
    "playbooks:step-mail",
    "scheduling:comment-request",
    "scheduling:offer-accept",
    "scheduling:offer-decline",
    "scheduling:offer-displace-agree",
    "scheduling:offer-displace-refuse",
    "scheduling:request-offer",
    "scheduling:request-submit",
    "scheduling:request-review",
}
TABS = (
    "comments",
    "assessment",
    "changes",
    "checklist",
    "gate",
    "handoff",
    "schedule",
    "training",
    "mail",
    "documents",
    "history",
)


def arguments_of(office):
    """What the addresses with an object need, by the name of the view."""
    engagement = {"pk": office.active.pk}
    gone = office.gone_contact.pk
    customer = {"pk": office.contact.customer_id}
    person = {"pk": office[TRAINER].pk}
    member = office.active.team.first().pk
    step = {"pk": office.step("discovery-notes").pk}
    handoff = office.active.handoff
    question = engagement | {"question": handoff.questions.first().pk}
    return {
        "account_reset_password_from_key": {"uidb36": "1", "key": "unknown"},
        "engagements:engagement-condition": engagement | {"code": "agreement"},
        "engagements:engagement-tab": engagement | {"tab": "team"},
        "engagements:assessment-edit": engagement,
        "engagements:handoff": engagement,
        "engagements:handoff-kickoff-first": engagement,
        "engagements:handoff-question-add": engagement,
        "engagements:handoff-question": question,
        "livetext:text-detail": {"pk": handoff.sheet_id, "key": "goals"},
        "engagements:units-edit": engagement,
        "engagements:change-add": engagement,
        "engagements:change-detail": engagement | {"change": office.change.pk},
        "engagements:risk-detail": engagement | {"risk": office.risk.pk},
        "engagements:risk-add": {"pk": office.fresh.pk},
        "engagements:team-member-edit": engagement | {"member": member},
        "engagements:team-member-handover": engagement | {"member": member},
        "engagements:offering-edit": {"pk": office.offering.pk},
        "comments:comment-add": {"kind": "engagement", "subject": office.active.pk},
        "comments:comment-edit": {"pk": office.comment.pk},
        "jobs:job-detail": {"pk": office.job.pk},
        "outbox:message-detail": {"pk": office.message.pk},
        "outbox:contact-address": {"pk": office.contact.pk},
        "outbox:draft": {"pk": office.draft.pk},
        "playbooks:step-elsewhere": {"pk": office.step("next-steps").pk},
        "outbox:template": {"kind": "welcome"},
        "people:contact-edit": {"pk": office.contact.pk},
        "people:contact-erase": {"pk": gone},
        "people:customer": customer,
        "people:contact-add": customer,
        "people:person": person,
        "people:person-erase": {"pk": office.gone_person.pk},
        "people:personal-data": None,
        "people:hours-add": person,
        "people:pool-edit": {"pk": Pool.objects.first().pk},
        "people:person-skills": {"pk": office.skill.person_id},
        "people:skill-edit": {"pk": office.skill.skill_id},
        "people:time-off": {"pk": office.time_off.pk},
        "people:time-off-add": person,
        "people:setting-edit": {"key": "company.zone"},
        "playbooks:playbook": {"key": "consulting"},
        "playbooks:playbook-version": {"key": "blended", "version": 2},
        "playbooks:checklist-adopt": {"pk": office.active.checklist_id},
        "playbooks:draft": {"key": "consulting"},
        "playbooks:draft-step-add": {"key": "consulting"},
        "playbooks:draft-step-edit": {"key": "consulting", "pk": office.draft_step.pk},
        "playbooks:step-detail": step,
        "playbooks:move-detail": {"pk": office.moved.pk},
        "scheduling:request": {"pk": office.planning.asked.pk},
        "scheduling:request-answer": {"pk": office.planning.inquiry.pk},
        "scheduling:request-decline": {"pk": office.planning.offered.pk},
        "scheduling:request-take-back": {"pk": office.planning.offered.pk},
        "scheduling:offer": {"pk": office.planning.offer.pk},
        "scheduling:allocation": {"pk": office.planning.booking.pk},
        "scheduling:conflict": {"pk": office.planning.conflict.pk},
        "scheduling:extra-day-detail": {"pk": office.planning.extra.pk},
        "scheduling:host-edit": {"pk": office.planning.host.pk},
        "scheduling:allocation-extend": {"pk": office.planning.hold.pk},
        "scheduling:allocation-convert": {"pk": office.planning.hold.pk},
        **training_arguments(office),
        **pages_of_discovery.discovery_arguments(office),
        "engagements:engagement": engagement,
        "engagements:team-member-add": engagement,
        "engagements:step-add": engagement,
        "engagements:date-move": engagement | date_of(office, "kickoff"),
        "engagements:planned-move": engagement | date_of(office, "planned_end"),
        "engagements:document-add": engagement,
        "engagements:document-version": engagement
        | {"document": office.active.documents.filter(is_current=True).first().pk},
    }


def date_of(office, key):
    """The date of the engagement at work with that key."""
    return {"anchor": office.active.checklist.anchors.get(key=key).pk}


def address_of(name, office):
    """The address of a view: with its own arguments, or those of its kind of thing."""
    known = arguments_of(office)
    kind = next((key for key in (name, name.rpartition("-")[0]) if key in known), "")
    takes_none = name.endswith(("-list", "-add")) and name not in known
    return reverse(name, kwargs=None if takes_none else known.get(kind))


def addresses_of(role, office):
    """Every page that this role is to look at."""
    addresses = [address_of(name, office) for name in OPENED_BY[role]]
    return addresses + further_faces(office) if role == COORDINATOR else addresses


def faces_of_requests(office):
    add = reverse("scheduling:request-add")
    about = {
        "engagement": f"engagement={office.active.pk}",
        "creditable": "",
        "planning": "",
        "change": f"allocation={office.planning.booking.pk}",
        "release": f"allocation={office.planning.booking.pk}",
    }
    offered = office.planning.offered.get_absolute_url()
    book = reverse("scheduling:request-book", args=[office.planning.asked.pk])
    return [
        *[f"{add}?kind={kind}&{subject}" for kind, subject in about.items()],
        f"{add}?kind=change",
        f"{book}?person={office[TRAINER].pk}",
        f"{reverse('scheduling:allocation-add')}?engagement={office.active.pk}",
        f"{reverse('scheduling:request-list')}?state=all&mine=on",
        offered,
    ]


def further_faces(office):
    """Pages that look different by what stands in the address."""
    engagement = office.active.get_absolute_url()
    course = office.delivery.course_id
    add = reverse("training:delivery-add", args=[office.active.pk])
    return [
        *[f"{engagement}{tab}/" for tab in TABS],
        f"{engagement}move/?target=on_hold",
        f"{add}?course={course}",
        office.fresh.get_absolute_url(),
        *faces_of_requests(office),
        office.draft.get_absolute_url(),
        office.step("next-steps").get_absolute_url(),
        "/engagements/?q=nobody",
    ]
