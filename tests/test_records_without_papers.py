"""Counting as if a judgment had been served as pronounced: always to the later side (Công văn 367, domain C27)."""

import pytest

from records.without_papers import served_as_pronounced
from tests.records_people import NO, YES, conviction, person, says, without

LOST = {"main_penalty_completed_on": None, "obligations": [], "additional_penalties": []}


def served(**changes):
    return served_as_pronounced(person(conviction(**(LOST | changes))))


def unknown_effect(judged):
    row = without(conviction(**LOST, judgment_date=judged), "effective_date")
    return served_as_pronounced(person(row))


def test_a_judgment_whose_day_of_effect_is_not_known_is_not_left_out_while_it_may_be_in_effect():
    """Counted from a month after the judgment it would not be in effect yet, and nothing would be on file."""
    assert says(unknown_effect("2026-05-20"), "2026-06-01") == "VERIFY"
    assert says(unknown_effect("2021-09-10"), "2026-06-01") == NO


@pytest.mark.parametrize(("as_of", "words"), [("2023-06-01", YES), ("2027-10-11", YES), ("2027-10-12", NO)])
def test_a_probation_that_is_not_on_file_is_the_longest_that_the_law_knows(as_of, words):
    """Art. 65(1) BLHS: one to five years, whatever the length of the prison that was suspended."""
    suspended = {"kind": "imprisonment", "months": 6, "suspended": True}
    assert says(served(main_penalty=suspended), as_of) == words


@pytest.mark.parametrize("penalty", [{"kind": "fine"}, {"kind": "life"}, {"kind": "imprisonment"}])
def test_nothing_is_concluded_from_a_length_that_is_none(penalty):
    grave = {"severity": "extremely_serious"} if penalty["kind"] == "life" else {}
    assert says(served(main_penalty=penalty, offence=grave), "2060-01-01") == "VERIFY"
