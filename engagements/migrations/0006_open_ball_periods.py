"""Begin the turns of engagements that were there before turns were kept."""

from django.db import migrations

BATCH = 2_000


def open_periods(apps, schema_editor):
    engagement = apps.get_model("engagements", "Engagement")
    period = apps.get_model("engagements", "BallPeriod")
    rows = engagement.objects.filter(ball_periods__isnull=True)
    found = rows.values_list("pk", "ball_with", "ball_since").iterator(BATCH)
    period.objects.bulk_create(
        (
            period(engagement_id=pk, party=party, since=since)
            for pk, party, since in found
        ),
        batch_size=BATCH,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("engagements", "0005_ball_periods"),
    ]

    operations = [
        migrations.RunPython(open_periods, migrations.RunPython.noop),
    ]
