"""Loading a register file into the central database, and writing it out again."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from records import actions
from records.json_lines import LONGEST_LINE, JsonLines, read_line
from records.keys import keys_of, names_of
from records.reading import Refused, read_record
from records.register import loading, rows
from records.register.models import (
    Ban,
    Conviction,
    IdentityDocument,
    MatchKey,
    NameOnFile,
    RegisterImport,
    RegisterPerson,
)
from records.register.queries import all_records
from tests import databases
from tests.records_people import conviction, person_json, without

RICH = person_json(
    conviction(
        clemency={"kind": "dac_xa", "date": "2022-09-01"},
        expungement={"kind": "certificate", "date": "2024-05-05", "reference": "12/GCN"},
        combined_penalty={"kind": "imprisonment", "months": 15},
        additional_penalties=[{"kind": "fine", "completed_on": "2022-01-01"}],
        age_at_offence=40,
    ),
    without(conviction(effective_date=None, annulled=True), "obligations", "additional_penalties"),
    without(conviction(judgment_number="hàng\tcó\\dấu\nlạ\r"), "effective_date"),
    register_id="R-Đ-990003",
    other_names=["Tèo", "Nguyen Thu"],
    residences=[{"province": "01", "address": "Số 1"}, {}],
    pending_prosecution={"since": "2024-01-01", "offence_date": "2023-12-31"},
    bans=[{"decision_number": "1", "from": "2024-02-01", "position": "Giám đốc", "court": "Tòa"}],
    spouse_name="Lê Thị Vợ",
    ethnicity="Kinh",
    place_of_birth="Hà Nội",
)


def line(register_id, *convictions, **changes):
    return json.dumps(person_json(*convictions, register_id=register_id, **changes), ensure_ascii=False)


def load(tmp_path, *lines, name="register.jsonl"):
    """Import these lines (str or bytes); returns (exit code, standard output, standard error)."""
    path = tmp_path / name
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines) + b"\n")
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_register", str(path), stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def exported():
    out = io.StringIO()
    call_command("export_register", stdout=out)
    return [json.loads(one) for one in out.getvalue().splitlines()]


def runs():
    """Those of the test: the template of the tests' databases tells of one before (tests/databases.py)."""
    return RegisterImport.objects.exclude(source="template")


def newest_run():
    return runs().order_by("-pk").first()


@pytest.mark.django_db
def test_what_is_loaded_comes_out_again(tmp_path):
    code, out, err = load(tmp_path, line("R-2", conviction()), json.dumps(RICH), "", line("R-1"))
    assert (code, err) == (0, "")
    assert "đọc 4 dòng, lưu 3 người, 0 dòng lặp lại" in out
    assert [row["register_id"] for row in exported()] == ["R-1", "R-2", "R-Đ-990003"]
    assert exported()[2] == RICH
    assert newest_run().state == "closed"


@pytest.mark.django_db
def test_export_to_a_file_can_be_loaded_again(tmp_path):
    load(tmp_path, json.dumps(RICH))
    call_command("export_register", output=(tmp_path / "out.jsonl").open("w", encoding="utf-8"))
    before = exported()
    call_command("import_register", str(tmp_path / "out.jsonl"), stdout=io.StringIO())
    assert exported() == before


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_an_update_replaces_all_rows(tmp_path):
    load(tmp_path, json.dumps(RICH))
    load(tmp_path, json.dumps(RICH))
    assert exported() == [RICH]
    smaller = without(RICH, "bans", "identity_documents", "other_names") | {"convictions": [], "full_name": "Đổi Tên"}
    load(tmp_path, json.dumps(smaller))
    assert exported() == [smaller]
    assert not Conviction.objects.exists() and not Ban.objects.exists() and not IdentityDocument.objects.exists()
    (record,) = all_records()
    assert set(MatchKey.objects.values_list("key", "born")) == keys_of(record)
    assert set(NameOnFile.objects.values_list("name", flat=True)) == set(names_of(record))


@pytest.mark.django_db
def test_text_is_stored_composed(tmp_path):
    load(tmp_path, unicodedata.normalize("NFD", line("R-1", full_name="Nguyễn Thị Hoà")))
    assert RegisterPerson.objects.get().full_name == "Nguyễn Thị Hoà"


@pytest.mark.django_db
def test_the_later_line_of_a_person_wins_and_repetitions_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 2)
    _, out, _ = load(
        tmp_path, line("R-1", full_name="Một"), line("R-1", full_name="Hai"), line("R-2"), line("R-1", full_name="Ba")
    )
    assert "lưu 2 người, 2 dòng lặp lại register_id" in out
    assert RegisterPerson.objects.get(register_id="R-1").full_name == "Ba"


BAD_LINES = {
    "not JSON": ("{", "(cả dòng)", "JSON"),
    "not an object": ("[]", "(dòng)", "đối tượng"),
    "not UTF-8": (line("R-9").encode().replace("ễ".encode(), b"\xff"), "(cả dòng)", "UTF-8"),
    "NaN": ('{"register_id": NaN}', "(cả dòng)", "NaN"),
    "a field twice": ('{"register_id": "R-9", "register_id": "R-8"}', "(cả dòng)", "hai lần"),
    "too deep": ("[" * 200_000, "(cả dòng)", "sâu"),
    "an endless number": ('{"a": ' + "9" * 5000 + "}", "(cả dòng)", "số quá dài"),
    "half a character": (line("R-9").replace("Thử", "\\ud800"), "full_name", "nửa ký tự"),
    "a NUL": (line("R-9").replace("Thử", "\\u0000"), "full_name", "ký tự rỗng"),
    "no id": (json.dumps(without(person_json(), "register_id")), "register_id", "còn thiếu"),
    "an empty id": (line(""), "register_id", "không được để trống"),
    "a long name": (line("R-9", full_name="a" * 501), "full_name", "500"),
    "a name without letters": (line("R-9", full_name=" \u200b "), "full_name", "đọc được"),
    "an unknown field": (line("R-9", hobby="cờ"), "hobby", "không có trong quy ước"),
    "a birth that never was": (line("R-9", date_of_birth="1990-02-30"), "date_of_birth", "lịch"),
    "a birth in another order": (line("R-9", date_of_birth="30/02/1990"), "date_of_birth", "YYYY"),
    "a wrong type": (line("R-9", convictions={}), "convictions", "danh sách"),
    "a wrong word": (line("R-9", sex="nam"), "sex", "male, female"),
    "a wrong country": (line("R-9", nationality="vn"), "nationality", "mã nước"),
    "a number for a name": (line("R-9", full_name=5), "full_name", "chuỗi"),
    "a word for a flag": (line("R-9", conviction(annulled="yes")), "convictions[1].annulled", "true"),
    "a day that never was": (
        line("R-9", conviction(), conviction(judgment_date="2023-02-29")),
        "convictions[2].judgment_date",
        "lịch",
    ),
    "a day in another form": (line("R-9", conviction(judgment_date="1/1/2023")), "judgment_date", "YYYY-MM-DD"),
    "a fraction": (line("R-9", conviction(offence={"article": 1.5})), "convictions[1].offence.article", "số nguyên"),
    "a flag for a number": (line("R-9", conviction(age_at_offence=True)), "age_at_offence", "số nguyên"),
    "too large a number": (line("R-9", conviction(age_at_offence=2**31)), "age_at_offence", "quá lớn"),
    "an unheard-of penalty": (line("R-9", conviction(main_penalty={"kind": "x"})), "main_penalty.kind", "một trong"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_line_is_refused_by_number_and_field_and_the_rest_goes_on(tmp_path, bad):
    raw, field, words = BAD_LINES[bad]
    code, _, err = load(tmp_path, line("R-1"), raw, line("R-2"))
    assert code == 1
    assert "Dòng 2: " in err and field in err and words in err
    assert "Từ chối 1 dòng" in err
    assert set(RegisterPerson.objects.values_list("register_id", flat=True)) == {"R-1", "R-2"}
    run = newest_run()
    assert (run.state, run.refused, run.refused_lines, run.missing) == ("open", 1, [2], "thiếu 1 dòng")


@pytest.mark.django_db
def test_a_refusal_never_repeats_what_the_line_said(tmp_path):
    _, out, err = load(tmp_path, line("R-9", full_name="Bí Mật", date_of_birth="1990-13-01"))
    assert "Bí Mật" not in out + err and "1990-13-01" not in out + err


@pytest.mark.django_db
def test_integers_written_as_decimals_and_a_byte_order_mark_are_accepted(tmp_path):
    code, _, err = load(tmp_path, b"\xef\xbb\xbf" + line("R-1", conviction(age_at_offence=40.0)).encode() + b"\r")
    assert (code, err) == (0, "")
    assert Conviction.objects.get().age_at_offence == 40


def test_a_line_of_ten_megabytes_is_refused_without_being_held():
    class Long:
        """Ten megabytes without an end of line; remembers the largest piece asked for."""

        left, largest = 10 * 1024 * 1024, 0

        def readline(self, size):
            self.largest = max(self.largest, size)
            given = min(size, self.left)
            self.left -= given
            return b"x" * given

    stream = Long()
    (long,) = list(JsonLines(stream))
    with pytest.raises(Refused, match="dài quá 4 MB"):
        read_line(long, read_record)
    assert stream.largest <= LONGEST_LINE + 1


def test_lines_after_a_long_one_keep_their_numbers():
    stream = io.BytesIO(b"x" * (LONGEST_LINE + 10) + b"\n" + line("R-2").encode())
    first, second = list(JsonLines(stream))
    assert (first.number, first.raw, second.number) == (1, None, 2)
    assert read_line(second, read_record).register_id == "R-2"


@pytest.mark.django_db
def test_standard_input_and_a_missing_file(monkeypatch, tmp_path):
    class Input:
        buffer = io.BytesIO(line("R-1").encode())

    monkeypatch.setattr(sys, "stdin", Input)
    call_command("import_register", "-", stdout=io.StringIO())
    assert RegisterPerson.objects.count() == 1
    with pytest.raises(CommandError, match="Không mở được tệp"):
        call_command("import_register", str(tmp_path / "none"))
    assert runs().count() == 1


# --- Open and closed runs ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_clean_run_of_the_same_file_closes_the_earlier_ones(tmp_path):
    load(tmp_path, line("R-1"), "{")
    load(tmp_path, line("R-5"), name="other.jsonl")
    assert [run.state for run in runs().order_by("pk")] == ["open", "closed"]
    load(tmp_path, line("R-1"), line("R-2"))
    assert not runs().open().exists()
    assert "Lần nạp" in runs().order_by("pk").first().close_reason


@pytest.mark.django_db
def test_a_cut_run_is_recognised_by_how_the_file_begins(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 1)

    def cut_after_first(run):
        raise RuntimeError("cut")

    first, second = line("R-1").encode() + b"\n", line("R-2").encode() + b"\n"
    options = {"source": "", "now": timezone.now, "on_refused": print}
    with pytest.raises(RuntimeError):
        loading.run_import(io.BytesIO(first + second), on_progress=cut_after_first, **options)
    cut = newest_run()
    assert (cut.state, cut.missing, cut.lines_read) == ("open", "chưa đọc hết tệp", 1)
    loading.run_import(io.BytesIO(line("R-7").encode()), on_progress=lambda run: None, **options)
    assert runs().open().count() == 1
    loading.run_import(io.BytesIO(first + second), on_progress=lambda run: None, **options)
    assert not runs().open().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("cut_after", [0, 1])
def test_another_file_of_the_same_name_does_not_make_up_for_one_that_was_cut(tmp_path, monkeypatch, cut_after):
    monkeypatch.setattr(loading, "BATCH", 1)

    def cut(run):
        if run.lines_read >= cut_after:
            raise RuntimeError("cut")

    def store(*lines, on_progress=lambda run: None):
        options = {"source": "/data/register.jsonl", "now": timezone.now, "on_refused": print}
        loading.run_import(io.BytesIO("\n".join(lines).encode() + b"\n"), on_progress=on_progress, **options)

    monkeypatch.setattr(loading, "_store_batch", loading._store_batch if cut_after else lambda run, *_: cut(run))
    with pytest.raises(RuntimeError):
        store(line("R-1"), line("R-2"), on_progress=cut)
    monkeypatch.undo()
    monkeypatch.setattr(loading, "BATCH", 1)
    store(line("R-7"), line("R-8"), line("R-9"))
    assert runs().open().count() == (1 if cut_after else 0)
    store(line("R-1"), line("R-2"))
    assert not runs().open().exists()


@pytest.mark.django_db
def test_a_shorter_file_of_the_same_name_does_not_bring_the_refused_lines(tmp_path):
    load(tmp_path, line("R-1"), "{", line("R-2"))
    code, out, _ = load(tmp_path, line("R-7"))
    assert (code, runs().open().count()) == (0, 1)
    assert "còn mở (thiếu 1 dòng)" in out and "close_import" in out
    load(tmp_path, line("R-1"), line("R-3"), line("R-2"))
    assert not runs().open().exists()


@pytest.mark.django_db
def test_a_file_that_was_cut_between_two_lines_stays_open_when_its_sender_has_counted_them(tmp_path):
    path = tmp_path / "register.jsonl"
    path.write_text(f"{line('R-1')}\n{line('R-2')}\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Tệp có 2 dòng, nơi gửi nói 3"):
        call_command("import_register", str(path), lines=3, stdout=io.StringIO())
    assert (newest_run().state, newest_run().missing) == ("open", "chưa đọc hết tệp")
    path.write_text(f"{line('R-1')}\n{line('R-2')}\n{line('R-3')}\n", encoding="utf-8")
    call_command("import_register", str(path), lines=3, stdout=io.StringIO())
    assert not runs().open().exists()  # it begins with all that had come


@pytest.mark.django_db
def test_an_administrator_closes_a_run_with_a_reason(tmp_path, capsys):
    load(tmp_path, "{")
    run = newest_run()
    with pytest.raises(Invalid):
        actions.close_import(run.pk, by="quản trị", reason=" ")
    call_command("close_import")
    assert f"{run.pk}\t" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--by"):
        call_command("close_import", str(run.pk), reason="đã nhập tay")
    with pytest.raises(CommandError, match="lý do"):
        call_command("close_import", str(run.pk), by="quản trị")
    call_command("close_import", str(run.pk), by="quản trị", reason="đã nhập tay")
    closed = newest_run()
    assert (closed.state, closed.closed_by, closed.close_reason) == ("closed", "quản trị", "đã nhập tay")
    assert AuditEvent.objects.get(verb="close_import").subject == f"import-{run.pk}"
    with pytest.raises(StepNotAllowed):
        actions.close_import(run.pk, by="quản trị", reason="lại")


def test_two_runs_at_once_are_refused(own_databases, tmp_path):
    holder = connections["central"].copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [loading.IMPORT_LOCK])
        code, _, err = load(tmp_path, line("R-1"))
    finally:
        holder.close()
    assert code == 1 and "Đang có một lần nạp khác" in err
    assert not runs().exists()


def test_a_run_that_the_database_breaks_off_says_so_without_the_row(own_databases, tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "keys_of", lambda record: {(2**70, date(1980, 1, 1))})
    code, out, err = load(tmp_path, line("R-1", full_name="Bí Mật"))
    assert code == 1 and "Lần nạp còn mở" in err and "Bí Mật" not in out + err
    assert not RegisterPerson.objects.exists()
    assert newest_run().state == "open"


def test_a_killed_run_and_a_second_one_give_what_one_clean_run_gives(own_databases, tmp_path):
    lines = [line(f"R-{n:06}", conviction(), full_name=f"Nguyễn Văn Số {n}") for n in range(6_000)]
    path = tmp_path / "big.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "manage.py", "import_register", str(path)]
    env = os.environ | databases.addresses(own_databases)
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        ends = time.monotonic() + 60
        while not runs().filter(lines_read__gt=0).exists():
            assert process.poll() is None and time.monotonic() < ends, process.stdout.read()
            time.sleep(0.01)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    cut = runs().get()
    assert cut.finished_at is None and 0 < cut.lines_read < 6_000
    assert RegisterPerson.objects.count() == cut.lines_read
    subprocess.run(command, env=env, check=True, capture_output=True)
    assert not runs().open().exists()
    assert exported() == [json.loads(one) for one in lines]
    keys = {(*key, record.register_id) for record in all_records() for key in keys_of(record)}
    assert set(MatchKey.objects.values_list("key", "born", "person__register_id")) == keys


def test_ctrl_c_says_that_the_run_stays_open(own_databases, tmp_path):
    path = tmp_path / "big.jsonl"
    path.write_text("\n".join(line(f"R-{n:06}") for n in range(20_000)), encoding="utf-8")
    command = [sys.executable, "manage.py", "import_register", str(path)]
    env = os.environ | databases.addresses(own_databases)
    process = subprocess.Popen(
        command,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    ends = time.monotonic() + 60
    while not runs().filter(lines_read__gt=0).exists():
        assert process.poll() is None and time.monotonic() < ends, process.stdout.read()
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130 and "Lần nạp còn mở" in out and "Traceback" not in out
    cut = runs().get()
    assert (cut.state, cut.finished_at) == ("open", None)
    assert RegisterPerson.objects.count() == cut.lines_read < 20_000


# --- The tables themselves -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1990", date(1990, 1, 1), date(1990, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1990-05-17", date(1990, 5, 17), date(1990, 5, 17)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_the_database_knows_first_and_last_day_of_a_birth(tmp_path, text, first, last):
    load(tmp_path, line("R-1", date_of_birth=text))
    person = RegisterPerson.objects.get()
    assert (person.birth_first_day, person.birth_last_day) == (first, last)
    assert str(person) == "R-1"


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "error"), [("17/05/1990", IntegrityError), ("1990-02-30", DataError)])
def test_the_database_itself_refuses_a_birth_that_is_none(tmp_path, text, error):
    load(tmp_path, line("R-1"))
    with pytest.raises((error, DataError)), transaction.atomic(using="central"):
        RegisterPerson.objects.update(date_of_birth=text)


@pytest.mark.django_db
def test_a_search_reads_the_covering_index_only():
    with connections["central"].cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'register_matchkey'")
        assert any("(key, born, person_id)" in row[0] and "UNIQUE" in row[0] for row in cursor.fetchall())
        cursor.execute("SELECT extname FROM pg_extension")
        assert {"pg_trgm", "btree_gist", "unaccent"} <= {row[0] for row in cursor.fetchall()}


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=40)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT)
def test_any_text_survives_the_way_in_and_out(text):
    row = person_json(conviction(judgment_number=text), register_id="R-1", place_of_birth=text)
    loading.run_import(
        io.BytesIO(json.dumps(row).encode()),
        source="",
        now=timezone.now,
        on_refused=lambda line: pytest.fail(str(line)),
        on_progress=lambda run: None,
    )
    (record,) = all_records()
    assert record.place_of_birth == unicodedata.normalize("NFC", text)
    assert record.convictions[0].judgment_number == unicodedata.normalize("NFC", text)


@pytest.mark.django_db
def test_rows_are_named_by_ids_and_numbers_of_decisions_never_by_people(tmp_path):
    load(tmp_path, json.dumps(RICH))
    shown = " ".join(
        str(model.objects.first()) for model in (RegisterPerson, IdentityDocument, Conviction, Ban, MatchKey)
    )
    assert "Nguyễn" not in shown and "001080990001" not in shown
    assert str(newest_run()).startswith("Lần nạp")
