"""The determination against a second implementation, written from the law alone, on random complete records."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from records.determination import Determination, determine
from records.reading import read_record
from tests.expungement_oracle import months_later, states
from tests.expungement_people import AS_OF, complete
from tests.pace import MANY


def decide(row, as_of, kind):
    return determine([read_record(row, "")], certificate_type=kind, want_ban_info=False, as_of=as_of)


def turning_days(row):
    """Days on which something changes for the second implementation: ends of terms, and decisions."""
    far = states(row, date(2060, 1, 1))
    return [day for _, day in far.values() if day]


@MANY
@given(complete(), st.data())
def test_both_readings_of_the_law_agree(row, data):
    near = [day + timedelta(days=n) for day in turning_days(row) for n in (0, 1)]
    as_of = data.draw(st.sampled_from(near) | AS_OF if near else AS_OF)
    expected = states(row, as_of)
    two, one = decide(row, as_of, 2), decide(row, as_of, 1)
    assert isinstance(two, Determination), two
    assert {row.judgment_number: (row.state, row.expunged_on) for row in two.convictions} == expected
    assert isinstance(one, Determination)
    active = sorted(number for number, (state, _) in expected.items() if state == "active")
    assert sorted(row.judgment_number for row in one.convictions) == active
    assert one.text == ("Có án tích" if active else "Không có án tích")


def test_the_second_implementation_knows_leap_days():
    assert months_later(date(2020, 2, 29), 12) == date(2021, 2, 28)
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)
