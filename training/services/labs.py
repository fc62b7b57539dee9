"""R-12: enter and retire the code of a class, and note its longer life."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from psdelivery.history.services import Changes
from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused, refuse
from training.choices import DeliveryState, ExtensionState, StepKey
from training.labs_queries import LabSituation, lab_situation
from training.models import Delivery, LabCode, LabExtension
from training.rules.classes import reasons_against_changing
from training.rules.labs import (
    CodeWindow,
    reasons_against_asking,
    reasons_against_code,
    reasons_against_grant,
)
from training.services.checklists import record_delivery
from training.services.deliveries import reasons_without_words
from training.services.lab_dates import bring_back, follow_labs
from training.services.sessions import lock


@dataclass(frozen=True)
class CodeDraft:
    """A code as somebody enters it; `generated_at` is UTC."""

    code: str
    generated_at: datetime
    seats: int


@transaction.atomic
def enter_code(
    delivery: Delivery, draft: CodeDraft, *, by: User, now: datetime
) -> LabCode:
    """R-12: keep the code of a class; the step that asks for it is ticked.

    The history says when it was generated and dies, never what it is. Raises
    RuleRefused for a code that does not last for the class, one that is entered
    already, and where the class has another one.
    """
    situation, window = locked_situation(delivery)
    delivery = situation.delivery
    refuse(reasons_of_present(situation))
    refuse(reasons_of_same(draft.code, delivery))
    is_asked = bool(situation.extensions)
    refuse(reasons_against_code(draft.generated_at, window, is_asked=is_asked, now=now))
    code = save_code(delivery, draft, window, by=by, now=now)
    changes: Changes = {
        "generated": [None, code.generated_at],
        "expires": [None, code.expires_at],
        "seats": [None, code.seats],
    }
    record_delivery("lab-code-entered", delivery, changes, by=by, now=now)
    bring_access_back(delivery, by=by, now=now)
    follow_labs(delivery, by=by, now=now)
    return code


def locked_situation(delivery: Delivery) -> tuple[LabSituation, CodeWindow]:
    """Lock the class and read its labs anew; refused for one that has none."""
    situation = lab_situation(lock(delivery))
    reasons = reasons_against_labs(situation)
    if reasons or situation.window is None:
        raise RuleRefused(reasons)
    return situation, situation.window


def reasons_against_labs(situation: LabSituation) -> list[Reason]:
    """Return why nothing is entered for the labs of a class: off, or without labs."""
    delivery = situation.delivery
    if delivery.state == DeliveryState.CANCELLED:
        return reasons_against_changing(delivery)
    if situation.window is None:
        sentence = _("This class has no labs: say on the class that it has.")
        url = delivery.get_absolute_url()
        return [Reason("no-labs", sentence, url, _("Open the class"))]
    return []


def reasons_of_present(situation: LabSituation) -> list[Reason]:
    """R-12: refuse a second code: there is one for each class."""
    if situation.code is None:
        return []
    sentence = _("The class has a code already: retire that one first.")
    url = situation.code.get_absolute_url()
    return [Reason("present", sentence, url, _("Open the labs of the class"))]


def reasons_of_same(code: str, delivery: Delivery) -> list[Reason]:
    """R-12: refuse a code that was entered before, here or for another class."""
    known = LabCode.objects.filter(code__iexact=code).first()
    if known is None:
        return []
    if known.delivery_id == delivery.pk:
        sentence = _("This code was entered for this class before, and retired.")
    else:
        sentence = _("This code is entered for another class: each has its own.")
    return [Reason("double", sentence)]


def save_code(
    delivery: Delivery,
    draft: CodeDraft,
    window: CodeWindow,
    *,
    by: User,
    now: datetime,
) -> LabCode:
    """Save the code; raises RuleRefused where another click was faster."""
    code = LabCode(
        delivery=delivery,
        code=draft.code,
        generated_at=draft.generated_at,
        generated_by=by,
        expires_at=window.expiry_of(draft.generated_at),
        seats=draft.seats,
        entered_at=now,
    )
    try:
        with transaction.atomic():
            code.save()
    except IntegrityError as error:
        sentence = _("This code is entered for another class: each has its own.")
        raise RuleRefused([Reason("double", sentence)]) from error
    return code


def bring_access_back(delivery: Delivery, *, by: User, now: datetime) -> None:
    """R-12: let the access be sent again: whoever has it has another code."""
    if delivery.checklist is not None and not is_first_code(delivery):
        reason = _("The class has another lab code.")
        bring_back(delivery.checklist, StepKey.LAB_ACCESS, reason, by=by, now=now)


def is_first_code(delivery: Delivery) -> bool:
    """Tell whether the class never had another code."""
    return not delivery.lab_codes.exclude(retired_at=None).exists()


@transaction.atomic
def retire_code(code: LabCode, *, by: User, reason: str, now: datetime) -> LabCode:
    """R-12: take a code out of use; a class that goes on needs another one.

    Raises RuleRefused without a reason, and for one that was retired before.
    """
    delivery = lock(code.delivery)
    code = LabCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    refuse(reasons_without_words(reason, _("Say why it is retired.")))
    if code.retired_at is not None:
        refuse([Reason("retired", _("This code was retired already."))])
    code.retired_at, code.retired_by, code.retired_reason = now, by, reason
    code.save(update_fields=["retired_at", "retired_by", "retired_reason"])
    changes = {"generated": [code.generated_at, None]}
    record_delivery(
        "lab-code-retired", delivery, changes, by=by, reason=reason, now=now
    )
    if delivery.state != DeliveryState.CANCELLED:
        follow_labs(delivery, by=by, now=now)
    return code


@transaction.atomic
def ask_extension(
    delivery: Delivery, until: datetime, *, note: str = "", by: User, now: datetime
) -> LabExtension:
    """R-12: note that the labs were asked to live longer.

    Raises RuleRefused while another request waits, and for a moment that is of no use.
    """
    situation, window = locked_situation(delivery)
    delivery = situation.delivery
    if situation.asked is not None:
        sentence = _("An extension was asked for already: enter the answer first.")
        refuse([Reason("asked", sentence)])
    refuse(reasons_against_asking(until, window, now=now))
    extension = LabExtension.objects.create(
        delivery=delivery, until=until, asked_at=now, asked_by=by, note=note
    )
    changes = {"until": [None, until]}
    record_delivery("lab-extension-asked", delivery, changes, by=by, now=now)
    follow_labs(delivery, by=by, now=now)
    return extension


@transaction.atomic
def decide_extension(
    extension: LabExtension,
    granted_until: datetime | None,
    *,
    note: str = "",
    by: User,
    now: datetime,
) -> LabExtension:
    """R-12: note what became of a request; None: it was refused.

    A grant lets the present code live longer, and takes the warning away where it is
    long enough. Raises RuleRefused for one that was answered already.
    """
    situation, window = locked_situation(extension.delivery)
    delivery = situation.delivery
    extension = LabExtension.objects.select_for_update(of=("self",)).get(
        pk=extension.pk
    )
    if extension.state != ExtensionState.ASKED:
        refuse([Reason("decided", _("The answer to this request is entered already."))])
    if granted_until is not None:
        refuse(reasons_against_grant(granted_until, window, now=now))
    save_decision(extension, granted_until, note, by=by, now=now)
    verb = "lab-extension-granted" if granted_until else "lab-extension-refused"
    changes: Changes = {"until": [None, granted_until]} if granted_until else {}
    record_delivery(verb, delivery, changes, by=by, now=now)
    let_live(situation, delivery)
    follow_labs(delivery, by=by, now=now)
    return extension


def save_decision(
    extension: LabExtension,
    granted_until: datetime | None,
    note: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Save the answer to a request."""
    is_granted = granted_until is not None
    extension.state = ExtensionState.GRANTED if is_granted else ExtensionState.REFUSED
    extension.granted_until = granted_until
    extension.decided_at, extension.decided_by = now, by
    extension.note = note or extension.note
    extension.save()


def let_live(before: LabSituation, delivery: Delivery) -> None:
    """R-12: let the present code die when the last word about it says."""
    window = lab_situation(delivery).window
    if before.code is None or window is None:
        return
    before.code.expires_at = window.expiry_of(before.code.generated_at)
    before.code.save(update_fields=["expires_at"])
