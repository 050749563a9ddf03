"""The day whose law binds a request: of those received before this version, the day that the portal went by so far."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import TruncDate

from lltp_portal.calendars.working_days import LOCAL

LAST_DAY_OF_P2 = "2025-02-28"


def keep_the_law_of_receipt(apps, schema_editor):
    received = apps.get_model("requests", "CertificateRequest").objects.filter(received_at__isnull=False)
    day = TruncDate("received_at", tzinfo=LOCAL) if settings.LLTP_REGIME == "calendar" else LAST_DAY_OF_P2
    received.update(law_day=day)


class Migration(migrations.Migration):
    dependencies = [("requests", "0022_one_receipt_number")]
    operations = [
        migrations.AddField(
            model_name="certificaterequest",
            name="law_day",
            field=models.DateField(null=True, verbose_name="ngày áp dụng quy định"),
        ),
        migrations.RunPython(keep_the_law_of_receipt, migrations.RunPython.noop),
    ]
