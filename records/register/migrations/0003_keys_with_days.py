"""Keys stand beside the day of birth, names are found by their letters, and the register knows by which scheme.

Keys that stood there cannot be turned into the new ones: a register with people in it answers `partial` until
`manage.py rebuild_keys` has run. An empty one has nothing to rebuild.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

SCHEME = 2
FIRST_SCHEME = f"""
INSERT INTO public.register_keyscheme (id, version)
SELECT 1, CASE WHEN EXISTS (SELECT FROM public.register_registerperson) THEN 0 ELSE {SCHEME} END
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0002_register'),
    ]

    operations = [
        migrations.DeleteModel(name='MatchKey'),
        migrations.CreateModel(
            name='MatchKey',
            fields=[
                ('pk', models.CompositePrimaryKey('key', 'born', 'person', blank=True, editable=False, primary_key=True, serialize=False)),
                ('key', models.BigIntegerField()),
                ('born', models.DateField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_keys', to='register.registerperson')),
            ],
        ),
        migrations.CreateModel(
            name='NameOnFile',
            fields=[
                ('pk', models.CompositePrimaryKey('person', 'name', blank=True, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('born', models.DateField()),
                ('sex', models.CharField(max_length=10, null=True)),
                ('province', models.TextField(null=True)),
                ('father', models.TextField(null=True)),
                ('mother', models.TextField(null=True)),
                ('citizen_number', models.CharField(max_length=12, null=True)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='names_on_file', to='register.registerperson')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['born', 'name'], name='alike_born_then', opclasses=['gist_date_ops', 'gist_trgm_ops(siglen=32)'])],
            },
        ),
        migrations.CreateModel(
            name='KeyScheme',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_key_scheme')],
            },
        ),
        migrations.RunSQL(FIRST_SCHEME, migrations.RunSQL.noop),
    ]
