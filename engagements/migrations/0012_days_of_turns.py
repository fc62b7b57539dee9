from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_ball_of_steps"),
    ]

    operations = [
        migrations.AddField(
            model_name="ballperiod",
            name="first_day",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="ballperiod",
            name="end_day",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
