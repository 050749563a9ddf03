"""Questions to other agencies: asked by letter, waited for, reminded of, answered; and what the answers do."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.seed import national_calendar
from lltp_portal.errors import Invalid, StepNotAllowed
from records.determination import Undetermined
from records.register.living import IncomingInformation
from requests import actions, clock, concluding, findings, inquiries
from requests.actions.concluding_without_paper import conclusion_open
from requests.approver_views.review import review
from requests.flowing_back import information_of
from requests.models import (
    AnswerDecision,
    EarlierClear,
    FlowBack,
    Inquiry,
    InquiryAnswer,
    InquiryEvent,
    Paper,
    WithoutPaper,
)
from requests.papers import printing
from requests.states import Holder
from tests import factories
from tests.agencies import JUDGMENT, NUMBER, answer, ask, decide, now, reviewing, switch_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.make_office()


def found(request):
    return findings.current(now(request), as_of=clock.local_day(timezone.now()))


def verified(request, office):
    verify(request, office)
    return now(request)


def verify(request, office):
    return actions.verify(now(request), by=office.verifying_clerk)


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_a_letter_is_numbered_has_a_day_and_puts_the_request_at_the_agency(office):
    request = reviewing(office)
    asked_at = timezone.now()
    inquiry = ask(request, office, "court", "Tòa án nhân dân huyện Ví Dụ", at=asked_at)
    assert now(request).state == "consulting" and now(request).holder == Holder.AGENCY
    assert inquiry.due_at == clock.due_at(inquiry.asked_at, clock.Term(5), national_calendar())
    longer = ask(request, office, "court", "Tòa án khác", complicated=True)
    assert longer.due_at > inquiry.due_at
    assert [one.letter.number for one in (inquiry, longer)] == [1, 2]
    assert now(request).history().filter(step="consult").count() == 1  # the second letter takes no step


def test_a_letter_whose_button_is_pressed_twice_goes_out_once(office):
    request = reviewing(office)
    ask(request, office, "court", "Tòa án nhân dân huyện Ví Dụ")
    first, second = (ask(request, office) for _ in range(2))  # the desk's version stays: neither takes a step
    assert first == second and first.seq == 2 and Paper.objects.filter(kind="inquiry_letter").count() == 2
    answer(request, office, seq=2, outcome="cannot")
    assert ask(request, office).seq == 3  # asked again once it has said that it cannot answer


def test_the_letter_prints_and_is_no_paper_of_the_citizens(office):
    request = reviewing(office)
    inquiry = ask(request, office, "court", "Tòa án nhân dân huyện Ví Dụ")
    actions.remind_agency(request, 1, by=office.verifying_clerk)
    for letter in Paper.objects.filter(kind__in=Paper.BETWEEN_OFFICES):
        printing.print_paper(letter.pk)
        letter.refresh_from_db()
        assert letter.is_printed, letter.last_cause
    assert inquiry.letter not in now(request).papers.for_citizens()
    assert "Tòa án nhân dân huyện Ví Dụ" in inquiry.letter.content


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("source", {"source": "nobody"}),
        ("source", {"source": "prosecuting"}),  # not by the law of this request
        ("agency", {"agency": " "}),
        ("question", {"question": " "}),
        ("question", {"question": "x" * 2000}),
        ("sent_by", {"sent_by": "pigeon"}),
    ],
)
def test_a_letter_that_lacks_something_is_refused_and_nothing_is_written(office, field, changes):
    request = reviewing(office)
    with pytest.raises(Invalid) as refused:
        ask(request, office, **changes)
    assert set(refused.value.fields) == {field}
    assert now(request).state == "reviewing" and not Inquiry.objects.exists()


def test_only_a_verifying_clerk_of_the_office_asks_reminds_answers_and_concludes(office):
    request = reviewing(office)
    ask(request, office)
    elsewhere = factories.make_staff("verifying_clerk", authority=factories.department("36"))
    for stranger in (office.intake_clerk, office.approver, elsewhere, request.filed_by):
        by = {"by": stranger}
        for act in (
            lambda by=by: actions.ask_agency(request, source="court", agency="A", question="B", **by),
            lambda by=by: actions.remind_agency(request, 1, **by),
            lambda by=by: actions.close_inquiry(request, 1, reason="X", **by),
            lambda by=by: actions.add_conviction(request, 1, conviction=JUDGMENT, **by),
            lambda by=by: actions.decide_answer(request, 1, same_person=True, ground="X", convictions=0, **by),
            lambda by=by: actions.conclude_without_paper(request, ground="X", **by),
            lambda by=by: actions.choose_earlier_clear(request, used=False, reason="X", **by),
        ):
            with pytest.raises(PermissionDenied):
                act()
    assert not InquiryEvent.objects.exists() and not InquiryAnswer.objects.exists()


def test_asking_about_expungement_gives_the_longer_term_and_tells_the_citizen(office):
    request = reviewing(office)
    before = now(request).due_at
    ask(request, office, "commune", "Ủy ban nhân dân phường Láng Hạ")
    after = now(request)
    assert (after.deadline_class, after.deadline_amount) == ("extended", 15) and after.due_at > before
    assert after.messages.filter(event="term_extended").exists()
    ask(request, office, "commune", "Ủy ban nhân dân phường khác")
    assert now(request).due_at == after.due_at


# --- The clock --------------------------------------------------------------------------------------------------------


def test_the_time_of_an_agency_is_charged_to_it_and_the_promise_does_not_move(office):
    start = timezone.now() - timedelta(days=20)
    request = reviewing(office, at=start)
    due = now(request).due_at
    ask(request, office, at=start + timedelta(days=1))
    answer(request, office, at=start + timedelta(days=8))
    charges = clock.charges(now(request).history(), national_calendar(), timezone.now())
    held = clock.held(charges)
    assert held[Holder.AGENCY] >= 4 * 8 * 60
    assert now(request).due_at == due and now(request).state == "reviewing"


# --- Waiting ----------------------------------------------------------------------------------------------------------


def test_a_late_answer_is_put_before_the_clerk_once_and_again_after_a_reminder(office):
    request = reviewing(office)
    inquiry = ask(request, office)
    assert actions.mind_inquiries(inquiry.due_at) == 0
    late = inquiry.due_at + timedelta(minutes=1)
    assert (actions.mind_inquiries(late), actions.mind_inquiries(late)) == (1, 0)
    assert inquiries.asked(now(request))[0].reminder_is_due
    actions.remind_agency(request, 1, by=office.verifying_clerk, at=late)
    with pytest.raises(StepNotAllowed):
        actions.remind_agency(request, 1, by=office.verifying_clerk, at=late)
    assert not inquiries.asked(now(request))[0].reminder_is_due
    assert actions.mind_inquiries(late + timedelta(days=2)) == 0
    assert actions.mind_inquiries(late + timedelta(days=12)) == 1
    answer(request, office)
    assert actions.mind_inquiries(late + timedelta(days=30)) == 0


def test_the_request_comes_back_when_the_last_agency_has_answered(office):
    request = reviewing(office)
    ask(request, office, "police")
    ask(request, office, "court")
    with pytest.raises(StepNotAllowed):
        actions.finish_consulting(now(request), by=office.verifying_clerk, answer="Xong")
    answer(request, office, 1)
    assert now(request).state == "consulting"
    actions.close_inquiry(request, 2, by=office.verifying_clerk, reason="Không cần nữa.")
    assert now(request).state == "reviewing"
    with pytest.raises(StepNotAllowed):
        actions.close_inquiry(request, 2, by=office.verifying_clerk, reason="Hai lần.")


def test_what_an_agency_answers_although_nobody_asks_any_more_counts(office):
    """Its letter was on the way: asking again would refuse it as written before it was asked for."""
    request = reviewing(office)
    ask(request, office, "court", "Tòa án Mẫu")
    actions.close_inquiry(request, 1, by=office.verifying_clerk, reason="Đã có trích lục.")
    answer(request, office, outcome="judgment")
    [obstacle] = inquiries.standing(now(request)).obstacles()
    assert obstacle.startswith("Tòa án Mẫu trả lời có thông tin.")
    decide(request, office, same=False)
    assert not inquiries.standing(now(request)).obstacles()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("outcome", {"outcome": "perhaps"}),
        ("document_number", {"document_number": " "}),
        ("words", {"words": ""}),
        ("document_on", {"document_on": clock.local_day(timezone.now()) + timedelta(days=2)}),
        ("document_on", {"document_on": clock.local_day(timezone.now()) - timedelta(days=90)}),
        ("received_on", {"received_on": clock.local_day(timezone.now()) - timedelta(days=9)}),
    ],
)
def test_an_answer_that_cannot_be_is_refused(office, field, changes):
    request = reviewing(office)
    ask(request, office)
    with pytest.raises(Invalid) as refused:
        answer(request, office, **changes)
    assert set(refused.value.fields) == {field}
    assert not InquiryAnswer.objects.exists()


def test_nothing_that_was_asked_or_answered_is_ever_changed(office):
    request = reviewing(office)
    ask(request, office)
    answer(request, office, outcome="no_judgment")
    decide(request, office)
    rows = {Inquiry: "agency", InquiryAnswer: "words", AnswerDecision: "ground"}
    for model, field in rows.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**{field: "Khác"})
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()._raw_delete(using="default")
        assert model.objects.count() == 1


# --- What an answer leads to ------------------------------------------------------------------------------------------


def test_nobody_verifies_before_every_required_agency_has_answered(office):
    switch_on(office, "police")
    request = reviewing(office)
    with pytest.raises(StepNotAllowed, match="Cơ quan hồ sơ nghiệp vụ công an"):
        verify(request, office)
    ask(request, office)
    with pytest.raises(StepNotAllowed):
        verify(request, office)
    answer(request, office, outcome="cannot")
    with pytest.raises(StepNotAllowed, match="Cơ quan hồ sơ nghiệp vụ công an"):
        verify(request, office)
    answer(request, office, outcome="none")  # a second document, which says more
    assert verify(request, office).state == "verified"


def test_an_answer_about_another_identity_is_no_answer(office):
    switch_on(office, "police")
    request = reviewing(office)
    ask(request, office)
    answer(request, office)
    declared_anew(request, office)
    with pytest.raises(StepNotAllowed, match="Phải hỏi"):
        verify(request, office)


def test_what_an_agency_found_about_the_identity_declared_before_is_never_forgotten(office):
    """Of an agency that nobody had to ask: no rule would ask it again, and its judgment would be printed nowhere."""
    request = reviewing(office)
    ask(request, office, source="other", agency="Tòa án Mẫu")
    answer(request, office, outcome="judgment")
    fresh = JUDGMENT | {"judgment_date": "2025-05-20", "effective_date": "2025-06-20", "offence_date": "2025-01-01"}
    fresh["offence"] = JUDGMENT["offence"] | {"code": "BLHS2015", "article": 173}
    actions.add_conviction(now(request), 1, by=office.verifying_clerk, conviction=fresh)
    decide(request, office, convictions=1)
    assert found(request).result.text == "Có án tích"
    declared_anew(request, office)
    assert found(request).matching.decision == "clear"
    assert isinstance(found(request).result, Undetermined) and not found(request).can_verify
    with pytest.raises(StepNotAllowed, match="Tòa án Mẫu có thông tin theo dữ liệu đã khai trước đây"):
        verify(request, office)
    ask(request, office, source="other", agency="Tòa án  mẫu")
    (obstacle,) = found(now(request)).obstacles
    assert "chưa trả lời" in obstacle
    answer(request, office, seq=2)
    assert verify(request, office).state == "verified"


def declared_anew(request, office):
    actions.ask_supplement(now(request), by=office.verifying_clerk, reasons="Tên cha.")
    actions.open_supplement(now(request), by=request.filed_by)
    actions.save_declaration(now(request), by=request.filed_by, fields={"father_name": "Nguyễn Văn Khác"})
    actions.answer_supplement(now(request), by=request.filed_by, note="Đã sửa tên cha.")
    for search in now(request).searches.all():
        actions.search(search.pk)
    assert now(request).state == "reviewing"


def test_a_judgment_that_an_agency_found_is_printed_once_a_person_has_confirmed_it(office):
    request = reviewing(office)
    ask(request, office, "court")
    answer(request, office, outcome="judgment")
    with pytest.raises(StepNotAllowed, match="xác nhận có đúng người"):
        verify(request, office)
    with pytest.raises(StepNotAllowed, match="Ghi nội dung bản án"):
        decide(request, office)
    actions.add_conviction(
        request, 1, by=office.verifying_clerk, conviction=JUDGMENT | {"main_penalty_completed_on": "2025-12-20"}
    )
    decide(request, office, convictions=1)
    result = found(request).result
    assert result.status == "has_record" and result.convictions[0].judgment_number == "12/2009/HS-ST"
    back = AuditEvent.objects.get(verb="answer_flows_back", subject=request.code)  # and so the register hears of it
    kept = InquiryAnswer.objects.get()
    assert back.details["digest"] == inquiries.digest(information_of(kept, list(kept.convictions.all())))
    actions.flow_back(FlowBack.objects.get().pk)
    paper = IncomingInformation.objects.get()
    assert (paper.state, paper.sender, paper.number) == ("waiting", kept.inquiry.agency, kept.document_number)
    draft = review(verified(request, office), office.approver, timezone.now())
    assert "văn bản số 15/cv" in next(line.source for line in draft.lines if "12/2009" in line.label).lower()
    assert any("đúng người yêu cầu" in check.words for check in draft.checks)
    actions.return_to_clerk(now(request), by=office.approver, reason="Xem lại.")
    actions.add_conviction(request, 1, by=office.verifying_clerk, conviction=JUDGMENT | {"court": "Tòa án khác"})
    with pytest.raises(StepNotAllowed):  # more was entered than was decided on
        verify(request, office)
    decide(request, office, same=False, convictions=2)
    assert found(request).result.status == "no_record"
    assert verify(request, office).state == "verified"


def test_a_judgment_is_read_as_strictly_as_the_registers_files(office):
    request = reviewing(office)
    ask(request, office, "court")
    answer(request, office, outcome="judgment")
    for wrong in ({"judgment_date": "2008-02-30"}, {"main_penalty": {"kind": "exile"}}, {"extra": 1}):
        with pytest.raises(Invalid):
            actions.add_conviction(request, 1, by=office.verifying_clerk, conviction=JUDGMENT | wrong)
    assert not InquiryAnswer.objects.get().convictions.exists()


# --- Công văn 367 -----------------------------------------------------------------------------------------------------


def hit(office, **changes):
    """Asked about at the police, who know of an arrest."""
    request = reviewing(office)
    ask(request, office, "police")
    answer(request, office, outcome="no_judgment", **changes)
    decide(request, office)
    return request


def test_an_arrest_without_a_judgment_needs_three_answers_and_a_person(office):
    """Domain 1.6, C26."""
    request = hit(office)
    with pytest.raises(StepNotAllowed, match="Phải hỏi Tòa án"):
        verify(request, office)
    for seq, source in enumerate(("court", "procuracy", "enforcement"), 2):
        with pytest.raises(StepNotAllowed):
            actions.conclude_without_paper(now(request), by=office.verifying_clerk, ground="Không còn giấy tờ.")
        ask(request, office, source)
        answer(request, office, seq)
    with pytest.raises(StepNotAllowed, match="Công văn 367"):
        verify(request, office)
    concluded = actions.conclude_without_paper(now(request), by=office.verifying_clerk, ground="Không còn giấy tờ.")
    assert [one["source"] for one in concluded.basis] == ["court", "enforcement", "procuracy"]
    assert verify(request, office).state == "verified"


def test_an_arrest_of_somebody_else_asks_nothing_more(office):
    request = hit(office)
    decide(request, office, same=False)
    assert verify(request, office).state == "verified"


def test_one_agency_that_knows_of_a_judgment_forbids_the_conclusion(office):
    request = hit(office)
    for seq, (source, outcome) in enumerate((("court", "judgment"), ("procuracy", "none"), ("enforcement", "none")), 2):
        ask(request, office, source)
        answer(request, office, seq, outcome=outcome)
    with pytest.raises(StepNotAllowed):
        actions.conclude_without_paper(now(request), by=office.verifying_clerk, ground="Không còn giấy tờ.")
    assert not WithoutPaper.objects.exists()


def execution_unknown(office, **changes):
    """A judgment that is the applicant's, of which nobody knows whether it was served."""
    factories.register(register_row(**changes))
    request = reviewing(office)
    current = found(request)
    (candidate,) = current.matching.candidates
    actions.decide_candidate(
        now(request),
        by=office.verifying_clerk,
        register_id=candidate.record.register_id,
        decision="same",
        ground="Trùng số.",
        findings_digest=current.answer.findings_digest,
    )
    return request


def register_row(**changes):
    return {
        "register_id": "R-367",
        "full_name": "Nguyễn Văn Thử",
        "date_of_birth": "1990-03-27",
        "sex": "male",
        "nationality": "VN",
        "identity_documents": [{"type": "cccd", "number": NUMBER}],
        "father_name": "Nguyễn Văn Mẫu",
        "mother_name": "Trần Thị Ví Dụ",
        "convictions": [JUDGMENT | {"age_at_offence": 18} | changes],
    }


def test_execution_that_nobody_has_a_paper_of_needs_three_answers_and_a_person(office):
    """Domain 1.6, C27."""
    request = execution_unknown(office)
    assert "giấy chứng nhận chấp hành xong" in found(request).result.reasons[0]
    for seq, source in enumerate(("court", "enforcement", "police"), 1):
        with pytest.raises(StepNotAllowed):
            actions.conclude_without_paper(now(request), by=office.verifying_clerk, ground="Không còn giấy tờ.")
        ask(request, office, source)
        answer(request, office, seq)
    with pytest.raises(StepNotAllowed, match="Chưa xác định"):
        verify(request, office)
    assert conclusion_open(now(request), found(request), clock.local_day(timezone.now())) == "no_execution"
    actions.conclude_without_paper(now(request), by=office.verifying_clerk, ground="Không còn giấy tờ.")
    result = found(request).result
    assert result.status == "no_record" and concluding.NOTE in result.notes
    assert verify(request, office).state == "verified"


def test_a_term_that_has_not_lapsed_even_if_served_at_once_is_never_concluded(office):
    judged = clock.local_day(timezone.now()) - timedelta(days=400)
    recent = {"judgment_date": judged.isoformat(), "effective_date": (judged + timedelta(days=30)).isoformat()}
    recent |= {"offence_date": (judged - timedelta(days=60)).isoformat(), "age_at_offence": 35}
    recent["offence"] = JUDGMENT["offence"] | {"code": "BLHS2015", "article": 173}
    request = execution_unknown(office, **recent)
    for seq, source in enumerate(("court", "enforcement", "police"), 1):
        ask(request, office, source)
        answer(request, office, seq)
    with pytest.raises(StepNotAllowed):
        actions.conclude_without_paper(now(request), by=office.verifying_clerk, ground="Không còn giấy tờ.")


# --- Điều 28 ----------------------------------------------------------------------------------------------------------


def issued(office, outcome="none", rows=None):
    """A first certificate, with the police asked."""
    with factories.signing_key():
        journey = factories.journey(
            office=office, at=timezone.now() - timedelta(days=20), rows=rows or {"number": NUMBER}
        )
        journey.to("reviewing")
        ask(journey.request, office)
        answer(journey.request, office, outcome=outcome)
        if outcome != "none":
            decide(journey.request, office, same=False)
        journey.request = now(journey.request)
        journey.at = timezone.now()
        for step in ("verify", "approve", "prepare", "sign"):
            journey.take(step)
    assert journey.request.state == "issued"
    return journey.request


def test_who_was_found_clear_once_is_not_asked_about_again_and_a_clerk_may_still_ask(office):
    switch_on(office, "police")
    first = issued(office)
    kept = EarlierClear.objects.get()
    assert kept.request == first and NUMBER not in kept.identity_key and len(kept.identity_key) == 64
    again = reviewing(office)
    standing = inquiries.standing(now(again))
    assert standing.earlier == kept and not standing.missing
    (spared,) = [one for one in standing.required if one.spared]
    assert first.certificate.number_text in spared.reason and "Điều 28" in spared.reason
    actions.choose_earlier_clear(now(again), by=office.verifying_clerk, used=False, reason="Nghi nhầm người.")
    with pytest.raises(StepNotAllowed, match="Phải hỏi"):
        verify(again, office)
    actions.choose_earlier_clear(now(again), by=office.verifying_clerk, used=True, reason="Đã đối chiếu.")
    assert verify(again, office).state == "verified"


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": {"full_name": "Nguyễn Văn Thứ"}},
        {"fields": {"date_of_birth": "1990-03-28"}, "rows": {"number": NUMBER, "from_month": "2004-03"}},
        {"rows": {"number": "001090993102"}},
        {"fields": {"date_of_birth": "1990"}},
    ],
)
def test_only_exactly_the_same_identity_is_spared(office, changes):
    switch_on(office, "police")
    issued(office)
    other = reviewing(office, **changes)
    assert [one.source for one in inquiries.standing(now(other)).missing] == ["police"]


def test_an_answer_that_told_something_is_not_remembered_as_clear(office):
    switch_on(office, "police")
    issued(office, outcome="no_judgment")
    assert not EarlierClear.objects.exists()


def test_while_what_an_agency_found_is_open_nothing_is_expected_to_be_printed(office):
    request = reviewing(office)
    ask(request, office, "police")
    answer(request, office, outcome="no_judgment")
    assert "chưa được xác nhận là của ai" in found(request).result.reasons[0]
    decide(request, office)
    assert "Công văn 367" in found(request).result.reasons[0]
    assert conclusion_open(now(request), found(request), clock.local_day(timezone.now())) == ""
    decide(request, office, same=False)
    assert found(request).result.status == "no_record"
