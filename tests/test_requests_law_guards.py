"""Not even the owner of the tables changes the law of the past: the triggers refuse it, whoever asks."""

import os

import psycopg2
import pytest

from tests import databases


@pytest.mark.parametrize("table", ["requests_lawrow", "requests_localrule"])
def test_the_owner_is_refused_too(own_databases, table):
    address = databases.with_name(os.environ["DATABASE_OWNER_URL"], own_databases["default"])
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 0
            for change in (f"UPDATE {table} SET valid_to = '2030-01-01'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="later valid_from"):
                    cursor.execute(change)
    finally:
        connection.close()
