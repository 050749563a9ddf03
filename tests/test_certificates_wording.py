"""Days on the certificate: a month or day 00 of an old file is no day, and is not printed as one."""

import pytest

from certificates import wording


@pytest.mark.parametrize("text", ["1990-00", "1990-03-00", "1990-02-30", "0000", "1990-3-7", ""])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):
        wording.partial_date(text)


@pytest.mark.parametrize(("text", "printed"), [("1990-03-27", "27/03/1990"), ("1990-03", "03/1990"), ("1990", "1990")])
def test_a_day_is_printed_as_precisely_as_it_is_known(text, printed):
    assert wording.short_date(text) == printed
