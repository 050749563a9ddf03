"""What must hold for every determination, whatever the register says; and its way through JSON."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import determination
from records.answers import Complete
from records.determination import Determination, Undetermined, determine
from records.reading import read_record
from tests.expungement_people import AS_OF, complete
from tests.pace import MANY
from tests.records_people import conviction, person, person_json, without

MAYBE_LATER = st.none() | st.integers(0, 4000)


def decide(rows, as_of, kind=1):
    records = [read_record(row, "") for row in (rows if isinstance(rows, list) else [rows])]
    return determine(records, certificate_type=kind, want_ban_info=False, as_of=as_of)


@MANY
@given(complete(most=1), AS_OF, MAYBE_LATER)
def test_a_prosecution_never_clears_anybody(row, as_of, days):
    offence = None if days is None else (as_of - timedelta(days=days)).isoformat()
    case = {"since": as_of.isoformat(), "offence_date": offence}
    free, prosecuted = decide(row, as_of), decide(row | {"pending_prosecution": case}, as_of)
    if prosecuted != free:
        assert isinstance(prosecuted, Undetermined)
        assert isinstance(free, Undetermined) or free.text == "Không có án tích"


def test_every_reason_names_the_article_it_rests_on():
    found = decide(person_json(conviction()), date(2022, 1, 1))
    assert all("Điều" in reason for reason in found.convictions[0].reasons)


def test_a_determination_goes_to_json_and_back():
    ban = {"decision_number": "1", "from": "2020-01-01"}
    row = person_json(conviction(), without(conviction(judgment_number="2"), "obligations"), bans=[ban])
    for kind, as_of in ((1, date(2022, 1, 1)), (2, date(2022, 1, 1)), (2, date(2030, 1, 1))):
        found = decide(row, as_of, kind)
        assert determination.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert isinstance(decide(row, date(2030, 1, 1), 2), Undetermined)
    expunged = decide(person_json(conviction()), date(2025, 1, 1), 2)
    assert determination.from_json(json.loads(json.dumps(expunged.to_json()))) == expunged
    assert "//" in {row.additional_penalties for row in expunged.convictions}


def ban(**changes):
    return {"decision_number": "7/QĐ", "from": "2024-02-01"} | changes


@pytest.mark.parametrize(
    ("other", "settled"),
    [
        (ban(until="2027-02-01"), False),  # without an end, and with one
        (ban(**{"from": "2025-02-01"}), False),
        (ban(), True),
        (ban(position="Giám đốc"), True),  # one decision may ban from two posts
        (ban(decision_number="8/QĐ", until="2027-02-01"), True),
    ],
)
def test_one_ban_told_in_two_ways_is_not_printed_in_either(other, settled):
    people = [person(bans=[ban()]), person(register_id="R-2", bans=[other])]
    options = {"certificate_type": 1, "as_of": date(2026, 1, 1)}
    found = determine(people, want_ban_info=True, **options)
    assert isinstance(found, Determination) is settled
    if not settled:
        assert "Quyết định cấm số 7/QĐ được ghi khác nhau" in found.reasons[0]
    assert isinstance(determine(people, want_ban_info=False, **options), Determination)


def test_a_ban_told_in_two_ways_that_are_both_over_says_nothing():
    people = [person(bans=[ban(until=f"202{year}-02-01")], register_id=f"R-{year}") for year in (4, 5)]
    assert determine(people, certificate_type=2, want_ban_info=True, as_of=date(2026, 1, 1)).bans == ()


def test_a_citizen_never_gets_the_words_for_foreigners():
    options = {"certificate_type": 1, "want_ban_info": False, "as_of": date(2024, 1, 1)}
    assert determine([], nationality="VN", former_resident_foreigner=True, **options).text == "Không có án tích"
    assert "cư trú" in determine([], nationality="FR", former_resident_foreigner=True, **options).text


@pytest.mark.parametrize("order", [1, -1])
def test_the_same_findings_have_the_same_digest_whenever_they_were_found(order):
    found = (person(), person(register_id="R-2"))[::order]
    one = Complete(datetime(2024, 1, 1, tzinfo=UTC), "q", found)
    other = Complete(datetime(2024, 1, 2, tzinfo=UTC), "q", found[::-1])
    assert one.findings_digest == other.findings_digest
    assert one.digest != other.digest
    assert Complete.from_json(json.loads(json.dumps(one.to_json()))).digest == one.digest
