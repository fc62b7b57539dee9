"""Mails: decided once, sent at most as often as their state says."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.outbox.choices import OPEN_STATES, Audience, State
from psdelivery.outbox.models.template import MailTemplate
from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        """Return what may leave now and that no living sender has claimed."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lt=now),
            state=State.READY,
            next_attempt_at__lte=now,
        )

    def expired(self, now: datetime) -> MessageQuerySet:
        """Return what was being sent when its lease ran out: outcome unknown."""
        return self.filter(state=State.SENDING, lease_until__lt=now)

    def to_compare(self, before: datetime) -> MessageQuerySet:
        """Return drafts whose facts nobody has looked at since that moment.

        Those longest ago come first; a range of an index, however much was sent.
        """
        drafts = self.filter(state__in=[State.DRAFT, State.STALE])
        return drafts.filter(compared_at__lt=before).order_by("compared_at", "id")

    def open(self) -> MessageQuerySet:
        """Return what somebody or something still has to act on."""
        return self.filter(state__in=sorted(OPEN_STATES))

    def addressed_to(self, email: str) -> MessageQuerySet:
        """Return what goes to this address, as To or as Cc."""
        mine = Recipient.objects.filter(address=email.lower())
        return self.filter(pk__in=mine.values("message"))


class Message(Labelled):
    """One mail: decided, and then sent at most as often as its state says."""

    # Also the Message-ID, so that a repeat is recognised by every mail system.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SlugField(_("kind"), max_length=60)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.READY
    )
    to = models.JSONField(_("to"), default=list)
    cc = models.JSONField(_("copy to"), default=list, blank=True)
    reply_to = models.CharField(_("reply to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    idempotency_key = models.CharField(max_length=200, unique=True)
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("engagement"),
    )
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.CharField(max_length=40, blank=True, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    thread_key = models.CharField(_("thread"), max_length=120, blank=True)
    is_secret = models.BooleanField(_("secret"), default=False)
    why = models.TextField(_("why this mail"), blank=True)
    # Why staff get it (`people.notifications`); empty for customers.
    reason = models.SlugField(_("reason"), max_length=40, blank=True)
    # The step that this mail does, where it does one.
    step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("step"),
    )
    template = models.ForeignKey(
        MailTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("template"),
    )
    # What the draft was made from, to make it again; and the facts it was made with.
    source = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    # When the facts of a draft were last compared with it.
    compared_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="outbox_message_due",
                condition=Q(state="ready"),
            ),
            models.Index(
                fields=["lease_until"],
                name="outbox_message_lease",
                condition=Q(state="sending"),
            ),
            models.Index(
                fields=["state", "-created_at"],
                name="outbox_message_open",
                condition=~Q(state__in=["sent", "kept", "elsewhere", "cancelled"]),
            ),
            models.Index(
                fields=["state", "compared_at", "id"],
                name="outbox_message_compared",
                condition=Q(compared_at__isnull=False),
            ),
            models.Index(fields=["-created_at", "-id"], name="outbox_message_newest"),
            models.Index(
                fields=["kind", "-created_at", "-id"], name="outbox_message_kind"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="outbox_message_state_is_known",
                violation_error_message=_("This is not a state of a message."),
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values),
                name="outbox_message_audience_is_known",
                violation_error_message=_("A message goes to staff or customers."),
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="outbox_message_sent_has_a_time",
                violation_error_message=_("A sent message has the time it left."),
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
                name="outbox_message_sending_has_a_lease",
                violation_error_message=_("A message being sent has a lease."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.id)

    def get_absolute_url(self) -> str:
        return address_of("outbox:message-detail", self.pk)

    @property
    def recipients(self) -> list[str]:
        return [*self.to, *self.cc]


class Recipient(models.Model):
    """An address of a message, so that "mail to me" is an index look-up."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="recipient_rows"
    )
    address = models.CharField(max_length=254, db_index=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "address"],
                name="outbox_recipient_once_per_message",
                violation_error_message=_("This address is already a recipient."),
            )
        ]

    def __str__(self) -> str:
        return self.address


class Attachment(models.Model):
    """A file that goes along with a mail; small, so that it lives in the row."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attachments"
    )
    filename = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("content type"), max_length=100)
    content = models.BinaryField(_("content"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.filename
