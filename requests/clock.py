"""When a request is due, how late it is, and who held it for how long. Pure: moments and a calendar in, figures out.

Luật Lý lịch tư pháp 2009, Art. 48: days are counted as working days; day 0 is the day of receipt, and what comes in
after closing time or on a day off counts as received on the next working day. Due is closing time of the last day.
Nothing is counted up anywhere: every figure is worked out from the history, so it can be worked out again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lltp_portal.calendars.working_days import LOCAL, WorkingCalendar
from requests.states import ENDED, HOLDER, Holder
from requests.states import State as S

WORKING_DAY, CALENDAR_DAY, HOUR = "working_day", "calendar_day", "hour"


@dataclass(frozen=True)
class Term:
    """How long the law allows: an amount of working days, of calendar days, or of hours by the wall clock."""

    amount: int
    unit: str = WORKING_DAY

    @property
    def words(self) -> str:
        """“10 ngày làm việc”, “24 giờ”."""
        words = {
            WORKING_DAY: _("%(amount)d ngày làm việc"),
            CALENDAR_DAY: _("%(amount)d ngày"),
            HOUR: _("%(amount)d giờ"),
        }
        return words[self.unit] % {"amount": self.amount}


# --- The due moment -------------------------------------------------------------------------------------------------


def local_day(at: datetime) -> date:
    """The day in Viet Nam."""
    return at.astimezone(LOCAL).date()


def day_of_receipt(at: datetime, calendar: WorkingCalendar) -> date:
    """Day 0: the day itself, or the next working day when it came after closing or on a day off."""
    local = at.astimezone(LOCAL)
    day = local.date()
    if not calendar.is_working(day):
        return calendar.first_working_from(day)
    return day if local.time() <= calendar.closing(day) else calendar.add(day, 1)


def pause_cost(asked_at: datetime, answered_at: datetime, calendar: WorkingCalendar) -> int:
    """Working days after the day of asking, up to and including the day of the answer."""
    return max(0, calendar.count_after(local_day(asked_at), local_day(answered_at)))


def due_at(
    received_at: datetime,
    term: Term,
    calendar: WorkingCalendar,
    pauses: Iterable[tuple[datetime, datetime]] = (),
) -> datetime:
    """Closing time of the last day of the term, moved on by what the pauses cost.

    Calendar days are counted through and end on a working day; hours run by the wall clock, nights and weekends
    included (the 24 hours of Art. 46), and only a pause itself moves them.
    """
    pauses = list(pauses)
    if term.unit == HOUR:
        paused = sum((answered - asked for asked, answered in pauses), timedelta())
        return (received_at + timedelta(hours=term.amount) + paused).astimezone(LOCAL)
    day = day_of_receipt(received_at, calendar)
    if term.unit == CALENDAR_DAY:
        day = calendar.first_working_from(day + timedelta(days=term.amount))
    else:
        day = calendar.add(day, term.amount)
    day = calendar.add(day, sum(pause_cost(asked, answered, calendar) for asked, answered in pauses))
    return datetime.combine(day, calendar.closing(day), LOCAL)


def pauses(history: Iterable, until: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """(asked, answered) of each time the citizen was asked after receipt.

    One that is still open ends at `until`; without it, it is left out: what it costs is known when they answer.
    """
    found, asked_at, received = [], None, False
    for step in history:
        received = received or step.step == "receive"
        if step.step == "ask_supplement" and received:
            asked_at = step.at
        elif step.step == "answer_supplement" and asked_at:
            found.append((asked_at, step.at))
            asked_at = None
    return [*found, (asked_at, until)] if asked_at and until else found


# --- On time or late (domain 5.3) -----------------------------------------------------------------------------------


def days_left(due: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """Working days until the due day; 0 is today, negative is late.

    After closing time it is late by one day at least, also over a weekend, on which no working day passes.
    """
    left = calendar.count_after(local_day(now), local_day(due))
    return min(left, -1) if now > due else left


class Standing(TextChoices):
    """Where a request stands with its promise: the first three once it has ended, LATE also while it has not."""

    EARLY = "early", gettext_lazy("Sớm hạn")
    ON_TIME = "on_time", gettext_lazy("Đúng hạn")
    LATE = "late", gettext_lazy("Quá hạn")
    SOON = "soon", gettext_lazy("Sắp đến hạn")
    IN_TIME = "in_time", gettext_lazy("Còn hạn")


@dataclass(frozen=True)
class Outcome:
    """A standing and its working days: left over, or late by."""

    standing: Standing
    days: int = 0

    @property
    def is_late(self) -> bool:
        return self.standing == Standing.LATE

    @property
    def words(self) -> str:
        """“Quá hạn 2 ngày”, “Sớm hạn 3 ngày”, “Đúng hạn”."""
        if not self.days or self.standing == Standing.ON_TIME:
            return str(self.standing.label)
        words = ngettext("%(standing)s %(days)d ngày", "%(standing)s %(days)d ngày", self.days)
        return words % {"standing": self.standing.label, "days": self.days}


def outcome(
    due: datetime, now: datetime, calendar: WorkingCalendar, *, ended: bool = False, received_at: datetime | None = None
) -> Outcome:
    """How a request stands at `now`: the moment of the result once it has `ended`, else the present.

    Soon is within one working day, or with no more than a quarter of the working days since receipt left.
    """
    left = days_left(due, now, calendar)
    if left < 0:
        return Outcome(Standing.LATE, -left)
    if ended:
        early = local_day(now) < local_day(due)
        return Outcome(Standing.EARLY, left) if early else Outcome(Standing.ON_TIME)
    granted = calendar.count_after(day_of_receipt(received_at, calendar), local_day(due)) if received_at else 0
    return Outcome(Standing.SOON if left <= 1 or 4 * left <= granted else Standing.IN_TIME, left)


def outcome_of(certificate_request, now: datetime, calendar: WorkingCalendar) -> Outcome | None:
    """How this request stands; None where no promise was made, or it ended without a result.

    What the citizen withdrew counts as on time, as in the national reports (domain 5.3).
    """
    state, due = certificate_request.state, certificate_request.due_at
    if due is None or state in {S.REFUSED, S.STOPPED}:
        return None
    if state == S.WITHDRAWN:
        return Outcome(Standing.ON_TIME)
    ended = state in ENDED
    read_at = certificate_request.issued_at if ended else now
    return outcome(due, read_at, calendar, ended=ended, received_at=certificate_request.received_at)


LATE_BUCKETS = ((1, "1"), (3, "2–3"), (7, "4–7"))


def late_bucket(days: int) -> str:
    """Into which group of reports so many days late fall: 1, 2–3, 4–7, >7."""
    return next((words for most, words in LATE_BUCKETS if days <= most), ">7")


# --- Who held it ----------------------------------------------------------------------------------------------------

# The five that a minute can be charged to. The leader who signs is one of the office.
CHARGED = (Holder.OFFICE, Holder.CITIZEN, Holder.CENTRAL, Holder.AGENCY, Holder.SYSTEM)
CHARGED_TO = {**HOLDER, S.VERIFIED: Holder.OFFICE}


@dataclass(frozen=True)
class Charge:
    """One stay of a request in one state: who held it, from when to when, and how many working minutes that was."""

    holder: Holder
    state: str
    from_at: datetime
    to_at: datetime
    minutes: int


def charges(history: Iterable, calendar: WorkingCalendar, until: datetime) -> list[Charge]:
    """Every working minute from sending to the result, charged to exactly one holder, oldest first.

    Nights, lunch, weekends and holidays are nobody's. A request that has not ended is charged up to `until`; to ask
    from receipt on, hand over the history from `receive` on.
    """
    found: list[Charge] = []
    steps = list(history)
    for step, following in zip(steps, [*steps[1:], None], strict=False):
        if step.to_state in ENDED:
            break
        to_at = following.at if following else max(until, step.at)
        if to_at > step.at:
            minutes = calendar.minutes_between(step.at, to_at)
            found.append(Charge(CHARGED_TO[step.to_state], step.to_state, step.at, to_at, minutes))
    return found


def held(found: Iterable[Charge]) -> dict[Holder, int]:
    """Working minutes by holder, in the order of CHARGED; who never held the request is not named."""
    sums: dict[Holder, int] = {}
    for charge in found:
        sums[charge.holder] = sums.get(charge.holder, 0) + charge.minutes
    return {holder: sums[holder] for holder in CHARGED if holder in sums}
