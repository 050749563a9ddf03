"""C1 to C32 through the real search decision and the real determination, for số 1 and for số 2."""

import pytest

from records.determination import Determination, Undetermined
from records.matching import REVIEW, weigh
from records.reading import read_record
from tests.expungement_answers import answer, bans_printed, rows_printed
from tests.expungement_cases import CASES, VERIFY
from tests.expungement_more_cases import MORE
from tests.test_records_matching import ask

ALL = (*CASES, *MORE)
EVERY_DAY = [pytest.param(asked, id=f"{case.name}-{n}") for case in ALL for n, asked in enumerate(case.asked, 1)]


def test_the_table_has_every_case_once():
    assert [case.name for case in CASES] == [f"C{number}" for number in range(1, 33)]
    assert all(case.asked for case in CASES)


@pytest.mark.parametrize("case", ALL, ids=[case.name for case in ALL])
def test_case(case):
    for asked in case.asked:
        for kind, expected in ((1, asked.number1), (2, asked.number2)):
            found = answer(asked, kind)
            if expected == VERIFY:
                assert isinstance(found, Undetermined)
                assert any(asked.paper in reason for reason in found.reasons), found.reasons
                continue
            assert isinstance(found, Determination), found
            assert asked.bans is None or bans_printed(found) == asked.bans[kind - 1]
            if kind == 1:
                assert found.text == expected and [r for r in found.convictions if r.state != "active"] == []
            else:
                assert rows_printed(found) == expected
                assert found.text == (asked.number1 if asked.number1 != "Không có án tích" or not expected else "")


@pytest.mark.parametrize("asked", EVERY_DAY)
def test_every_row_of_every_case_names_article_and_clause(asked):
    found = answer(asked, 2)
    reasons = found.reasons if isinstance(found, Undetermined) else [r for c in found.convictions for r in c.reasons]
    for reason in reasons:
        assert "Điều" in reason or "cần" in reason or "chưa được kết luận" in reason, reason
        assert reason[-1] in ".)" or "của ai" in reason, reason
    if isinstance(found, Determination):
        for row in found.convictions:
            # Art. 72 has no clauses.
            assert any("khoản" in reason or "Điều 72 BLHS" in reason for reason in row.reasons), row.reasons


def test_c32_a_namesake_of_the_same_year_is_never_clear_and_only_a_person_may_exclude():
    (asked,) = next(case for case in CASES if case.name == "C32").asked
    (namesake,) = (read_record(row, "") for row in asked.records)
    assert weigh(ask(), [namesake]).decision == REVIEW
    assert weigh(ask(date_of_birth="1980", identity_documents=[]), [namesake]).decision == REVIEW
