"""Trigrams for names, ranges beside them, text without marks: trusted extensions, so the database's owner may."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(f"CREATE EXTENSION IF NOT EXISTS {name}", migrations.RunSQL.noop)
        for name in ("pg_trgm", "btree_gist", "unaccent")
    ]
