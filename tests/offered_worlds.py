"""One request in each of the situations that have pages of their own, reached by the real acts, and who reads it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from lltp_portal.accounts.models import User
from requests import actions, clock
from requests.asking.reasons import Asked
from requests.demo import sample_papers
from requests.demo.journeys import Journey, Office
from requests.models import CertificateRequest, FoundAfterIssue, LateNotice, PaymentEntry
from requests.states import State
from tests import factories
from tests.agencies import answer, ask
from tests.payment_talk import line, online_order
from tests.records_people import CONVICTION
from tests.test_records_registry import load

WORDS = "Tôi gửi lại như được hỏi."
WRONG = "Phiếu ghi sai tên đệm của cha tôi."
WHY = "Phiếu ghi bản án của người trùng tên."
THREE = (Asked("residence_gap", "từ tháng 9/2008"), Asked("old_identity_card"), Asked("fee_proof", "giấy còn hạn"))
OWN_WORDS = (Asked("other", "Cho biết nơi làm việc năm 2010."),)
PROXY = {
    "filed_as": "proxy",
    "proxy_name": "Trần Thị Nộp",
    "proxy_relation": "child",
    "proxy_identity_number": "001190990011",
    "proxy_address": "Số 1 phố Ví Dụ, Hà Nội",
}
WRITTEN = {
    "filed_as": "agency",
    "agency_name": "Sở Nội vụ Ví Dụ",
    "agency_document_number": "125/CV-TCCB",
    "agency_document_on": "2026-11-10",
    "agency_purpose": "Quản lý nhân sự",
    "purpose": "personnel",
    "fee_category": "agency",
    "delivery": "counter",
}


Builder = Callable[[Office], CertificateRequest]
WORLDS: dict[str, Builder] = {}


def world(build: Builder) -> Builder:
    """This function makes a situation; its name is what a failure says."""
    WORLDS[build.__name__] = build
    return build


def again(request: CertificateRequest) -> CertificateRequest:
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def _in(state: str, **start) -> Builder:
    return lambda office: factories.request_in(state, office=office, **start)


for _state in State:
    WORLDS[str(_state)] = _in(_state)
WORLDS |= {
    "number_2": _in("reviewing", fields={"certificate_type": 2}),
    "paper_by_hand": _in("issued", fields={"delivery": "counter"}),
}


# --- Money ---


@world
def transfer_chosen(office: Office) -> CertificateRequest:
    waiting = factories.request_in("awaiting_payment", office=office)
    actions.order_transfer(waiting, by=waiting.filed_by)
    return again(waiting)


@world
def paid_in_part(office: Office) -> CertificateRequest:
    waiting = transfer_chosen(office)
    order = waiting.payment_orders.get()
    actions.import_statement([line(order, amount=50_000, number="FT-PART")], by=office.intake_clerk)
    return again(waiting)


@world
def paid_online_unknown(office: Office) -> CertificateRequest:
    waiting = factories.request_in("awaiting_payment", office=office)
    online_order(waiting)
    actions.came_back(waiting, waiting.payment_orders.get().reference)
    return again(waiting)


@world
def paid_too_much(office: Office) -> CertificateRequest:
    waiting = transfer_chosen(office)
    actions.import_statement(
        [line(waiting.payment_orders.get(), amount=300_000, number="FT-MORE")], by=office.intake_clerk
    )
    assert PaymentEntry.objects.filter(request=waiting).exists()
    return again(waiting)


@world
def lapsed_unpaid(office: Office) -> CertificateRequest:
    waiting = factories.request_in("awaiting_payment", office=office, at=timezone.now() - timedelta(days=200))
    actions.fee_terms.mind_unpaid(timezone.now())
    waiting = again(waiting)
    assert waiting.state == State.STOPPED
    return waiting


@world
def withdrawn_paid(office: Office) -> CertificateRequest:
    sent = factories.request_in("submitted", office=office)
    actions.withdraw(sent, by=sent.filed_by, reason="Không cần nữa.")
    return again(sent)


# --- Questions ---


def _asked(office: Office, state: str, items: tuple[Asked, ...]) -> CertificateRequest:
    request = factories.request_in(state, office=office)
    by = office.intake_clerk if state == State.SUBMITTED else office.verifying_clerk
    actions.ask_supplement(request, by=by, items=items)
    return again(request)


@world
def asked_three(office: Office) -> CertificateRequest:
    return _asked(office, State.REVIEWING, THREE)


@world
def asked_before_receipt(office: Office) -> CertificateRequest:
    return _asked(office, State.SUBMITTED, OWN_WORDS)


@world
def half_answered(office: Office) -> CertificateRequest:
    request = _asked(office, State.REVIEWING, THREE)
    actions.answer_item(request, by=request.filed_by, position=1, text=WORDS)
    return again(request)


@world
def answered_and_not_sent(office: Office) -> CertificateRequest:
    request = _asked(office, State.REVIEWING, OWN_WORDS)
    actions.answer_item(request, by=request.filed_by, position=1, text=WORDS)
    return again(request)


@world
def answer_late(office: Office) -> CertificateRequest:
    """The last day has passed; the sweeper has not come by."""
    request = factories.request_in("reviewing", office=office, at=timezone.now() - timedelta(days=120))
    asked_at = timezone.now() - timedelta(days=100)
    actions.ask_supplement(request, by=office.verifying_clerk, items=THREE, at=asked_at)
    return again(request)


@world
def asked_a_second_time(office: Office) -> CertificateRequest:
    request = _asked(office, State.REVIEWING, OWN_WORDS)
    actions.answer_supplement(request, by=request.filed_by, note=WORDS)
    actions.ask_supplement(again(request), by=office.verifying_clerk, items=THREE)
    return again(request)


# --- Agencies and promises ---


@world
def agencies_asked(office: Office) -> CertificateRequest:
    request = factories.request_in("reviewing", office=office)
    ask(request, office)
    ask(request, office, source="court", agency="Tòa án Mẫu")
    answer(request, office)
    return again(request)


@world
def late_with_an_apology(office: Office) -> CertificateRequest:
    sent = datetime.fromisoformat("2026-02-02T08:40:00+07:00")
    request = factories.request_in("consulting", office=office, at=sent)
    actions.warn_before_lateness(datetime.fromisoformat("2026-02-11T14:00:00+07:00"))
    notice = LateNotice.objects.select_related("request").get(request=request)
    at, day = datetime.fromisoformat("2026-02-12T09:00:00+07:00"), clock.local_day(sent) + timedelta(days=28)
    actions.sign_late_notice(
        notice, by=office.verifying_clerk, cause_text="Tòa án chưa gửi trích lục.", appointed_on=day, at=at
    )
    return again(request)


@world
def late_unsigned(office: Office) -> CertificateRequest:
    sent = datetime.fromisoformat("2026-02-02T08:40:00+07:00")
    request = factories.request_in("consulting", office=office, at=sent)
    actions.warn_before_lateness(datetime.fromisoformat("2026-02-11T14:00:00+07:00"))
    return again(request)


# --- After the end ---


@world
def complained(office: Office) -> CertificateRequest:
    refused = factories.request_in("refused", office=office)
    actions.complain(refused, by=refused.filed_by, kind="complaint", text="Giấy tờ của tôi đủ.")
    return again(refused)


@world
def complaint_answered(office: Office) -> CertificateRequest:
    request = factories.request_in("issued", office=office)
    actions.complain(request, by=request.filed_by, kind="feedback", text="Trang khó đọc.")
    by = factories.make_staff("authority_administrator", authority=request.authority)
    actions.answer_complaint(request, by=by, answer="Cảm ơn bạn.")
    return again(request)


def _correction(office: Office) -> CertificateRequest:
    issued = factories.request_in("issued", office=office)
    return actions.open_correction(issued, by=issued.filed_by, page="person", what_is_wrong=WRONG)


@world
def correction_begun(office: Office) -> CertificateRequest:
    return again(_correction(office).corrects)


@world
def correction_draft(office: Office) -> CertificateRequest:
    return again(_correction(office))


@world
def correction_sent(office: Office) -> CertificateRequest:
    new = _correction(office)
    return again(actions.submit(new, by=new.filed_by))


@world
def replaced(office: Office) -> CertificateRequest:
    new = again(_correction(office))
    actions.submit(new, by=new.filed_by)
    actions.decide_fault(again(new), by=office.intake_clerk, fault="office", reason="Tờ khai đúng.")
    journey = Journey(again(new), office, at=timezone.now())
    with factories.signing_key():
        for step in ("receive", "search", "verify", "approve", "prepare", "sign"):
            journey.take(step)
    return again(new.corrects)


@world
def correction_issued(office: Office) -> CertificateRequest:
    return replaced(office).corrections.get()


@world
def revocation_proposed(office: Office) -> CertificateRequest:
    issued = factories.request_in("issued", office=office)
    actions.propose_revocation(issued, by=office.verifying_clerk, ground="inaccurate", reason=WHY)
    return again(issued)


@world
def revoked(office: Office) -> CertificateRequest:
    issued = revocation_proposed(office)
    actions.decide_revocation(issued, by=office.approver, revoke=True)
    return again(issued)


@world
def news_after_issue(office: Office) -> CertificateRequest:
    request = factories.request_in("issued", office=office)
    declaration = request.declaration
    load(
        {
            "register_id": "R-NEW",
            "full_name": declaration.full_name,
            "date_of_birth": declaration.date_of_birth,
            "sex": declaration.sex,
            "identity_documents": [{"type": "cccd", "number": declaration.identity_number}],
            "convictions": [CONVICTION],
        }
    )
    actions.ask_after_issue(request.after_issue.pk, at=request.after_issue.issued_at + timedelta(days=1, minutes=1))
    assert FoundAfterIssue.objects.filter(request=request).exists()
    return again(request)


# --- Other ways of filing ---


@world
def by_a_proxy(office: Office) -> CertificateRequest:
    journey = factories.journey(office=office, fields=PROXY)
    sample_papers.attach_needed(journey.request, at=journey.at)
    return again(journey.to(State.SUBMITTED))


def _at_counter(office: Office, state: str) -> CertificateRequest:
    clerk, at = office.intake_clerk, timezone.now() - timedelta(days=3)
    draft = actions.create_draft(by=clerk, account=None, channel=CertificateRequest.Channel.COUNTER, at=at)
    actions.save_declaration(
        draft, by=clerk, fields=factories.complete_fields(delivery="counter"), rows=factories.complete_rows()
    )
    actions.show_at_counter(draft, by=clerk, kinds=["identity_copy"])
    with factories.signing_key():
        return again(Journey(again(draft), office, at=at).to(state))


@world
def at_the_counter(office: Office) -> CertificateRequest:
    return _at_counter(office, State.SUBMITTED)


@world
def draft_at_the_counter(office: Office) -> CertificateRequest:
    return _at_counter(office, State.DRAFT)


@world
def asked_at_the_counter(office: Office) -> CertificateRequest:
    return _at_counter(office, State.NEEDS_SUPPLEMENT)


@world
def issued_at_the_counter(office: Office) -> CertificateRequest:
    return _at_counter(office, State.ISSUED)


@world
def written_request(office: Office) -> CertificateRequest:
    clerk, at = office.intake_clerk, timezone.now() - timedelta(days=3)
    draft = actions.create_draft(
        by=clerk, account=None, channel=CertificateRequest.Channel.COUNTER, filed_as="agency", at=at
    )
    fields = factories.complete_fields(**WRITTEN)
    actions.save_declaration(draft, by=clerk, fields=fields, rows=factories.complete_rows(residences=[]))
    return again(Journey(again(draft), office, at=at).to(State.SUBMITTED))


@world
def empty_draft(office: Office) -> CertificateRequest:
    citizen = factories.make_citizen()
    return again(actions.create_draft(by=citizen, account=citizen))


# --- Who reads it ---


def readers(office: Office, request: CertificateRequest) -> dict[str, User]:
    """Everybody who has pages for a request."""
    there = office.intake_clerk.authority
    return {
        "who filed": request.filed_by,
        # Whoever sits at the counter today is not the one who wrote it down there.
        "intake clerk": factories.make_staff("intake_clerk", authority=there),
        "verifying clerk": office.verifying_clerk,
        "approver": office.approver,
        "office administrator": factories.make_staff("authority_administrator", authority=there),
        "national administrator": factories.make_staff("national_administrator"),
        "auditor": factories.make_staff("auditor"),
    }


CITIZENS = ("my_requests", "inbox", "own_data")
STARTS = {
    "who filed": CITIZENS,
    "intake clerk": ("clerk_queue", "clerk_payments", "late_notices", "start_request"),
    "verifying clerk": ("clerk_queue", "clerk_inquiries", "found_after_issue", "late_notices"),
    "approver": ("approver_queue", "odd_looks", "free_searches"),
    "office administrator": ("board", "complaints", "board_time", "waiting_rows"),
    "national administrator": ("board", "waiting_rows", "board_payments"),
    "auditor": ("board", "odd_looks"),
}


# What these lists show hangs on more than the state: the situations in which they are looked at each time.
LISTED = {
    "clerk_payments": {"transfer_chosen", "paid_in_part", "paid_online_unknown", "paid_too_much", "withdrawn_paid"},
    "late_notices": {"late_unsigned", "late_with_an_apology"},
    "clerk_inquiries": {"consulting", "agencies_asked"},
    "found_after_issue": {"news_after_issue"},
    "complaints": {"complained", "complaint_answered"},
}


def starts(name: str, role: str, who: User, request: CertificateRequest, seen: set[str]) -> list[str]:
    """Where this reader's way to this request begins: its own page, where they have one, and lists that may show it."""
    listing = ("clerk_queue",) if role == "who filed" and who.is_staff_member else STARTS[role]
    lists = []
    for one in listing:
        known = f"{request.state} {one}"
        if name in LISTED.get(one, ()) or known not in seen:
            lists.append(reverse(one))
        seen.add(known)
    if role == "who filed":
        return [reverse("request_detail", args=[request.code]), *lists]
    if role in {"intake clerk", "verifying clerk"} and request.state != State.DRAFT:
        return [reverse("clerk_request", args=[request.code]), *lists]
    return lists
