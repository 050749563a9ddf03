"""What a clerk may do with a request, in one table: the step, its form, its button, and the act that is called."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import Invalid, Stale
from requests import actions, clock, findings, permissions, staff_forms
from requests.actions.correcting import may_decide_fault, undecided
from requests.actions.inquiring import may_ask
from requests.actions.revoking import ending_of
from requests.asking import about_candidate, limits
from requests.asking import forms as asking_forms
from requests.comparison import Candidate
from requests.findings import Findings
from requests.inquiry_forms import InquiryForm
from requests.inquiry_words import QUESTIONS
from requests.models import CandidateDecision, CertificateRequest, Inquiry
from requests.payment_forms import CashForm
from requests.staff_pages import demand_version
from requests.states import State
from requests.steps import locked, may

Run = Callable[[CertificateRequest, User, Any], object]


@dataclass(frozen=True)
class Act:
    """`name` stands in the address and, where an act is a step, names it. `look`: secondary, danger, or primary."""

    name: str
    button: str
    done: str
    run: Run
    form: type[forms.Form] = staff_forms.NothingForm
    title: str = ""
    look: str = "secondary"
    icon: str = ""
    # Pressed with the browser's own modifier (accesskey): no script.
    key: str = ""
    template: str = "requests/staff/_act_form.html"
    # What the citizen would read, shown before anything is sent; None where there is nothing to preview.
    preview: Callable[[CertificateRequest, Any], dict[str, Any]] | None = None
    # Fills the form in from a candidate of whom it is not clear whether they are the applicant.
    about_candidate: Callable[[Candidate, dict[str, Any]], dict[str, Any]] | None = None
    # What stands in the form when it is opened, by the address's query.
    initial: Callable[[Mapping[str, str]], dict[str, Any]] | None = None
    # Whether it is offered, where the machine's own answer does not suffice.
    allowed: Callable[[CertificateRequest, User], bool] | None = None

    @property
    def has_form(self) -> bool:
        """Whether something has to be typed first; the button then opens the form."""
        return bool(self.title)


def shown_digest(found: Findings, result: Any) -> str:
    """Names what was on the screen: answer, decisions, expected text. A press counts for exactly that."""
    decisions = sorted((row.register_id, row.decision) for row in found.decisions.values())
    text = json.dumps([found.answer.findings_digest, decisions, result.to_json()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def demand_what_was_shown(certificate_request: CertificateRequest, shown: str, at: datetime) -> None:
    """The row is locked: what would be verified now must be what the clerk saw."""
    found = findings.current(certificate_request, as_of=clock.local_day(at))
    if found is None or shown_digest(found, found.result) != shown:
        raise Stale("Kết quả dự kiến đã thay đổi từ khi bạn mở trang. Hãy đọc kết quả mới rồi xác nhận.")


def _verify(certificate_request: CertificateRequest, user: User, form: Any) -> None:
    at = timezone.now()
    if certificate_request.state == State.REVIEWING and permissions.verifying_clerk(certificate_request, user):
        demand_what_was_shown(certificate_request, form.data.get("shown", ""), at)
    actions.verify(certificate_request, by=user, at=at)


def _decide(certificate_request: CertificateRequest, user: User, form: Any) -> CandidateDecision:
    typed = form.cleaned_data
    return actions.decide_candidate(
        certificate_request,
        by=user,
        register_id=typed["register_id"],
        decision=typed["decision"],
        ground=form.text(),
        findings_digest=typed["findings_digest"],
        shown_sha256=typed["shown_sha256"],
    )


def _confirm(certificate_request: CertificateRequest, user: User, form: Any) -> None:
    """One press where everything agrees: the person is this one, and the text is the expected one."""
    if form.cleaned_data["decision"] != CandidateDecision.Decision.SAME:
        raise Invalid(
            "Bạn không chọn “Đúng người này” nên chưa chuyển ký. Bấm “Ghi quyết định” để xem kết quả dự kiến mới.",
            fields={"decision": [{"code": "decision", "message": "Chọn “Đúng người này”, hoặc bấm “Ghi quyết định”."}]},
        )
    _decide(certificate_request, user, form)
    _verify(certificate_request, user, form)


def _first_draft(query: Mapping[str, str]) -> dict[str, Any]:
    """A letter to the kind of agency that was clicked, in the usual words."""
    source = query.get("source", "")
    return {
        "source": source,
        "question": QUESTIONS.get(source, ""),
        "sent_by": Inquiry.SentBy.EXCHANGE,
        "agency": query.get("agency", "")[:200],
    }


def _preview_of_question(certificate_request: CertificateRequest, form: Any) -> dict[str, Any]:
    """The citizen's message and the day until which to answer, as they would be if it were sent now."""
    until = limits.days_later(timezone.now(), settings.SUPPLEMENT_DAYS, calendar_of(certificate_request.authority_id))
    return {"asked": form.asked(), "answer_until": until}


ACTS = {
    act.name: act
    for act in (
        Act(
            "stop",
            "Dừng xử lý",
            "Đã dừng xử lý hồ sơ.",
            lambda row, user, form: actions.stop(row, by=user, reason=form.text()),
            staff_forms.StopForm,
            "Dừng xử lý hồ sơ",
            "danger",
            "paused",
        ),
        Act(
            "refuse",
            "Từ chối tiếp nhận",
            "Đã từ chối tiếp nhận hồ sơ.",
            lambda row, user, form: actions.refuse(row, by=user, ground=form.text()),
            asking_forms.RefuseForm,
            "Từ chối tiếp nhận",
            "danger",
            "cross",
        ),
        Act(
            "search_again",
            "Tra cứu lại",
            "Đã yêu cầu tra cứu lại.",
            lambda row, user, form: actions.search_again(row, by=user, reason=form.text()),
            staff_forms.SearchAgainForm,
            "Tra cứu lại",
            icon="magnifier",
        ),
        Act(
            "consult",
            "Hỏi cơ quan khác",
            "Đã lập công văn gửi cơ quan khác.",
            lambda row, user, form: actions.ask_agency(row, by=user, **form.asked()),
            InquiryForm,
            "Hỏi cơ quan khác",
            initial=_first_draft,
            about_candidate=about_candidate.consultation,
            allowed=may_ask,
        ),
        Act(
            "ask_supplement",
            "Yêu cầu bổ sung",
            "Đã gửi yêu cầu bổ sung cho người yêu cầu. Thời hạn tạm dừng.",
            lambda row, user, form: actions.ask_supplement(row, by=user, items=form.asked()),
            asking_forms.SupplementForm,
            "Yêu cầu bổ sung",
            key="b",
            template="requests/staff/_ask_form.html",
            preview=_preview_of_question,
            about_candidate=about_candidate.supplement,
        ),
        Act(
            "finish_consulting",
            "Ghi trả lời",
            "Đã ghi trả lời của cơ quan khác.",
            lambda row, user, form: actions.finish_consulting(row, by=user, answer=form.text()),
            staff_forms.AnswerForm,
            "Cơ quan khác đã trả lời",
            "primary",
            allowed=lambda row, user: may(row.finish_consulting, user) and not row.inquiries.open().exists(),
        ),
        Act(
            "record_payment",
            "Ghi đã nộp phí",
            "Đã ghi nhận phí. Hồ sơ chờ tiếp nhận.",
            lambda row, user, form: actions.record_payment(
                row, by=user, despite_doubt=form.cleaned_data["despite_doubt"]
            ),
            CashForm,
            "Thu tiền mặt tại quầy",
            "primary",
            "bank-note",
            template="requests/staff/_cash_form.html",
        ),
        Act(
            "receive",
            "Tiếp nhận hồ sơ",
            "Đã tiếp nhận. Việc tra cứu bắt đầu ngay.",
            lambda row, user, form: actions.receive(row, by=user),
            look="primary",
            icon="tick",
            key="v",
            allowed=lambda row, user: may(row.receive, user) and not undecided(row),
        ),
        Act(
            "decide_fault",
            "Ghi lỗi thuộc về ai",
            "Đã ghi. Phí của hồ sơ đính chính theo đó.",
            lambda row, user, form: actions.decide_fault(
                row, by=user, fault=form.cleaned_data["fault"], reason=form.cleaned_data["reason"]
            ),
            asking_forms.FaultForm,
            "Chỗ sai trên Phiếu là lỗi của ai?",
            "primary",
            "pen",
            allowed=may_decide_fault,
        ),
        Act("decide", "Ghi quyết định", "Đã ghi quyết định.", _decide, staff_forms.DecisionForm),
        Act(
            "confirm",
            "Đúng người, chuyển ký",
            "Đã xác minh và chuyển lãnh đạo ký.",
            _confirm,
            staff_forms.DecisionForm,
            look="primary",
            icon="tick",
        ),
        Act(
            "verify",
            "Xác nhận, chuyển ký",
            "Đã xác minh và chuyển lãnh đạo ký.",
            _verify,
            look="primary",
            icon="tick",
            key="v",
        ),
        Act(
            "deliver",
            "Đã trả kết quả",
            "Đã ghi nhận trả kết quả.",
            lambda row, user, form: actions.deliver(row, by=user),
            look="primary",
            icon="tick",
            allowed=lambda row, user: may(row.deliver, user) and ending_of(row) is None,
        ),
    )
}
ABOUT_CANDIDATES = ("decide", "confirm")


def offered(certificate_request: CertificateRequest, user: User) -> list[Act]:
    """The steps that state and rights allow now, from mild to final; the findings decide on verifying besides."""
    return [
        act
        for act in ACTS.values()
        if act.name not in ABOUT_CANDIDATES
        and (
            act.allowed(certificate_request, user) if act.allowed else may(getattr(certificate_request, act.name), user)
        )
    ]


def perform(act: Act, certificate_request: CertificateRequest, user: User, form: forms.Form) -> None:
    """The act on the locked row, if the page that was answered is the newest; else Stale, and nothing is written."""
    with transaction.atomic():
        fresh = locked(certificate_request.pk)
        demand_version(fresh, form.data.get("version", ""))
        act.run(fresh, user, form)
