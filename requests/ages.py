"""Ages of the law: until which a father or mother asks for a child, and from which places lived in are asked for.

How old somebody is goes by real days; which age the law sets, by the law day (decisions: ages by real days).
"""

from datetime import date, datetime, time

from requests import clock, policy

NOON = time(12, 0)


def minor_under(day: date) -> int:
    """Below this age a father or mother asks for the child (Mẫu 04/2024/LLTP; Nghị định 216/2026/NĐ-CP, Art. 22)."""
    law_day = policy.law_day(datetime.combine(day, NOON, clock.LOCAL))
    return policy.regime_on(law_day).parent_files_under
