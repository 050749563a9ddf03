"""The papers of a request, their bytes and books; and the secret beside a request's code."""

import django.db.models.deletion
import django.utils.timezone
import requests.models.request
from django.conf import settings
from django.db import migrations, models

# Eight characters of Crockford base32, from the bytes of a random UUID that are random throughout.
SECRETS = """
UPDATE public.requests_certificaterequest AS request SET tracking_code = (
  SELECT string_agg(
    substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', get_byte(uuid_send(random.id), place) % 32 + 1, 1), '' ORDER BY place)
  FROM (SELECT gen_random_uuid() AS id WHERE request.id IS NOT NULL) AS random,
       unnest(ARRAY[0, 1, 2, 3, 4, 5, 7, 9]) AS place
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_person_key_set_once'),
        ('requests', '0010_attachment_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
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
                ('kind', models.CharField(choices=[('tracking_slip', 'Phiếu theo dõi hồ sơ'), ('receipt', 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả'), ('supplement_request', 'Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ'), ('refusal', 'Phiếu từ chối giải quyết hồ sơ'), ('control_slip', 'Phiếu kiểm soát quá trình giải quyết hồ sơ'), ('apology', 'Phiếu xin lỗi và hẹn lại ngày trả kết quả'), ('fee_receipt', 'Biên lai thu phí'), ('handover_slip', 'Giấy biên nhận trả kết quả'), ('processing_letter', 'Giấy xác nhận hồ sơ đang được giải quyết')], max_length=20, verbose_name='loại')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('number', models.PositiveIntegerField(null=True, verbose_name='số')),
                ('content', models.TextField(verbose_name='nội dung')),
                ('written_at', models.DateTimeField(verbose_name='lập lúc')),
                ('sha256', models.CharField(max_length=64, null=True)),
                ('size', models.PositiveIntegerField(null=True)),
                ('pages', models.PositiveSmallIntegerField(null=True)),
                ('template_version', models.CharField(max_length=40, null=True)),
                ('printed_at', models.DateTimeField(null=True, verbose_name='in lúc')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.authority')),
            ],
            options={
                'ordering': ('request', 'seq'),
            },
        ),
        # A default of the column would give all old requests the same secret.
        migrations.AddField(
            model_name='certificaterequest',
            name='tracking_code',
            field=models.CharField(editable=False, max_length=8, null=True),
        ),
        migrations.RunSQL(SECRETS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='certificaterequest',
            name='tracking_code',
            field=models.CharField(default=requests.models.request.new_tracking_code, editable=False, max_length=8),
        ),
        migrations.CreateModel(
            name='PaperBytes',
            fields=[
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='bytes', serialize=False, to='requests.paper')),
                ('pdf', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='paper',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='requests.certificaterequest'),
        ),
        migrations.AddField(
            model_name='paper',
            name='signed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paper',
            name='step',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='requests.requeststep'),
        ),
        migrations.CreateModel(
            name='PaperBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('last_number', models.PositiveIntegerField(default=0)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.authority')),
            ],
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(condition=models.Q(('done_at', None), ('parked_at', None)), fields=['next_try_at'], name='paper_waiting'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('request', 'seq'), name='paper_seq'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('step', 'kind'), name='paper_once_a_step'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('authority', 'kind', 'year', 'number'), name='paper_number_used_once'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(('number__isnull', True), ('number__gte', 1), _connector='OR'), name='paper_number_from_one'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('printed_at__isnull', True), ('sha256__isnull', True), ('size__isnull', True)), models.Q(('done_at__isnull', False), ('printed_at__isnull', False), ('sha256__isnull', False), ('size__isnull', False)), _connector='OR'), name='paper_done_is_printed'),
        ),
        migrations.AddConstraint(
            model_name='paperbook',
            constraint=models.UniqueConstraint(fields=('authority', 'kind', 'year'), name='paper_book_year'),
        ),
    ]
