"""A second reading of the law, for complete facts only: every day is walked, one after the other.

Written from BLHS 2015 (Art. 60-62, 69-73, 107) and the law on criminal records alone; it shares no line with records/
and reads the register's JSON itself. Slow and plain on purpose.
"""

from datetime import date, timedelta

DAY = timedelta(days=1)
ADULT = {"light": 1 * 12, "up to 5": 2 * 12, "up to 15": 3 * 12, "more": 5 * 12}
MINOR = {"light": 6, "up to 5": 1 * 12, "up to 15": 2 * 12, "more": 3 * 12}


def d(text):
    return None if text is None else date.fromisoformat(text)


def months_later(day, months):
    """The same day some months on; where that month has no such day, its last one."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def age(birth, day):
    years = 0
    while date(birth.year + years + 1, birth.month, birth.day) <= day:
        years += 1
    return years


def in_force(offence, as_of):
    """Judgments that the register may speak of at all."""
    effective = d(offence["effective_date"])
    stopped = offence.get("annulled") or offence["offence"].get("decriminalised")
    return not stopped and d(offence["judgment_date"]) <= as_of and effective is not None and effective <= as_of


def counts(offence, birth):
    """Art. 69(2), 107(1)."""
    if offence.get("exempt_from_penalty") or offence.get("juvenile_judicial_measure"):
        return False
    years = age(birth, d(offence["offence_date"]))
    severity, negligent = offence["offence"]["severity"], offence["offence"]["negligent"]
    if years < 16 or (negligent and severity in ("less_serious", "serious")):
        return False
    if years < 18:
        return severity == "extremely_serious" or (severity == "very_serious" and not negligent)
    return True


def weight(offence):
    penalty = offence.get("combined_penalty") or offence["main_penalty"]
    if penalty["kind"] == "imprisonment" and not penalty.get("suspended"):
        years = penalty["months"] / 12
        return "up to 5" if years <= 5 else "up to 15" if years <= 15 else "more"
    return "more" if penalty["kind"] in ("life", "death_commuted") else "light"


def punishment(offences):
    return next(o for o in offences if o["main_penalty"]["kind"] != "none")


def ended(offence):
    """Completion, pardon or amnesty, or the limitation of execution; and whether it was the last of these."""
    clemency = offence.get("clemency")
    day = d(offence.get("main_penalty_completed_on")) or (d(clemency["date"]) if clemency else None)
    return (day, False) if day else (d(offence["execution_limitation_expired_on"]), True)


def walk(judgment, others, birth, as_of):
    """The day at whose end the conviction is expunged by itself, or None while it stands (Art. 70, 73(2), 107(2))."""
    first = punishment(judgment)
    minor = age(birth, d(first["offence_date"])) < 18
    months = (MINOR if minor else ADULT)[weight(first)]
    counted_from, lapsed = ended(first)
    must_be_done = []
    if not minor and not lapsed:
        for offence in judgment:
            must_be_done += [d(p["completed_on"]) for p in offence["additional_penalties"]]
            must_be_done += [d(o["fulfilled_on"]) for o in offence["obligations"]]
    crimes = {}
    for other in others:
        for offence in other:
            crimes.setdefault(d(offence["offence_date"]), []).append(ended(punishment(other))[0])
    today = d(first["effective_date"])
    while today < as_of:
        today += DAY
        for new_end in crimes.get(today, []):
            counted_from = max(counted_from, new_end)
        if today >= counted_from and today >= max([months_later(counted_from, months), *must_be_done]):
            return today if today < as_of else None
    return None


def states(person, as_of):
    """{judgment number: (state, day)} of everything that counts."""
    birth = d(person["date_of_birth"])
    judgments = {}
    for offence in person["convictions"]:
        if in_force(offence, as_of):
            judgments.setdefault(offence["judgment_number"], []).append(offence)
    found = {}
    for number, judgment in judgments.items():
        if any(counts(offence, birth) for offence in judgment):
            others = [other for key, other in judgments.items() if key != number]
            found[number] = state(judgment, others, birth, as_of)
    return found


def state(judgment, others, birth, as_of):
    first = punishment(judgment)
    clemency, decided = first.get("clemency"), first.get("expungement")
    if clemency and clemency["kind"] == "dai_xa" and d(clemency["date"]) <= as_of:
        return "amnestied", None
    if decided and d(decided["date"]) <= as_of:
        return "expunged", d(decided["date"])
    grown = age(birth, d(first["offence_date"])) >= 18
    if grown and any(offence["offence"]["chapter"] in ("XIII", "XXVI") for offence in judgment):
        return "active", None
    day = walk(judgment, others, birth, as_of)
    return ("expunged", day) if day else ("active", None)
