"""Reports on health, and the rhythm of a dedicated engineer."""

from django.urls import reverse

from engagements.choices import Kind, Status
from engagements.execution.models import HealthReport
from engagements.models import Engagement
from tests.execution.health import GREEN, YELLOW
from tests.factories.engagements import NOW, EngagementFactory
from tests.fuzz.bodies import Body, always, at


def active(name):
    """The address of a view of the engagement, which is at work."""
    address = at(name, "consulting")

    def make(world, client=None):
        work = Engagement.objects.filter(pk=world.consulting.pk)
        work.update(status=Status.ACTIVE)
        return address(world)

    return make


REPORT = YELLOW | {
    "summary": "On its way",
    "done": "One\nTwo",
    "coming": "Three",
    "actions": "Ada: access",
    "risks": "High: vendor",
    "absences": "Nobody",
    "internal_note": "They are nervous",
    "seen": "0",
}


def report_of(world):
    """The address of a report that is made for it."""
    return HealthReport.objects.create(
        engagement=world.consulting,
        day=NOW.date(),
        version=world.consulting.health_reports.count() + 1,
        is_latest=not world.consulting.health_reports.exists(),
        by=world.me,
        at=NOW,
        **GREEN,
    )


def mail_of(world, client=None):
    return reverse("execution:health-mail", args=[report_of(world).pk])


def page_of_report(world):
    made = world.consulting.health_reports.order_by("pk").last()
    return (made or report_of(world)).get_absolute_url()


def dedicated(name, *args):
    """The address of a view of a dedicated engineer's time."""

    def make(world, client=None):
        known = Engagement.objects.filter(kind=Kind.DEDICATED).first()
        work = known or EngagementFactory(
            kind=Kind.DEDICATED,
            status=Status.ACTIVE,
            title="Months",
            customer=world.consulting.customer,
            region=world.consulting.region,
        )
        return reverse(name, args=[work.pk, *args])

    return make


GOALS = {
    f"{field}_{n}": words
    for n in range(3)
    for field, words in (("text", f"Goal {n}"), ("measure", "Seen"), ("note", "Ok"))
}

HEALTH = {
    "execution:goals-edit": Body(
        dedicated("execution:goals-edit", 2027, 2), always(**GOALS)
    ),
    "execution:summary-edit": Body(
        dedicated("execution:summary-edit", 2027, 2, 5),
        always(done="One\nTwo", coming="Three", obstacles="Four"),
    ),
    "execution:hours-review": Body(
        dedicated("execution:hours-review", 2027, 2), always(note="More in\nMarch")
    ),
    "execution:renewal-decide": Body(
        dedicated("execution:renewal-decide"),
        always(decision="renew", note="They want\nmore"),
    ),
    "execution:health-mail": Body(mail_of, form_on=page_of_report),
    "execution:health-add": Body(active("execution:health-add"), always(**REPORT)),
}
