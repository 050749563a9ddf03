"""Papers say what the other parts know: the ledger's receipt numbers, the papers handed in, the office's calendar."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from lltp_portal.calendars.models import SpecialDay
from lltp_portal.calendars.seed import calendar_of
from requests import actions, clock
from requests.actions import paying
from requests.models import CertificateRequest, DeclaredAttachment, Paper, PaymentEntry
from requests.papers.content import Kind, from_json
from requests.payments.statement import Line
from tests import factories
from tests.papers_samples import frozen, printed

pytestmark = pytest.mark.django_db


def told_of(entry: PaymentEntry):
    return from_json(entry.paper.kind, entry.paper.content)


def test_every_receipt_number_of_the_ledger_stands_on_one_paper_also_for_money_too_much_and_too_late():
    journey = factories.journey(at=timezone.now() - timedelta(days=3))
    journey.take("submit")
    request = CertificateRequest.objects.get(pk=journey.request.pk)
    order = actions.order_transfer(request, by=request.filed_by, at=journey.at)
    clerk, when = journey.office.intake_clerk, timezone.now() - timedelta(days=1)
    lines = [
        Line(transaction_id=number, at=when + timedelta(hours=hours), amount=amount, text=f"nop phi {order.reference}")
        for hours, (number, amount) in enumerate([("FT1", 150_000), ("FT2", 80_000), ("FT3", 1_000)])
    ]
    assert actions.import_statement(lines, by=clerk).matched == 3
    actions.withdraw(CertificateRequest.objects.get(pk=request.pk), by=request.filed_by)
    late = Line(transaction_id="FT4", at=timezone.now(), amount=2_000, text=order.reference)
    assert actions.import_statement([late], by=clerk).matched == 1
    entries = list(PaymentEntry.objects.received().filter(request=request))
    assert [entry.amount for entry in entries] == [150_000, 80_000, 1_000, 2_000]
    for entry in entries:
        content = told_of(entry)
        assert (content.number, content.receipt_number) == (entry.receipt_no, entry.receipt_number)
        assert (content.amount, content.paid_how) == (entry.amount, "Chuyển khoản")
        assert content.voucher.startswith(f"{order.reference}, giao dịch FT")
    assert request.papers.filter(kind=Kind.FEE_RECEIPT).count() == len(entries)
    assert f"Số: {entries[-1].receipt_number}" in printed(request, Kind.FEE_RECEIPT)


def test_cash_is_receipted_by_who_took_it_and_money_that_went_back_has_no_receipt():
    request = factories.request_in("refused")
    (entry,) = request.payment_entries.received()
    assert entry.paper.signed_by == entry.by is not None
    assert (told_of(entry).paid_how, told_of(entry).collector) == ("Tiền mặt tại quầy", entry.by.full_name)
    text = printed(request, Kind.REFUSAL)
    assert "được hoàn lại cho người nộp. Ông/bà không phải làm gì" in text
    clerk = entry.by
    paying.refund(request, by=clerk, amount=request.refund_due, reference="UNC 12")
    assert request.papers.filter(kind=Kind.FEE_RECEIPT).count() == 1


def test_a_fee_receipt_without_money_or_under_another_number_is_refused_by_the_database():
    request = factories.request_in("received")
    row = Paper.objects.filter(request=request, kind=Kind.FEE_RECEIPT).values().get()
    kept = {name: value for name, value in row.items() if name not in {"id", "seq", "number", "payment_id", "kind"}}
    for wrong in (
        {"kind": "fee_receipt", "number": None, "payment_id": None},
        {"kind": "fee_receipt", "number": row["number"] + 7, "payment_id": row["payment_id"]},
        {"kind": "refusal", "number": row["number"], "payment_id": row["payment_id"]},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Paper.objects.create(seq=90, **kept, **wrong)


def test_the_receipt_lists_what_is_brought_to_the_counter_beside_the_form():
    journey = factories.journey(fields={"fee_category": "student", "fee_proof": "counter"})
    DeclaredAttachment.objects.create(declaration=journey.request.declaration, kind="mandate")
    journey.to("received")
    listed = [(one.name, one.form) for one in frozen(journey.request, Kind.RECEIPT).enclosures]
    assert listed == [
        ("Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp (mẫu 12/2024/LLTP)", "Bản điện tử"),
        ("Giấy tờ chứng minh được giảm, miễn phí", "Xuất trình tại quầy"),
        ("Văn bản ủy quyền", "Xuất trình tại quầy"),
    ]


def test_the_promise_is_explained_by_the_calendar_of_its_own_office():
    journey = factories.journey()
    journey.to("submitted")
    request = journey.request
    day = calendar_of(request.authority).add(clock.local_day(timezone.now()), 4)
    SpecialDay.objects.create(authority=request.authority, day=day, kind="off", name="Ngày hội của tỉnh", source="UBND")
    actions.receive(request, by=journey.office.intake_clerk)
    receipt = frozen(request, Kind.RECEIPT)
    assert any("Ngày hội của tỉnh" in note for note in receipt.term_notes)


def test_a_written_request_names_the_agency_as_who_asks():
    clerk = factories.make_staff("intake_clerk")
    draft = actions.create_draft(by=clerk, account=None, channel="counter", filed_as="agency")
    fields = {
        "agency_name": "Sở Nội vụ Ví Dụ",
        "agency_document_number": "125/CV",
        "agency_document_on": date(2024, 10, 15),
        "agency_purpose": "Quản lý nhân sự",
        "purpose": "personnel",
        "fee_category": "agency",
        "delivery": "counter",
    }
    rows = factories.complete_rows(residences=[])
    actions.save_declaration(draft, by=clerk, fields=factories.complete_fields(**fields), rows=rows)
    request = actions.submit(draft, by=clerk)
    text = printed(request, Kind.TRACKING_SLIP)
    assert "Cơ quan, tổ chức yêu cầu Sở Nội vụ Ví Dụ, văn bản số 125/CV ngày 15/10/2024" in text
    assert "Phiếu cấp về NGUYỄN VĂN THỬ" in text and "Người nộp" not in text
    actions.receive(request, by=clerk)
    receipt = frozen(request, Kind.RECEIPT)
    assert receipt.enclosures[0].name == "Văn bản yêu cầu số 125/CV", "a number that is not confirmed is not printed"
    assert receipt.fee_receipts == ()
