"""What holds for every record, complete or not: time, order, silence of the register, joint penalties, leap days."""

import json
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from records.determination import Determination, Undetermined, determine
from records.expungement import add_months
from records.reading import read_record
from tests.expungement_people import AS_OF, SAYS_BY_BEING_THERE, complete, facts_of, leave_out, patchy
from tests.pace import MANY
from tests.records_people import conviction, person_json, prison


def decide(rows, as_of, kind=1):
    records = [read_record(row, "") for row in (rows if isinstance(rows, list) else [rows])]
    return determine(records, certificate_type=kind, want_ban_info=False, as_of=as_of)


def copy(row):
    return json.loads(json.dumps(row))


def printed(found):
    """What of a paper may not change: its status and, of each row, number, state and day."""
    if isinstance(found, Undetermined):
        return None
    return found.status, [(row.judgment_number, row.state, row.expunged_on) for row in found.convictions]


def _between(text, first, last):
    return text is not None and first < date.fromisoformat(text) <= last


# --- Time -----------------------------------------------------------------------------------------------------------


@MANY
@given(patchy(), AS_OF, st.integers(1, 4000))
def test_a_later_day_undoes_an_expungement_only_with_a_new_judgment_or_prosecution(row, as_of, days):
    now_day = min(as_of + timedelta(days=days), date(2069, 1, 1))
    for judged in row["convictions"]:
        assume(not _between(judged.get("effective_date", judged["judgment_date"]), as_of, now_day))
    assume(not _between((row.get("pending_prosecution") or {}).get("since"), as_of, now_day))
    then, now = decide(row, as_of, 2), decide(row, now_day, 2)
    assume(isinstance(then, Determination))
    gone = {r.judgment_number: r.expunged_on for r in then.convictions if r.state == "expunged"}
    if isinstance(now, Undetermined):  # about another judgment, whose term has only now come to its end
        assert not [r for r in now.reasons for number in gone if r.startswith(f"Bản án số {number} ")]
        return
    after = {r.judgment_number: r for r in now.convictions}
    for number, day in gone.items():
        assert after[number].state in ("expunged", "amnestied")
        assert after[number].state == "amnestied" or after[number].expunged_on == day or _decided(row, number, as_of)


def _decided(row, number, as_of):
    """A court's decision or certificate came afterwards: from then on its date is the one that is printed."""
    decisions = [c.get("expungement") for c in row["convictions"] if c["judgment_number"] == number]
    return any(decision and date.fromisoformat(decision["date"]) > as_of for decision in decisions)


@MANY
@given(patchy(), AS_OF)
def test_what_is_dated_after_the_day_adds_nothing_that_clears(row, as_of):
    """Told only what existed on the day, the portal says the same, or asks."""
    known = copy(row)
    _forget_after(known, as_of)
    for kind in (1, 2):
        found = decide(known, as_of, kind)
        assert isinstance(found, Undetermined) or printed(found) == printed(decide(row, as_of, kind))


def _forget_after(value, as_of):
    for name, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(inner, dict | list):
            _forget_after(inner, as_of)
            if name in ("clemency", "expungement") and inner["date"] is None:
                value[name] = None
        elif name in ("fulfilled_on", "completed_on", "main_penalty_completed_on", "date", "effective_date"):
            value[name] = inner if inner is None or date.fromisoformat(inner) <= as_of else None


# --- Order ----------------------------------------------------------------------------------------------------------


@MANY
@given(patchy(4), AS_OF, st.randoms(use_true_random=False), st.integers(0, 4))
def test_order_and_spread_over_several_rows_do_not_matter(row, as_of, shuffler, cut):
    shuffled = copy(row)
    shuffler.shuffle(shuffled["convictions"])
    one = shuffled | {"convictions": shuffled["convictions"][:cut]}
    other = row | {"convictions": shuffled["convictions"][cut:], "register_id": "R-2", "pending_prosecution": None}
    for kind in (1, 2):
        whole = decide(row, as_of, kind)
        assert decide(shuffled, as_of, kind) == whole
        assert decide([one, other], as_of, kind) == decide([other, one], as_of, kind) == whole


# --- Số 1 and số 2 ---------------------------------------------------------------------------------------------------


@MANY
@given(patchy(), AS_OF)
def test_number_one_never_shows_an_expunged_conviction(row, as_of):
    one, two = decide(row, as_of, 1), decide(row, as_of, 2)
    if isinstance(one, Determination):
        assert all(shown.state == "active" and shown.expunged_on is None for shown in one.convictions)
        assert (one.text == "Có án tích") == bool(one.convictions)
    if isinstance(two, Determination):
        assert isinstance(one, Determination)
        assert [shown for shown in two.convictions if shown.state == "active"] == list(one.convictions)


@MANY
@given(patchy(), AS_OF)
def test_what_is_undetermined_names_the_paper(row, as_of):
    for kind in (1, 2):
        found = decide(row, as_of, kind)
        reasons = found.reasons if isinstance(found, Undetermined) else ()
        assert all("(cần " in reason and len(reason) <= 500 for reason in reasons), reasons


# --- What the register does not say --------------------------------------------------------------------------------


@MANY
@given(complete(), AS_OF, st.data())
def test_one_fact_less_says_the_same_or_asks_and_is_never_better(row, as_of, data):
    which = data.draw(st.integers(0, len(row["convictions"]) - 1))
    path = data.draw(st.sampled_from(sorted(facts_of(row["convictions"][which]), key=str)))
    if path in (("clemency", "date"), ("expungement", "date")):
        path = path[:1]
    lacking = copy(row)
    leave_out(lacking["convictions"][which], path)
    for kind in (1, 2):
        whole, found = decide(row, as_of, kind), decide(lacking, as_of, kind)
        if path[-1] in SAYS_BY_BEING_THERE:
            assert kind == 2 or _as_bad(found, whole), path
        else:
            assert printed(found) in (None, printed(whole)), path
        if isinstance(found, Determination) and found.text == "Không có án tích":
            assert whole.text == "Không có án tích"


def _as_bad(found, whole):
    """Asks, or prints every row that is printed with the fact, and perhaps more: an amnesty untold is none."""
    rows = [] if isinstance(found, Undetermined) else printed(found)[1]
    return isinstance(found, Undetermined) or set(printed(whole)[1]) <= set(rows)


def test_a_judgment_whose_amnesty_is_not_told_is_printed_beside_the_one_that_is_open():
    amnestied, open_one = (prison(36, "2017-03-01", judgment_number=number) for number in ("1/HS-ST", "2/HS-ST"))
    told = person_json(amnestied | {"clemency": {"kind": "dai_xa", "date": "2016-09-02"}}, open_one)
    whole, lacking = (decide(row, date(2018, 1, 1)) for row in (told, person_json(amnestied, open_one)))
    assert [row.judgment_number for row in whole.convictions] == ["2/HS-ST"]
    assert [row.judgment_number for row in lacking.convictions] == ["1/HS-ST", "2/HS-ST"]
    assert _as_bad(lacking, whole) and not _as_bad(whole, lacking)


def test_a_judgment_whose_limitation_is_not_told_stays_open_while_something_is_unfulfilled():
    lapsed = conviction(
        main_penalty={"kind": "warning"},
        main_penalty_completed_on=None,
        effective_date="2012-07-07",
        judgment_date="2012-06-07",
        offence_date="2011-01-19",
        obligations=[{"kind": "court_fee", "fulfilled_on": "2022-01-01"}],
        execution_limitation_expired_on="2017-07-07",
    )
    untold = {name: value for name, value in lapsed.items() if name != "execution_limitation_expired_on"}
    day = date(2021, 12, 31)
    assert decide(person_json(lapsed), day).text == "Không có án tích"
    assert decide(person_json(untold), day).text == "Có án tích"
    assert isinstance(decide(person_json(untold), date(2022, 1, 2)), Undetermined)


@MANY
@given(patchy(), AS_OF, st.data())
def test_the_less_is_known_the_fewer_are_cleared(row, as_of, data):
    lacking = copy(row)
    neutral = [
        (judged, path)
        for judged in lacking["convictions"]
        for path in sorted(facts_of(judged), key=str)
        if path[-1] not in (*SAYS_BY_BEING_THERE, "date")
    ]
    for judged, path in data.draw(st.lists(st.sampled_from(neutral), min_size=1, max_size=6, unique_by=str)):
        try:
            leave_out(judged, path)
        except (KeyError, IndexError):  # went with what it stood in
            continue
    found, whole = decide(lacking, as_of), decide(row, as_of)
    assume(isinstance(whole, Determination))
    assert printed(found) in (None, printed(whole))


# --- One more conviction -------------------------------------------------------------------------------------------


@MANY
@given(patchy(3), AS_OF)
def test_one_more_judgment_never_takes_a_row_away(row, as_of):
    """It may keep an older row open for longer, or leave it to a person; the row itself stays."""
    numbers = {judged["judgment_number"] for judged in row["convictions"]}
    added = max(numbers)
    before = row | {"convictions": [c for c in row["convictions"] if c["judgment_number"] != added]}
    for kind in (1, 2):
        less, more = decide(before, as_of, kind), decide(row, as_of, kind)
        if isinstance(less, Determination) and isinstance(more, Determination):
            rows = {shown.judgment_number for shown in less.convictions}
            assert rows <= {shown.judgment_number for shown in more.convictions}


@MANY
@given(complete(2), AS_OF)
def test_an_open_row_is_not_expunged_earlier_by_one_more_judgment(row, as_of):
    first = row | {"convictions": [c for c in row["convictions"] if c["judgment_number"] == "1/HS-ST"]}
    less, more = decide(first, as_of, 2), decide(row, as_of, 2)
    after = {shown.judgment_number: shown for shown in more.convictions}
    for shown in less.convictions:
        now = after[shown.judgment_number]
        assert (shown.state, now.state) != ("active", "expunged")
        assert not (shown.expunged_on and now.expunged_on) or now.expunged_on >= shown.expunged_on


# --- Joint penalties -------------------------------------------------------------------------------------------------


@MANY
@given(st.integers(1, 300), st.integers(1, 300), st.dates(date(2015, 1, 1), date(2020, 1, 1)), AS_OF)
def test_a_joint_penalty_is_counted_like_one_penalty_of_its_length(one, other, ended, as_of):
    def row(article, months, joint):
        return conviction(
            judgment_date="2000-01-01",
            effective_date="2000-02-01",
            offence_date="1999-05-05",
            offence={"article": article, "severity": None},
            main_penalty={"kind": "imprisonment", "months": months},
            combined_penalty=joint,
            main_penalty_completed_on=ended.isoformat(),
        )

    joint = {"kind": "imprisonment", "months": one + other}
    together = decide(person_json(row(173, one, joint), row(174, other, joint), date_of_birth="1970-01-01"), as_of, 2)
    alone = decide(person_json(row(173, one + other, None), date_of_birth="1970-01-01"), as_of, 2)
    assert printed(together) == printed(alone)
    apart = decide(person_json(row(173, one, None), row(174, other, None), date_of_birth="1970-01-01"), as_of, 2)
    assert printed(apart) in (None, printed(alone))


# --- Leap days ---------------------------------------------------------------------------------------------------


@MANY
@given(st.dates(date(1900, 1, 1), date(2400, 1, 1)), st.integers(0, 600))
def test_terms_end_on_the_same_day_or_the_months_last(day, months):
    end = add_months(day, months)
    assert (end.year * 12 + end.month) == (day.year * 12 + day.month + months)
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)
    assert add_months(day, months) <= add_months(day + timedelta(days=1), months)


@MANY
@given(st.sampled_from(range(2000, 2041, 4)), st.sampled_from([60, 61, 180, 181]) | st.integers(1, 300))
def test_whoever_was_released_on_a_leap_day_is_clear_on_the_first_of_march(year, months):
    released = conviction(
        judgment_date=f"{year - 1}-03-03",
        effective_date=f"{year - 1}-04-04",
        offence_date=f"{year - 2}-06-01",
        offence={"severity": None},
        main_penalty={"kind": "imprisonment", "months": months},
        main_penalty_completed_on=f"{year}-02-29",
        obligations=[],
    )
    years = 2 if months <= 60 else 3 if months <= 180 else 5
    row = person_json(released, date_of_birth="1960-01-01")
    last = date(year + years, 2, 28)
    assert decide(row, last).text == "Có án tích"
    assert decide(row, last + timedelta(days=1)).text == "Không có án tích"
    assert decide(row, last + timedelta(days=1), 2).convictions[0].expunged_on == last
