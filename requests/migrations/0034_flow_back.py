"""Confirmed judgments that wait to be taken in by who keeps the register."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0033_document_scan_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='FlowBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('crashes', models.PositiveSmallIntegerField(default=0)),
                ('lease_no', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('parked_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('last_cause', models.CharField(blank=True, max_length=300)),
                ('seq', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(blank=True, choices=[('delivered', 'Đã chuyển'), ('overtaken', 'Không chuyển: quyết định đã được thay')], max_length=10)),
                ('paper', models.CharField(blank=True, max_length=12)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='flow_back', to='requests.answerdecision')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flow_backs', to='requests.certificaterequest')),
            ],
            options={
                'ordering': ('request', 'seq'),
                'indexes': [models.Index(condition=models.Q(('done_at', None), ('parked_at', None)), fields=['next_try_at'], name='flow_back_waiting')],
                'constraints': [models.UniqueConstraint(fields=('request', 'seq'), name='flow_back_seq'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('outcome', ''), ('paper', '')), models.Q(('done_at__isnull', False), ('outcome', 'delivered'), models.Q(('paper', ''), _negated=True)), models.Q(('done_at__isnull', False), ('outcome', 'overtaken'), ('paper', '')), _connector='OR'), name='flow_back_ends_with_its_paper')],
            },
        ),
    ]
