"""The database's own guards, tried by SQL as the application's role: what no bug and no shell may do."""

import pytest
from django.db import DatabaseError, connection, transaction

from requests.demo.journeys import Office
from requests.models import CertificateRequest, RequestStep
from tests import factories

pytestmark = pytest.mark.django_db
TABLE = "requests_certificaterequest"


def refused(sql: str, parameters=()) -> bool:
    """Whether the database refuses the statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError:
        return True
    return False


VERIFIER, APPROVER = "001190990501", "001090990502"


@pytest.fixture
def office():
    return Office(
        factories.make_staff("intake_clerk"),
        factories.make_staff("verifying_clerk", number=VERIFIER),
        factories.make_staff("approver", number=APPROVER),
    )


@pytest.fixture
def verified(office):
    return factories.request_in("verified", office=office)


def step_row(request, from_state, to_state, step="approve"):
    """A row of history as an attacker would write it, so that only the other guards are left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO requests_requeststep (request_id, seq, step, from_state, to_state, at, reason)"
            " VALUES (%s, %s, %s, %s, %s, now(), '')",
            [request.pk, request.step_count + 1, step, from_state, to_state],
        )


def approve_by_sql(request, user_pk) -> bool:
    """Refused? A change to signing with a proper row of history and this approver."""
    step_row(request, "verified", "signing")
    return refused(
        f"UPDATE {TABLE} SET state = 'signing', step_count = step_count + 1, approved_by_id = %s WHERE id = %s",
        [user_pk, request.pk],
    )


def test_the_tests_run_as_the_role_that_runs_in_production():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("lltp_app", False)


def test_another_person_may_approve(verified, office):
    assert not approve_by_sql(verified, office.approver.pk)


def test_the_verifier_may_not_approve(verified, office):
    assert approve_by_sql(verified, office.verifying_clerk.pk)


def test_nor_under_a_second_account_of_the_same_person(verified, office):
    second = factories.make_staff("approver", number=VERIFIER)
    assert approve_by_sql(verified, second.pk)


def test_nor_nobody(verified):
    assert approve_by_sql(verified, None)


def test_nor_somebody_whose_person_is_not_known(verified, office):
    assert approve_by_sql(verified, verified.filed_by_id)


def test_nor_in_swapped_order(verified, office):
    """First the approver, then the verifier is replaced by the approver's other account."""
    assert not approve_by_sql(verified, office.approver.pk)
    second = factories.make_staff("verifying_clerk", number=APPROVER)
    assert refused(f"UPDATE {TABLE} SET verified_by_id = %s WHERE id = %s", [second.pk, verified.pk])
    assert refused(f"UPDATE {TABLE} SET verified_by_id = NULL WHERE id = %s", [verified.pk])


def test_nor_by_setting_the_approver_before_the_state(verified, office):
    assert refused(f"UPDATE {TABLE} SET approved_by_id = %s WHERE id = %s", [office.approver.pk, verified.pk])


def test_nor_with_a_temporary_table_named_like_the_users(verified, office):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE accounts_user (id bigint, person_key text) ON COMMIT DROP")
        cursor.execute("INSERT INTO accounts_user VALUES (%s, 'a')", [office.verifying_clerk.pk])
    assert approve_by_sql(verified, office.verifying_clerk.pk)


@pytest.mark.parametrize(
    "setting",
    [
        "SET session_replication_role = replica",
        "SET row_security = off",
        "SET search_path = pg_temp, public",
        "SET check_function_bodies = off",
        "SET ROLE postgres",
        "SET ROLE lltp_owner",
        "SET SESSION AUTHORIZATION lltp_owner",
        "ALTER TABLE requests_certificaterequest DISABLE TRIGGER ALL",
        "DROP TRIGGER requests_four_eyes ON requests_certificaterequest",
        "CREATE OR REPLACE FUNCTION public.requests_four_eyes() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_no_session_setting_opens_a_way(verified, office, setting):
    """Either the role may not set it, or it changes nothing."""
    if not refused(setting):
        assert approve_by_sql(verified, office.verifying_clerk.pk)
        with connection.cursor() as cursor:
            cursor.execute("RESET ALL")


def test_a_change_of_state_without_history_is_refused(verified):
    assert refused(f"UPDATE {TABLE} SET state = 'reviewing' WHERE id = %s", [verified.pk])
    assert refused(f"UPDATE {TABLE} SET state = 'reviewing', step_count = step_count + 1 WHERE id = %s", [verified.pk])


def test_history_of_another_pair_of_states_does_not_count(verified):
    step_row(verified, "reviewing", "verified", step="verify")
    assert refused(
        f"UPDATE {TABLE} SET state = 'reviewing', step_count = step_count + 1, verified_by_id = NULL WHERE id = %s",
        [verified.pk],
    )


def test_an_illegal_pair_of_states_cannot_be_written_as_history(verified):
    with pytest.raises(DatabaseError), transaction.atomic():
        step_row(verified, "verified", "issued", step="issue")
    with pytest.raises(DatabaseError), transaction.atomic():
        step_row(verified, "draft", "verified", step="verify")


def test_a_request_is_born_as_a_draft(verified):
    columns = "code, state, step_count, channel, filed_by_id, authority_reason, fee_reason, fee_receipt_number,"
    columns += " deadline_reason, verified_content, created_at, authority_id, declaration_id, dossier_number,"
    columns += " received_at, fee_paid_amount, fee_breakdown, deadline_class, deadline_unit, tracking_code"
    values = (
        "'YC-X', %s, %s, 'online', %s, '', '', '', '', '', now(), %s, NULL, NULL, NULL, 0, '{}', '', '', '12345678'"
    )
    insert = f"INSERT INTO {TABLE} ({columns}) VALUES ({values})"
    assert refused(insert, ["submitted", 0, verified.filed_by_id, verified.authority_id])
    assert refused(insert, ["draft", 1, verified.filed_by_id, verified.authority_id])
    assert not refused(insert, ["draft", 0, verified.filed_by_id, None])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE requests_requeststep SET reason = 'x'",
        "DELETE FROM requests_requeststep",
        "TRUNCATE requests_requeststep",
        "TRUNCATE requests_certificaterequest CASCADE",
        "UPDATE audit_auditevent SET verb = 'x'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "DELETE FROM requests_certificaterequest",
    ],
)
def test_history_is_never_rewritten(verified, sql):
    before = list(RequestStep.objects.values_list("pk", "reason"))
    assert refused(sql)
    assert list(RequestStep.objects.values_list("pk", "reason")) == before
    assert CertificateRequest.objects.filter(pk=verified.pk).exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE requests_declaration SET full_name = 'X' WHERE id = %s",
        "DELETE FROM requests_declaration WHERE id = %s",
        "UPDATE requests_declareddocument SET number = '1' WHERE declaration_id = %s",
        "DELETE FROM requests_declaredresidence WHERE declaration_id = %s",
        "INSERT INTO requests_declaredname (name, declaration_id) VALUES ('X', %s)",
    ],
)
def test_what_was_declared_is_frozen(verified, sql):
    assert refused(sql, [verified.declaration_id])


def test_a_person_key_is_set_once(office):
    assert refused("UPDATE accounts_user SET person_key = 'x' WHERE id = %s", [office.approver.pk])
    assert refused("UPDATE accounts_user SET person_key = NULL WHERE id = %s", [office.approver.pk])
    citizen = factories.make_citizen()
    assert not refused("UPDATE accounts_user SET person_key = 'x' WHERE id = %s", [citizen.pk])
    assert refused("UPDATE accounts_user SET person_key = 'y' WHERE id = %s", [citizen.pk])
