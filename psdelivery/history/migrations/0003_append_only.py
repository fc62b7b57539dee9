from django.db import migrations

from psdelivery.history.triggers import create_first_triggers, drop_triggers


def forwards(apps, schema_editor):
    create_first_triggers(schema_editor.connection)


def backwards(apps, schema_editor):
    drop_triggers(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("history", "0002_initial"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
