"""The approver's pages over HTTP: the draft that would be signed, what changed, and who may press."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from certificates.models import IssuingStop
from lltp_portal.audit.models import AuditEvent
from requests import actions, findings, keyset, staff_pages
from requests.approver_views import review as reviewing
from requests.models import CertificateRequest, Issuance, RequestStep, SourceSearch
from tests import factories, staff_register
from tests.records_people import conviction, person

pytestmark = pytest.mark.django_db

NUMBER = "001090993101"


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def approver(client, office):
    client.force_login(office.approver)
    return client


def verified(office, **start):
    return factories.request_in("verified", office=office, rows={"number": NUMBER}, **start)


def page(request):
    return reverse("approver_request", args=[request.code])


def now(request):
    return CertificateRequest.objects.get(pk=request.pk)


def press(client, request, *, draft=None, **typed):
    """“Duyệt và ký” on the page as it is now, or with a hash of the test's own."""
    if draft is None:
        review = client.get(page(request)).context["draft"]
        draft = review.content.draft_sha256 if review and review.content else ""
    data = {"version": now(request).step_count, "draft_sha256": draft, **typed}
    return client.post(reverse("approver_approve", args=[request.code]), data)


def change_the_office(request):
    """What is printed changes after the clerk verified: the office moved."""
    request.authority.place = "Hà Tĩnh"
    request.authority.save()


# --- Who --------------------------------------------------------------------------------------------------------------


def test_another_offices_approver_learns_nothing_and_does_nothing(client, office):
    request = verified(office)
    client.force_login(factories.make_staff("approver", authority=factories.department("36")))
    draft = reverse("approver_draft", args=[request.code])
    for url in (page(request), draft, reverse("approver_return", args=[request.code])):
        assert client.get(url).status_code == 404
    assert press(client, request, draft="0" * 64).status_code == 404
    assert request.code not in client.get(reverse("approver_queue")).text
    assert now(request).state == "verified"


@pytest.mark.parametrize(
    ("role", "about_one"),
    [("intake_clerk", 403), ("verifying_clerk", 403), ("authority_administrator", 403), ("auditor", 404)],
)
def test_approvers_pages_are_for_approvers(client, office, role, about_one):
    request = verified(office)
    client.force_login(factories.make_staff(role))
    assert client.get(reverse("approver_queue")).status_code == 403
    for url in (page(request), reverse("approver_draft", args=[request.code])):
        assert client.get(url).status_code == about_one
    assert press(client, request, draft="0" * 64).status_code == about_one
    assert now(request).state == "verified"


def test_the_person_who_verified_is_told_that_another_must_approve(client, office):
    """Under another account of the same person, too: four eyes are about persons."""
    number = factories.identity_number()
    both = factories.make_staff("verifying_clerk", "approver", number=number)
    second_account = factories.make_staff("approver", number=number)
    request = factories.request_in("reviewing", office=office)
    actions.verify(request, by=both)
    for user in (both, second_account):
        client.force_login(user)
        response = client.get(page(request))
        assert "Bạn đã xác minh hồ sơ này" in response.text and 'form="approve"' not in response.text
        assert client.get(reverse("approver_queue")).context["rows"][0].blocked == "Bạn đã xác minh"
        draft = response.context["draft"].content.draft_sha256
        assert press(client, request, draft=draft).status_code == 403
    assert now(request).state == "verified"


def test_nobody_reads_or_approves_their_own_certificate(client, office):
    request = verified(office)
    client.force_login(factories.make_staff("approver", number=NUMBER))
    response = client.get(page(request))
    assert "Đây là hồ sơ của chính bạn" in response.text and "Không có án tích" not in response.text
    assert client.get(reverse("approver_draft", args=[request.code])).status_code == 404
    assert client.get(reverse("approver_return", args=[request.code])).status_code == 403
    assert press(client, request, draft="0" * 64).status_code == 403
    assert not AuditEvent.objects.filter(verb="view_findings").exists()


# --- The draft --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_words_of_the_paper_and_what_was_checked(approver, office):
    request = verified(office)
    text = approver.get(page(request)).text
    for words in ("NGUYỄN VĂN THỬ", "Không có án tích", "001 090 993101", office.approver.full_name):
        assert words in text
    assert "trả lời đủ" in text and "hai người" in text and "Phí 200.000" in text
    assert office.verifying_clerk.full_name in text and "1 / 1" in text
    assert "thay đổi từ khi xác minh" not in text and "read_changes" not in text
    lines = AuditEvent.objects.filter(verb="view_findings", subject=request.code)
    assert [line.actor for line in lines] == [office.approver]


def test_a_conviction_that_is_printed_is_on_the_page(approver, office, settings):
    active = conviction(judgment_date="2026-02-02", effective_date="2026-03-03", offence_date="2025-12-01")
    active["main_penalty"] = {"kind": "imprisonment", "months": 12}
    active |= {"main_penalty_completed_on": "2026-09-09"}
    row = person(
        active, full_name="Nguyễn Văn Thử", date_of_birth="1990-03-27",
        identity_documents=[{"type": "cccd", "number": NUMBER}],
    )  # fmt: skip
    staff_register.answers_with(settings, row)
    request = verified(office)
    text = approver.get(page(request)).text
    assert "Có án tích" in text and "Bản án số 15/2021/HS-ST" in text and "Hình phạt chính" in text


def test_a_likely_person_who_was_ruled_out_is_shown_to_the_second_pair_of_eyes(approver, office, settings):
    likely = {"full_name": "Nguyễn Văn Thử", "date_of_birth": "1990-03-27", "sex": None}
    likely |= {"father_name": None, "mother_name": None}
    documents = [{"type": "cccd", "number": NUMBER}]
    staff_register.answers_with(settings, person(register_id="R-9", identity_documents=documents, **likely))
    request = factories.request_in("reviewing", office=office, rows={"number": NUMBER})
    actions.decide_candidate(
        request,
        by=office.verifying_clerk,
        register_id="R-9",
        decision="different",
        ground="Chỉ trùng tên gọi",
        findings_digest=findings.current(request, as_of=timezone.localdate()).answer.findings_digest,
    )
    actions.verify(request, by=office.verifying_clerk)
    checks = approver.get(page(request)).context["draft"].checks
    (warned,) = [check.words for check in checks if not check.fine]
    assert "trùng số định danh và họ tên" in warned
    assert "Chỉ trùng tên gọi" in warned


def test_the_draft_is_framed_nowhere_and_kept_nowhere(approver, office):
    request = verified(office)
    assert reverse("approver_draft", args=[request.code]) in approver.get(page(request)).text
    response = approver.get(reverse("approver_draft", args=[request.code]))
    assert response.content.startswith(b"%PDF-") and response["Content-Type"] == "application/pdf"
    assert response["X-Frame-Options"] == "DENY" and "no-store" in response["Cache-Control"]
    assert "inline" in response["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="view_findings", subject=request.code).count() == 2


def test_without_the_line_in_the_log_there_is_neither_page_nor_draft(approver, office, monkeypatch):
    request = verified(office)

    def refuse(*args, **details):
        raise DatabaseError("no room")

    monkeypatch.setattr(staff_pages.AuditEvent.objects, "record", refuse)
    approver.raise_request_exception = False
    for url in (page(request), reverse("approver_draft", args=[request.code])):
        response = approver.get(url)
        assert response.status_code == 500 and "Không có án tích" not in response.text


@pytest.mark.parametrize("fields", [{"certificate_type": 2}, {"want_ban_info": True}])
def test_what_cannot_be_printed_yet_is_said_and_not_approved(approver, office, fields):
    request = verified(office, fields=fields)
    response = approver.get(page(request))
    assert "Phiên bản này chưa in được" in response.text and 'form="approve"' not in response.text
    assert approver.get(reverse("approver_draft", args=[request.code])).status_code == 404
    assert approver.get(reverse("approver_queue")).context["rows"][0].blocked == "Chưa in được"
    assert press(approver, request, draft="0" * 64).status_code == 409
    assert now(request).state == "verified"


# --- Approving --------------------------------------------------------------------------------------------------------


def test_approving_hands_exactly_the_draft_on_the_screen_to_the_machine(approver, office):
    request = verified(office)
    draft = approver.get(page(request)).context["draft"].content
    response = press(approver, request)
    assert response.url == reverse("approver_queue")
    approved = now(request)
    assert (approved.state, approved.approved_by) == ("signing", office.approver)
    assert Issuance.objects.get(request=request).draft_sha256 == draft.draft_sha256
    text = approver.get(reverse("approver_queue")).text
    assert request.dossier_number in text and "Đang ký" in text
    assert "đã duyệt" in approver.get(page(request)).text


def test_a_second_press_is_refused_and_says_who_was_first(approver, office, client):
    request = verified(office)
    draft, version = approver.get(page(request)).context["draft"].content.draft_sha256, request.step_count
    assert press(approver, request, draft=draft, version=version).status_code == 302
    colleague = factories.make_staff("approver", full_name="Vũ Thị Đồng Nghiệp")
    for user in (office.approver, colleague):
        client.force_login(user)
        response = press(client, request, draft=draft, version=version)
        assert response.status_code == 409
        assert "Duyệt ký" in response.text and office.approver.full_name in response.text
    assert RequestStep.objects.filter(request=request, step="approve").count() == 1


def test_another_draft_than_the_one_read_is_refused_and_the_difference_shown(approver, office):
    request = verified(office)
    draft = approver.get(page(request)).context["draft"].content.draft_sha256
    change_the_office(request)
    response = press(approver, request, draft=draft, read_changes="on")
    assert response.status_code == 409
    assert "Nội dung Phiếu đã thay đổi" in response.text and "Hà <mark>Tĩnh</mark>" in response.text
    assert now(request).state == "verified" and not Issuance.objects.exists()


def test_changes_since_the_clerk_verified_must_have_been_read(approver, office):
    request = verified(office)
    change_the_office(request)
    response = approver.get(page(request))
    difference = response.context["draft"].differences
    assert [(row.label, row.before, row.now) for row in difference] == [("Địa danh", "Hà Nội", "Hà Tĩnh")]
    assert "1 thay đổi từ khi xác minh" in response.text and "read_changes" in response.text
    assert "Hà <del>Nội</del>" in response.text and "Hà <mark>Tĩnh</mark>" in response.text
    refused = press(approver, request)
    assert refused.status_code == 400 and "Tôi đã đọc thay đổi" in refused.text and "<title>Lỗi:" in refused.text
    assert now(request).state == "verified"
    assert press(approver, request, read_changes="on").status_code == 302


def test_who_signs_is_no_change(client, office):
    request = verified(office)
    client.force_login(factories.make_staff("approver", full_name="Bùi Văn Ký Thay"))
    draft = client.get(page(request)).context["draft"]
    assert draft.content.signatory_name == "Bùi Văn Ký Thay" and not draft.differences


def test_an_answer_older_than_a_day_is_asked_for_again_instead_of_signed(approver, office, settings):
    request = verified(office)
    settings.ANSWER_MAX_AGE = timedelta(0)
    text = approver.get(page(request)).text
    assert "đã quá 24 giờ" in text
    response = press(approver, request)
    assert response.status_code == 409 and "đang tra cứu lại" in response.text
    search = SourceSearch.objects.get(request=request)
    assert search.is_renewal and search.done_at is None
    assert now(request).state == "verified"


def test_an_old_page_is_refused_and_says_what_happened(approver, office):
    request = verified(office)
    draft, version = approver.get(page(request)).context["draft"].content.draft_sha256, request.step_count
    actions.return_to_clerk(request, by=office.approver, reason="Xem lại nơi sinh")
    response = press(approver, request, draft=draft, version=version)
    assert response.status_code == 409 and "Xem lại nơi sinh" in response.text
    assert now(request).state == "reviewing"


def test_a_press_without_the_drafts_hash_is_refused(approver, office):
    request = verified(office)
    for nonsense in ("", "x", "0" * 64):
        assert press(approver, request, draft=nonsense or "-").status_code == 409
    assert approver.post(reverse("approver_approve", args=[request.code])).status_code == 409
    assert approver.get(reverse("approver_approve", args=[request.code])).status_code == 302
    assert now(request).state == "verified"


def test_when_issuing_is_stopped_the_pages_say_so(approver, office):
    request = verified(office)
    IssuingStop.objects.create(reason="Ba Phiếu liên tiếp không đạt kiểm tra.", pulled_at=timezone.now())
    for url in (page(request), reverse("approver_queue")):
        text = approver.get(url).text
        assert "Đang tạm dừng cấp Phiếu" in text and "Ba Phiếu liên tiếp" in text


# --- Returning --------------------------------------------------------------------------------------------------------


def test_a_request_is_returned_with_a_reason_that_the_clerk_reads(approver, office, client):
    request = verified(office)
    url = reverse("approver_return", args=[request.code])
    assert 'id="act"' in approver.get(url).text
    refused = approver.post(url, {"version": request.step_count, "reason": "  "})
    assert refused.status_code == 400 and "Nhập lý do trả lại" in refused.text
    stale = approver.post(url, {"version": "1", "reason": "Xem lại nơi sinh"})
    assert stale.status_code == 409 and "Xem lại nơi sinh" in stale.text
    assert approver.post(url, {"version": request.step_count, "reason": "Xem lại nơi sinh"}).status_code == 302
    assert now(request).state == "reviewing"
    client.force_login(office.verifying_clerk)
    assert "Xem lại nơi sinh" in client.get(reverse("clerk_request", args=[request.code])).text
    row = client.get(reverse("clerk_queue")).context["rows"][0]
    assert [flag.label for flag in row.flags] == ["Trả lại"]


# --- Queue ------------------------------------------------------------------------------------------------------------


def test_the_queue_is_oldest_due_first_and_leads_on(approver, office):
    requests = [verified(office, at=timezone.now() - timedelta(days=days)) for days in (4, 9, 6)]
    by_due = sorted(requests, key=lambda request: (request.due_at, request.submitted_at))  # of one day: who came first
    response = approver.get(reverse("approver_queue"))
    assert [row.request for row in response.context["rows"]] == by_due
    assert response.context["following"] == by_due[0]
    second = approver.get(page(by_due[1]))
    assert "2 / 3" in second.text and page(by_due[2]) in second.text


def test_chips_count_and_pages_go_on(approver, office, monkeypatch):
    monkeypatch.setattr(keyset, "ROWS_A_PAGE", 2)
    verified(office, at=timezone.now() - timedelta(days=40))
    verified(office)
    verified(office, fields={"certificate_type": 2})
    response = approver.get(reverse("approver_queue"))
    assert {chip.label: chip.count for chip in response.context["chips"]}["Quá hạn"] == 1
    assert len(approver.get(response.context["next_url"]).context["rows"]) == 1
    assert len(approver.get(reverse("approver_queue") + "?show=type_2").context["rows"]) == 1


def test_the_queue_asks_the_database_as_often_for_five_rows_as_for_one(
    approver, office, django_assert_num_queries, django_assert_max_num_queries
):
    verified(office)
    with django_assert_max_num_queries(14) as few:
        approver.get(reverse("approver_queue"))
    for _ in range(4):
        verified(office)
    with django_assert_num_queries(len(few.captured_queries)):
        approver.get(reverse("approver_queue"))


def test_an_empty_queue_says_so(approver):
    assert "Không có hồ sơ nào chờ ký" in approver.get(reverse("approver_queue")).text
    assert "Bỏ bộ lọc" in approver.get(reverse("approver_queue") + "?show=late").text


def test_the_draft_of_an_unreadable_verified_text_is_shown_as_changed(approver, office, monkeypatch):
    request = verified(office)
    CertificateRequest.objects.filter(pk=request.pk).update(verified_content="{}")
    draft = reviewing.review(now(request), office.approver, timezone.now())
    assert [row.label for row in draft.differences] == ["Bản nháp"]
