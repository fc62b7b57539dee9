import uuid

from django.conf import settings
from django.db import migrations, models

BATCH = 1000


def number_series(apps, schema_editor):
    """Give each document a series of its own; a default would be one for all."""
    Document = apps.get_model("documents", "Document")
    rows = []
    for row in Document.objects.only("pk").iterator(BATCH):
        row.series = uuid.uuid4()
        rows.append(row)
    Document.objects.bulk_update(rows, ["series"], batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_initial'),
        ('engagements', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='is_current',
            field=models.BooleanField(default=True, verbose_name='newest version'),
        ),
        migrations.AddField(
            model_name='document',
            name='series',
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.AddField(
            model_name='document',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='version'),
        ),
        migrations.RunPython(number_series, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='document',
            name='series',
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('series', 'version'), name='document_version_once'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('series',), name='document_one_current_version'),
        ),
    ]
