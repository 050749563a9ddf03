"""Which step writes which paper, under which number, with which words; and that none is ever changed."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from certificates.models import Certificate
from lltp_portal import waiting
from lltp_portal.calendars.seed import national_calendar
from lltp_portal.wording import weekday
from requests import actions, clock, machine, papers
from requests.asking.reasons import Asked
from requests.models import CertificateRequest, Paper, PaperBook, PaperBytes
from requests.papers import printing, tasks, terms
from requests.papers.content import Kind
from requests.papers.writing import FOLLOWING
from requests.states import State
from requests.steps import locked
from tests import factories
from tests.papers_samples import frozen, printed

pytestmark = pytest.mark.django_db

SENT = ["tracking_slip", "fee_receipt"]
RECEIVED = [*SENT, "receipt"]
# State → the papers that exist when the shortest walk has led there.
EXIST = {
    State.DRAFT: [],
    State.AWAITING_PAYMENT: ["tracking_slip"],
    State.SUBMITTED: SENT,
    State.RECEIVED: RECEIVED,
    State.REVIEWING: RECEIVED,
    State.CONSULTING: [*RECEIVED, "inquiry_letter"],
    State.NEEDS_SUPPLEMENT: [*RECEIVED, "supplement_request"],
    State.VERIFIED: RECEIVED,
    State.SIGNING: RECEIVED,
    State.ISSUED: [*RECEIVED, "control_slip"],
    State.DELIVERED: [*RECEIVED, "control_slip", "handover_slip"],
    State.REFUSED: [*SENT, "refusal"],
    State.WITHDRAWN: [*RECEIVED, "control_slip"],
    State.STOPPED: [*RECEIVED, "inquiry_letter", "control_slip"],
}


def again(request) -> CertificateRequest:
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def kinds(request) -> list[str]:
    return list(request.papers.in_order().values_list("kind", flat=True))


def apologise(request, **facts) -> Paper:
    chief = factories.make_staff("approver", full_name="Lê Thị Minh")
    with transaction.atomic():
        facts = {"reason": "cơ quan được hỏi chưa trả lời", "signed_by": chief, **facts}
        return papers.write(locked(request.pk), Kind.APOLOGY, at=timezone.now(), facts=facts)


# --- Which papers there are -----------------------------------------------------------------------------------------


def test_the_table_knows_every_state_and_every_step_that_has_a_paper():
    assert set(EXIST) == set(State)
    assert set(FOLLOWING) <= set(machine.rights())
    written = {kind for found in FOLLOWING.values() for kind in found}
    by_acts = {Kind.APOLOGY, Kind.PROCESSING_LETTER, Kind.FEE_RECEIPT, Kind.INQUIRY_LETTER, Kind.INQUIRY_REMINDER}
    assert set(Kind) - written == by_acts


@pytest.mark.parametrize("state", list(State))
def test_every_step_that_should_have_a_paper_has_one(state):
    request = factories.request_in(state)
    assert kinds(request) == EXIST[state]
    assert [paper.seq for paper in request.papers.in_order()] == list(range(1, len(EXIST[state]) + 1))
    for paper in request.papers.in_order():
        if paper.kind == Kind.FEE_RECEIPT:
            assert (paper.step, paper.payment.request_id, paper.written_at) == (None, request.pk, paper.payment.at)
        elif paper.kind == Kind.INQUIRY_LETTER:
            asked = paper.inquiry
            assert (paper.step, asked.request_id, paper.written_at) == (None, request.pk, asked.asked_at)
        else:
            assert paper.kind in FOLLOWING[paper.step.step]
            assert (paper.written_at, paper.step.request_id) == (paper.step.at, request.pk)
        assert (paper.sha256, paper.done_at, paper.lease_until) == (None, None, None)


def test_no_fee_no_fee_receipt():
    request = factories.request_in("received", fields={"fee_category": "poor"})
    assert kinds(request) == ["tracking_slip", "receipt"]
    text = printed(request, Kind.RECEIPT)
    assert "Phí đã nộp 0 đồng. Được miễn phí" in text and "biên lai" not in text.casefold()


def test_withdrawn_before_receipt_there_is_a_slip_without_a_promise():
    journey = factories.journey()
    journey.take("submit")
    journey.take("withdraw")
    slip = frozen(journey.request, Kind.CONTROL_SLIP)
    assert (slip.received_at, slip.due_at, slip.outcome) == (None, None, "Người yêu cầu rút hồ sơ")
    assert {line.result for line in slip.handovers} == {"Chưa tính hạn"}
    assert f"Phiếu kiểm soát quá trình giải quyết hồ sơ · {journey.request.code}" in printed(
        journey.request, Kind.CONTROL_SLIP
    )


# --- What they say --------------------------------------------------------------------------------------------------


def test_the_receipt_tells_what_was_declared_paid_and_promised():
    office = factories.make_office()
    request = factories.request_in("received", office=office, fields={"copies": 3, "delivery": "counter"})
    text = printed(request, Kind.RECEIPT)
    number = request.declaration.identity_number
    fee = request.payment_entries.get().receipt_number
    for words in (
        f"Mã hồ sơ: {request.dossier_number}",
        f"Mã bí mật: {request.tracking_code[:4]}-{request.tracking_code[4:]}",
        "NGUYỄN VĂN THỬ, sinh 27/03/1990",
        f"{number[:3]} {number[3:6]} {number[6:]}",
        "Số 12 ngõ 45 phố Láng Hạ, phường Láng Hạ, quận Đống Đa, thành phố Hà Nội",
        "0900 000 001 · cong-dan@vi-du.example",
        "Cấp Phiếu lý lịch tư pháp số 1, 03 bản",
        f"205.000 đồng (hai trăm linh năm nghìn đồng) Biên lai số {fee}",
        "mẫu 12/2024/LLTP",
        f"{request.due_at.astimezone(clock.LOCAL):%d/%m/%Y}",
        "10 ngày làm việc kể từ",
        "Nhận kết quả: tại quầy của Bộ phận Một cửa, Sở Tư pháp thành phố Hà Nội. Hỏi",
        office.intake_clerk.full_name,
    ):
        assert words in text, words
    assert request.papers.get(kind=Kind.RECEIPT).signed_by == office.intake_clerk


def test_the_supplement_request_lists_each_line_once_with_the_day_until_when():
    journey = factories.journey()
    journey.to("reviewing")
    actions.ask_supplement(
        journey.request,
        by=journey.office.verifying_clerk,
        reasons="1. Ảnh mặt sau\n\n- Nơi ở 2010\n  2) 3 tháng gần nhất\n15.8.2024 đến nay",
    )
    text = printed(journey.request, Kind.SUPPLEMENT_REQUEST)
    assert "1. Ảnh mặt sau 2. Nơi ở 2010 3. 3 tháng gần nhất 4. 15.8.2024 đến nay" in text
    until = journey.request.supplements.get().answer_by
    assert f"Bổ sung chậm nhất Hết {waiting_words(until)}" in text
    assert "Thời gian chờ bạn không tính vào thời hạn giải quyết." in text
    assert journey.office.verifying_clerk.full_name in text


def waiting_words(at) -> str:
    return f"{weekday(at)}, ngày {at.astimezone(clock.LOCAL):%d/%m/%Y}"


def test_a_reason_of_the_register_is_printed_by_title_with_its_words_and_the_law():
    journey = factories.journey()
    journey.to("reviewing")
    items = [Asked("identity_document", "số in trên ảnh khác số đã khai"), Asked("other", "Ghi thêm tổ dân phố")]
    actions.ask_supplement(journey.request, by=journey.office.verifying_clerk, items=items)
    text = printed(journey.request, Kind.SUPPLEMENT_REQUEST)
    assert (
        "1. Số giấy tờ tùy thân chưa đúng Giấy tờ tùy thân cần xem lại: số in trên ảnh khác số đã khai. Nhập lại số, "
        "ngày cấp, nơi cấp như in trên giấy tờ. Căn cứ: Luật Lý lịch tư pháp 2009, Điều 45 khoản 1. "
        "2. Ghi thêm tổ dân phố"
    ) in text


def test_after_a_supplement_a_new_receipt_tells_the_new_date_and_which_it_replaces():
    journey = factories.journey(at=timezone.now() - timedelta(days=30))
    journey.to("needs_supplement")
    first = frozen(journey.request, Kind.RECEIPT)
    actions.answer_supplement(journey.request, by=journey.request.filed_by, note="Đã bổ sung")
    request = again(journey.request)
    assert kinds(request)[-2:] == ["supplement_request", "receipt"]
    second = frozen(request, Kind.RECEIPT)
    assert second.due_at == request.due_at > first.due_at
    assert second.officer == first.officer
    text = printed(request, Kind.RECEIPT)
    assert f"Thay giấy số {first.number:04d}/TNHS ngày {first.written_at:%d/%m/%Y}" in text
    assert re.search(r"Đã cộng \d+ ngày làm việc chờ bổ sung", text)
    assert frozen_text(request, seq=3) == first.to_json(), "the first receipt stays as it was"


def frozen_text(request, seq: int) -> str:
    return request.papers.get(seq=seq).content


def test_what_is_supplemented_before_receipt_promises_nothing_yet():
    journey = factories.journey()
    journey.to("submitted")
    actions.ask_supplement(journey.request, by=journey.office.intake_clerk, reasons="Ảnh mặt sau")
    assert not frozen(journey.request, Kind.SUPPLEMENT_REQUEST).clock_runs
    actions.answer_supplement(journey.request, by=journey.request.filed_by, note="Đây")
    assert "receipt" not in kinds(journey.request)


def test_a_refusal_names_the_ground_and_the_fee_that_comes_back():
    text = printed(factories.request_in("refused"), Kind.REFUSAL)
    assert "1. Giấy tờ kèm theo tờ khai không đầy đủ hoặc giả mạo." in text
    assert "Căn cứ: Luật Lý lịch tư pháp 2009, Điều 49 điểm c." in text and "2. Căn cứ" not in text
    assert "Phí đã nộp 200.000 đồng (hai trăm nghìn đồng) được hoàn lại cho người nộp." in text


def test_a_fee_that_is_raised_has_a_receipt_of_its_own_for_the_difference():
    journey = factories.journey(fields={"copies": 2})
    journey.to("submitted")
    actions.ask_supplement(journey.request, by=journey.office.intake_clerk, reasons="Ghi đúng số bản")
    actions.open_supplement(journey.request, by=journey.request.filed_by)
    actions.save_declaration(journey.request, by=journey.request.filed_by, fields={"copies": 5})
    actions.answer_supplement(journey.request, by=journey.request.filed_by, note="5 bản")
    actions.record_payment(again(journey.request), by=journey.office.intake_clerk)
    amounts = [papers.content.from_json(row.kind, row.content).amount for row in fee_receipts(journey.request)]
    assert amounts == [200_000, 15_000]
    journey.request = again(journey.request)
    journey.take("receive")
    numbers = [entry.receipt_number for entry in journey.request.payment_entries.received()]
    text = printed(journey.request, Kind.RECEIPT)
    assert f"215.000 đồng (hai trăm mười lăm nghìn đồng) Biên lai số {', '.join(numbers)}" in text


def fee_receipts(request):
    return request.papers.filter(kind=Kind.FEE_RECEIPT).in_order()


def test_the_control_slip_has_every_change_of_hands_by_unit_and_never_a_name():
    office = factories.make_office()
    request = factories.request_in("issued", office=office, at=timezone.now() - timedelta(hours=8))
    slip = frozen(request, Kind.CONTROL_SLIP)
    history = list(request.history())
    assert [line.at for line in slip.handovers] == [step.at.astimezone(clock.LOCAL) for step in history]
    assert [line.state for line in slip.handovers] == [step.to_state_label for step in history]
    assert all(before.taker == after.giver for before, after in zip(slip.handovers, slip.handovers[1:], strict=False))
    assert [line.result for line in slip.handovers][-1] == "Trong hạn"
    assert slip.outcome == "Trước hạn"
    text = printed(request, Kind.CONTROL_SLIP)
    assert not [
        user for user in (office.intake_clerk, office.verifying_clerk, office.approver) if user.full_name in text
    ]


def test_a_late_hand_over_says_by_how_many_days_and_a_pause_moves_the_promise_only_from_its_end():
    journey = factories.journey(at=timezone.now() - timedelta(days=60))
    journey.to("reviewing")
    journey.at += timedelta(days=30)
    journey.take("consult")
    journey.at += timedelta(days=10)
    actions.ask_supplement(journey.request, by=journey.office.verifying_clerk, reasons="Thêm", at=journey.at)
    actions.answer_supplement(
        again(journey.request), by=journey.request.filed_by, note="x", at=journey.at + timedelta(days=5)
    )
    request = again(journey.request)
    actions.stop(request, by=journey.office.verifying_clerk, reason="Không đủ căn cứ", at=timezone.now())
    slip = frozen(request, Kind.CONTROL_SLIP)
    results = {line.state: line.result for line in slip.handovers}
    assert results["Yêu cầu bổ sung giấy tờ"] == "Tạm dừng"
    consult = next(step for step in request.history() if step.step == "consult")
    first_due = clock.due_at(request.received_at, request.deadline_term, national_calendar())
    late = -clock.days_left(first_due, consult.at, national_calendar())
    assert late > 0
    assert [line.result for line in slip.handovers if line.at == consult.at] == [f"Quá hạn {late} ngày"]
    assert re.fullmatch(r"Dừng xử lý, quá hạn \d+ ngày", slip.outcome)


def test_an_apology_tells_reason_old_and_new_day_and_who_signs():
    request = factories.request_in("consulting")
    new = request.due_at + timedelta(days=7)
    apologise(request, appointed_at=new.isoformat())
    text = printed(request, Kind.APOLOGY)
    assert "không trả được kết quả đúng hẹn. Lý do: cơ quan được hỏi chưa trả lời." in text
    assert f"ngày {request.due_at.astimezone(clock.LOCAL):%d/%m/%Y}" in text
    assert f"Hẹn lại ngày trả kết quả 17 giờ 00, {waiting_words(new)}" in text
    assert "GIÁM ĐỐC Xác nhận trên hệ thống" in text and "Lê Thị Minh" in text
    assert request.papers.get(kind=Kind.APOLOGY).signed_by.full_name == "Lê Thị Minh"


def test_the_hand_over_slip_names_result_receiver_and_moment_and_tells_no_result():
    request = factories.request_in("delivered", at=timezone.now() - timedelta(hours=8))
    text = printed(request, Kind.HANDOVER_SLIP)
    certificate = Certificate.objects.get(pk=request.certificate_id)
    assert f"Phiếu lý lịch tư pháp số 1, số {certificate.number_text}, ngày" in text
    assert "Người nhận NGUYỄN VĂN THỬ, số giấy tờ 001" in text
    assert "Tải bản điện tử, đã xác thực tài khoản" in text
    assert f"{request.delivered_at.astimezone(clock.LOCAL):%H giờ %M}" in text
    assert "án tích" not in text


def test_days_left_out_are_named_and_stretches_told_as_one(monkeypatch):
    journey = factories.journey()
    journey.to("submitted")
    request, moment = journey.request, datetime(2026, 2, 12, 17, 30, tzinfo=clock.LOCAL)
    request.received_at, request.deadline_amount, request.deadline_unit = moment, 10, clock.WORKING_DAY
    request.due_at = clock.due_at(moment, clock.Term(10), national_calendar())
    notes = terms.notes(request, [], national_calendar())
    assert notes[0] == "Nhận ngoài giờ làm việc nên tính như nhận Thứ Sáu 13/02/2026"
    assert notes[1].startswith("Không tính Thứ Bảy, Chủ nhật") and "16/02/2026" in notes[1]
    assert len(notes) == 2


@pytest.mark.parametrize(
    ("unit", "amount", "words", "note"),
    [
        (clock.HOUR, 24, "24 giờ", "Tính liên tục theo giờ, cả ngày nghỉ"),
        (clock.CALENDAR_DAY, 10, "10 ngày", terms.ALL_DAYS),
    ],
)
def test_terms_in_hours_and_calendar_days_say_so(unit, amount, words, note):
    request = factories.journey().request
    request.received_at, request.deadline_amount, request.deadline_unit = timezone.now(), amount, unit
    request.due_at = clock.due_at(request.received_at, request.deadline_term, national_calendar())
    assert terms.term(request) == words
    assert terms.notes(request, [], national_calendar())[-1] == note


def test_a_paper_is_vietnamese_whatever_language_was_read():
    with translation.override("en"):
        request = factories.request_in("received")
        text = printed(request, Kind.RECEIPT)
    assert "10 ngày làm việc kể từ" in text and "Kênh nộp Trực tuyến" in text
    assert re.search(r"Thứ (Hai|Ba|Tư|Năm|Sáu), ngày", text)


def test_a_worked_saturday_is_said_to_count():
    request = factories.journey().request
    moment = datetime(2024, 4, 25, 9, 0, tzinfo=clock.LOCAL)
    request.received_at, request.deadline_amount, request.deadline_unit = moment, 10, clock.WORKING_DAY
    request.due_at = clock.due_at(moment, clock.Term(10), national_calendar())
    assert terms.notes(request, [], national_calendar())[-1] == "Tính cả Thứ Bảy 04/05/2024 (ngày làm bù)"


# --- Numbers --------------------------------------------------------------------------------------------------------


def test_numbers_run_by_office_kind_and_year_without_gaps():
    hanoi, elsewhere = factories.make_office(), factories.make_office(factories.department("36"))
    nam_dinh = {"permanent_province": "36"}
    for _ in range(3):
        factories.request_in("received", office=hanoi)
    factories.request_in("received", office=elsewhere, fields=nam_dinh)
    for book in PaperBook.objects.all():
        rows = Paper.objects.filter(authority=book.authority, kind=book.kind, year=book.year)
        assert sorted(rows.values_list("number", flat=True)) == list(range(1, book.last_number + 1))
    assert PaperBook.objects.get(authority=hanoi.intake_clerk.authority, kind="receipt").last_number == 3
    assert PaperBook.objects.get(authority=elsewhere.intake_clerk.authority, kind="receipt").last_number == 1
    assert set(Paper.objects.filter(number=None).values_list("kind", flat=True)) == {"tracking_slip"}


def test_a_step_that_fails_takes_its_number_and_its_paper_back():
    journey = factories.journey()
    journey.to("submitted")
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.receive(journey.request, by=journey.office.intake_clerk)
        raise RuntimeError
    assert kinds(journey.request) == SENT
    journey.take("receive")
    assert journey.request.papers.get(kind="receipt").number == 1


def test_a_new_year_begins_at_one():
    request = factories.request_in("reviewing")
    numbers = []
    for days in (0, 400):
        with transaction.atomic():
            paper = papers.write(locked(request.pk), Kind.PROCESSING_LETTER, at=timezone.now() + timedelta(days=days))
        numbers.append((paper.year, paper.number))
    assert [number for _, number in numbers] == [1, 1] and numbers[0][0] < numbers[1][0]


# --- Printed once, changed never ------------------------------------------------------------------------------------


def test_a_worker_that_dies_half_way_costs_a_lease_and_the_paper_is_printed_once(monkeypatch, settings):
    paper = factories.request_in("received").papers.get(kind="receipt")
    now = timezone.now()
    dead = Paper.objects.claim(paper.pk, now)
    printing.print_paper(paper.pk, at=now)
    assert not Paper.objects.get(pk=paper.pk).is_printed, "the lease is another's"
    later = now + timedelta(seconds=settings.LEASE_SECONDS + 1)
    heard = []
    monkeypatch.setattr(waiting.timezone, "now", lambda: later)
    monkeypatch.setattr(tasks.doorbell, "ring", lambda task, pk: heard.append((task.name, pk)))
    tasks.resume_papers()
    assert ("requests.papers.tasks.print_paper", paper.pk) in heard
    printing.print_paper(paper.pk, at=later)
    done = Paper.objects.get(pk=paper.pk)
    assert done.is_printed and done.lease_no == dead.lease_no + 1
    printing._store(dead, b"%PDF of the dead", 1, later)
    assert (PaperBytes.objects.filter(paper=paper).count(), Paper.objects.get(pk=paper.pk).sha256) == (1, done.sha256)


def test_a_message_that_comes_twice_prints_once(monkeypatch):
    paper, pressed = factories.request_in("submitted").papers.first(), []
    render = printing.render
    monkeypatch.setattr(printing, "render", lambda content: pressed.append(content) or render(content))
    for _ in range(3):
        printing.print_paper(paper.pk)
    assert len(pressed) == 1


def test_a_press_that_breaks_is_tried_again_and_one_that_prints_wrong_is_parked_for_a_person(monkeypatch):
    first, second = factories.request_in("submitted").papers.in_order()
    with monkeypatch.context() as broken:
        broken.setattr(printing, "render", lambda content: 1 / 0)
        printing.print_paper(first.pk)
    first = Paper.objects.get(pk=first.pk)
    assert (first.attempts, first.parked_at, first.is_printed) == (1, None, False)
    assert "ZeroDivisionError" in first.last_cause
    printing.print_paper(first.pk, at=first.next_try_at)
    assert Paper.objects.get(pk=first.pk).is_printed
    with monkeypatch.context() as wrong:
        wrong.setattr(printing.lint, "problems", lambda pdf, content: ["Trang 1 có chữ ra ngoài lề giấy."])
        printing.print_paper(second.pk)
    second = Paper.objects.get(pk=second.pk)
    assert second.parked_at and second.last_cause == "Trang 1 có chữ ra ngoài lề giấy."
    printing.print_paper(second.pk, at=timezone.now() + timedelta(days=1))
    assert not Paper.objects.get(pk=second.pk).is_printed, "parked rows wait for a person"
    actions.retry_parked(second, by=factories.make_staff("national_administrator"))
    printing.print_paper(second.pk)
    assert Paper.objects.get(pk=second.pk).is_printed


def refused(sql: str, parameters=()) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("when", ["written", "printed"])
def test_the_database_refuses_every_change_of_what_was_written(when):
    paper = factories.request_in("received").papers.get(kind="receipt")
    if when == "printed":
        printing.print_paper(paper.pk)
    for change in (
        "content = '{}'",
        "number = number + 1",
        "seq = seq + 9",
        "kind = 'refusal'",
        "written_at = now()",
        "signed_by_id = NULL",
        "step_id = NULL",
        "sha256 = repeat('0', 64), size = 1, printed_at = now(), done_at = now()",
    ):
        assert refused(f"UPDATE requests_paper SET {change} WHERE id = %s", [paper.pk]), change
    assert refused("DELETE FROM requests_paper WHERE id = %s", [paper.pk])
    assert refused("UPDATE requests_paperbytes SET pdf = ''")
    assert refused("DELETE FROM requests_paperbytes")
    assert refused("TRUNCATE requests_paper CASCADE")
    assert refused("UPDATE requests_paperbook SET last_number = last_number + 2")
    assert refused("UPDATE requests_paperbook SET last_number = 0")
    assert refused("DELETE FROM requests_paperbook")
    assert refused(
        "UPDATE requests_certificaterequest SET tracking_code = 'AAAAAAAA' WHERE id = %s", [paper.request_id]
    )


def test_a_number_that_no_book_gave_is_refused_and_so_are_bytes_that_the_row_does_not_name():
    paper = factories.request_in("received").papers.get(kind="receipt")
    same = "request_id, authority_id, year, content, written_at, next_try_at, attempts, crashes, lease_no, last_cause"
    into = f"INSERT INTO requests_paper (seq, kind, number, {same})"
    insert = f"{into} SELECT 99, 'receipt', %s::integer, {same} FROM requests_paper"
    assert refused(f"{insert} WHERE id = %s", [paper.number + 1, paper.pk]), "no book gave it"
    assert refused(f"{insert} WHERE id = %s", [paper.number, paper.pk]), "it is used"
    assert not refused(f"{insert} WHERE id = %s", [None, paper.pk])
    PaperBytes.objects.create(paper=paper, pdf=b"%PDF")
    done = "size = 4, printed_at = now(), done_at = now()"
    assert refused(f"UPDATE requests_paper SET sha256 = repeat('0', 64), {done} WHERE id = %s", [paper.pk])
    right = "sha256 = encode(sha256('%%PDF'::bytea), 'hex')"
    assert not refused(f"UPDATE requests_paper SET {right}, {done} WHERE id = %s", [paper.pk])


def test_a_paper_is_written_with_a_step_or_not_at_all():
    request = factories.request_in("received")
    atomic = connection.in_atomic_block
    try:
        connection.in_atomic_block = False
        with pytest.raises(RuntimeError, match="open transaction"):
            papers.write(request, Kind.CONTROL_SLIP, at=timezone.now())
    finally:
        connection.in_atomic_block = atomic


def test_acts_print_nothing_and_pay_for_a_paper_with_a_few_queries(monkeypatch, django_assert_max_num_queries):
    def never(*arguments, **more):
        raise AssertionError("an act waits for the press")

    monkeypatch.setattr(printing, "render", never)
    monkeypatch.setattr(printing.press, "print_page", never)
    request = factories.request_in("received")
    with transaction.atomic():
        row = locked(request.pk)
        with django_assert_max_num_queries(16):
            papers.write(row, Kind.RECEIPT, at=timezone.now())


def test_each_request_has_a_secret_of_its_own():
    secrets = {factories.journey().request.tracking_code for _ in range(20)}
    assert len(secrets) == 20
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", secret) for secret in secrets)
