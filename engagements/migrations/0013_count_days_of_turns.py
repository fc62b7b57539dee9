from zoneinfo import ZoneInfo

from django.db import migrations

BATCH = 500


def day_number(at, zone):
    """Return the number of the day that it is at a moment in a zone."""
    return at.astimezone(ZoneInfo(zone or "UTC")).date().toordinal()


def count_days(apps, schema_editor):
    """Write the days of each turn on the calendar of its customer."""
    BallPeriod = apps.get_model("engagements", "BallPeriod")
    turns = BallPeriod.objects.select_related("engagement__customer").order_by("pk")
    found = []
    for turn in turns.iterator(chunk_size=BATCH):
        zone = turn.engagement.customer.zone
        turn.first_day = day_number(turn.since, zone)
        turn.end_day = day_number(turn.until, zone) if turn.until else None
        found.append(turn)
        if len(found) == BATCH:
            BallPeriod.objects.bulk_update(found, ["first_day", "end_day"])
            found = []
    BallPeriod.objects.bulk_update(found, ["first_day", "end_day"])


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0012_days_of_turns"),
    ]

    operations = [
        migrations.RunPython(count_days, migrations.RunPython.noop),
    ]
