from django.db import migrations, models

# Until now every term was counted in working days: 10 was the normal class, 15 the extended one.
SAY_UNIT_AND_CLASS = """
UPDATE requests_certificaterequest
SET deadline_unit = 'working_day',
    deadline_class = CASE WHEN deadline_amount > 10 THEN 'extended' ELSE 'normal' END
WHERE deadline_amount IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0005_fee_paid_amount")]

    operations = [
        migrations.RenameField("certificaterequest", "deadline_days", "deadline_amount"),
        migrations.AlterField(
            "certificaterequest",
            "deadline_amount",
            models.PositiveSmallIntegerField(null=True, verbose_name="thời hạn"),
        ),
        migrations.AddField(
            "certificaterequest",
            "deadline_class",
            models.CharField(blank=True, max_length=10, default="", verbose_name="loại thời hạn"),
            preserve_default=False,
        ),
        migrations.AddField(
            "certificaterequest",
            "deadline_unit",
            models.CharField(blank=True, max_length=12, default="", verbose_name="đơn vị thời hạn"),
            preserve_default=False,
        ),
        migrations.RunSQL(SAY_UNIT_AND_CLASS, migrations.RunSQL.noop),
    ]
