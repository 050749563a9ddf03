"""Numbers without gaps, rows that are written once, and the stop switch. Most of it is asked of the database itself."""

import datetime
import hashlib
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from certificates import actions
from certificates.failures import PermanentFailure
from certificates.models import Certificate, NumberBook
from lltp_portal.accounts.models import Authority
from lltp_portal.audit.models import AuditEvent
from tests.certificates_samples import MOMENT, convicted, draft, intend, office, sign_columns, staff, with_unsigned

pytestmark = pytest.mark.django_db
HANOI = datetime.timezone(datetime.timedelta(hours=7))


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act(*args, **kwargs)
    return str(error.value)


def row(certificate) -> "Certificate":
    return Certificate.objects.get(pk=certificate.pk)


def where(certificate):
    return Certificate.objects.filter(pk=certificate.pk)


# ---- numbers -------------------------------------------------------------------------------------------------------


def test_numbers_run_on_without_gaps_and_start_at_one_each_year():
    last_second = datetime.datetime(2026, 12, 31, 23, 59, 59, tzinfo=HANOI)
    numbers = [intend(at=moment) for moment in (MOMENT, last_second, last_second + datetime.timedelta(seconds=1))]
    assert [(made.year, made.number) for made in numbers] == [(2026, 1), (2026, 2), (2027, 1)]
    assert numbers[2].frozen.issued_on == datetime.date(2027, 1, 1)


def test_the_year_turns_at_midnight_in_hanoi_not_in_greenwich():
    made = intend(at=datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC))
    assert (made.year, made.number, made.frozen.issued_on) == (2027, 1, datetime.date(2027, 1, 1))


def test_a_number_that_is_rolled_back_is_drawn_again():
    people = {"verified_by": staff("a", "001080990001"), "approved_by": staff("b", "001070990002")}
    with pytest.raises(RuntimeError), transaction.atomic():
        assert intend(**people).number == 1
        raise RuntimeError
    assert intend(**people).number == 1


def test_each_office_counts_for_itself():
    here = intend()
    with transaction.atomic():
        other = Authority.objects.department_of("79", datetime.date(2025, 2, 28))
        there = actions.intend(
            draft(number_suffix=other.number_suffix),
            authority=other,
            certificate_type=1,
            verified_by=here.verified_by,
            approved_by=here.approved_by,
            approved_at=MOMENT,
            at=MOMENT,
        )
    assert (here.number, there.number) == (1, 1)
    assert here.authority_id != there.authority_id


def test_a_number_outside_a_transaction_is_a_mistake_of_the_program(monkeypatch):
    monkeypatch.setattr("certificates.models.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError, match="transaction"):
        NumberBook.objects.draw(authority_id=1, certificate_type=1, year=2026)


def test_a_number_drawn_for_no_certificate_is_refused_when_it_is_to_be_kept():
    with pytest.raises(IntegrityError, match="drawn for no certificate"), transaction.atomic():
        NumberBook.objects.draw(authority_id=office().pk, certificate_type=1, year=2026)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_book_only_goes_on_by_one_and_is_kept():
    intend()
    book = NumberBook.objects.get()
    assert "goes on by one" in refused(NumberBook.objects.filter(pk=book.pk).update, last_number=9)
    assert "goes on by one" in refused(NumberBook.objects.filter(pk=book.pk).update, year=2020)
    assert "begins with 1" in refused(
        NumberBook.objects.create, authority=office(), certificate_type=2, year=2026, last_number=5
    )
    assert "are kept" in refused(book.delete)


# ---- intend --------------------------------------------------------------------------------------------------------


def test_intending_adds_number_day_and_code_to_the_approved_draft_and_nothing_else():
    content = draft(**convicted(2))
    made = intend(content)
    frozen = row(made).frozen
    assert made.status == "intended"
    assert (frozen.number, frozen.issued_on, frozen.code) == (1, MOMENT.date(), made.code)
    assert made.draft_sha256 == content.draft_sha256 == frozen.draft_sha256
    assert made.content_sha256 == hashlib.sha256(made.content.encode()).hexdigest()
    assert content.differences(frozen) == []
    event = AuditEvent.objects.get(verb="intend_certificate")
    assert event.details == {"number": "1/STP-LLTP"}


def test_the_same_person_in_both_roles_is_refused_before_a_number_is_drawn():
    one = staff("mot", "001080990001")
    with pytest.raises(PermanentFailure, match="hai người khác nhau"):
        intend(verified_by=one, approved_by=one)
    assert not NumberBook.objects.exists()


def test_content_of_another_office_is_refused():
    with pytest.raises(PermanentFailure, match="không phải của cơ quan"):
        intend(draft(number_suffix="TTLLTPQG"))


@pytest.mark.parametrize("act", ["intend", "record_signed", "void"])
def test_acts_that_belong_into_the_callers_transaction_refuse_without_one(act, monkeypatch):
    made = intend()
    monkeypatch.setattr("certificates.actions.connection", SimpleNamespace(in_atomic_block=False))
    calls = {
        "intend": lambda: actions.intend(
            draft(),
            authority=made.authority,
            certificate_type=1,
            verified_by=made.verified_by,
            approved_by=made.approved_by,
            approved_at=MOMENT,
            at=MOMENT,
        ),
        "record_signed": lambda: actions.record_signed(made.pk, b"x"),
        "void": lambda: actions.void(made.pk, "x"),
    }
    with pytest.raises(RuntimeError, match="transaction"):
        calls[act]()


# ---- what the database refuses -------------------------------------------------------------------------------------


def test_two_accounts_of_one_person_are_one_pair_of_eyes():
    people = {"verified_by": staff("mot", "001080990001"), "approved_by": staff("hai", "001080990001")}
    assert "two people" in refused(intend, **people)


def test_a_temporary_table_of_the_users_name_deceives_nothing():
    people = {"verified_by": staff("mot", "001080990001"), "approved_by": staff("hai", "001080990001")}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE accounts_user AS SELECT id, md5(id::text) person_key FROM accounts_user")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
    try:
        assert "two people" in refused(intend, **people)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = public")
            cursor.execute("DROP TABLE pg_temp.accounts_user")


@pytest.mark.parametrize(
    "change",
    [
        {"number": 7},
        {"year": 2020},
        {"code": "0" * 26},
        {"content": "{}"},
        {"content_sha256": "0" * 64},
        {"draft_sha256": "0" * 64},
        {"template_version": "x"},
        {"approved_at": MOMENT + datetime.timedelta(days=1)},
        {"intended_at": MOMENT + datetime.timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_a_certificate_says_is_written_once(change):
    made = intend()
    assert "written once" in refused(where(made).update, **change)


@pytest.mark.parametrize("column", ["verified_by", "approved_by"])
def test_the_people_who_answer_for_it_are_written_once(column):
    made = intend()
    third = staff("ba", "001060990003")
    assert "written once" in refused(where(made).update, **{column: third})
    assert refused(where(made).update, **{column: None})
    swapped = {"verified_by": made.approved_by, "approved_by": made.verified_by}
    assert "written once" in refused(where(made).update, **swapped)


def test_a_row_that_begins_anywhere_but_at_intended_is_refused():
    made = intend()
    values = {
        field.attname: getattr(made, field.attname) for field in Certificate._meta.fields if field.name != "id"
    } | {"code": "0" * 26, "number": 2}
    assert "begins as intended" in refused(Certificate.objects.create, **{**values, "status": "void"})
    assert "begins as intended" in refused(Certificate.objects.create, **{**values, "unsigned_pdf": b"x"})
    assert "not drawn from the book" in refused(Certificate.objects.create, **values)
    assert "content_sha256 differ" in refused(Certificate.objects.create, **{**values, "content_sha256": "0" * 64})


def test_rows_are_neither_deleted_nor_emptied():
    made = intend()
    assert "are kept" in refused(made.delete)
    with connection.cursor() as cursor:
        assert "permission denied" in refused(cursor.execute, "TRUNCATE certificates_certificate CASCADE")


def test_no_setting_that_the_role_may_set_switches_the_guards_off():
    made = intend()
    with connection.cursor() as cursor:
        for setting in ("session_replication_role = replica", "ROLE lltp_owner"):
            assert refused(cursor.execute, f"SET {setting}")
        for statement in (
            "ALTER TABLE certificates_certificate DISABLE TRIGGER ALL",
            "CREATE OR REPLACE FUNCTION public.certificates_kept() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        ):
            assert refused(cursor.execute, statement)
    assert "are kept" in refused(made.delete)


def test_unsigned_bytes_are_written_once_with_their_own_hash():
    made = intend()
    assert "hash differ" in refused(where(made).update, unsigned_pdf=b"a", unsigned_sha256="0" * 64)
    assert refused(where(made).update, unsigned_pdf=b"a")
    with_unsigned(made)
    assert "written once" in refused(
        where(made).update, unsigned_pdf=b"b", unsigned_sha256=hashlib.sha256(b"b").hexdigest()
    )
    assert "written once" in refused(where(made).update, unsigned_pdf=None, unsigned_sha256=None)


def test_issued_without_signed_bytes_is_refused():
    made = with_unsigned(intend())
    assert refused(where(made).update, status="issued")
    assert refused(where(made).update, status="issued", issued_at=MOMENT)


def test_signed_bytes_must_be_the_unsigned_ones_with_a_signature_added():
    made = intend()
    signed = sign_columns(b"%PDF-unsigned and a signature")
    assert "unsigned ones" in refused(where(made).update, status="issued", **signed)
    with_unsigned(made)
    for pdf in (b"%PDF-another and a signature", b"%PDF-unsigned"):
        assert "unsigned ones" in refused(where(made).update, status="issued", **sign_columns(pdf))
    assert "unsigned ones" in refused(
        where(made).update, status="issued", **{**signed, "signed_sha256": hashlib.sha256(b"x").hexdigest()}
    )
    assert refused(where(made).update, **signed), "signed bytes on a row that is still intended"
    assert where(made).update(status="issued", **signed) == 1


def test_an_issued_or_void_certificate_never_changes_again():
    issued, void = with_unsigned(intend()), intend()
    where(issued).update(status="issued", **sign_columns(b"%PDF-unsigned and a signature"))
    where(void).update(status="void", voided_at=MOMENT, void_reason="Hỏng")
    for made in (issued, void):
        assert "no longer changes" in refused(where(made).update, status="intended")
        assert "no longer changes" in refused(where(made).update, void_reason="khác")
        assert "no longer changes" in refused(where(made).update, signed_at=MOMENT + datetime.timedelta(days=1))


def test_void_says_when_and_why():
    made = intend()
    assert refused(where(made).update, status="void")
    assert refused(where(made).update, status="void", voided_at=MOMENT)
    assert refused(where(made).update, void_reason="Hỏng")
    assert refused(where(made).update, status="lost")


# ---- print and record ----------------------------------------------------------------------------------------------


def test_store_unsigned_prints_once_and_keeps_the_bytes():
    made = intend()
    actions.store_unsigned(made.pk)
    first = row(made)
    assert first.unsigned_sha256 == hashlib.sha256(bytes(first.unsigned_pdf)).hexdigest()
    actions.store_unsigned(made.pk)
    assert bytes(row(made).unsigned_pdf) == bytes(first.unsigned_pdf)


def test_store_unsigned_of_a_void_certificate_does_nothing():
    made = intend()
    actions.void(made.pk, "Người yêu cầu rút.")
    actions.store_unsigned(made.pk)
    assert row(made).unsigned_pdf is None


def test_a_print_that_fails_the_lint_is_a_permanent_failure(monkeypatch):
    made = intend()
    monkeypatch.setattr("certificates.lint.problems", lambda *_, **__: ["Trang 1 có chữ ra ngoài lề giấy."])
    with pytest.raises(PermanentFailure, match="ra ngoài lề giấy"):
        actions.store_unsigned(made.pk)
    assert row(made).unsigned_pdf is None


def test_a_template_changed_after_approval_is_a_permanent_failure():
    made = intend(draft(template_version="phieu-so-1:0000000000000000"))
    with pytest.raises(PermanentFailure, match="duyệt lại"):
        actions.store_unsigned(made.pk)


def test_a_crash_while_printing_is_no_permanent_failure(monkeypatch):
    made = intend()
    monkeypatch.setattr("certificates.rendering.render", lambda content: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.store_unsigned(made.pk)
    assert row(made).status == "intended"


def test_record_signed_issues_once():
    made = with_unsigned(intend())
    assert actions.record_signed(made.pk, b"%PDF-unsigned and a signature", at=MOMENT) is True
    stored = row(made)
    assert (stored.status, stored.issued_at) == ("issued", MOMENT)
    assert actions.record_signed(made.pk, b"%PDF-unsigned and another", at=MOMENT) is False
    assert bytes(row(made).signed_pdf) == bytes(stored.signed_pdf)
    assert AuditEvent.objects.filter(verb="issue_certificate").count() == 1


def test_void_keeps_the_number_spent_and_the_next_one_follows():
    first = intend()
    assert actions.void(first.pk, "In hỏng.", at=MOMENT) is True
    assert actions.void(first.pk, "Lần nữa.") is False
    second = intend()
    assert (row(first).status, row(first).void_reason, second.number) == ("void", "In hỏng.", 2)


def test_a_void_certificate_is_not_issued_after_all():
    made = with_unsigned(intend())
    actions.void(made.pk, "In hỏng.")
    assert actions.record_signed(made.pk, b"%PDF-unsigned and a signature") is False
    assert row(made).status == "void"


def test_the_file_name_holds_no_name_of_a_person():
    assert intend().file_name == "phieu-ly-lich-tu-phap-so-1-2026-1.pdf"
