"""manage.py screen: the answers of a filed request, in bulk, with the shape of the file contract."""

import io
import json
import os
import subprocess
import sys
import unicodedata
from itertools import islice
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from benchmarks import population
from records import registry, screening
from records.register import loading
from records.register.models import KeyScheme, RegisterImport
from tests import databases
from tests.records_people import conviction, person_json

APPLICANT = {
    "applicant_id": "A-1",
    "full_name": "Nguyễn Văn Thử",
    "date_of_birth": "1980-05-17",
    "sex": "male",
    "identity_documents": [{"type": "cccd", "number": "001080990001"}],
    "father_name": "Nguyễn Văn Cha",
    "mother_name": "Trần Thị Mẹ",
    "certificate_type": 1,
    "as_of": "2022-06-01",
}


def load(*rows, refused=lambda line: pytest.fail(str(line))):
    return loading.run_import(
        io.BytesIO("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()),
        source="",
        now=timezone.now,
        on_refused=refused,
        on_progress=lambda run: None,
    )


def screen(tmp_path, *applicants, **options):
    """(exit code, results, standard error)"""
    asked, results = tmp_path / "applicants.jsonl", tmp_path / "results.jsonl"
    lines = [one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in applicants]
    asked.write_bytes(b"\n".join(lines) + b"\n")
    err, code = io.StringIO(), 0
    try:
        # Processes of their own would not see what this test's transaction holds.
        call_command("screen", str(asked), output=str(results), stderr=err, processes=0, **options)
    except CommandError as error:
        err.write(str(error))
        code = error.returncode
    written = results.read_text(encoding="utf-8") if results.exists() else ""
    return code, [json.loads(line) for line in written.splitlines()], err.getvalue()


@pytest.mark.django_db
def test_each_applicant_gets_the_answer_of_the_portal_in_the_order_of_the_file(tmp_path):
    load(
        person_json(conviction()),
        person_json(register_id="R-2", full_name="Lê Bình", date_of_birth="1955-01-02", identity_documents=[]),
    )
    stranger = APPLICANT | {"applicant_id": "A-0", "full_name": "Tô Én", "identity_documents": [], "mother_name": None}
    code, (clear, match), err = screen(tmp_path, stranger, APPLICANT)
    assert (code, clear["decision"], match["decision"]) == (0, "clear", "match")
    assert clear == {
        "applicant_id": "A-0",
        "decision": "clear",
        "candidates": [],
        "certificate": {"status": "no_record", "text": "Không có án tích", "convictions": [], "bans": None},
        "undetermined": [],
    }
    (candidate,) = match["candidates"]
    assert candidate["register_id"] == "R-990001" and candidate["weight"] > 8
    assert sum(part["weight"] for part in candidate["evidence"]) == pytest.approx(candidate["weight"], abs=0.1)
    assert match["certificate"]["status"] == "has_record"
    assert [printed["judgment_number"] for printed in match["certificate"]["convictions"]] == ["15/2021/HS-ST"]
    assert "2 người" in err


@pytest.mark.django_db
def test_doubt_about_the_person_gives_no_certificate_and_says_who_is_open(tmp_path):
    load(person_json(conviction(), identity_documents=[]))
    _, (review,), _ = screen(tmp_path, APPLICANT)
    assert (review["decision"], review["certificate"]) == ("review", None)
    assert "R-990001" in review["undetermined"][0]


@pytest.mark.django_db
def test_number_two_lists_what_number_one_does_not_and_bans_are_told_when_asked_for(tmp_path):
    ban = {"decision_number": "7", "from": "2021-01-01"}
    load(person_json(conviction(), bans=[ban]))
    late = APPLICANT | {"as_of": "2026-06-01"}
    _, (one, with_bans, two), _ = screen(tmp_path, late, late | {"want_ban_info": True}, late | {"certificate_type": 2})
    assert one["certificate"]["text"] == "Không có án tích" and one["certificate"]["bans"] is None
    assert with_bans["certificate"]["bans"] == [ban]
    (row,) = two["certificate"]["convictions"]
    assert (row["state"], two["certificate"]["status"]) == ("expunged", "has_record")
    assert row["expunged_on"] and row["reasons"]


@pytest.mark.django_db
def test_in_bulk_and_one_by_one_are_the_same_answers(tmp_path):
    """A mixed population: people of the register with every kind of corruption, strangers, twins and namesakes."""
    load(*population.people(400, seed=8))
    random = Random(8)
    applicants = [population.asked(index, seed=8) for index in range(400)]
    applicants += islice(population.strangers(50, seed=8), 50)
    for index in range(0, 60, 4):
        truth = population.truth(index, seed=8)
        applicants += population.twins_of(truth, random) + population.siblings_of(truth, random)
        applicants += population.namesakes_of(truth, random) + population.namesakes_of(truth, random, born="year")
    code, results, err = screen(tmp_path, *applicants)
    assert code == 0, err
    assert [one["applicant_id"] for one in results] == [one["applicant_id"] for one in applicants]
    assert results == [one_by_one(applicant) for applicant in applicants]
    assert {one["decision"] for one in results} == {"clear", "match", "review"}


def one_by_one(applicant):
    """What a filed request does: through the one door, then weighing and determination."""
    read = screening.read_applicant(json.loads(unicodedata.normalize("NFC", json.dumps(applicant))), "")
    answer = registry.ask(read.question)
    assert answer.complete, answer
    return json.loads(json.dumps(screening.result(read, answer.candidates)))


# --- Bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b'{"applicant_id": "A-2"', "không phải JSON hợp lệ"),
        (b"[]", "phải là một đối tượng JSON"),
        (b"\xff\xfe", "không phải UTF-8"),
        (b"[" * 200_000, "lồng nhau quá sâu"),
        (b'"' + b"x" * (10 * 1024 * 1024) + b'"', "dài quá 4 MB"),
        (b'{"as_of": NaN}', "NaN"),
        (b'{"as_of": "2024-01-01", "as_of": "2025-01-01"}', "hai lần"),
        (APPLICANT | {"certificate_type": 3}, "certificate_type: phải là 1 hoặc 2"),
        (APPLICANT | {"certificate_type": "1"}, "certificate_type: phải là số nguyên"),
        (APPLICANT | {"certificate_type": True}, "certificate_type: phải là số nguyên"),
        (APPLICANT | {"as_of": "2023-02-29"}, "as_of: là ngày không có trong lịch"),
        (APPLICANT | {"date_of_birth": "1990-02-30"}, "date_of_birth: là ngày không có trong lịch"),
        (APPLICANT | {"date_of_birth": "00/00/1990"}, "date_of_birth: phải viết theo dạng"),
        (APPLICANT | {"full_name": "\u200b"}, "full_name: không có chữ nào đọc được"),
        (APPLICANT | {"full_name": None}, "full_name: phải là chuỗi ký tự"),
        (APPLICANT | {"identity_documents": [{"type": "thẻ", "number": "1"}]}, "identity_documents[1].type"),
        (APPLICANT | {"want_ban_info": 1}, "want_ban_info: phải là true hoặc false"),
        (APPLICANT | {"tuổi": 40}, "tuổi: là trường không có trong quy ước tệp"),
        ({"applicant_id": "A-2"}, "full_name: còn thiếu"),
    ],
)
def test_a_bad_line_is_refused_in_words_and_the_rest_is_answered(tmp_path, bad, words):
    load(person_json())
    code, results, err = screen(tmp_path, APPLICANT, bad, APPLICANT | {"applicant_id": "A-3"})
    assert code == 1 and "Dòng 2: " in err and words in err and "Từ chối 1 dòng" in err
    assert [one["applicant_id"] for one in results] == ["A-1", "A-3"]
    assert "Thử" not in err and "001080990001" not in err


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": unicodedata.normalize("NFD", "NGUYỄN VĂN THỬ")},
        {"full_name": "Nguyễn\u200b Văn\u00a0Thử"},
        {"full_name": "Nguyễn Văn Thử", "identity_documents": [{"type": "cccd", "number": "001 080.990-001"}]},
        {"other_names": ["Tèo", "Tèo"], "identity_documents": APPLICANT["identity_documents"] * 2},
    ],
)
def test_habits_of_spelling_change_no_answer(tmp_path, changes):
    load(person_json(conviction()))
    _, (plain, spelled), _ = screen(tmp_path, APPLICANT, APPLICANT | changes)
    assert spelled["decision"] == plain["decision"] == "match"
    assert spelled["certificate"] == plain["certificate"]


@pytest.mark.django_db
def test_the_same_applicant_twice_is_answered_twice_and_an_empty_file_is_no_error(tmp_path):
    load(person_json())
    _, results, _ = screen(tmp_path, APPLICANT, APPLICANT)
    assert results[0] == results[1]
    assert screen(tmp_path)[:2] == (0, [])


@pytest.mark.django_db
def test_an_open_import_is_warned_of_and_the_screening_goes_on(tmp_path):
    load(person_json(), "{", refused=lambda line: None)
    code, results, err = screen(tmp_path, APPLICANT)
    assert code == 0 and len(results) == 1
    assert "Cảnh báo" in err and "thiếu 1 dòng" in err


@pytest.mark.django_db
@pytest.mark.parametrize("was_filled", [True, False])
def test_a_register_that_cannot_find_anybody_answers_nobody(tmp_path, was_filled):
    RegisterImport.objects.all().delete()
    if was_filled:
        load(person_json())
        KeyScheme.objects.set_to(0)
    code, results, err = screen(tmp_path, APPLICANT)
    assert code == 1 and results == [] and "Không tra cứu được" in err


@pytest.mark.django_db
def test_files_that_are_not_there(tmp_path):
    load(person_json())
    with pytest.raises(CommandError, match="Không đọc hoặc không ghi được tệp"):
        call_command("screen", str(tmp_path / "none.jsonl"), output=str(tmp_path / "results"), stderr=io.StringIO())


def test_several_processes_keep_the_order(own_databases, tmp_path):
    people = [person_json(register_id=f"R-{n:05}", full_name=f"Nguyễn Văn Số {n}") for n in range(20)]
    load(*people)
    asked, results = tmp_path / "applicants.jsonl", tmp_path / "results.jsonl"
    rows = [APPLICANT | {"applicant_id": f"A-{n}"} for n in range(1_700)]
    asked.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    env = os.environ | databases.addresses(own_databases)
    command = [sys.executable, "manage.py", "screen", str(asked), "--output", str(results), "--processes", "2"]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    written = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    assert [one["applicant_id"] for one in written] == [row["applicant_id"] for row in rows]
    assert {json.dumps(one["candidates"]) for one in written} == {json.dumps(written[0]["candidates"])}
