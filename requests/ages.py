"""Ages of the law, as dated rows: who is a minor, and from which age places lived in are asked for. Pure.

A change of the law is a new row with its first day; nobody compares with a number anywhere else.
"""

from datetime import date

# (from which day, under how many full years a father or mother asks for the child; who is older asks in person)
MINOR_UNDER = ((date(2010, 7, 1), 18),)
# (from which day, age from which the residence history is asked for: nobody is criminally liable before it)
HISTORY_FROM = ((date(2010, 7, 1), 14),)


def _on(rows: tuple[tuple[date, int], ...], day: date) -> int:
    return next((age for since, age in reversed(rows) if since <= day), rows[0][1])


def minor_under(day: date) -> int:
    """The age at which a father or mother may no longer ask for a child (Mẫu 04/2024/LLTP; Bộ luật Dân sự, Art. 21)."""
    return _on(MINOR_UNDER, day)


def history_from(day: date) -> int:
    """The age from which the declaration asks where somebody lived (Mẫu 03/2024/LLTP, item 15)."""
    return _on(HISTORY_FROM, day)
