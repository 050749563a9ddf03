"""Somebody with the application's own password and a SQL prompt: what the database itself still refuses."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from certificates.models import Certificate
from requests.models import CertificateRequest, RequestStep
from tests import factories

pytestmark = pytest.mark.django_db
# With their schema: an attacker's own table of the same name would be attacked otherwise.
REQUEST, STEP = "public.requests_certificaterequest", "public.requests_requeststep"
CERTIFICATE = "public.certificates_certificate"
# Other values of these end the session or the statement itself, which refuses everything.
END_THE_SESSION = {
    "exit_on_error": "off",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "transaction_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
}
# For settings whose value is free text.
TEXTS = {
    "search_path": ["pg_temp, public", "pg_temp", "", "pg_catalog"],
    "DateStyle": ["SQL, DMY"],
    "TimeZone": ["Pacific/Kiritimati"],
    "client_encoding": ["SQL_ASCII", "LATIN1"],
    "default_tablespace": ["pg_default"],
    "temp_tablespaces": ["pg_default"],
    "role": ["postgres", "lltp_owner", "none"],
    "session_authorization": ["lltp_owner", "postgres"],
    "default_text_search_config": ["pg_catalog.simple"],
    "lc_monetary": ["C"],
    "lc_numeric": ["C"],
    "lc_time": ["C"],
    "restrict_nonsystem_relation_kind": ["view, foreign-table"],
}


def being_signed(office):
    """Approved within the last 24 hours: what waited longer goes back to the approver."""
    return factories.request_in("signing", office=office, at=timezone.now() - timedelta(hours=8))


def refused(sql: str, parameters=()) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError:
        return True
    return False


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def verified(office):
    return factories.request_in("verified", office=office)


@pytest.fixture
def issued(office):
    return factories.request_in("issued", office=office)


def history_row(seq: int, step: str, source: str, target: str, request) -> str:
    return (
        f"INSERT INTO {STEP} (request_id, seq, step, from_state, to_state, at, reason)"
        f" VALUES ({request.pk}, {seq}, '{step}', '{source}', '{target}', now(), '');"
    )


def attacks_on(request, office) -> dict[str, str]:
    """Each is everything that an attacker can write in one go; each must be refused."""
    to_signing = history_row(request.step_count + 1, "approve", "verified", "signing", request)
    change = f"UPDATE {REQUEST} SET step_count = step_count + 1, state ="
    here = f"WHERE id = {request.pk}"
    verifier = office.verifying_clerk.pk
    return {
        "the verifier approves": f"{to_signing} {change} 'signing', approved_by_id = {verifier} {here}",
        "nobody approves": f"{to_signing} {change} 'signing', approved_by_id = NULL {here}",
        "a state without history": f"{change} 'reviewing', verified_by_id = NULL {here}",
        "an unknown step": history_row(request.step_count + 1, "issue", "verified", "issued", request),
        "history rewritten": f"UPDATE {STEP} SET reason = 'x'",
        "history deleted": f"DELETE FROM {STEP}",
        "history emptied": f"TRUNCATE {STEP}",
        "a request deleted": f"DELETE FROM {REQUEST} {here}",
    }


def tried_values(kind: str, enumerated: list[str] | None, low: str, high: str, name: str) -> list[str]:
    if name in END_THE_SESSION:
        return [END_THE_SESSION[name]]
    if kind == "bool":
        return ["on", "off"]
    return list(enumerated) if enumerated else ([low, high] if kind in {"integer", "real"} else TEXTS.get(name, [""]))


def settings_that_the_role_may_try() -> list[tuple[str, str]]:
    """Every setting of the server with values of its kind; those beyond the role's rights are refused when set."""
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN END $$")  # the language's own settings are there once it is loaded
        cursor.execute("SELECT name, vartype, enumvals, min_val, max_val FROM pg_settings WHERE context <> 'internal'")
        rows = cursor.fetchall()
    rows += [("role", "string", None, None, None), ("session_authorization", "string", None, None, None)]
    return [
        (name, value)
        for name, kind, enumerated, low, high in sorted(rows)
        for value in tried_values(kind, enumerated, low, high, name)
    ]


def set_by_this_role(name: str, value: str) -> bool:
    """Whether the role may set it at all, for this transaction."""
    return not refused("SELECT set_config(%s, %s, true)", [name, value])


def test_no_setting_that_the_role_may_set_opens_any_guard(verified, office):
    """Each setting with each kind of value: set, attack, and set back with the savepoint."""
    attacks, tried, opened = attacks_on(verified, office), set(), []
    for name, value in settings_that_the_role_may_try():
        if not set_by_this_role(name, value):
            continue
        tried.add(name)
        for attack, sql in attacks.items():
            with transaction.atomic():
                connection.cursor().execute("SELECT set_config(%s, %s, true)", [name, value])
                opened += [] if refused(sql) else [(name, value, attack)]
                transaction.set_rollback(True)
    assert opened == []
    assert len(tried) > 100
    assert {"search_path", "check_function_bodies", "row_security", "plpgsql.check_asserts"} <= tried
    assert not tried & {"session_replication_role", "session_authorization", "plpgsql.variable_conflict"}


def test_without_a_setting_the_right_approver_gets_through(verified, office):
    """So that the attacks fail for the guard's sake and not for their grammar."""
    sql = attacks_on(verified, office)["the verifier approves"]
    assert not refused(
        sql.replace(f"approved_by_id = {office.verifying_clerk.pk}", f"approved_by_id = {office.approver.pk}")
    )


TRAPS = [
    "CREATE TEMPORARY TABLE accounts_user AS SELECT id, id::text AS person_key FROM public.accounts_user",
    "CREATE TEMPORARY VIEW accounts_user AS SELECT id, id::text AS person_key FROM public.accounts_user",
    "CREATE TEMPORARY TABLE requests_requeststep AS SELECT 1 AS request_id, 1 AS seq",
    "CREATE TYPE pg_temp.text AS (a int)",
    "CREATE DOMAIN pg_temp.varchar AS pg_catalog.text DEFAULT 'x'",
    "CREATE FUNCTION pg_temp.always() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION pg_temp.differ(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';"
    "CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.differ)",
    "CREATE FUNCTION pg_temp.differ(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT true';"
    "CREATE OPERATOR pg_temp.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = pg_temp.differ);"
    "CREATE OPERATOR pg_temp.<> (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = pg_temp.differ)",
    "CREATE FUNCTION pg_temp.encode(bytea, text) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$;"
    "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
    "SET CONSTRAINTS ALL DEFERRED",
    "SET LOCAL search_path = pg_temp, pg_catalog, public",
]


@pytest.mark.parametrize("path", ["public, pg_catalog", "pg_temp, pg_catalog, public"])
def test_nothing_temporary_deceives_a_guard(verified, office, path):
    """Tables, views, types, functions and operators of the attacker's own, first on the attacker's own path."""
    set_up = 0
    for trap in TRAPS:
        with transaction.atomic():
            if not refused(trap):
                set_up += 1
                connection.cursor().execute(f"SET LOCAL search_path = {path}")
                for attack, sql in attacks_on(verified, office).items():
                    assert refused(sql), (trap, attack)
            transaction.set_rollback(True)
    assert set_up >= 8


@pytest.mark.parametrize(
    "sql",
    [
        f"DROP TRIGGER requests_four_eyes ON {REQUEST}",
        f"ALTER TABLE {REQUEST} DISABLE TRIGGER requests_four_eyes",
        f"ALTER TABLE {CERTIFICATE} OWNER TO lltp_app",
        "DROP FUNCTION public.requests_four_eyes() CASCADE",
        "ALTER FUNCTION public.requests_four_eyes() SET search_path = pg_temp",
        "ALTER FUNCTION public.requests_four_eyes() OWNER TO lltp_app",
        "CREATE FUNCTION public.sneak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = pg_catalog.texteq)",
        "CREATE TABLE public.accounts_user_2 (id int)",
        "CREATE SCHEMA sneak",
        f"CREATE RULE sneak AS ON UPDATE TO {REQUEST} DO INSTEAD NOTHING",
        f"CREATE TRIGGER aaa BEFORE UPDATE ON {REQUEST} FOR EACH ROW EXECUTE FUNCTION public.requests_four_eyes()",
        f"ALTER TABLE {CERTIFICATE} ENABLE ROW LEVEL SECURITY",
        "ALTER ROLE lltp_app SUPERUSER",
        "ALTER ROLE lltp_app SET session_replication_role = replica",
        "ALTER DATABASE CURRENT_DATABASE SET search_path = pg_temp",
        "GRANT SET ON PARAMETER session_replication_role TO lltp_app",
        "CREATE EXTENSION dblink",
        "LOAD 'auto_explain'",
        f"COPY {STEP} TO PROGRAM 'cat'",
        "CREATE EVENT TRIGGER sneak ON ddl_command_start EXECUTE FUNCTION public.requests_four_eyes()",
        "CREATE LANGUAGE plperlu",
        "SELECT lo_import('/etc/passwd')",
        "DELETE FROM pg_trigger",
        "UPDATE pg_proc SET prosrc = '' WHERE proname = 'requests_four_eyes'",
    ],
)
def test_the_role_cannot_change_the_rules(sql):
    assert refused(sql)


CHANGES_OF_AN_ISSUED_CERTIFICATE = [
    "signed_pdf = signed_pdf || '\\x00'",
    "signed_pdf = NULL",
    "unsigned_pdf = unsigned_pdf || '\\x00'",
    "signed_sha256 = repeat('0', 64)",
    "content = replace(content, 'Không có án tích', 'Có án tích')",
    "content_sha256 = repeat('0', 64)",
    "draft_sha256 = repeat('0', 64)",
    "status = 'void', voided_at = now(), void_reason = 'x'",
    "status = 'intended', signed_pdf = NULL, signed_sha256 = NULL, issued_at = NULL",
    "number = number + 1",
    "year = year - 1",
    "code = 'X'",
    "approved_by_id = verified_by_id",
    "verified_by_id = approved_by_id, approved_by_id = verified_by_id",
    "approved_by_id = NULL",
    "approved_at = now()",
    "issued_at = now() - interval '1 day'",
]


def test_an_issued_certificate_never_changes_and_is_kept(issued):
    def row():
        return {
            name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in Certificate.objects.filter(pk=issued.certificate_id).values().get().items()
        }

    before = row()
    for change in CHANGES_OF_AN_ISSUED_CERTIFICATE:
        assert refused(f"UPDATE {CERTIFICATE} SET {change} WHERE id = {issued.certificate_id}"), change
    for end in (f"DELETE FROM {CERTIFICATE}", f"TRUNCATE {CERTIFICATE} CASCADE"):
        assert refused(end), end
    assert row() == before


def test_a_second_approval_of_a_certificate_that_is_being_made_is_refused(office):
    """By another approver, by the verifier, in swapped order: who answers for it is written once."""
    request = being_signed(office)
    from requests import actions

    actions.prepare_certificate(request.pk)
    certificate = Certificate.objects.get()
    another = factories.make_staff("approver").pk
    for change in (
        f"approved_by_id = {another}",
        f"approved_by_id = {office.verifying_clerk.pk}",
        f"verified_by_id = {office.approver.pk}, approved_by_id = {office.verifying_clerk.pk}",
        "signed_pdf = unsigned_pdf || '\\x00'",
        "status = 'issued', signed_pdf = unsigned_pdf || '\\x00', signed_at = now(), issued_at = now()",
        "status = 'issued', issued_at = now(), signed_at = now()",
    ):
        assert refused(f"UPDATE {CERTIFICATE} SET {change} WHERE id = %s", [certificate.pk]), change
    for change in (f"approved_by_id = {another}", f"verified_by_id = {another}", "approved_by_id = NULL"):
        assert refused(f"UPDATE {REQUEST} SET {change} WHERE id = %s", [request.pk]), change


def test_a_request_is_not_issued_without_a_certificate_that_is(office):
    """The signed bytes and the step are one transaction; by SQL alone there is no issued request without them."""
    from requests import actions

    request, another = (being_signed(office) for _ in range(2))
    actions.prepare_certificate(request.pk)
    actions.prepare_certificate(another.pk)
    own, others = (CertificateRequest.objects.get(pk=row.pk).issuance.certificate_id for row in (request, another))
    step = history_row(request.step_count + 1, "issue", "signing", "issued", request)
    issue = f"UPDATE {REQUEST} SET state = 'issued', step_count = step_count + 1, certificate_id ="
    for chosen in ("NULL", own, others):
        assert refused(f"{step} {issue} {chosen} WHERE id = {request.pk}")
        assert refused(f"UPDATE {REQUEST} SET certificate_id = {own} WHERE id = {request.pk}")
    assert RequestStep.objects.filter(request=request, step="issue").count() == 0


def test_a_certificate_stands_under_one_request_only(office):
    """Somebody else's issued certificate does not make mine issued."""
    issued = factories.request_in("issued", office=office)
    request = being_signed(office)
    step = history_row(request.step_count + 1, "issue", "signing", "issued", request)
    issue = f"UPDATE {REQUEST} SET state = 'issued', step_count = step_count + 1"
    assert refused(f"{step} {issue}, certificate_id = {issued.certificate_id} WHERE id = {request.pk}")
