"""Invented people with convictions for properties: every fact known (`complete`), or some left out (`patchy`)."""

import json
from calendar import monthrange
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.records_people import conviction, person_json

BIRTHS = st.dates(date(1960, 1, 1), date(1994, 12, 31)).filter(lambda day: (day.month, day.day) != (2, 29))
AS_OF = st.dates(date(2000, 1, 1), date(2049, 12, 31))
MOST = {"less_serious": 36, "serious": 84, "very_serious": 180, "extremely_serious": 240}
LENGTHS = (6, 36, 60, 61, 84, 180, 181, 240)
# What says something by being there; the absence of everything else is "unknown" (contracts, "Meaning").
SAYS_BY_BEING_THERE = {
    "annulled",
    "decriminalised",
    "exempt_from_penalty",
    "juvenile_judicial_measure",
    "suspended",
    "clemency",
    "expungement",
    # "Given, never computed": until somebody tells of it, what is not fulfilled keeps the judgment open.
    "execution_limitation_expired_on",
}
REQUIRED = {"judgment_number", "court", "judgment_date", "offence", "main_penalty", "title", "code", "article", "kind"}


def later(draw, day, most=2500, least=0):
    return (day + timedelta(days=draw(st.integers(least, most)))).isoformat()


def _near(draw, day, spread):
    """Around an ordinary distance, and now and then on the very day, before or after it, where the law turns."""
    return day + timedelta(days=draw(st.sampled_from([-1, 0, 0, 1]) | st.integers(-spread, spread)))


@st.composite
def offences(draw, number, judged, committed, birth):
    """The offences of one judgment: same dates, one penalty for all of them."""
    minor = (committed.year - birth.year) - ((committed.month, committed.day) < (birth.month, birth.day)) < 18
    kinds = ["warning", "fine", "non_custodial", "imprisonment", "imprisonment", "imprisonment"]
    kind = draw(st.sampled_from(kinds if minor else [*kinds, "life", "death_commuted"]))
    severity = "extremely_serious" if kind in ("life", "death_commuted") else draw(st.sampled_from(sorted(MOST)))
    penalty = {"kind": kind}
    if kind == "imprisonment":
        penalty["months"] = draw(st.sampled_from([m for m in LENGTHS if m <= MOST[severity]]))
        if penalty["months"] <= 36 and draw(st.booleans()):
            penalty |= {"suspended": True, "probation_months": 24}
    chapter = draw(st.sampled_from(["XVI"] * 6 + ["XIII", "XXVI"]))
    first = conviction(
        judgment_number=f"{number}/HS-ST",
        judgment_date=judged.isoformat(),
        effective_date=None if draw(st.integers(0, 9)) == 0 else later(draw, judged, 60),
        offence_date=committed.isoformat(),
        offence={"severity": severity, "negligent": chapter == "XVI" and draw(st.booleans()), "chapter": chapter},
        main_penalty=penalty,
        main_penalty_completed_on=None,
        obligations=[
            {"kind": "court_fee", "fulfilled_on": later(draw, judged)} for _ in range(draw(st.integers(0, 2)))
        ],
        additional_penalties=draw(_additional(judged)),
    )
    if draw(st.integers(0, 14)) == 0:
        first[draw(st.sampled_from(["annulled", "decriminalised"]))] = True
        if first.pop("decriminalised", False):
            first["offence"]["decriminalised"] = True
    first |= draw(_ending(judged, court=chapter != "XVI"))
    return [first, *draw(_joined(first))] if kind == "imprisonment" and not penalty.get("suspended") else [first]


@st.composite
def _additional(draw, judged):
    kind = draw(st.sampled_from([None, None, "office_ban", "supervised_residence", "fine", "confiscation"]))
    if kind is None:
        return []
    until = later(draw, judged, 3000)
    return [{"kind": kind, "until": until, "completed_on": until}]


@st.composite
def _ending(draw, judged, *, court):
    """How the execution of the penalty ended; and, seldom, what a court said afterwards."""
    day = later(draw, judged, 3500)
    how = draw(st.sampled_from(["done"] * 5 + ["dac_xa", "dai_xa", "lapsed"]))
    ending = {"main_penalty_completed_on": day}
    if how == "lapsed" and not court:
        ending = {"main_penalty_completed_on": None, "execution_limitation_expired_on": day}
    elif how in ("dac_xa", "dai_xa"):
        ending = {"main_penalty_completed_on": None, "clemency": {"kind": how, "date": day}}
    if draw(st.integers(0, 7)) == 0:
        kind = draw(st.sampled_from(["court_decision", "certificate"]))
        ending["expungement"] = {"kind": kind, "date": later(draw, judged, 5000)}
    return ending


@st.composite
def _joined(draw, first):
    """A second offence of the same judgment: with a joint penalty, or exempt from penalty."""
    choice = draw(st.sampled_from([None, None, "joint", "spared"]))
    if choice is None:
        return []
    second = json.loads(json.dumps(first))
    second["offence"] |= {"title": "Cố ý gây thương tích", "article": 134}
    if choice == "spared":
        second |= {"main_penalty": {"kind": "none"}, "exempt_from_penalty": True}
        second.pop("execution_limitation_expired_on", None)
        return [second | {"main_penalty_completed_on": None}]
    joint = {"kind": "imprisonment", "months": first["main_penalty"]["months"] * 2}
    first["combined_penalty"] = second["combined_penalty"] = joint
    return [second]


@st.composite
def complete(draw, most=3):
    """A person whose facts are all known and agree."""
    birth = draw(BIRTHS)
    committed = birth + timedelta(days=draw(st.integers(15 * 366, 30 * 365)))
    rows = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        judged = committed + timedelta(days=draw(st.integers(0, 900)))
        judgment = draw(offences(number, judged, committed, birth))
        rows += judgment
        committed = max(_next_crime(draw, judgment[0], judged), birth + timedelta(days=15 * 366))
    return person_json(*rows, date_of_birth=birth.isoformat())


def _next_crime(draw, row, judged):
    """Near the end of the term, where it matters on which side it falls; or anywhere."""
    ended = row.get("main_penalty_completed_on") or (row.get("clemency") or {}).get("date")
    turning = [row["effective_date"], ended]
    known = [date.fromisoformat(day) for day in turning if day]
    if known and draw(st.booleans()):
        day, months = draw(st.sampled_from(known)), draw(st.sampled_from([0, 0, 6, 12, 24, 36, 60]))
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return _near(draw, date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])), 40)
    return _near(draw, judged + timedelta(days=800), 1600)


def facts_of(value, path=()):
    """The paths of every fact of a conviction that may be missing."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in REQUIRED:
                yield (*path, name)
            yield from facts_of(inner, (*path, name))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from facts_of(inner, (*path, position))


def leave_out(row, path):
    inner = row
    for step in path[:-1]:
        inner = inner[step]
    inner.pop(path[-1], None)


@st.composite
def patchy(draw, most=3):
    """A complete person, with up to four facts left out, and perhaps a prosecution."""
    row = draw(complete(most))
    for _ in range(draw(st.integers(0, 4))):
        judged = draw(st.sampled_from(row["convictions"]))
        paths = [path for path in facts_of(judged) if path not in (("clemency", "date"), ("expungement", "date"))]
        leave_out(judged, draw(st.sampled_from(sorted(paths, key=str))))
    if draw(st.integers(0, 3)) == 0:
        since = draw(AS_OF)
        committed = draw(st.none() | st.just((since - timedelta(days=draw(st.integers(0, 2000)))).isoformat()))
        row["pending_prosecution"] = {"since": since.isoformat(), "offence_date": committed}
    return row
