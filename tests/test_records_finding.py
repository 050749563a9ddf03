"""Who is found: keys beside days of birth, names that are alike, one question or many; and by which rules."""

import io
import json
import threading
from datetime import date, timedelta
from itertools import islice
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import population
from records import backends, comparing, registry
from records.answers import Complete, Partial, Question
from records.keys import SCHEME, probes_of
from records.matching import PARENTS, RECONCILABLE
from records.names import PartialDate
from records.register import loading, queries
from records.register.models import Conviction, KeyScheme, MatchKey, NameOnFile, RegisterImport
from records.setting_aside import Sought
from tests.records_people import conviction, person_json
from tests.test_records_matching import ask

NOT_IN_A_QUESTION = ("applicant_id", "certificate_type", "want_ban_info", "as_of")


def load(*rows):
    return loading.run_import(
        io.BytesIO("\n".join(json.dumps(row) for row in rows).encode()),
        source="",
        now=timezone.now,
        on_refused=lambda line: pytest.fail(str(line)),
        on_progress=lambda run: None,
    )


def question_of(applicant):
    asked = {field: value for field, value in applicant.items() if field not in NOT_IN_A_QUESTION}
    return Question.from_json({"reference": applicant["applicant_id"]} | asked)


def found_by(question):
    found = queries.search(probes_of(question), queries.nobody, milliseconds=60_000)
    return {record.register_id for record in found.people}


DAYS = st.dates(date(1930, 1, 1), date(2010, 12, 31))


NEAR = st.integers(-40, 40).map(timedelta) | st.sampled_from([timedelta(365), timedelta(366), timedelta(3652)])


@settings(max_examples=400, deadline=None)
@given(DAYS, DAYS | NEAR)
def test_every_day_that_does_not_exclude_is_looked_up(asked, found):
    """Same name, no number: whom the law of matching would not exclude must be met."""
    found = asked + found if isinstance(found, timedelta) else found
    one, other = PartialDate.parse(asked.isoformat()), PartialDate.parse(found.isoformat())
    probes = probes_of(ask(date_of_birth=asked.isoformat()))
    assert found in probes.days or comparing.birth_level(one, other) not in RECONCILABLE


@given(DAYS, st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_dates_known_in_part_are_looked_up_wherever_they_overlap(day, asked, found):
    asked, found = PartialDate.parse(day.isoformat()[:asked]), PartialDate.parse(day.isoformat()[:found])
    assert found.first_day in probes_of(ask(date_of_birth=asked.text)).days


@pytest.mark.django_db
def test_whoever_is_on_file_is_found_under_every_kind_of_corruption():
    """As many as the tests have time for; script/bench finding asks about two million."""
    load(*population.people(750, seed=3))
    lost = [
        (population.kind_of(index), index)
        for index in range(750)
        if f"R{index:08d}" not in found_by(question_of(population.asked(index, seed=3)))
    ]
    assert not [kind for kind, _ in lost if kind in population.NEVER_CLEARED]
    assert len(lost) <= 3, lost


@pytest.mark.django_db
def test_many_questions_in_one_statement_find_what_each_finds_alone():
    load(*population.people(300, seed=4))
    random = Random(4)
    applicants = [population.asked(index, seed=4) for index in range(0, 300, 3)]
    applicants += islice(population.strangers(40, seed=4), 40)
    applicants += population.twins_of(population.truth(8, seed=4), random, 3)
    questions = [question_of(applicant) for applicant in applicants]
    asked = [(probes_of(question), Sought(question).sets_aside) for question in questions]
    together = queries.search_many(asked, milliseconds=60_000)
    alone = [queries.search(*each, milliseconds=60_000) for each in asked]
    assert together.people == [each.people for each in alone]
    assert sum(len(each.people) for each in alone) > 100
    assert any(each.set_aside for each in alone)
    assert queries.search_many([], milliseconds=60_000).people == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on_file", "is_found"),
    [
        ({}, True),
        ({"full_name": "Nguyễn Văn Thứ Thủ"}, True),  # alike, and nothing contradicts
        ({"full_name": "Nguyễn Vân Thu", "sex": "female", "place_of_birth_province": "79"}, True),  # marks only
        ({"full_name": "Nguyễn Văn Thụt", "sex": "female", "place_of_birth_province": "79"}, True),  # one slip
        ({"full_name": "Nguyễn Văn Thành", "sex": "female"}, False),
        ({"full_name": "Nguyễn Văn Thành", "place_of_birth_province": "79"}, False),
        ({"full_name": "Nguyễn Văn Thành", "father_name": "Lý Bảy", "mother_name": "Hồ Én"}, False),
        ({"full_name": "Nguyễn Văn Thành", "father_name": "Lý Bảy", "mother_name": None}, True),
        ({"full_name": "Nguyễn Văn Thành", "identity_documents": [{"type": "cccd", "number": "079080990777"}]}, False),
        ({"full_name": "Nguyễn Văn Thành", "identity_documents": [{"type": "other", "number": "790801234567"}]}, True),
        ({"full_name": "Lê Thị Xuyến"}, False),
        ({"full_name": "Nguyễn Văn Thứ Thủ", "date_of_birth": "1980-05-18"}, True),
        ({"full_name": "Nguyễn Văn Thứ Thủ", "date_of_birth": "1980-06-18"}, False),
    ],
)
def test_a_name_that_is_merely_alike_is_taken_unless_something_contradicts(on_file, is_found):
    load(person_json(**{"identity_documents": [], "father_name": None, "mother_name": "Trần Thị Khác"} | on_file))
    question = ask(father_name="Nguyễn Văn Cha", mother_name="Trần Thị Mẹ")
    assert bool(found_by(question)) is is_found


@pytest.mark.django_db
@pytest.mark.parametrize("born", ["1980-05-17", "1980", "1980-01-01"])
@pytest.mark.parametrize(
    ("on_file", "asked"),
    [
        ("Võ Thị Mỹ Ly", "Thị Mỹ Ly Võ"),
        ("Võ Thị Mỹ Ly", "Võ Thị Ly"),
        ("Võ Thị Ly", "Võ Thị Mỹ Ly"),
        ("Võ Thị Ly", "Ly Võ"),
        ("Vo Ly", "Võ Thị Ly"),
    ],
)
def test_words_in_another_order_and_a_lacking_one_are_found_however_little_is_known_of_the_birth(on_file, asked, born):
    load(person_json(full_name=on_file, date_of_birth=born, identity_documents=[], father_name=None, mother_name=None))
    question = ask(full_name=asked, date_of_birth="1980-05-17", father_name=None, mother_name=None)
    assert found_by(question) == {"R-990001"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["%", "_", "\\", "100% An\\", "a_b"])
def test_signs_that_sql_reads_as_patterns_are_letters_here(name):
    load(person_json(identity_documents=[], father_name=None, full_name="Khác Hẳn"))
    assert found_by(ask(full_name=f"{name} X", father_name=None, identity_documents=[], mother_name=None)) == set()
    load(person_json(identity_documents=[], father_name=None, full_name=f"{name} X", register_id="R-2"))
    assert found_by(ask(full_name=f"{name} X", father_name=None, identity_documents=[], mother_name=None)) == {"R-2"}


STRANGER = {"date_of_birth": "1980", "identity_documents": [], "father_name": "Lý Bảy", "mother_name": "Hồ Én"}


@pytest.mark.django_db
def test_of_a_stranger_who_is_set_aside_only_the_id_and_the_reason_leave_the_register():
    load(
        person_json(conviction()),
        person_json(conviction(judgment_number="77/2019/HS-ST"), register_id="R-2", **STRANGER),
    )
    answer = registry.ask(ask())
    assert [record.register_id for record in answer.candidates] == ["R-990001"]
    assert answer.set_aside == (("R-2", PARENTS),)
    written = json.dumps(answer.to_json(), ensure_ascii=False)
    assert "15/2021/HS-ST" in written and "77/2019/HS-ST" not in written and "Lý Bảy" not in written
    assert Complete.from_json(json.loads(written)) == answer
    whole = backends.OwnDatabase(reads_everybody=True).ask(ask())
    assert [record.register_id for record in whole.candidates] == ["R-2", "R-990001"] and not whole.set_aside


@pytest.mark.django_db
def test_a_stranger_more_or_less_is_no_finding():
    load(person_json())
    before = registry.ask(ask())
    load(person_json(register_id="R-2", **STRANGER))
    after = registry.ask(ask())
    assert after.set_aside and not before.set_aside
    assert after.findings_digest == before.findings_digest and after.digest != before.digest


@pytest.mark.django_db
def test_who_is_on_file_without_a_name_that_can_be_read_is_not_lost():
    """A tone mark alone, as a scanner writes it: met by the parents, held against no name, and therefore read."""
    load(person_json(full_name="\u0301", identity_documents=[]))
    answer = registry.ask(ask())
    assert [record.register_id for record in answer.candidates] == ["R-990001"] and not answer.set_aside


def test_who_is_met_and_what_is_read_are_of_one_moment(own_databases):
    """While the search sorts people out, somebody else writes and commits."""
    load(person_json(conviction(), identity_documents=[]))
    asked = ask(identity_documents=[])

    def expunge():
        Conviction.objects.all().delete()
        connections.close_all()

    def while_that_happens(beside):
        somebody = threading.Thread(target=expunge)
        somebody.start()
        somebody.join()

    (as_they_were,) = queries.search(probes_of(asked), while_that_happens, milliseconds=60_000).people
    (as_they_are,) = queries.search(probes_of(asked), queries.nobody, milliseconds=60_000).people
    assert (len(as_they_were.convictions), len(as_they_are.convictions)) == (1, 0)


@pytest.mark.django_db
def test_a_search_leaves_the_callers_transaction_its_own_time():
    load(person_json())
    with connections["central"].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '77s'")
        assert queries.search(probes_of(ask()), queries.nobody, milliseconds=60_000).people
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("77s",)


def test_the_search_is_prepared_once_and_reads_indexes_only(own_databases):
    """On tables that nobody has vacuumed: where others were rolled back, the planner believes that nothing is there."""
    load(*population.people(200, seed=5))
    question = question_of(population.asked(7, seed=5))
    probes = probes_of(question)
    queries.search(probes, queries.nobody, milliseconds=60_000)
    queries.search(probes, queries.nobody, milliseconds=60_000)
    with transaction.atomic(using="central"), connections["central"].cursor() as cursor:
        cursor.execute(
            "SELECT name, generic_plans + custom_plans FROM pg_prepared_statements WHERE name LIKE '%people%'"
        )
        used = dict(cursor.fetchall())
        assert set(used) == {"find_people", "find_people_for_many", "read_people"} and used["find_people"] >= 2
        # A test's tables are so small that reading them whole is right; planned anew, as for large ones.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; DEALLOCATE find_people")
        cursor.execute(queries.PREPARE)
        values = [queries._as_literal(name, getattr(probes, name)) for name in queries.PROBES]
        cursor.execute(queries.FIND.replace("EXECUTE", "EXPLAIN EXECUTE"), ["60000", queries.ALIKE, *values])
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT pg_get_indexdef('public.register_matchkey_pkey'::regclass)")
        (index,) = cursor.fetchone()
    # The table itself need not be looked into; whether it is, is a matter of its last vacuum.
    assert "(key, born, person_id)" in index
    assert "Scan using register_matchkey_pkey" in plan, plan
    assert "(key = ANY ($2)) AND (born = ANY ($3))" in plan, plan  # one look at each key for all days
    assert "(key = ANY ($4)) AND (born = ANY ($5))" in plan, plan
    scans = [f"Index{only} Scan using names_born_there" for only in (" Only", "")]
    assert sum(map(plan.count, scans)) == 3, plan


@pytest.mark.django_db
@pytest.mark.parametrize(
    "letters",
    [(0x20000, 0x2A000), (0xAC00, 0xD7A0), (0x61, 0x7B)],
    ids=["four bytes each", "syllables that come apart into three letters", "plain letters"],
)
def test_the_longest_that_a_line_may_say_of_somebody_fits_into_every_index(letters):
    rare = Random(7)  # letters in no order, which no index can compress
    name, province = ("".join(chr(rare.randrange(*letters)) for _ in range(500)) for _ in range(2))
    papers = [{"type": "cccd", "number": f"{rare.randrange(10**12):012}"} for _ in range(300)]
    widest = person_json(full_name=name, place_of_birth_province=province, identity_documents=papers)
    assert load(widest).persons_stored == 1
    asked = {"reference": "A1", "full_name": name, "date_of_birth": widest["date_of_birth"], "nationality": "VN"}
    question = Question.from_json(asked | {"place_of_birth_province": province})
    found = queries.search(probes_of(question), Sought(question).sets_aside, milliseconds=60_000)
    assert [record.full_name for record in found.people] == [name]


# --- Which rules the keys were made by -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_keys_made_by_other_rules_make_every_answer_partial_until_they_are_made_anew():
    load(person_json())
    KeyScheme.objects.set_to(SCHEME - 1)
    MatchKey.objects.all().delete()
    NameOnFile.objects.all().delete()
    answer = registry.ask(ask())
    assert isinstance(answer, Partial) and answer.cause == backends.OTHER_KEYS
    out = io.StringIO()
    call_command("rebuild_keys", "--if-needed", stdout=out)
    assert "1 người" in out.getvalue()
    call_command("rebuild_keys", "--if-needed", stdout=(again := io.StringIO()))
    assert again.getvalue() == "", "there is nothing to rebuild"
    assert isinstance(registry.ask(ask()), Complete)
    assert [record.register_id for record in registry.ask(ask()).candidates] == ["R-990001"]


@pytest.mark.django_db
def test_a_rebuild_that_was_cut_leaves_answers_partial(monkeypatch):
    load(*population.people(6, seed=6))
    before = set(MatchKey.objects.values_list("key", "born", "person"))
    monkeypatch.setattr("records.register.rebuilding.PAGE", 2)

    def cut(done):
        if done == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("records.management.commands.rebuild_keys.Command._progress", lambda self, done: cut(done))
    with pytest.raises(CommandError, match="chưa dựng xong"):
        call_command("rebuild_keys", stdout=io.StringIO())
    assert registry.ask(ask()).cause == backends.OTHER_KEYS
    monkeypatch.undo()
    call_command("rebuild_keys", stdout=io.StringIO())
    assert set(MatchKey.objects.values_list("key", "born", "person")) == before
    assert registry.ask(ask()).complete


@pytest.mark.django_db
def test_an_empty_register_takes_up_the_rules_of_today_with_its_first_import():
    KeyScheme.objects.set_to(0)
    RegisterImport.objects.all().delete()
    load(person_json())
    assert KeyScheme.objects.get().version == SCHEME
    assert str(KeyScheme.objects.get()) == str(SCHEME)
    assert registry.ask(ask()).complete
