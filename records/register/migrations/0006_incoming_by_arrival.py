"""A paper is found again by what it says and when it came, whatever became of it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0005_living_guards'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='incominginformation',
            index=models.Index(fields=['digest', 'received_at'], name='incoming_by_arrival'),
        ),
    ]
