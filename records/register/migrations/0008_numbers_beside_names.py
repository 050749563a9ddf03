"""One number stands in the index of names by day and place: another one is ruled out before letters are compared."""

from django.db import migrations, models
from django.db.models import Case, When
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0007_beside_each_name'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='nameonfile', name='names_born_then'),
        migrations.AddField(
            model_name='nameonfile',
            name='only_citizen_number',
            field=models.GeneratedField(
                db_persist=True,
                expression=Case(When(Exact(Length('citizen_numbers'), 12), then='citizen_numbers')),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.AddIndex(
            model_name='nameonfile',
            index=models.Index(
                fields=['born', 'province', 'sex'],
                include=['person', 'name', 'only_citizen_number'],
                name='names_born_there',
            ),
        ),
    ]
