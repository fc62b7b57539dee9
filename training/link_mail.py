"""The registration links of several classes in one mail (R-11)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.mails import contact_addressing
from psdelivery.access import Action
from psdelivery.outbox.access import may_write
from psdelivery.outbox.events import MessageSent
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.templates import Facts, Placeholder
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.outbox.templates import (
    Addressing,
    MailKind,
    Topic,
    mail_kind,
    register_mail,
)
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.step_mail import complete_with_mail, step_of
from psdelivery.registry import Reason, reactions, refuse
from training.access import visible_deliveries
from training.choices import DeliveryState, StepKey
from training.class_tabs import ClassCard, register_card
from training.mail_facts import delivery_facts, delivery_rows
from training.mails import (
    CLASS_PLACEHOLDERS,
    REGISTRATION_LINK,
    reasons_against_class_mail,
)
from training.models import Delivery, LinkMail
from training.rules.links import DueLink, told_together

KIND = "registration-links"


def open_link_steps(deliveries: Any) -> QuerySet[Step]:
    """Return the open steps that wait for the links of these classes."""
    return Step.objects.open().filter(
        checklist__delivery_owner__in=deliveries,
        key=StepKey.REGISTRATION_LINK,
        due_at__isnull=False,
    )


def links_with(delivery: Delivery) -> list[Delivery]:
    """R-11: return the classes whose links are due together with this one's.

    Empty where its own link does not wait. One query.
    """
    customer, contact = (
        delivery.engagement.customer_id,
        delivery.engagement.main_contact_id,
    )
    found = {row.pk: row for row in classes_with_open_link(customer, contact)}
    due = {
        pk: DueLink(pk, customer, contact, row.link_due) for pk, row in found.items()
    }
    if delivery.pk not in due:
        return []
    together = told_together(due[delivery.pk], due.values())
    return [found[link.delivery_id] for link in together]


def classes_with_open_link(customer: int, contact: int | None) -> QuerySet[Any]:
    """Return a contact's classes whose link waits, with `link_due`, its deadline."""
    steps = Step.objects.open().filter(
        checklist=OuterRef("checklist"),
        key=StepKey.REGISTRATION_LINK,
        due_at__isnull=False,
    )
    theirs = Delivery.objects.filter(
        engagement__customer=customer, engagement__main_contact=contact
    ).exclude(state=DeliveryState.CANCELLED)
    due = Subquery(steps.order_by("-pk").values("due_at")[:1])
    return theirs.annotate(link_due=due).filter(link_due__isnull=False)


def link_mail_rows() -> QuerySet[LinkMail]:
    """Return these mails with all that they read of their classes."""
    classes = delivery_rows().order_by("pk")
    return LinkMail.objects.prefetch_related(Prefetch("deliveries", queryset=classes))


def first_class(mail: LinkMail) -> Delivery:
    """Return the class in whose name the mail is written."""
    return next(iter(mail.deliveries.all()))


def waiting_classes(mail: LinkMail) -> list[Delivery]:
    """Return the classes of the mail whose link was not told yet."""
    classes = list(mail.deliveries.all())
    waiting = set(
        open_link_steps(classes).values_list("checklist__delivery_owner", flat=True)
    )
    return [delivery for delivery in classes if delivery.pk in waiting] or classes


def facts_of_links(mail: LinkMail) -> Facts:
    """Return what the mail says: each class with its sessions and its link."""
    classes = waiting_classes(mail)
    each = [delivery_facts(delivery) for delivery in classes]
    names = ("contact_name", "coordinator_name", "coordinator_email", "customer_name")
    lacking = any(not facts["registration_link"] for facts in each)
    late = [facts["late_note"] for facts in each if facts["late_note"]]
    return {
        **{name: each[0][name] for name in names},
        # with one link missing the whole of it is.
        "class_links": "" if lacking else "\n\n".join(map(class_lines, each)),
        "late_note": late[0] if late else "",
    }


def class_lines(facts: Facts) -> str:
    """Return the paragraph of one class: what, when, with whom, and its link."""
    teacher = facts["trainer_name"]
    lines = [
        f"**{facts['class_title']}**",
        facts["sessions"],
        _("With %(trainer)s.") % {"trainer": teacher} if teacher else "",
        _("Register here: %(link)s") % {"link": link_words(facts)},
    ]
    return "\n".join(line for line in lines if line)


def link_words(facts: Facts) -> str:
    """Return the link or the links of a class so that Markdown leaves them alone."""
    found = facts["registration_link"]
    return found if "\n" in found else f"<{found}>"


def lacking_link(mail: LinkMail) -> str:
    """Return where the first missing link of the mail is entered."""
    classes = waiting_classes(mail)
    lacking = (one for one in classes if not delivery_facts(one)["registration_link"])
    return reverse("training:delivery-link", args=[next(lacking, classes[0]).pk])


def reasons_against_links(mail: LinkMail, now: datetime) -> list[Reason]:
    """R-2: return what stands against telling the dates of any class of the mail."""
    found = (
        reason
        for delivery in waiting_classes(mail)
        for reason in reasons_against_class_mail(delivery, now)
    )
    return list({reason.code: reason for reason in found}.values())


def within_reach(user: User) -> QuerySet[LinkMail]:
    """Return the mails about classes that the person may see mail of."""
    classes = visible_deliveries(user, Action.OUTBOX_READ)
    return LinkMail.objects.filter(deliveries__in=classes).distinct()


def addressing_of(mail: LinkMail) -> Addressing:
    """To the main contact whom the classes share."""
    return contact_addressing(first_class(mail).engagement)


TOPIC = Topic(
    title=gettext_lazy("several classes"),
    rows=link_mail_rows,
    within=within_reach,
    matching=lambda words: Q(deliveries__title__icontains=words),
    engagement_of=lambda mail: first_class(mail).engagement,
    thread_of=lambda mail: first_class(mail).customer_thread,
    # It closes several steps and stands on none of them.
    of_step=lambda step: None,
    is_own_work=lambda user, mail: first_class(mail).trainer_id == user.pk,
)


def prepare_links(delivery: Delivery, *, by: User, now: datetime) -> Message:
    """R-11: draft one mail with the links that are due together with this class's.

    An open draft for the same classes is taken up again. Raises RuleRefused where
    there is nothing to tell together.
    """
    classes = links_with(delivery)
    if len(classes) < 2:
        sentence = _("No other link is due together with that of this class.")
        refuse([Reason("alone", sentence, delivery.get_absolute_url())])
    with one_transaction():
        mail = open_mail_of(classes) or new_mail(classes, by=by, now=now)
        return prepare_draft(KIND, mail, by=by, now=now)


def open_mail_of(classes: Iterable[Delivery]) -> LinkMail | None:
    """Return the newest mail about exactly these classes."""
    wanted = {delivery.pk for delivery in classes}
    near = LinkMail.objects.filter(deliveries__in=wanted).distinct()
    return next(
        (
            mail
            for mail in near.prefetch_related("deliveries")
            if {one.pk for one in mail.deliveries.all()} == wanted
        ),
        None,
    )


def new_mail(classes: Iterable[Delivery], *, by: User, now: datetime) -> LinkMail:
    """Write down which classes are told of together."""
    mail = LinkMail.objects.create(created_at=now, created_by=by)
    mail.deliveries.set(classes)
    return mail


def tick_links(event: MessageSent) -> None:
    """Tick the step of each class whose link has left with the mail."""
    if event.message.kind != KIND:
        return
    mail = LinkMail.objects.filter(pk=event.message.source.get("pk")).first()
    if mail is None:
        return
    for step in open_link_steps(mail.deliveries.all()).order_by("pk"):
        event.message.step_id = step.pk
        complete_with_mail(step_of(event.message), event)
    event.message.step_id = None


def links_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return the classes told of in one mail, where there are several."""
    classes = links_with(delivery)
    # Whoever may write the link of this class may write it together with others.
    kind = mail_kind(REGISTRATION_LINK)
    if len(classes) < 2 or kind is None:
        return None
    may = may_write(request.user, kind, delivery)
    return {"delivery": delivery, "classes": classes, "may_write": may}


def register_link_mail() -> None:
    """Enter the mail, its card on the class page, and what its leaving ticks."""
    names = ("contact_name", "coordinator_name", "coordinator_email", "customer_name")
    register_mail(
        MailKind(
            key=KIND,
            title=gettext_lazy("Registration links of several classes"),
            help=gettext_lazy("When links of one contact are due within three days."),
            topic=TOPIC,
            placeholders={
                **{name: CLASS_PLACEHOLDERS[name] for name in (*names, "late_note")},
                "class_links": Placeholder(
                    title=gettext_lazy("Classes with sessions and link"),
                    mended_at=lacking_link,
                    is_secret=True,
                    is_markdown=True,
                ),
            },
            facts=facts_of_links,
            addressing=addressing_of,
            against=reasons_against_links,
            closes_step=False,
        )
    )
    register_card(ClassCard("links", "training/links/_card.html", 15, links_card))
    reactions.register(MessageSent, tick_links)
