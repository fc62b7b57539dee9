import django.db.models.deletion
import psdelivery.people.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0014_turns_in_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('playbooks', '0005_step_opens_with_an_anchor'),
        ('scheduling', '0008_expiring_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='HoursWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends_on', models.DateField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('checklist', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hours_week_owner', to='playbooks.checklist')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours_weeks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-ends_on', 'person'],
                'constraints': [models.UniqueConstraint(fields=('person', 'ends_on'), name='hours_week_once')],
            },
        ),
        migrations.CreateModel(
            name='HoursPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'not confirmed'), ('submitted', 'waits for approval'), ('returned', 'sent back'), ('approved', 'approved')], default='draft', max_length=9)),
                ('source', models.CharField(choices=[('portal', 'confirmed in the portal'), ('imported', 'imported')], default='portal', max_length=8)),
                ('hours', models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ('waits_for_release', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True, validators=[psdelivery.people.validators.validate_text])),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('returned_reason', models.TextField(blank=True, validators=[psdelivery.people.validators.validate_text])),
                ('version', models.PositiveIntegerField(default=1)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours_parts', to='engagements.engagement')),
                ('week', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='scheduling.hoursweek')),
            ],
            options={
                'ordering': ['week', 'pk'],
                'indexes': [models.Index(fields=['engagement', 'state'], name='hours_part_by_engagement')],
                'constraints': [models.UniqueConstraint(fields=('week', 'engagement'), name='hours_part_once'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'portal'), ('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='hours_part_approved_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='HoursEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5)),
                ('note', models.CharField(blank=True, max_length=200, validators=[psdelivery.people.validators.validate_line])),
                ('is_counter', models.BooleanField(default=False)),
                ('external_key', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='scheduling.hourspart')),
            ],
            options={
                'ordering': ['day', 'pk'],
                'indexes': [models.Index(models.F('day'), name='hours_entry_by_day')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_counter', False)), fields=('part', 'day'), name='hours_entry_once_a_day'), models.UniqueConstraint(condition=models.Q(('external_key', ''), _negated=True), fields=('external_key',), name='hours_entry_imported_once'), models.CheckConstraint(condition=models.Q(('is_counter', True), ('hours__gte', 0), _connector='OR'), name='hours_entry_not_negative', violation_error_message='Hours are not negative.'), models.CheckConstraint(condition=models.Q(('hours__gte', -24), ('hours__lte', 24)), name='hours_entry_within_a_day', violation_error_message='A day has 24 hours.'), models.CheckConstraint(condition=models.Q(('is_counter', False), models.Q(('note', ''), _negated=True), _connector='OR'), name='hours_entry_counter_says_why', violation_error_message='Say why it is corrected.')],
            },
        ),
    ]
