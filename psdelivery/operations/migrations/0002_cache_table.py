from django.core.management import call_command
from django.db import migrations


def forwards(apps, schema_editor):
    # Only where the cache stands in the database, as in the embedded default; a table
    # that is there already is left alone.
    call_command("createcachetable", verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ("operations", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
