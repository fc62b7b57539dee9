"""Turn what teams said of bookings into bookings with days.

Eight hours on each day that the person works, or as many as they work, from the first
day on until the hours are used. Where that is more than a day has, the day is marked:
it was so before. What lacks a first day or hours was no booking that a schedule could
keep; the history tells what stood there.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from django.db import migrations

from psdelivery import clock
from psdelivery.calendars import Calendar, is_working_day, weekend_of

BATCH = 500
WEEK = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
A_DAY = Decimal(8)
ONE_DAY = timedelta(days=1)
SOFT_ENDS = timedelta(days=14)
# Four years; nobody was booked for longer in one go.
MOST_DAYS = 1461
WORDS = "Taken over from the team"
LOST = "A booking without a first day and hours was not taken over into the schedule."


class People:
    """What each person works on a day, by the tables as they are now."""

    def __init__(self, apps):
        self.hours = defaultdict(list)
        for row in apps.get_model("people", "WorkingHours").objects.all():
            self.hours[row.person_id].append(row)
        self.away = defaultdict(list)
        counting = apps.get_model("people", "TimeOff").objects.filter(
            state__in=["requested", "approved"]
        )
        for row in counting:
            self.away[row.person_id].append((row.starts_on, row.ends_on))

    def usual(self, person, day):
        calendar = Calendar(person.zone, person.country, person.subdivision)
        weekend = weekend_of(person.country)
        if day.weekday() not in weekend and not is_working_day(day, calendar):
            return Decimal(0)
        begun = [row for row in self.hours[person.pk] if row.valid_from <= day]
        if begun:
            row = max(begun, key=lambda one: one.valid_from)
            return getattr(row, WEEK[day.weekday()])
        return Decimal(0) if day.weekday() in weekend else A_DAY

    def is_away(self, person, day):
        return any(first <= day <= last for first, last in self.away[person.pk])

    def capacity(self, person, day):
        if not person.is_active or self.is_away(person, day):
            return Decimal(0)
        return self.usual(person, day)

    def days_of(self, member):
        days, left, day = {}, member.hours, member.first_day
        last = day + timedelta(days=MOST_DAYS)
        while left > 0 and day <= last:
            usual = self.usual(member.person, day)
            hours = min(left, usual, A_DAY)
            if hours > 0 and not self.is_away(member.person, day):
                days[day] = hours
                left -= hours
            day += ONE_DAY
        return days


def book_teams(apps, schema_editor):
    members = apps.get_model("engagements", "TeamMember").objects.order_by("pk")
    people, now = People(apps), clock.now()
    told = members.exclude(booking="", first_day=None, hours=None)
    for member in told.select_related("person").iterator(BATCH):
        is_whole = member.booking and member.first_day and member.hours
        days = people.days_of(member) if is_whole and member.person else {}
        if days:
            book(apps, people, member, days, now)
        else:
            forget(apps, member, now)


def book(apps, people, member, days, now):
    allocation = apps.get_model("scheduling", "Allocation").objects.create(
        engagement_id=member.engagement_id,
        role=member.role,
        person_id=member.person_id,
        hold=member.booking,
        starts_on=min(days),
        ends_on=max(days),
        hours=sum(days.values()),
        note=WORDS,
        expires_at=now + SOFT_ENDS if member.booking == "soft" else None,
        placed_at=now,
        changed_at=now,
    )
    rows = apps.get_model("scheduling", "AllocationDay")
    rows.objects.bulk_create(
        rows(
            allocation=allocation,
            person_id=member.person_id,
            day=day,
            hours=hours,
            hold=member.booking,
        )
        for day, hours in days.items()
    )
    for day, hours in days.items():
        count(apps, people, member, day, hours)
    member.first_day, member.hours = min(days), sum(days.values())
    member.save(update_fields=["first_day", "hours"])


def count(apps, people, member, day, hours):
    capacity_day = apps.get_model("scheduling", "CapacityDay")
    row = capacity_day.objects.filter(person_id=member.person_id, day=day).first()
    if row is None:
        row = capacity_day(
            person_id=member.person_id,
            day=day,
            capacity=people.capacity(member.person, day),
            off="" if member.person.is_active else "left",
        )
    if member.booking == "hard":
        row.hard += hours
    else:
        row.soft += hours
    row.overbooked = row.overbooked or row.hard > row.capacity
    row.save()


def forget(apps, member, now):
    before = {
        "booking": member.booking,
        "first_day": member.first_day and member.first_day.isoformat(),
        "hours": member.hours and str(member.hours),
    }
    member.booking, member.first_day, member.hours = "", None, None
    member.save(update_fields=["booking", "first_day", "hours"])
    apps.get_model("history", "Event").objects.create(
        at=now,
        verb="team-member-changed",
        engagement_id=member.engagement_id,
        changes={name: [old, ""] for name, old in before.items() if old},
        reason=LOST,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0003_answered_inquiries"),
        ("engagements", "0010_handoff"),
        ("history", "0003_append_only"),
        ("people", "0004_skill_key"),
    ]

    operations = [
        migrations.RunPython(book_teams, migrations.RunPython.noop),
    ]
