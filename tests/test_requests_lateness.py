"""Promises in danger: the rule, the warning with its cause, the draft, the clerk's signature, the second round."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lltp_portal.calendars.models import SpecialDay
from lltp_portal.calendars.seed import Calendars
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from requests import actions, clock, lateness, lateness_report
from requests.actions import lateness as lateness_acts
from requests.lateness import Position
from requests.models import CertificateRequest, Declaration, LateNotice, Message, RequestStep
from requests.states import State
from tests import factories

TET = {date(2026, 2, 14) + timedelta(days=n): "Tết" for n in range(9)}
CALENDAR = WorkingCalendar(TET, {})


def at(text: str) -> datetime:
    """“2026-03-04 14:00” in Viet Nam."""
    return datetime.fromisoformat(f"{text.replace(' ', 'T')}:00+07:00")


DUE = at("2026-03-06 17:00")  # a Friday


# --- The rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "since", "begins"),
    [
        (State.VERIFIED, "2026-03-02 09:00", "2026-03-05 14:00"),
        (State.SIGNING, "2026-03-02 09:00", "2026-03-05 14:00"),
        (State.REVIEWING, "2026-03-02 09:00", "2026-03-04 14:00"),
        (State.NEEDS_SUPPLEMENT, "2026-03-02 09:00", "2026-03-04 14:00"),
        (State.RECEIVED, "2026-03-02 09:00", "2026-03-03 14:00"),
        (State.RECEIVED, "2026-03-04 09:00", "2026-03-04 14:00"),  # began that day: sources answer within minutes
        (State.CONSULTING, "2026-03-02 09:00", "2026-03-03 14:00"),
    ],
)
def test_when_each_state_becomes_a_danger(state, since, begins):
    moment, position = at(begins), Position(state, at(since))
    assert not lateness.is_in_danger(DUE, position, moment - timedelta(minutes=1), CALENDAR)
    assert lateness.is_in_danger(DUE, position, moment, CALENDAR)


def test_an_agency_that_names_a_day_after_the_promise_is_a_danger_at_once():
    asked = at("2026-02-24 09:00")
    in_time = Position(State.CONSULTING, asked, date(2026, 3, 4))
    too_late = Position(State.CONSULTING, asked, date(2026, 3, 5))
    assert not lateness.is_in_danger(DUE, in_time, asked, CALENDAR)
    assert lateness.is_in_danger(DUE, too_late, asked, CALENDAR)


def test_over_tet_the_warning_comes_before_the_holiday():
    due = at("2026-02-23 17:00")  # the first working day after Tết; the one before is Friday the 13th
    position = Position(State.VERIFIED, at("2026-02-10 09:00"))
    assert not lateness.is_in_danger(due, position, at("2026-02-13 13:59"), CALENDAR)
    assert lateness.is_in_danger(due, position, at("2026-02-13 14:00"), CALENDAR)
    assert lateness.last_day_to_warn(due, CALENDAR) == date(2026, 2, 13)


@given(
    state=st.sampled_from(sorted(lateness.WORK)),
    day=st.dates(date(2026, 1, 5), date(2026, 6, 1)),
    term=st.integers(2, 15),
)
def test_whatever_is_open_at_two_on_the_last_day_to_warn_is_a_danger_and_the_proposal_can_be_kept(state, day, term):
    start = CALENDAR.first_working_from(day)
    due = datetime.combine(CALENDAR.add(start, term), datetime.min.time().replace(hour=17), clock.LOCAL)
    last = lateness.last_day_to_warn(due, CALENDAR)
    assert CALENDAR.count_after(last, due.date()) == 1
    two = datetime.combine(CALENDAR.add(start, term - 1), lateness.LAST_HOUR, clock.LOCAL)
    position = Position(state, two - timedelta(days=3))
    assert two.date() <= last
    assert lateness.is_in_danger(due, position, two, CALENDAR)
    proposed = lateness.proposal(due, position, two, CALENDAR)
    assert proposed > due and CALENDAR.is_working(proposed.date())
    assert not lateness.is_in_danger(proposed, position, two, CALENDAR)
    assert due.date() < lateness.safe_from(state, two, CALENDAR)


def test_a_silent_agency_is_given_the_time_of_the_law_in_the_proposal():
    position = Position(State.CONSULTING, at("2026-03-02 09:00"))
    proposed = lateness.proposal(DUE, position, at("2026-03-03 14:00"), CALENDAR)
    assert proposed == at("2026-03-18 17:00")  # ten working days from the 2nd, then clerk and signature


def test_a_second_promise_leaves_more_room_than_the_first():
    position, now = Position(State.REVIEWING, at("2026-03-02 09:00")), at("2026-03-04 14:00")
    assert lateness.proposal(DUE, position, now, CALENDAR) == at("2026-03-10 17:00")
    assert lateness.proposal(DUE, position, now, CALENDAR, again=True) == at("2026-03-16 17:00")
    silent = Position(State.CONSULTING, at("2026-02-02 09:00"))
    assert lateness.proposal(DUE, silent, now, CALENDAR, again=True) == at("2026-03-20 17:00")


def test_terms_without_a_day_to_warn_on_are_left_out():
    received = at("2026-03-02 09:00")
    assert not lateness.is_warned_about(received, at("2026-03-03 09:00"), CALENDAR)
    assert lateness.is_warned_about(received, at("2026-03-04 17:00"), CALENDAR)
    assert not lateness.is_warned_about(at("2026-03-02 18:00"), at("2026-03-04 17:00"), CALENDAR)


# --- The warning ------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(db):
    return factories.make_office()


SENT = at("2026-02-02 08:40")  # received the same morning: ten working days end on Monday the 23rd


def stuck(office, state=State.CONSULTING):
    """A request of 10 working days that stands still in this state."""
    return factories.request_in(state, office=office, at=SENT)


def warnings(certificate_request):
    found = Message.objects.filter(request=certificate_request, event="late_warning", channel="portal")
    return list(found.order_by("pk"))


CONSULTING_DANGER = at("2026-02-11 14:00")


def test_a_silent_agency_is_told_of_in_time_with_the_cause_and_a_new_day_and_only_once(office):
    certificate_request = stuck(office)
    assert certificate_request.due_at == at("2026-02-23 17:00")
    assert actions.warn_before_lateness(CONSULTING_DANGER - timedelta(minutes=1)) == 0
    assert actions.warn_before_lateness(CONSULTING_DANGER) == 1
    for minutes in (1, 60, 60 * 24):
        assert actions.warn_before_lateness(CONSULTING_DANGER + timedelta(minutes=minutes)) == 0
    (message,) = warnings(certificate_request)
    assert "cơ quan được hỏi để xác minh chưa trả lời" in message.text
    assert "Thứ Hai, 23/02/2026" in message.text
    notice = LateNotice.objects.get()
    assert (notice.cause, notice.promised_at) == ("agency", certificate_request.due_at)
    assert notice.cause_since == certificate_request.history().last().at
    local = notice.appointed_at.astimezone(clock.LOCAL)
    assert f"{local:%d/%m/%Y}" in message.text
    outside = Message.objects.get(request=certificate_request, event="late_warning", channel="email")
    assert "cơ quan" not in outside.text and outside.next_try_at == CONSULTING_DANGER


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (State.RECEIVED, "central"),
        (State.REVIEWING, "office"),
        (State.NEEDS_SUPPLEMENT, "citizen"),
        (State.VERIFIED, "approver"),
        (State.SIGNING, "system"),
    ],
)
def test_the_cause_is_who_holds_it(office, state, cause):
    stuck(office, state)
    now = at("2026-02-13 14:00")
    assert actions.warn_before_lateness(now) == (0 if state == State.NEEDS_SUPPLEMENT else 1)
    if state != State.NEEDS_SUPPLEMENT:  # its promise moves on with every day of waiting
        assert LateNotice.objects.get().cause == cause


def test_while_the_citizen_is_asked_the_promise_moves_on_and_nobody_is_warned_too_early(office):
    journey = factories.journey(office=office, at=SENT)
    for step in ("submit", "record_payment", "receive", "search"):
        journey.take(step)
    actions.ask_supplement(journey.request, by=office.verifying_clerk, reasons="Thiếu.", at=at("2026-02-12 10:00"))
    assert [actions.warn_before_lateness(at(f"2026-{day} 15:00")) for day in ("02-12", "02-24", "03-02")] == [1, 0, 0]
    assert LateNotice.objects.get().cause == "citizen"


@pytest.mark.parametrize("state", [State.ISSUED, State.WITHDRAWN, State.STOPPED, State.REFUSED, State.SUBMITTED])
def test_nobody_is_warned_of_what_has_ended_or_has_no_promise(office, state):
    stuck(office, state)
    assert actions.warn_before_lateness(at("2026-02-23 16:00")) == 0


def test_the_appointment_that_is_in_danger_too_is_warned_of_again(office):
    certificate_request = stuck(office)
    actions.warn_before_lateness(CONSULTING_DANGER)
    first = LateNotice.objects.get()
    before = first.appointed_at - timedelta(days=1)
    assert actions.warn_before_lateness(before) == 1
    second = certificate_request.late_notices.newest_first().first()
    assert (second.round, second.promised_at) == (2, first.appointed_at)
    assert [message.key for message in warnings(certificate_request)] == ["1", "2"]
    promised = lateness_acts._promises().get(pk=certificate_request.pk).promised
    assert promised == second.appointed_at > first.appointed_at


def test_an_agency_that_names_a_late_day_is_told_of_at_once_and_one_that_names_an_early_day_is_not(office):
    asked_at = at("2026-02-03 10:00")
    for answer_on, warned in ((date(2026, 2, 12), 0), (date(2026, 2, 25), 1)):
        reviewing = stuck(office, State.REVIEWING)
        asked = {"source": "court", "agency": "Tòa án Mẫu", "question": "Hỏi.", "answer_on": answer_on}
        actions.ask_agency(reviewing, by=office.verifying_clerk, at=asked_at, **asked)
        assert actions.warn_before_lateness(asked_at) == warned
    notice = LateNotice.objects.get()
    assert notice.cause == "agency"
    assert clock.local_day(notice.proposed_at) == date(2026, 3, 2)  # the 25th, a clerk, the signature, a day more


# --- The signature ----------------------------------------------------------------------------------------------------


@pytest.fixture
def notice(office):
    stuck(office)
    actions.warn_before_lateness(CONSULTING_DANGER)
    return LateNotice.objects.select_related("request").get()


SIGNED = at("2026-02-12 09:00")
GOOD = {"cause_text": "Tòa án chưa gửi trích lục.", "appointed_on": date(2026, 3, 2)}


def sign(notice, office, **changes):
    return actions.sign_late_notice(notice, by=office.verifying_clerk, at=SIGNED, **{**GOOD, **changes})


def test_a_clerk_signs_and_the_citizen_hears_of_the_new_day(notice, office):
    sign(notice, office)
    signed = LateNotice.objects.get()
    assert (signed.signed_by, signed.signed_at) == (office.verifying_clerk, SIGNED)
    assert signed.appointed_at == at("2026-03-02 17:00")
    assert signed.proposed_at == notice.proposed_at != signed.appointed_at
    message = Message.objects.get(event="late_apology", channel="portal")
    assert "Thứ Hai, 02/03/2026" in message.text
    assert GOOD["cause_text"] not in message.text  # a clerk's own words may name somebody; they stand on the paper
    assert signed.request.due_at == at("2026-02-23 17:00")
    assert signed.request.papers.get(kind="apology").signed_by == office.verifying_clerk


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"cause_text": "  "}, "cause_text", "required"),
        ({"appointed_on": date(2026, 2, 12)}, "appointed_on", "too_early"),
        ({"appointed_on": date(2026, 2, 23)}, "appointed_on", "too_early"),
        ({"appointed_on": date(2026, 2, 28)}, "appointed_on", "day_off"),
        ({"appointed_on": date(2026, 3, 17)}, "appointed_on", "too_late"),
    ],
)
def test_what_cannot_be_promised_is_refused_beside_its_field_and_changes_nothing(notice, office, changes, field, code):
    with pytest.raises(Invalid) as refused:
        sign(notice, office, **changes)
    assert refused.value.fields[field][0]["code"] == code
    assert LateNotice.objects.get().signed_at is None
    assert not Message.objects.filter(event="late_apology").exists()


def test_only_clerks_of_the_office_sign(notice, office):
    stranger = factories.make_staff("verifying_clerk", authority=factories.department("36"))
    for person in (office.approver, stranger, notice.request.account):
        with pytest.raises(PermissionDenied):
            actions.sign_late_notice(notice, by=person, at=SIGNED, **GOOD)


def test_what_is_signed_is_signed_once_and_never_changed(notice, office):
    sign(notice, office)
    with pytest.raises(StepNotAllowed):
        sign(notice, office)
    for changes in ({"appointed_at": at("2026-04-01 17:00")}, {"cause_text": "x"}, {"signed_by": None}):
        with pytest.raises(Error, match="not changed"), transaction.atomic():
            LateNotice.objects.update(**changes)
    with pytest.raises(Error, match="are kept"), transaction.atomic():
        LateNotice.objects.all().delete()


def test_the_cause_that_somebody_wrote_stays_when_a_colleague_has_signed(notice, office, client):
    sign(notice, office)
    client.force_login(office.intake_clerk)
    typed = {"round": "1", "cause_text": "Điều tôi vừa viết", "appointed_on_day": "3", "appointed_on_month": "3"}
    answer = client.post(reverse("late_notice", args=[notice.request.code]), {**typed, "appointed_on_year": "2026"})
    assert answer.status_code == 409 and "Điều tôi vừa viết" in answer.text and "đã được ký" in answer.text


def test_an_older_draft_is_not_signed_after_a_newer_one_and_none_after_the_end(notice, office):
    actions.warn_before_lateness(notice.appointed_at - timedelta(days=1))
    with pytest.raises(Stale):
        sign(notice, office)
    newest = LateNotice.objects.newest_first().first()
    assert list(LateNotice.objects.to_sign(office.verifying_clerk)) == [newest]
    actions.stop(notice.request, by=office.verifying_clerk, reason="Không đủ căn cứ.", at=notice.appointed_at)
    with pytest.raises(StepNotAllowed):
        sign(newest, office)
    assert not LateNotice.objects.to_sign(office.verifying_clerk).exists()


# --- The office's own days --------------------------------------------------------------------------------------------


def test_an_office_with_days_off_of_its_own_is_looked_at_as_far_ahead_as_it_needs(office):
    request = stuck(office, State.REVIEWING)
    now = at("2026-02-12 13:00")  # by the nation's days a danger from two o'clock on
    assert actions.warn_before_lateness(now) == 0
    day_off(request, date(2026, 2, 13))
    assert actions.warn_before_lateness(now) == 1


def day_off(request, day):
    SpecialDay.objects.create(authority=request.authority, day=day, kind="off", name="Nghỉ bão", source="UBND tỉnh")


def test_the_report_counts_by_each_office_and_names_who_used_the_time_up(office):
    request = stuck(office, State.CONSULTING)
    back = request.due_at - timedelta(hours=1)
    actions.close_inquiry(request, 1, by=office.verifying_clerk, reason="Đã trả lời.", at=back)
    now = request.due_at + timedelta(days=3)
    late = lateness_report.late(CertificateRequest.objects.filter(pk=request.pk), now)
    (row,) = lateness_report.rows(late, now, Calendars.read())
    assert (row.cause, row.since, row.longest) == ("office", back, "agency")
    assert row.longest_words.startswith("Cơ quan khác giữ lâu nhất: ")
    day_off(request, clock.local_day(request.due_at) + timedelta(days=1))
    (shorter,) = lateness_report.rows(late, now, Calendars.read())
    assert shorter.days_late == row.days_late - 1


# --- Who was warned is not looked at again and again ------------------------------------------------------------------


def crowd(template, many):
    """So many requests with the history of this one, written in a few statements; each with its own warning."""
    copies = CertificateRequest.objects.bulk_create(
        [CertificateRequest(filed_by=template.filed_by, created_at=template.created_at) for _ in range(many)]
    )
    plain = [
        field.attname for field in Declaration._meta.concrete_fields if not field.primary_key and not field.generated
    ]
    declared = {name: getattr(template.declaration, name) for name in plain if name != "request_id"}
    declarations = Declaration.objects.bulk_create([Declaration(request=one, **declared) for one in copies])
    for one, declaration in zip(copies, declarations, strict=True):
        one.declaration = declaration
    CertificateRequest.objects.bulk_update(copies, ["declaration"])
    same = ("authority_id", "submitted_at", "received_at", "law_day", "due_at", "deadline_class", "deadline_amount")
    found = CertificateRequest.objects.filter(pk__in=[one.pk for one in copies])
    found.update(
        dossier_number=Concat(Value("H-"), Cast("pk", CharField())), **{name: getattr(template, name) for name in same}
    )
    for step in template.history():
        told = {name: getattr(step, name) for name in ("seq", "step", "from_state", "to_state", "at", "reason")}
        RequestStep.objects.bulk_create([RequestStep(request=one, **told) for one in copies])
        found.update(state=step.to_state, step_count=step.seq)
    notice = template.late_notices.get()
    told = {name: getattr(notice, name) for name in ("round", "promised_at", "cause", "cause_since", "drafted_at")}
    days = {"proposed_at": notice.proposed_at, "appointed_at": notice.appointed_at}
    LateNotice.objects.bulk_create([LateNotice(request=one, **told, **days) for one in copies])


def test_a_thousand_who_were_warned_cost_a_sweep_five_questions_and_no_row(
    office, django_assert_num_queries, monkeypatch
):
    template = stuck(office)
    actions.warn_before_lateness(CONSULTING_DANGER)
    crowd(template, 999)
    assert CertificateRequest.objects.filter(late_notices__isnull=False).count() == 1000
    later, looked_at = CONSULTING_DANGER + timedelta(minutes=30), []
    monkeypatch.setattr(lateness_acts, "_warn", lambda pk, *rest: looked_at.append(pk))
    monkeypatch.setattr(lateness_acts, "_is_in_danger", lambda one, *rest: looked_at.append(one.pk))
    # days off, opening hours, offices at work, the promises, what was passed over
    with django_assert_num_queries(5):
        actions.warn_before_lateness(later)
    assert looked_at == [], "not one of them is read"
    appointed = template.late_notices.get().appointed_at
    actions.warn_before_lateness(appointed - timedelta(days=1))
    assert len(looked_at) == 1000, "and each again when its new day is near"
