"""What must hold for every determination, whatever the register says; and its way through JSON."""

import json
import os
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from records import determination
from records.answers import Complete
from records.determination import Determination, Undetermined, determine
from records.reading import read_record
from tests.records_people import conviction, person, person_json, without

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
AS_OF = st.dates(date(2005, 1, 1), date(2045, 12, 31))
MAYBE_LATER = st.none() | st.integers(0, 4000)


@st.composite
def convictions(draw, number=0):
    """One conviction whose dates are in order, with every fact known."""
    judged = draw(DAYS)

    def after(day, *, least=0, most=3000):
        return (day + timedelta(days=draw(st.integers(least, most)))).isoformat()

    kind = draw(st.sampled_from(["warning", "fine", "non_custodial", "imprisonment", "imprisonment", "life"]))
    penalty = {"kind": kind}
    if kind == "imprisonment":
        penalty |= {"months": draw(st.sampled_from([6, 36, 60, 61, 180, 181])), "suspended": draw(st.booleans())}
    return conviction(
        judgment_number=f"{number}/{draw(st.integers(1, 3))}",
        judgment_date=judged.isoformat(),
        effective_date=after(judged, most=60),
        offence_date=(judged - timedelta(days=draw(st.integers(0, 1500)))).isoformat(),
        offence={
            "severity": draw(st.sampled_from(["less_serious", "serious", "very_serious", "extremely_serious"])),
            "negligent": draw(st.booleans()),
            "chapter": draw(st.sampled_from(["XVI", "XVI", "XIII"])),
        },
        main_penalty=penalty,
        main_penalty_completed_on=after(judged),
        obligations=[{"kind": "court_fee", "fulfilled_on": after(judged)}],
        additional_penalties=draw(
            st.sampled_from([[], [{"kind": "supervised_residence", "completed_on": after(judged)}]])
        ),
    )


@st.composite
def people(draw, most=3):
    rows = [draw(convictions(number)) for number in range(draw(st.integers(1, most)))]
    birth = draw(st.dates(date(1960, 1, 1), date(1988, 1, 1)))
    return person_json(*rows, date_of_birth=birth.isoformat())


def decide(rows, as_of, kind=1):
    records = [read_record(row, "") for row in (rows if isinstance(rows, list) else [rows])]
    return determine(records, certificate_type=kind, want_ban_info=False, as_of=as_of)


# As shipped (script/test --all) two thousand examples each; a tenth of them otherwise.
MANY = settings(max_examples=2000 if os.environ.get("LLTP_TEMPO") == "1" else 200, deadline=None)
LEFT_OUT = [
    ("effective_date",),
    ("offence_date",),
    ("main_penalty_completed_on",),
    ("obligations",),
    ("additional_penalties",),
    ("offence", "negligent"),
    ("offence", "severity"),
    ("offence", "chapter"),
    ("main_penalty", "months"),
]


def leave_out(row, path):
    inner = row
    for step in path[:-1]:
        inner = inner[step]
    inner.pop(path[-1], None)


@MANY
@given(people(), AS_OF, st.data())
def test_missing_data_never_gives_a_clean_certificate(row, as_of, data):
    whole = decide(row, as_of)
    assume(isinstance(whole, Determination))
    lacking = json.loads(json.dumps(row))
    for path in data.draw(st.lists(st.sampled_from(LEFT_OUT), min_size=1, max_size=4, unique=True)):
        leave_out(data.draw(st.sampled_from(lacking["convictions"])), path)
    found = decide(lacking, as_of)
    assert isinstance(found, Undetermined) or (found.status, [r.judgment_number for r in found.convictions]) == (
        whole.status,
        [r.judgment_number for r in whole.convictions],
    )


@MANY
@given(people(), AS_OF, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(row, as_of, shuffler):
    shuffled = json.loads(json.dumps(row))
    shuffler.shuffle(shuffled["convictions"])
    for kind in (1, 2):
        assert decide(row, as_of, kind) == decide(shuffled, as_of, kind)


@MANY
@given(people(), AS_OF, st.integers(0, 3))
def test_rows_spread_over_several_records_say_the_same(row, as_of, cut):
    one = row | {"convictions": row["convictions"][:cut]}
    other = row | {"convictions": row["convictions"][cut:], "register_id": "R-2"}
    for kind in (1, 2):
        assert decide([one, other], as_of, kind) == decide([other, one], as_of, kind) == decide(row, as_of, kind)


@MANY
@given(people(), AS_OF)
def test_number_one_shows_exactly_what_is_active_on_number_two(row, as_of):
    one, two = decide(row, as_of, 1), decide(row, as_of, 2)
    if isinstance(one, Determination):
        assert all(printed.state == "active" and not printed.expunged_on for printed in one.convictions)
        assert (one.text == "Có án tích") == bool(one.convictions)
    if isinstance(two, Determination):
        assert isinstance(one, Determination)
        assert [r for r in two.convictions if r.state == "active"] == list(one.convictions)
        for printed in two.convictions:
            assert (printed.state == "expunged") == (printed.expunged_on is not None)
            assert printed.expunged_on is None or printed.expunged_on < as_of


@MANY
@given(people(), AS_OF, st.integers(1, 4000))
def test_a_later_day_never_undoes_an_expungement_without_a_new_judgment(row, as_of, days):
    later = min(as_of + timedelta(days=days), date(2049, 1, 1))
    for judged in row["convictions"]:
        assume(not as_of < date.fromisoformat(judged["effective_date"]) <= later)
    then, now = decide(row, as_of, 2), decide(row, later, 2)
    assume(isinstance(then, Determination))
    assert isinstance(now, Determination)
    states = {printed.judgment_number: printed for printed in now.convictions}
    for printed in then.convictions:
        if printed.state == "expunged":
            assert states[printed.judgment_number].state == "expunged"
            assert states[printed.judgment_number].expunged_on == printed.expunged_on


@MANY
@given(people(most=1), AS_OF, MAYBE_LATER)
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
