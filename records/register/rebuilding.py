"""Makes every key of the register anew after the rules in records/keys.py changed; people are not touched."""

from collections.abc import Callable

from django.db import connections, transaction

from records.keys import SCHEME
from records.register import loading, queries
from records.register.models import KeyScheme
from records.register.preparing import CHILDREN, copy_line

KEY_TABLES = ("register_matchkey", "register_nameonfile")
PAGE = 1000
NOT_YET = 0


def rebuild_keys(*, on_progress: Callable[[int], None]) -> int:
    """How many people have new keys. Every answer is partial until the last of them has; safe to cut and run again."""
    done = 0
    with loading.alone():
        KeyScheme.objects.set_to(NOT_YET)
        for page in queries.pages(PAGE):
            _replace_keys(page)
            done += len(page)
            on_progress(done)
        KeyScheme.objects.set_to(SCHEME)
    return done


def _replace_keys(page) -> None:
    central = connections["central"]
    with transaction.atomic(using="central"), central.cursor() as cursor, central.wrap_database_errors:
        for table in KEY_TABLES:
            _, rows_of = CHILDREN[table]
            cursor.execute(f"DELETE FROM public.{table} WHERE person_id = ANY(%s)", [[pk for pk, _ in page]])
            loading.copy_rows(cursor, table, ((pk, map(copy_line, rows_of(record))) for pk, record in page))
