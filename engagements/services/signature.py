"""What follows when the customer's signature is withdrawn, and when it comes again."""

from datetime import datetime

from django.utils.translation import gettext as _

from engagements.choices import Booking, Condition
from engagements.models import Engagement, GateCondition, TeamMember
from engagements.services.approvals import (
    News,
    Question,
    ask_manager,
    close_question,
    tell,
)
from psdelivery.people.models import User
from psdelivery.playbooks.choices import Phase


def ask_about_bookings(
    condition: GateCondition, *, by: User, reason: str, now: datetime
) -> None:
    """R-2: a signature withdrawn gives the practice manager a step; bookings stay."""
    if condition.code != Condition.CUSTOMER_SIGNATURE:
        return
    engagement = condition.engagement
    lines = (
        _("%(person)s withdrew the customer's signature: %(reason)s")
        % {"person": by, "reason": reason},
        words_of_bookings(engagement),
        _("Get it again, keep the bookings at risk, make them soft, or release them."),
    )
    url = f"{engagement.get_absolute_url()}gate/"
    title = _("The customer's signature was withdrawn: decide on the bookings")
    question = Question(
        title=title, instructions="\n\n".join(lines), url=url, phase=Phase.INITIATE
    )
    condition.withdrawal_step = ask_manager(engagement, question, by=by, now=now)
    condition.save(update_fields=["withdrawal_step"])
    tell_manager(condition, title, lines, by=by, now=now)


def words_of_bookings(engagement: Engagement) -> str:
    """Name who is booked hard, as the step and the mail say it."""
    booked = TeamMember.objects.filter(engagement=engagement, booking=Booking.HARD)
    names = ", ".join(
        f"{member.person} ({member.get_role_display()})"
        for member in booked.select_related("person").order_by("pk")
    )
    if not names:
        return _("Nobody is booked hard.")
    return _("Booked hard before the gate closed: %(names)s.") % {"names": names}


def tell_manager(
    condition: GateCondition,
    title: str,
    lines: tuple[str, ...],
    *,
    by: User,
    now: datetime,
) -> None:
    """Mail whoever has the step."""
    step = condition.withdrawal_step
    owner = step and (step.assignee or step.pool)
    news = News(
        subject=condition,
        event=f"withdrawn-{now:%Y%m%dT%H%M%S}",
        engagement=condition.engagement,
        title=title,
        lines=lines,
        url=f"{condition.engagement.get_absolute_url()}gate/",
        why=_("You decide on the bookings of this practice."),
    )
    tell(news, [owner] if owner else [], by=by, now=now)


def settle_withdrawal(
    condition: GateCondition, *, by: User | None, now: datetime
) -> None:
    """Tick the manager's step once the signature is on file again."""
    if condition.withdrawal_step_id is not None:
        words = _("The signature is on file again.")
        close_question(condition.withdrawal_step, words, by=by, now=now)
