"""The clock against counts made another way: dates by walking days, minutes by looking at each one."""

import random
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lltp_portal.calendars.seed import seeded_days
from lltp_portal.calendars.working_days import Hours, WorkingCalendar
from requests import clock
from requests.states import HOLDER, Holder, State

MONDAY_TO_FRIDAY = {0, 1, 2, 3, 4}


# --- Four hundred random deadlines ----------------------------------------------------------------------------------


class Walker:
    """Days one after the other, from a calendar kept as two sets; nothing of the portal's arithmetic is used."""

    def __init__(self, off: set[date], worked: set[date], closes: dict[int, time]):
        self.off, self.worked, self.closes = off, worked, closes

    def works(self, day: date) -> bool:
        if day in self.worked:
            return True
        if day in self.off:
            return False
        return day.weekday() in MONDAY_TO_FRIDAY

    def closing(self, day: date) -> time:
        return self.closes[min(day.weekday(), 4)]

    def due(self, received: datetime, term: int, pauses: list[tuple[datetime, datetime]]) -> datetime:
        day, late = received.date(), received.time()
        if not self.works(day) or late > self.closing(day):
            day += timedelta(days=1)
            while not self.works(day):
                day += timedelta(days=1)
        owed = term
        for asked, answered in pauses:
            cursor = asked.date()
            while cursor < answered.date():
                cursor += timedelta(days=1)
                owed += 1 if self.works(cursor) else 0
        while owed:
            day += timedelta(days=1)
            if self.works(day):
                owed -= 1
        return datetime.combine(day, self.closing(day), clock.LOCAL)


def a_calendar(chance: random.Random) -> tuple[WorkingCalendar, Walker]:
    """The real days of 2010 to 2028, with more swaps thrown in: a weekday off for a Saturday worked."""
    real = seeded_days()
    off = {day: name for day, (kind, name) in real.items() if kind == "off"}
    worked = {day: name for day, (kind, name) in real.items() if kind == "working_saturday"}
    for _ in range(60):
        monday = date(2024, 1, 1) + timedelta(weeks=chance.randrange(156))
        off[monday + timedelta(days=chance.randrange(5))] = "Nghỉ hoán đổi"
        saturday = monday + timedelta(days=5 + 7 * chance.randrange(-2, 3))
        off.pop(saturday, None)
        worked[saturday] = "Làm bù"
    closes = {weekday: chance.choice([time(16, 30), time(17), time(11, 30)]) for weekday in range(5)}
    hours = tuple(Hours(date(2020, 1, 1), weekday, ((time(7, 30), end),)) for weekday, end in closes.items())
    return WorkingCalendar(off, worked, hours), Walker(set(off) - set(worked), set(worked), closes)


def some_pauses(chance: random.Random, received: datetime) -> list[tuple[datetime, datetime]]:
    found, at = [], received
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        asked = at + timedelta(minutes=chance.randrange(6 * 24 * 60))
        at = asked + timedelta(minutes=chance.randrange(20 * 24 * 60))
        found.append((asked, at))
    return found


@pytest.mark.parametrize("number", range(400))
def test_a_random_deadline_is_that_of_a_count_day_by_day(number):
    chance = random.Random(f"deadline {number}")
    calendar, walker = a_calendar(chance)
    minutes = chance.randrange(3 * 365 * 24 * 60)
    received = datetime(2024, 1, 1, tzinfo=clock.LOCAL) + timedelta(minutes=minutes)
    term, pauses = chance.choice([5, 10, 15]), some_pauses(chance, received)
    assert clock.due_at(received, clock.Term(term), calendar, pauses) == walker.due(received, term, pauses)


def test_the_random_deadlines_cross_swapped_saturdays_and_pauses():
    """Else they would prove little."""
    crossed = paused = 0
    for number in range(400):
        chance = random.Random(f"deadline {number}")
        calendar, walker = a_calendar(chance)
        received = datetime(2024, 1, 1, tzinfo=clock.LOCAL) + timedelta(minutes=chance.randrange(3 * 365 * 24 * 60))
        term, pauses = chance.choice([5, 10, 15]), some_pauses(chance, received)
        due = walker.due(received, term, pauses)
        crossed += bool(calendar.named_worked_days(received.date(), due.date()))
        paused += bool(pauses)
    assert crossed > 100 and paused > 100


# --- Who held it ----------------------------------------------------------------------------------------------------

TET = WorkingCalendar(
    days_off={date(2026, 2, day): "Tết" for day in range(16, 21)},
    worked_saturdays={date(2026, 2, 28): "Làm bù"},
    hours=(Hours(date(2026, 2, 23), 4, ((time(8), time(11)),)),),
)
MIDNIGHT = datetime(2026, 2, 2, tzinfo=clock.LOCAL)
OPEN_STATES = [state for state in HOLDER if state not in clock.ENDED and state != State.DRAFT]
MOMENTS = st.integers(0, 40 * 24 * 3600).map(lambda seconds: MIDNIGHT + timedelta(seconds=seconds))


@st.composite
def histories(draw):
    """Steps in order of time, the first one sending, through any states; some end, some do not."""
    times = sorted(draw(st.lists(MOMENTS, min_size=1, max_size=9)))
    states = [State.SUBMITTED, *draw(st.lists(st.sampled_from(OPEN_STATES), min_size=9, max_size=9))][: len(times)]
    if len(times) > 1 and draw(st.booleans()):
        states[-1] = draw(st.sampled_from([State.ISSUED, State.WITHDRAWN, State.STOPPED]))
    return [SimpleNamespace(at=at, to_state=state) for at, state in zip(times, states, strict=True)]


def looked_at_each_minute(start: datetime, end: datetime) -> int:
    """Minutes of the working day between two moments, found by asking about each one."""
    minute, found = start.replace(second=0, microsecond=0), 0
    while minute < end.replace(second=0, microsecond=0):
        day, hour = minute.date(), minute.time()
        if day in TET.worked_saturdays or (day.weekday() < 5 and day not in TET.days_off):
            short = (day.weekday() == 4 or day.weekday() == 5) and day >= date(2026, 2, 23)
            morning, afternoon = time(8) <= hour < time(11 if short else 12), time(13) <= hour < time(17)
            found += morning or (afternoon and not short)
        minute += timedelta(minutes=1)
    return found


@given(start=MOMENTS, length=st.integers(0, 5 * 24 * 3600))
def test_working_minutes_are_those_one_finds_by_looking_at_each(start, length):
    end = start + timedelta(seconds=length)
    assert TET.minutes_between(start, end) == looked_at_each_minute(start, end)


@given(first=MOMENTS, second=MOMENTS, third=MOMENTS)
def test_parts_of_a_span_add_up_to_the_whole(first, second, third):
    first, second, third = sorted([first, second, third])
    whole = TET.minutes_between(first, third)
    assert TET.minutes_between(first, second) + TET.minutes_between(second, third) == whole
    assert TET.minutes_between(third, first) == 0 or first == third


@given(history=histories(), until=MOMENTS)
def test_every_working_minute_is_charged_to_exactly_one(history, until):
    found = clock.charges(history, TET, until)
    ended = next((step.at for step in history if step.to_state in clock.ENDED), None)
    end = ended or max(until, history[-1].at)
    assert sum(charge.minutes for charge in found) == TET.minutes_between(history[0].at, end)
    assert sum(clock.held(found).values()) == TET.minutes_between(history[0].at, end)
    for charge, following in pairwise(found):
        assert charge.from_at < charge.to_at == following.from_at


@given(history=histories(), until=MOMENTS, cut=st.integers(0, 8))
def test_from_any_step_on_the_charges_add_up_as_well(history, until, cut):
    """From receipt on, for one."""
    rest = history[cut:]
    if not rest:
        return
    ended = next((step.at for step in rest if step.to_state in clock.ENDED), None)
    end = ended or max(until, rest[-1].at)
    assert sum(charge.minutes for charge in clock.charges(rest, TET, until)) == TET.minutes_between(rest[0].at, end)


def step(at: str, to_state: str) -> SimpleNamespace:
    return SimpleNamespace(at=datetime.fromisoformat(at).replace(tzinfo=clock.LOCAL), to_state=to_state)


def test_a_whole_life_is_split_between_those_who_held_it():
    """Over Tết: sent on a Thursday, asked on Friday, answered two weeks later, signed on Tuesday."""
    history = [
        step("2026-02-05T08:00", "submitted"),
        step("2026-02-05T08:00", "awaiting_payment"),
        step("2026-02-05T10:00", "submitted"),
        step("2026-02-05T11:00", "received"),
        step("2026-02-05T11:05", "reviewing"),
        step("2026-02-06T16:00", "needs_supplement"),
        step("2026-02-23T09:00", "reviewing"),
        step("2026-02-23T10:00", "consulting"),
        step("2026-02-24T10:00", "reviewing"),
        step("2026-02-24T11:00", "verified"),
        step("2026-02-24T13:30", "signing"),
        step("2026-02-24T13:31", "issued"),
        step("2026-03-24T13:31", "delivered"),
    ]
    found = clock.charges(history, TET, until=MIDNIGHT + timedelta(days=90))
    assert clock.held(found) == {
        Holder.OFFICE: 60 + (55 + 240) + (240 + 180) + 60 + 60 + (60 + 30),
        Holder.CITIZEN: 120 + (60 + 5 * 480 + 60),
        Holder.CENTRAL: 5,
        Holder.AGENCY: 480,
        Holder.SYSTEM: 1,
    }


def test_nights_and_weekends_are_charged_to_nobody():
    history = [step("2026-02-06T17:00", "submitted"), step("2026-02-09T08:00", "received")]
    found = clock.charges(history, TET, until=history[1].at)
    assert [(charge.holder, charge.minutes) for charge in found] == [(Holder.OFFICE, 0)]


def test_every_state_that_is_open_is_charged_to_one_of_the_five():
    assert {clock.CHARGED_TO[state] for state in OPEN_STATES} == set(clock.CHARGED)
