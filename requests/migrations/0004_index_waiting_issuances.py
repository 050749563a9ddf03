"""The signing sweeper looks every few seconds: only at what waits, however many certificates were issued before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0003_issued_with_certificate")]
    operations = [
        migrations.AddIndex(
            model_name="issuance",
            index=models.Index(
                condition=models.Q(("done_at", None), ("parked_at", None)),
                fields=["next_try_at"],
                name="issuance_waiting",
            ),
        ),
    ]
