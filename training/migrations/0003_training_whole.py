import django.core.validators
import django.db.models.deletion
import psdelivery.people.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_private'),
        ('engagements', '0014_turns_in_days'),
        ('livetext', '0001_initial'),
        ('outbox', '0005_notices_of_a_morning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('playbooks', '0005_step_opens_with_an_anchor'),
        ('scheduling', '0009_hours'),
        ('training', '0002_host_of_a_class'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attendee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, validators=[psdelivery.people.validators.validate_line])),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('source', models.CharField(choices=[('registration', 'registration report'), ('report', 'attendee report'), ('hand', 'entered by hand')], max_length=12)),
                ('registered_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='training.delivery')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('delivery', 'email'), name='attendee_email_once', violation_error_message='This address is on the roster already.')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='training.session')),
                ('attendee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='training.attendee')),
            ],
            options={
                'ordering': ['session__starts_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('attendee', 'session'), name='attendance_once'), models.CheckConstraint(condition=models.Q(('left_at__isnull', True), ('joined_at__isnull', True), ('left_at__gte', models.F('joined_at')), _connector='OR'), name='attendance_in_order')],
            },
        ),
        migrations.CreateModel(
            name='AttendeeAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, validators=[psdelivery.people.validators.validate_line])),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('attendee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='training.attendee')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('attendee', 'name', 'email'), name='attendee_alias_once'), models.CheckConstraint(condition=models.Q(('email', ''), ('name', ''), _negated=True), name='attendee_alias_says_something')],
            },
        ),
        migrations.CreateModel(
            name='AttendeeReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registration', 'registration report'), ('attendee', 'attendee report')], max_length=12)),
                ('file_name', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('imported_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='training.delivery')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='documents.document')),
                ('imported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='training.session')),
            ],
            options={
                'ordering': ['-imported_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'attendee'), _negated=True), ('session__isnull', False), _connector='OR'), name='attendee_report_has_its_session', violation_error_message='Say which session the report tells of.')],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('title', models.CharField(max_length=200, validators=[psdelivery.people.validators.validate_line])),
                ('help', models.TextField(blank=True, validators=[psdelivery.people.validators.validate_text])),
                ('points', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)])),
                ('is_active', models.BooleanField(default=True)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='training.course')),
            ],
            options={
                'verbose_name_plural': 'criteria',
                'ordering': ['order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('points__gte', 1), ('points__lte', 100)), name='criterion_points_fit', violation_error_message='A line has 1 to 100 points.')],
            },
        ),
        migrations.CreateModel(
            name='DateProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, validators=[psdelivery.people.validators.validate_line])),
                ('state', models.CharField(choices=[('draft', 'draft'), ('sent', 'sent, waits for the customer'), ('confirmed', 'confirmed'), ('lapsed', 'lapsed without an answer'), ('withdrawn', 'taken back')], default='draft', max_length=9)),
                ('zone', models.CharField(max_length=60, validators=[psdelivery.people.validators.validate_zone])),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('answer_by', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('checklist', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='date_proposal_owner', to='playbooks.checklist')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='training.course')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposal', to='training.delivery')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='date_proposals', to='engagements.engagement')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'sent')), fields=['answer_by'], name='date_proposal_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('answer_by__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='date_proposal_sent_has_its_end')],
            },
        ),
        migrations.CreateModel(
            name='DateOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('is_chosen', models.BooleanField(default=False)),
                ('allocation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='date_option', to='scheduling.allocation')),
                ('trainer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='training.dateproposal')),
            ],
            options={
                'ordering': ['order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'order'), name='date_option_order_once'), models.UniqueConstraint(condition=models.Q(('is_chosen', True)), fields=('proposal',), name='date_option_one_chosen')],
            },
        ),
        migrations.CreateModel(
            name='EventPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choices', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=0)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='event_plan', to='training.delivery')),
                ('sheet', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='event_plan', to='livetext.livesheet')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='EventPlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('texts', models.JSONField(default=dict)),
                ('note', models.CharField(blank=True, max_length=300, validators=[psdelivery.people.validators.validate_text])),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='training.eventplan')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='event_plan_version_once')],
            },
        ),
        migrations.CreateModel(
            name='FormImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('header', models.JSONField(blank=True, default=list)),
                ('rows', models.JSONField(blank=True, default=list)),
                ('columns', models.JSONField(blank=True, default=dict)),
                ('zone', models.CharField(max_length=60, validators=[psdelivery.people.validators.validate_zone])),
                ('date_order', models.CharField(blank=True, choices=[('ymd', 'year first (2027-03-10)'), ('dmy', 'day first (10/03/2027)'), ('mdy', 'month first (3/10/2027)')], max_length=3)),
                ('with_strangers', models.BooleanField(default=False)),
                ('uploaded_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('entered', models.PositiveIntegerField(default=0)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='form_imports', to='training.delivery')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-uploaded_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['uploaded_at'], name='form_import_waiting')],
            },
        ),
        migrations.CreateModel(
            name='LabCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, validators=[psdelivery.people.validators.validate_line])),
                ('generated_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('seats', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)])),
                ('entered_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('retired_reason', models.CharField(blank=True, max_length=300, validators=[psdelivery.people.validators.validate_line])),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lab_codes', to='training.delivery')),
                ('generated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retired_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-generated_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('retired_at__isnull', True)), fields=['expires_at'], name='lab_code_living')],
                'constraints': [models.UniqueConstraint(fields=('code',), name='lab_code_once', violation_error_message='This code is entered already.'), models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('delivery',), name='lab_code_one_for_a_class', violation_error_message='The class has a code already.'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('generated_at'))), name='lab_code_expires_after_generation', violation_error_message='The code expires before it is made.')],
            },
        ),
        migrations.CreateModel(
            name='LabExtension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'asked for'), ('granted', 'granted'), ('refused', 'refused')], default='asked', max_length=8)),
                ('until', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('granted_until', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.TextField(blank=True, validators=[psdelivery.people.validators.validate_text])),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lab_extensions', to='training.delivery')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'granted'), _negated=True), ('granted_until__isnull', False), _connector='OR'), name='lab_extension_granted_until', violation_error_message='Say until when it was granted.')],
            },
        ),
        migrations.CreateModel(
            name='LinkMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deliveries', models.ManyToManyField(related_name='link_mails', to='training.delivery')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.PositiveSmallIntegerField()),
                ('most', models.PositiveSmallIntegerField()),
                ('note', models.CharField(blank=True, max_length=300, validators=[psdelivery.people.validators.validate_line])),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.criterion')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='training.submission')),
            ],
            options={
                'ordering': ['criterion__order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'criterion'), name='mark_once_per_line'), models.CheckConstraint(condition=models.Q(('points__lte', models.F('most'))), name='mark_within_the_line', violation_error_message='This is more than the line gives.')],
            },
        ),
        migrations.CreateModel(
            name='ParkedQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000)),
                ('asked_by', models.CharField(blank=True, max_length=120, validators=[psdelivery.people.validators.validate_line])),
                ('parked_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parked_questions', to='training.delivery')),
                ('parked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='parked_question', to='playbooks.step')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PlanningMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('zone', models.CharField(max_length=60, validators=[psdelivery.people.validators.validate_zone])),
                ('location', models.CharField(blank=True, max_length=500, validators=[psdelivery.people.validators.validate_line])),
                ('held_on', models.DateField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deliveries', models.ManyToManyField(related_name='planning_meetings', to='training.delivery')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planning_meetings', to='engagements.engagement')),
                ('invitation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='outbox.invitation')),
            ],
            options={
                'ordering': ['-starts_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='planning_meeting_in_order', violation_error_message='The meeting ends before it starts.')],
            },
        ),
        migrations.CreateModel(
            name='PlanningAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('waiting', 'no answer yet'), ('accepted', 'comes'), ('move', 'asks to move it')], default='waiting', max_length=8)),
                ('words', models.CharField(blank=True, max_length=500, validators=[psdelivery.people.validators.validate_line])),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='training.planningmeeting')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='planning_answer_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'move'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='planning_answer_says_when', violation_error_message='Say when it would suit you.')],
            },
        ),
        migrations.CreateModel(
            name='ProposedSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('option', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='training.dateoption')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='proposed_session_in_order', violation_error_message='The session ends before it starts.'), models.UniqueConstraint(fields=('option', 'starts_at'), name='proposed_session_start_once')],
            },
        ),
        migrations.CreateModel(
            name='RegistrationCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted_on', models.DateField()),
                ('registered', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(5000)])),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='training.delivery')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('joins', models.JSONField(default=list)),
                ('minutes', models.PositiveIntegerField(default=0)),
                ('registered_at', models.DateTimeField(blank=True, null=True)),
                ('fate', models.CharField(choices=[('matched', 'known attendee'), ('new', 'new attendee'), ('doubtful', 'to be decided'), ('ignored', 'left out')], max_length=8)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('attendee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='report_rows', to='training.attendee')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='training.attendeereport')),
            ],
            options={
                'ordering': ['number', 'pk'],
                'indexes': [models.Index(condition=models.Q(('fate', 'doubtful')), fields=['report'], name='report_row_doubtful')],
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='report_row_number_once')],
            },
        ),
        migrations.CreateModel(
            name='SeatOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seats', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)])),
                ('state', models.CharField(choices=[('asked', 'asked of the customer'), ('ordered', 'ordered'), ('declined', 'not wanted')], default='asked', max_length=8)),
                ('reference', models.CharField(blank=True, max_length=120, validators=[psdelivery.people.validators.validate_line])),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seat_orders', to='training.delivery')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('delivery',), name='seat_order_one_open', violation_error_message='An order of extra seats is open already.')],
            },
        ),
        migrations.CreateModel(
            name='SurveyResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                ('score', models.DecimalField(decimal_places=2, max_digits=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_results', to='training.delivery')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='survey_score_on_its_scale', violation_error_message='The mean is between 1 and 5.')],
            },
        ),
        migrations.CreateModel(
            name='TrainerBooking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_travel', models.BooleanField(default=False)),
                ('allocation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='trainer_booking', to='scheduling.allocation')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trainer_bookings', to='training.delivery')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TrainerCertification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('learning', 'on the way'), ('certified', 'certified'), ('withdrawn', 'withdrawn')], default='learning', max_length=9)),
                ('certified_on', models.DateField(blank=True, null=True)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300, validators=[psdelivery.people.validators.validate_line])),
                ('checklist', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trainer_certification_owner', to='playbooks.checklist')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainer_certifications', to='training.course')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainer_certifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['course__title', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('person', 'course'), name='trainer_certification_once', violation_error_message='There is an entry for this course already.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'certified'), _negated=True), ('certified_on__isnull', False), _connector='OR'), name='trainer_certified_on_a_day', violation_error_message='Say on which day it was given.'), models.CheckConstraint(condition=models.Q(('expires_on__isnull', True), ('certified_on__isnull', True), ('expires_on__gte', models.F('certified_on')), _connector='OR'), name='trainer_certification_in_order', violation_error_message='It ends before it was given.')],
            },
        ),
        migrations.CreateModel(
            name='TrainerProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('has_demo_account', models.BooleanField(default=False)),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='trainer_profile', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='submission',
            name='submission_result_has_its_moment',
        ),
        migrations.AddField(
            model_name='course',
            name='badge_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='course',
            name='slides_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='course',
            name='slides_version',
            field=models.CharField(blank=True, max_length=40, validators=[psdelivery.people.validators.validate_line]),
        ),
        migrations.AddField(
            model_name='course',
            name='video_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='delivery',
            name='alternative_host',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delivery',
            name='recording_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='delivery',
            name='registrant_limit',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='roster_in_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='roster_in_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delivery',
            name='survey_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='session',
            name='join_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='session',
            name='registration_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='submission',
            name='badge_url',
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='submission',
            name='form_score',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)]),
        ),
        migrations.AddField(
            model_name='submission',
            name='response_key',
            field=models.CharField(blank=True, max_length=120, validators=[psdelivery.people.validators.validate_line]),
        ),
        migrations.AddField(
            model_name='submission',
            name='resubmits',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='resubmission', to='training.submission'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='result',
            field=models.CharField(choices=[('waiting', 'waiting for review'), ('passed', 'passed'), ('not_passed', 'not passed'), ('withdrawn', 'withdrawn')], default='waiting', max_length=12),
        ),
        migrations.AddField(
            model_name='submission',
            name='attendee',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to='training.attendee'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(condition=models.Q(('result', 'waiting')), fields=['submitted_at'], name='submission_waiting'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('response_key', ''), _negated=True), fields=('delivery', 'response_key'), name='submission_response_once', violation_error_message='This response is already entered.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('result__in', ['waiting', 'withdrawn'])), models.Q(models.Q(('result__in', ['waiting', 'withdrawn']), _negated=True), ('released_at__isnull', False)), _connector='OR'), name='submission_result_has_its_moment'),
        ),
    ]
