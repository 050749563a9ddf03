"""Beside each name stand the spouse, all numbers and the register_id; `manage.py rebuild_keys` fills them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0006_incoming_by_arrival'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='nameonfile', name='alike_born_then'),
        migrations.RemoveField(model_name='nameonfile', name='citizen_number'),
        migrations.AddField(model_name='nameonfile', name='spouse', field=models.TextField(null=True)),
        migrations.AddField(model_name='nameonfile', name='citizen_numbers', field=models.TextField(null=True)),
        migrations.AddField(model_name='nameonfile', name='other_numbers', field=models.TextField(null=True)),
        migrations.AddField(
            model_name='nameonfile', name='register_id', field=models.TextField(default=''), preserve_default=False
        ),
        migrations.AddIndex(
            model_name='nameonfile',
            index=models.Index(fields=['born', 'province', 'sex'], include=['person', 'name'], name='names_born_then'),
        ),
    ]
