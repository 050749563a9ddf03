"""What an approver is asked to agree to: the draft as it would be signed now, what changed, and what was checked."""

from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from certificates import rendering
from certificates.content import CertificateContent, ContentRefused
from lltp_portal.accounts.models import User
from lltp_portal.errors import PortalError
from lltp_portal.wording import dong, full_moment, grouped_number
from records.determination import Determination
from requests import clock, drafting, findings, permissions
from requests.actions.deciding import answer_is_too_old
from requests.approver_views.agencies import agency_checks, source_of
from requests.clerk_views.declared import Check
from requests.findings import Findings
from requests.models import CandidateDecision, CertificateRequest

DECLARED, CENTRAL, OFFICE = "Tờ khai", "Cơ sở dữ liệu trung ương", "Cơ quan cấp"
NO_ANSWER = "Chưa có trả lời đầy đủ của cơ sở dữ liệu trung ương cho tờ khai này. Hãy trả lại chuyên viên."
# Tiers of records/matching.py that speak for the same person, in words.
LIKELY = {
    "T1": "trùng số định danh và họ tên",
    "T2": "trùng số định danh",
    "T3": "trùng họ tên, ngày sinh và thông tin khác",
}
NOT_SETTLED = "Kết quả tra cứu hiện chưa cho phép ký. Hãy trả lại chuyên viên."


class Line(NamedTuple):
    """One line of the paper and where it comes from."""

    label: str
    text: str
    source: str


class Difference(NamedTuple):
    """One line that changed; the words that differ are struck out and marked."""

    label: str
    before: str
    now: str

    @property
    def before_marked(self) -> SafeString:
        return _marked(self.before, self.now, "<del>{}</del>")

    @property
    def now_marked(self) -> SafeString:
        return _marked(self.now, self.before, "<mark>{}</mark>")


def _marked(text: str, other: str, mark: str) -> SafeString:
    words = text.split()
    same = SequenceMatcher(None, other.split(), words, autojunk=False).get_opcodes()
    pieces = [
        (text_piece if kind == "equal" else format_html(mark, text_piece),)
        for kind, _, _, begin, end in same
        if (text_piece := " ".join(words[begin:end]))
    ]
    return format_html_join(" ", "{}", pieces)


@dataclass(frozen=True)
class Review:
    """`content` is None where nothing can be signed; `why_not` then says why."""

    content: CertificateContent | None
    why_not: str
    differences: tuple[Difference, ...]
    lines: tuple[Line, ...]
    checks: tuple[Check, ...]


def review(certificate_request: CertificateRequest, user: User, now: datetime) -> Review:
    """The same draft that `approve` makes again under the lock."""
    found = findings.current(certificate_request, as_of=clock.local_day(now))
    checks = tuple(_checks(certificate_request, found, user, now))
    if found is None:
        return Review(None, NO_ANSWER, (), (), checks)
    if found.obstacles_of_rules:
        return Review(None, " ".join(found.obstacles_of_rules), (), (), checks)
    if not found.can_verify or not isinstance(found.result, Determination):
        return Review(None, NOT_SETTLED, (), (), checks)
    try:
        content = drafting.draft(certificate_request, found.result, signatory=user)
    except PortalError as refusal:
        return Review(None, refusal.message, (), (), checks)
    return Review(content, "", tuple(_differences(certificate_request, content)), tuple(_lines(content, found)), checks)


def _differences(certificate_request: CertificateRequest, content: CertificateContent) -> list[Difference]:
    """Since a clerk verified. Who signs was not known then, so it is no change."""
    try:
        before = CertificateContent.from_json(certificate_request.verified_content)
    except ContentRefused:
        return [Difference("Bản nháp", "Không đọc được bản đã xác minh", "Bản nháp bên trái")]
    signed_by_me = replace(before, signatory_title=content.signatory_title, signatory_name=content.signatory_name)
    return [Difference(*row) for row in signed_by_me.differences(content)]


def _lines(content: CertificateContent, found: Findings) -> list[Line]:
    central = f"{CENTRAL}, {full_moment(found.answer.as_of)}"
    lines = [Line(row.label, grouped_number(row.text), DECLARED) for row in rendering.person_rows(content)]
    lines.append(Line("Tình trạng án tích", content.status_text, central))
    for judgment in content.judgments:
        penalties = f"Hình phạt chính: {judgment.main_penalty}. Hình phạt bổ sung: {judgment.additional_penalties}"
        lines.append(Line(judgment.heading, f"{judgment.offences}. {penalties}", source_of(judgment, found, central)))
    lines.append(Line("Cơ quan cấp", content.authority_name, OFFICE))
    lines.append(Line("Người ký", ", ".join((*content.signatory_title, content.signatory_name)), OFFICE))
    return lines


def _checks(certificate_request: CertificateRequest, found: Findings | None, user: User, now: datetime):
    if found is None:
        yield Check(False, NO_ANSWER)
    else:
        yield _freshness(found, now)
        yield _candidates(found)
        yield from _denied(found)
        yield from agency_checks(found)
    two = permissions.another_approver(certificate_request, user)
    yield Check(two, f"Người xác minh và người ký {'là' if two else 'phải là'} hai người")
    yield _fee(certificate_request)


def _freshness(found: Findings, now: datetime) -> Check:
    as_of = full_moment(found.answer.as_of)
    if answer_is_too_old(found, now):
        return Check(False, f"Trả lời của cơ sở dữ liệu trung ương đã quá 24 giờ ({as_of}): bấm duyệt sẽ tra cứu lại")
    hours = int((now - found.answer.as_of).total_seconds() // 3600)
    age = f"cách đây {hours} giờ" if hours else "chưa đến một giờ trước"
    return Check(True, f"Cơ sở dữ liệu trung ương trả lời đủ, {as_of}, {age}")


def _candidates(found: Findings) -> Check:
    if found.obstacles_of_rules:
        return Check(False, " ".join(found.obstacles_of_rules))
    if not found.matching.open:
        return Check(True, "Không tìm thấy hồ sơ nào có thể trùng")
    if found.person_is_settled:
        return Check(True, f"{len(found.matching.open)} hồ sơ có thể trùng, chuyên viên đã quyết định hết")
    return Check(False, "Còn hồ sơ có thể trùng chưa được quyết định")


def _denied(found: Findings):
    """Who shares number or name and day of birth, and is said to be somebody else: the second person looks too."""
    for weighed in found.matching.open:
        decision = found.decisions.get(weighed.record.register_id)
        if decision and decision.decision == CandidateDecision.Decision.DIFFERENT and weighed.tier in LIKELY:
            yield Check(False, f"Một hồ sơ {LIKELY[weighed.tier]} bị loại. Căn cứ của chuyên viên: {decision.ground}")


def _fee(certificate_request: CertificateRequest) -> Check:
    if not certificate_request.fee_amount:
        return Check(True, f"Không phải nộp phí: {certificate_request.fee_reason}")
    return Check(certificate_request.fee_settled, f"Phí {dong(certificate_request.fee_amount)} đã nộp")
