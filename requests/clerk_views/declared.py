"""What the applicant declared, as a clerk reads it, and what the machine could check about it."""

from dataclasses import replace
from typing import NamedTuple

from lltp_portal.wording import dong
from requests import answers_shown, clock, completeness, drafting, identity, rules
from requests.answers_shown import Card
from requests.models import CertificateRequest, Declaration, DeclaredDocument

PERSON_FIRST = ("person", "documents", "kind", "agency", "who")


# What is kept as the citizen read it speaks to the citizen; a colleague reads of them.
OF_THEM = (("nơi bạn", "nơi người yêu cầu"), ("của bạn", "của người nộp"), ("Bạn nộp", "Người nộp trả"))


class Check(NamedTuple):
    """One thing the machine looked at: `fine` or not, in words."""

    fine: bool
    words: str

    @property
    def icon(self) -> str:
        return "circle-check" if self.fine else "triangle"


def for_colleagues(words: str) -> str:
    """The same words, about the citizen instead of to them."""
    for spoken_to, spoken_of in OF_THEM:
        words = words.replace(spoken_to, spoken_of)
    return words


def _row_for_colleagues(row: answers_shown.Row) -> answers_shown.Row:
    return replace(row, label=for_colleagues(row.label), source=for_colleagues(row.source), mend_url="")


def cards(certificate_request: CertificateRequest) -> list[Card]:
    """The whole declaration, the person first; nothing to change here, and who files only when somebody else does."""
    declaration = certificate_request.declaration
    by_slug = {card.slug: card for card in answers_shown.cards(certificate_request, declaration)}
    if declaration.filed_as == Declaration.FiledAs.SELF and not declaration.proxy_name:
        by_slug.pop("who", None)
    by_slug.pop("papers", None)  # they have a pane of their own on the desk, with the state of their scan
    first = [slug for slug in PERSON_FIRST if slug in by_slug]
    return [
        replace(by_slug[slug], change_url="", rows=[_row_for_colleagues(row) for row in by_slug[slug].rows])
        for slug in [*first, *(slug for slug in by_slug if slug not in first)]
    ]


def checks(certificate_request: CertificateRequest) -> list[Check]:
    declaration = certificate_request.declaration
    return [
        *_numbers(declaration),
        *_stays(declaration),
        _fee(certificate_request),
        *_worth_reading(declaration),
        *_printing(declaration),
    ]


def _numbers(declaration: Declaration) -> list[Check]:
    found = []
    for document in declaration.identity_documents.all():
        number = document.number
        if document.type == DeclaredDocument.Type.CCCD and len(number) == 12 and number.isdigit():
            doubts = identity.doubts(number, date_of_birth=declaration.date_of_birth, sex=declaration.sex)
            found += [Check(False, doubt) for doubt in doubts]
            if not doubts:
                found.append(Check(True, "Số định danh khớp ngày sinh, giới tính đã khai"))
    return found


def _stays(declaration: Declaration) -> list[Check]:
    if declaration.frozen_at is None:
        return []
    stays = [rules.Stay(stay.from_month, stay.to_month) for stay in declaration.residences.all()]
    day = clock.local_day(declaration.frozen_at)
    if not completeness.history_is_asked(declaration, day):
        return []
    gaps = rules.residence_gaps(stays, declaration.date_of_birth, day)
    if gaps:
        return [Check(False, gap.message.replace("Thêm nơi bạn ở", "Chưa khai nơi ở")) for gap in gaps]
    return [Check(True, "Quá trình cư trú liền từ khi đủ 14 tuổi")]


def _fee(certificate_request: CertificateRequest) -> Check:
    amount = certificate_request.fee_amount
    if not amount:
        return Check(True, f"Không phải nộp phí: {certificate_request.fee_reason}")
    if certificate_request.fee_settled:
        return Check(True, f"Đã nộp {dong(amount)}, biên lai {certificate_request.fee_receipt_number}")
    return Check(False, f"Chưa nộp phí {dong(certificate_request.fee_missing)}")


def _proof_of_proxy(relation: str) -> str:
    """Close family needs no mandate (Luật Lý lịch tư pháp 2009, Điều 45 khoản 3), but says by a paper that it is."""
    if relation in rules.RELATIONS_WITHOUT_MANDATE:
        return "Người thân nộp thay: xem giấy tờ chứng minh quan hệ"
    return "Người khác nộp thay: xem văn bản ủy quyền"


def _worth_reading(declaration: Declaration) -> list[Check]:
    found = []
    if declaration.other_names.all():
        found.append(Check(False, "Có tên gọi khác: việc tra cứu dùng cả các tên này"))
    if declaration.declared_record:
        found.append(Check(False, "Người yêu cầu tự khai về án tích hoặc nội dung bị cấm"))
    if declaration.filed_as == Declaration.FiledAs.PARENT:
        found.append(Check(False, "Cha, mẹ yêu cầu cho con chưa thành niên: xem giấy khai sinh"))
    elif declaration.proxy_name:
        kin = declaration.proxy_relation in rules.RELATIONS_WITHOUT_MANDATE
        proof = (
            "Người thân nộp thay: xem giấy tờ chứng minh quan hệ"
            if kin
            else "Người khác nộp thay: xem văn bản ủy quyền"
        )
        found.append(Check(False, proof))
    if declaration.counter_consent:
        found.append(Check(True, f"Tại quầy: {declaration.get_counter_consent_display()}"))
    return found


def _printing(declaration: Declaration) -> list[Check]:
    try:
        drafting.refuse_what_cannot_be_printed(declaration)
    except drafting.NotPrintedYet as reason:
        return [Check(False, reason.message)]
    return []
