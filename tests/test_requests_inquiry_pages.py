"""Pages about other agencies: the desk's block, one question, the office's list, the boards; and what citizens read."""

import io
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from requests import actions, clock
from requests.asking.reasons import Asked
from requests.models import AnswerDecision, AnswerDocument, AnsweredConviction, Inquiry, InquiryAnswer, Paper
from tests import factories
from tests.agencies import JUDGMENT, answer, ask, now, reviewing, switch_on
from tests.paper_files import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def clerk(client, office):
    client.force_login(office.verifying_clerk)
    return client


def desk(request):
    return reverse("clerk_request", args=[request.code])


def page(request, seq=1):
    return reverse("clerk_inquiry", args=[request.code, seq])


def seen(client, request, seq=1):
    """What the page says it has shown, as its forms send it."""
    return re.findall(r'name="seen" value="([^"]*)"', client.get(page(request, seq)).text)[0]


def act(client, request, name, seq=1, **typed):
    if name not in {"remind", "close"} and "seen" not in typed:
        typed["seen"] = seen(client, request, seq)
    return client.post(reverse("clerk_inquiry_act", args=[request.code, seq, name]), typed)


def day(name, moment):
    return {f"{name}_day": moment.day, f"{name}_month": moment.month, f"{name}_year": moment.year}


def typed_answer(**changes):
    today = clock.local_day(timezone.now())
    return {
        "outcome": "none",
        "document_number": "15/PV06",
        "words": "Không có thông tin.",
        **day("document_on", today),
        **day("received_on", today),
        **changes,
    }


def test_the_desk_says_whom_to_ask_and_why_and_leads_to_the_letter(clerk, office):
    switch_on(office, "police")
    request = reviewing(office)
    html = clerk.get(desk(request)).text
    assert (
        "Đã đủ 14 tuổi trước ngày 01/7/2010" in html and "Thông tư liên tịch" not in html.split("Cơ quan được hỏi")[0]
    )
    form = clerk.get(reverse("clerk_act", args=[request.code, "consult"]), {"source": "police"})
    assert form.context["act_form"]["question"].value().startswith("Thông tin về tiền án")
    typed = {
        "version": now(request).step_count,
        "source": "police",
        "agency": "Phòng PV06 Ví Dụ",
        "question": "Đề nghị cung cấp thông tin.",
        "sent_by": "exchange",
    }
    assert clerk.post(reverse("clerk_act", args=[request.code, "consult"]), typed).status_code == 302
    html = clerk.get(desk(request)).text
    assert "Phòng PV06 Ví Dụ" in html and "chưa trả lời" in html
    assert "Xác nhận, chuyển ký" not in html


def test_a_letter_that_lacks_its_agency_keeps_what_was_typed(clerk, office):
    request = reviewing(office)
    typed = {"version": now(request).step_count, "source": "court", "question": "Hỏi điều này.", "sent_by": "post"}
    response = clerk.post(reverse("clerk_act", args=[request.code, "consult"]), typed)
    assert response.status_code == 400 and "Nhập tên cơ quan được hỏi." in response.text
    assert "Hỏi điều này." in response.text and not Inquiry.objects.exists()


def test_an_answer_is_entered_with_its_document_and_opened_with_a_line_in_the_log(clerk, office):
    request = reviewing(office)
    ask(request, office)
    file = SimpleUploadedFile("tra-loi.pdf", pdf(), "application/pdf")
    assert act(clerk, request, "answer", **typed_answer(document=file)).status_code == 302
    assert now(request).state == "reviewing"
    before = AuditEvent.objects.filter(verb="view_agency_answer").count()
    response = clerk.get(reverse("clerk_inquiry_document", args=[request.code, 1]))
    assert response.status_code == 200 and response.content.startswith(b"%PDF-")
    assert bytes(AnswerDocument.objects.get().content) == response.content
    assert AuditEvent.objects.filter(verb="view_agency_answer").count() == before + 1
    assert "15/PV06" in clerk.get(page(request)).text


def test_a_file_that_is_not_a_paper_is_refused_and_no_answer_is_written(clerk, office):
    request = reviewing(office)
    ask(request, office)
    response = act(clerk, request, "answer", **typed_answer(document=SimpleUploadedFile("a.pdf", b"MZ not a paper")))
    assert response.status_code == 400 and "không phải ảnh" in response.text and "15/PV06" in response.text
    assert now(request).state == "consulting"


TYPED_JUDGMENT = {
    "judgment_number": "12/2009/HS-ST",
    "court": "Tòa án nhân dân huyện Ví Dụ",
    **day("judgment_date", date(2009, 5, 20)),
    "offence": "Trộm cắp tài sản",
    "code": "BLHS1999",
    "article": "138",
    "penalty": "imprisonment",
    "months": "12",
    "additional_penalties": "none",
    "obligations": "unknown",
}


def test_a_judgment_is_entered_read_back_and_decided_on(clerk, office):
    request = reviewing(office)
    ask(request, office, "court", "Tòa án nhân dân huyện Ví Dụ")
    answer(request, office, outcome="judgment")
    typed = TYPED_JUDGMENT | day("completed_on", date(2010, 6, 20))
    wrong = act(clerk, request, "conviction", **(typed | {"article": "một"}))
    assert wrong.status_code == 400 and "Trộm cắp tài sản" in wrong.text
    assert act(clerk, request, "conviction", **typed).status_code == 302
    html = clerk.get(page(request)).text
    assert "12/2009/HS-ST" in html and "Văn bản không nêu: ngày có hiệu lực" in html
    typed = {"same_person": "same", "ground": "Trùng số giấy tờ."}
    assert act(clerk, request, "decide", seen="1.0", **typed).status_code == 409  # the page had shown none
    assert act(clerk, request, "decide", **typed).status_code == 302
    assert "Đúng người yêu cầu" in clerk.get(page(request)).text


def test_an_answer_on_an_old_page_does_not_take_the_place_of_what_a_colleague_entered(clerk, office):
    request = reviewing(office)
    ask(request, office, "court")
    old = seen(clerk, request)
    answer(request, office, outcome="judgment")
    refused = act(clerk, request, "answer", **typed_answer(seen=old))
    assert refused.status_code == 409 and "Không có thông tin." in refused.text and "Có bản án" in refused.text
    assert InquiryAnswer.objects.get().outcome == "judgment"
    again = typed_answer(seen=re.findall(r'name="seen" value="([^"]*)"', refused.text)[0])
    assert act(clerk, request, "answer", **again).status_code == 302
    assert [row.outcome for row in InquiryAnswer.objects.order_by("seq")] == ["judgment", "none"]


def test_a_judgment_whose_button_is_pressed_twice_is_entered_once(clerk, office):
    request = reviewing(office)
    ask(request, office, "court")
    answer(request, office, outcome="judgment")
    old = seen(clerk, request)
    presses = [act(clerk, request, "conviction", seen=old, **TYPED_JUDGMENT).status_code for _ in range(2)]
    assert presses == [302, 409] and AnsweredConviction.objects.count() == 1


def test_who_it_is_about_is_said_of_the_answer_that_was_on_the_page(clerk, office):
    """Both tell of an arrest and of no judgment: as many offences, another paper."""
    request = reviewing(office)
    ask(request, office)
    answer(request, office, outcome="no_judgment", document_number="15/CV")
    old = seen(clerk, request)
    answer(request, office, outcome="no_judgment", document_number="16/CV")
    typed = {"same_person": "different", "ground": "Khác cha mẹ."}
    refused = act(clerk, request, "decide", seen=old, **typed)
    assert refused.status_code == 409 and "16/CV" in refused.text and "Khác cha mẹ." in refused.text
    assert not AnswerDecision.objects.exists()
    assert act(clerk, request, "decide", **typed).status_code == 302
    assert AnswerDecision.objects.get().answer.document_number == "16/CV"


def test_reminding_and_closing(clerk, office):
    request = reviewing(office)
    ask(request, office)
    assert act(clerk, request, "remind").status_code == 302
    assert act(clerk, request, "remind").status_code == 409
    assert act(clerk, request, "close", reason="").status_code == 400
    assert act(clerk, request, "close", reason="Không cần nữa.").status_code == 302
    assert now(request).state == "reviewing" and "Không cần nữa." in clerk.get(page(request)).text


def test_a_late_answer_to_a_question_that_was_taken_back_is_entered(clerk, office):
    request = reviewing(office)
    ask(request, office, "court", "Tòa án Thôi Hỏi")
    act(clerk, request, "close", reason="Đã có giấy tờ khác.")
    assert "Ghi trả lời" in clerk.get(page(request)).text
    assert act(clerk, request, "answer", **typed_answer()).status_code == 302
    html = clerk.get(page(request)).text
    assert "15/PV06" in html and "Đã trả lời" in html
    assert InquiryAnswer.objects.count() == 1


def test_what_agencies_answered_while_the_citizen_was_asked_comes_back_to_the_clerk(clerk, office):
    request = reviewing(office)
    ask(request, office, "court", "Tòa án Trả Lời Sớm")
    items = [Asked("old_identity_card")]
    actions.ask_supplement(now(request), by=office.verifying_clerk, items=items)
    answer(request, office)
    actions.answer_supplement(now(request), by=request.filed_by, answers={1: "Không có số cũ"})
    assert now(request).state == "consulting"
    queue = clerk.get(reverse("clerk_queue"))
    assert "Cơ quan đã trả lời hết: xử lý tiếp" in queue.text and queue.context["following"] == request
    html = clerk.get(desk(request))
    assert "Các cơ quan được hỏi đã trả lời hết." in html.text and "Đang chờ cơ quan khác trả lời" not in html.text
    written = html.context["act_form"]["reason"].value()
    assert "Tòa án Trả Lời Sớm" in written
    typed = {"version": now(request).step_count, "reason": written}
    assert clerk.post(reverse("clerk_act", args=[request.code, "finish_consulting"]), typed).status_code == 302
    assert now(request).state == "reviewing"


def test_while_an_agency_still_has_to_answer_nothing_comes_back(clerk, office):
    request = reviewing(office)
    ask(request, office)
    queue = clerk.get(reverse("clerk_queue"))
    assert "Cơ quan khác trả lời" in queue.text and queue.context["following"] is None
    assert "Đang chờ cơ quan khác trả lời." in clerk.get(desk(request)).text


def test_only_who_may_read_findings_reads_letters_and_answers(client, office):
    request = reviewing(office)
    ask(request, office)
    letter = Paper.objects.get(kind="inquiry_letter")
    addresses = [page(request), reverse("request_paper", args=[request.code, letter.seq])]
    for user, status in ((office.verifying_clerk, 200), (office.approver, 200), (office.intake_clerk, 403)):
        client.force_login(user)
        assert client.get(page(request)).status_code == status
    client.force_login(office.intake_clerk)
    assert client.get(addresses[1]).status_code == 404
    assert "Công văn đề nghị xác minh" not in client.get(desk(request)).text
    client.force_login(request.filed_by)
    for address in addresses:
        assert client.get(address).status_code == 404
    assert "Công văn" not in client.get(request.get_absolute_url()).text


def test_who_is_the_applicant_reads_nothing_about_themselves(client, office):
    request = reviewing(office, rows={"number": "001090993777"})
    ask(request, office)
    own = factories.make_staff("verifying_clerk", number="001090993777")
    client.force_login(own)
    assert client.get(page(request)).status_code == 403
    assert request.dossier_number not in client.get(reverse("clerk_inquiries")).text


def test_the_list_of_the_office_shows_the_latest_first(clerk, office):
    old = reviewing(office)
    ask(old, office, agency="Tòa án Chậm", at=timezone.now() - timedelta(days=20))
    new = reviewing(office, rows={})
    ask(new, office, agency="Công an Mới")
    actions.mind_inquiries(timezone.now())
    html = clerk.get(reverse("clerk_inquiries")).text
    assert html.index("Tòa án Chậm") < html.index("Công an Mới") and "cần đôn đốc" in html


def test_the_board_counts_late_answers_by_agency_and_names_nobody(client, office):
    late = reviewing(office)
    ask(late, office, agency="Tòa án Chậm", at=timezone.now() - timedelta(days=25))
    ask(reviewing(office, rows={}), office, agency="Công an Mới")
    elsewhere = factories.make_office(factories.department("36"))
    for user, sees in (
        (factories.make_staff("authority_administrator"), True),
        (factories.make_staff("national_administrator"), True),
        (factories.make_staff("authority_administrator", authority=elsewhere.approver.authority), False),
    ):
        client.force_login(user)
        response = client.get(reverse("board_inquiries"))
        assert ("Tòa án Chậm" in response.text) is sees
        assert "Công an Mới" not in response.text and "Nguyễn Văn Thử" not in response.text
        assert (response.context["late"], response.context["waiting"]) == ((1, 2) if sees else (0, 0))
    client.force_login(office.verifying_clerk)
    assert client.get(reverse("board_inquiries")).status_code == 403


def test_an_administrator_switches_a_source_on_its_page(client, office):
    client.force_login(factories.make_staff("authority_administrator"))
    today = clock.local_day(timezone.now())
    typed = {"source": "police", "asked": "yes", "reason": "", **day("valid_from", today)}
    wrong = client.post(reverse("switch_source"), typed)
    assert wrong.status_code == 200 and "Nhập lý do hoặc văn bản làm căn cứ." in wrong.text
    assert client.post(reverse("switch_source"), typed | {"reason": "QĐ 12/QĐ-STP"}).status_code == 302
    html = client.get(reverse("board_sources")).text
    assert "QĐ 12/QĐ-STP" in html and "Bắt buộc hỏi" in html
    client.force_login(office.verifying_clerk)
    assert client.get(reverse("board_sources")).status_code == 403


def test_the_shortcut_and_the_conclusion_have_pages_that_ask_for_a_ground(clerk, office):
    request = reviewing(office)
    for name in ("conclude", "set_aside", "use_again"):
        address = reverse("clerk_agencies_act", args=[request.code, name])
        assert clerk.get(address).status_code == 200
        field = "ground" if name == "conclude" else "reason"
        assert clerk.post(address, {field: ""}).status_code == 400
        assert clerk.post(address, {field: "Có căn cứ."}).status_code == 409  # nothing to conclude on here
    assert clerk.get(reverse("clerk_agencies_act", args=[request.code, "other"])).status_code == 404


@pytest.mark.parametrize(
    ("source", "named"), [("police", "cơ quan công an"), ("military", "cơ quan quân đội"), ("court", "")]
)
def test_the_citizen_reads_whom_the_request_waits_for_and_nothing_that_tells_of_a_record(client, office, source, named):
    request = reviewing(office)
    inquiry = ask(request, office, source, "Cơ quan rất cụ thể", question="Bản án năm 2008.")
    client.force_login(request.filed_by)
    html = client.get(request.get_absolute_url()).text
    assert "Cơ quan rất cụ thể" not in html and "Bản án năm 2008" not in html
    assert "Tòa án" not in html
    assert (named or "Cơ quan được hỏi trả lời.") in html
    assert f"{clock.local_day(inquiry.due_at):%d/%m/%Y}" in html


def test_a_clerks_page_of_a_long_name_is_whole(clerk, office):
    request = reviewing(office)
    ask(request, office, agency="Cơ quan " + "rất dài " * 20)
    answer(request, office, outcome="no_judgment")
    assert io.StringIO(clerk.get(page(request)).text).read().count("rất dài") >= 20
    assert JUDGMENT["judgment_number"] not in clerk.get(page(request)).text
