"""Three weeks with Tết in them, one agency silent: who was late, who had been told, and that every paper exists.

Forty requests of all classes walk through the real acts; time is moved on by quarters of the working day, and at each
the sweepers run with that moment as theirs. Nothing here knows the rule of requests/lateness.py: it is measured
against the calendar alone.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from lltp_portal.calendars.seed import Calendars, national_calendar
from requests import actions, clock, lateness_report, policy
from requests.demo.journeys import Journey
from requests.models import CertificateRequest, LateNotice, Message
from requests.states import ENDED, HOLDER, State
from tests import factories

# Filed in the week before Tết; the last promise among them is for the 10th of March.
FIRST, LAST = date(2026, 2, 2), date(2026, 3, 6)
QUARTERS = (time(8, 45), time(10, 30), time(14, 15), time(16, 0))
SILENT, SLOW, QUICK, ASKED, URGENT, BACK = "silent agency", "slow office", "quick", "asks citizen", "urgent", "returned"
PLAN = [SILENT] * 8 + [SLOW] * 9 + [QUICK] * 11 + [ASKED] * 5 + [URGENT] * 3 + [BACK] * 4
# A step, and the paper that it must have left each time it was taken.
PAPERS = {"receive": "receipt", "issue": "control_slip", "ask_supplement": "supplement_request", "refuse": "refusal"}

pytestmark = pytest.mark.django_db


@dataclass
class Story:
    """One request, what is planned for it, and the moments at which people get round to it."""

    journey: Journey
    kind: str
    received: datetime
    slowness: int
    done: set[str] = field(default_factory=set)

    @property
    def request(self) -> CertificateRequest:
        return self.journey.request

    def take(self, step: str, now: datetime) -> None:
        self.journey.at = now
        getattr(self.journey, f"_{step}")()
        self.journey.request = CertificateRequest.objects.with_people().get(pk=self.request.pk)


def moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.LOCAL)


def filed(office, kind: str, day: date, number: int, monkeypatch) -> Story:
    """Sent and received on one morning; every third lived in two provinces and so has the longer term."""
    at = moment(day, time(8, 0)) + timedelta(minutes=number)
    rows = None
    if number % 3 == 0:
        first = factories.complete_rows()["residences"][0]
        rows = {"residences": [{**first, "to_month": "2015-01"}, {**first, "from_month": "2015-02", "province": "36"}]}
    journey = factories.journey(office=office, at=at, fields={"fee_category": "poor"}, rows=rows)
    story = Story(journey, kind, at, random.Random(number).choice([1, 2, 3, 9, 10, 12]))
    story.take("submit", at)
    with monkeypatch.context() as law:
        if kind == URGENT:
            urgent = policy.Deadline(
                "urgent", clock.Term(24, clock.HOUR), "yêu cầu khẩn của cơ quan tố tụng", policy.LAST_DAY_OF_P2
            )
            law.setattr(policy, "deadline", lambda *arguments: urgent)
        story.take("receive", at)
    if not (kind == SLOW and number % 4 == 0):  # for some the central database does not answer for a week
        story.take("search", at + timedelta(minutes=1))
    return story


def work(story: Story, now: datetime, calendar, rng: random.Random) -> None:
    """What its people do about it at this moment; whoever is slow lets days pass first."""
    request, office = story.request, story.journey.office
    age = calendar.count_after(clock.local_day(story.received), clock.local_day(now))
    if request.state == State.RECEIVED and age >= 5:
        story.take("search", now)
    elif request.state == State.REVIEWING:
        if story.kind == SILENT and "consult" not in story.done and age >= 1:
            story.done.add("consult")
            story.take("consult", now)
        elif story.kind == ASKED and "ask" not in story.done and age >= story.slowness % 9:
            story.done.add("ask")
            story.take("ask_supplement", now)
        elif story.kind not in {SILENT, SLOW} or age >= story.slowness:
            story.take("verify", now)
    elif request.state == State.NEEDS_SUPPLEMENT and age >= story.slowness % 9 + 4:
        actions.answer_supplement(request, by=request.filed_by, note="Đã bổ sung.", at=now)
        story.journey.request = CertificateRequest.objects.with_people().get(pk=request.pk)
    elif request.state == State.VERIFIED and rng.random() < 0.5:
        if story.kind == BACK and "back" not in story.done:
            story.done.add("back")
            actions.return_to_clerk(request, by=office.approver, reason="Xem lại họ tên.", at=now)
            story.journey.request = CertificateRequest.objects.with_people().get(pk=request.pk)
        elif age >= (11 if story.kind == BACK else 0):
            issue(story, now)


def issue(story: Story, now: datetime) -> None:
    """The leader approves; the machine prints and signs within the minute."""
    for step in ("approve", "prepare", "sign"):
        story.take(step, now)


def live(office, monkeypatch, filings: list[tuple[date, str]], hours: tuple[time, ...]) -> list[Story]:
    calendar, rng, stories, day = national_calendar(), random.Random(2026), [], FIRST
    waiting = list(enumerate(filings))
    while day <= LAST:
        while waiting and waiting[0][1][0] <= day:
            number, (on, kind) = waiting.pop(0)
            stories.append(filed(office, kind, on, number, monkeypatch))
        for hour in hours if calendar.is_working(day) else hours[:1]:
            now = moment(day, hour)
            if calendar.is_working(day):
                for story in stories:
                    if story.request.state not in ENDED and story.request.state != State.CONSULTING:
                        work(story, now, calendar, rng)
            actions.warn_before_lateness(now)
            send_all(now)
            if hour == hours[-1]:
                sign_apologies(office, now)
        day += timedelta(days=1)
    return stories


def send_all(now: datetime) -> None:
    for pk in Message.objects.due(now).values_list("pk", flat=True):
        actions.send_message(pk, at=now)


def working_day_before(day: date, calendar) -> date:
    before = day - timedelta(days=1)
    while not calendar.is_working(before):
        before -= timedelta(days=1)
    return before


def life(monkeypatch, times: int = 1, hours: tuple[time, ...] = QUARTERS):
    """One life of three weeks, told on: forty requests filed over the first days."""
    office = factories.make_office()
    calendar = national_calendar()
    days = [FIRST + timedelta(days=n) for n in range(5)]
    plan = PLAN * times
    random.Random(7).shuffle(plan)
    filings = sorted((days[number % 5], kind) for number, kind in enumerate(plan))
    with factories.signing_key():
        stories = live(office, monkeypatch, filings, hours)
    return stories, calendar, moment(LAST, time(17, 30))


def test_three_weeks_with_tet_and_a_silent_agency(monkeypatch):
    stories, calendar, now = life(monkeypatch)
    assert len(stories) == 40
    nobody_waits_in_silence(stories, calendar, now)
    warnings_are_few_and_told_once_and_by_day(stories, now)
    every_paper_exists(stories)


@pytest.mark.slow
def test_three_weeks_of_an_office_four_times_as_busy_looked_at_every_half_hour(monkeypatch):
    hours = tuple(time(hour, minute) for hour in range(8, 17) for minute in (10, 40))
    stories, calendar, now = life(monkeypatch, times=4, hours=hours)
    nobody_waits_in_silence(stories, calendar, now)
    warnings_are_few_and_told_once_and_by_day(stories, now)


def nobody_waits_in_silence(stories: list[Story], calendar, now: datetime) -> None:
    everybody = CertificateRequest.objects.filter(pk__in=[story.request.pk for story in stories])
    late = lateness_report.rows(lateness_report.late(everybody, now), now, Calendars.read())
    assert len([row for row in late if row.is_warned_about]) >= 12, "the story must hold lateness, or nothing is shown"
    assert {row.cause for row in late} >= {"agency", "office", "approver"}

    unwarned = []
    for row in late:
        due = row.request.due_at
        told = Message.objects.filter(request=row.request, event="late_warning", channel="portal").order_by("told_at")
        day_before = working_day_before(clock.local_day(due), calendar)
        in_time = [message for message in told if clock.local_day(message.told_at) <= day_before]
        if not row.is_warned_about:
            assert not told
        elif in_time:
            first = in_time[0]
            mail = Message.objects.get(request=row.request, event="late_warning", key=first.key, channel="email")
            assert mail.state == "sent" and clock.local_day(mail.sent_at) <= day_before
            assert (
                holder_at(row.request, first.told_at)
                == LateNotice.objects.get(request=row.request, round=int(first.key)).cause
            )
        else:
            unwarned.append(row)
    assert unwarned == [], [(row.request.code, row.cause_words, row.since, row.request.due_at) for row in unwarned]

    listed = lateness_report.untold(everybody, now, Calendars.read())
    assert {row.request.pk for row in listed} == {row.request.pk for row in late if not row.is_warned_about}
    assert all(row.cause and row.since and row.since <= row.request.due_at for row in listed)


def holder_at(request: CertificateRequest, at: datetime) -> str:
    return HOLDER[[step for step in request.history() if step.at <= at][-1].to_state]


def warnings_are_few_and_told_once_and_by_day(stories: list[Story], now: datetime) -> None:
    pks = [story.request.pk for story in stories]
    warned = set(LateNotice.objects.filter(request__in=pks).values_list("request", flat=True))
    everybody = CertificateRequest.objects.filter(pk__in=pks)
    late = set(lateness_report.late(everybody, now).values_list("pk", flat=True))
    needless = warned - late
    print(f"late {len(late)}, warned {len(warned)}, warned and still in time {len(needless)}")
    assert len(needless) <= len(pks) // 4
    assert not [story for story in stories if story.kind == QUICK and story.request.pk in warned]
    rounds = LateNotice.objects.filter(request__in=pks).values_list("request", "round")
    assert len(rounds) <= 2 * len(warned)
    for message in Message.objects.exclude(channel="portal").filter(state="sent"):
        assert 7 <= timezone.localtime(message.sent_at).hour < 21
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM requests_requeststep s WHERE s.step = ANY(%s) AND NOT EXISTS (SELECT 1 FROM "
            "requests_message m WHERE m.request_id = s.request_id AND m.key = s.seq::text AND m.channel = 'portal')",
            [["receive", "issue", "ask_supplement"]],
        )
        assert cursor.fetchone()[0] == 0


def every_paper_exists(stories: list[Story]) -> None:
    """One a step that calls for it, and an apology for every late request that a clerk signed for."""
    for story in stories:
        steps = [step.step for step in story.request.history()]
        kinds = list(story.request.papers.values_list("kind", flat=True))
        for step, kind in PAPERS.items():
            assert kinds.count(kind) >= steps.count(step), (step, steps, kinds)  # and a new receipt for a moved day
        assert kinds.count("apology") == story.request.late_notices.filter(signed_at__isnull=False).count()


def sign_apologies(office, now: datetime) -> None:
    """A clerk signs what is proposed, as it is proposed, the same afternoon."""
    for notice in LateNotice.objects.to_sign(office.verifying_clerk):
        day = clock.local_day(notice.proposed_at)
        actions.sign_late_notice(
            notice, by=office.verifying_clerk, cause_text="Chưa có trả lời.", appointed_on=day, at=now
        )
