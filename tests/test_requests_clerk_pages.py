"""Clerks' pages over HTTP, as the people whose pages they are and as those whose they are not."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars.working_days import WorkingCalendar
from requests import actions, clock, due_badges, keyset, staff_pages
from requests.models import CertificateRequest, RequestStep
from tests import factories, staff_register
from tests.clerk_desk import NO_RECORD, NOBODY, NUMBER, act, alike, now, page, reviewing, shown, the_same
from tests.records_people import conviction

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def verifying(client, office):
    client.force_login(office.verifying_clerk)
    return client


@pytest.fixture
def intake(client, office):
    client.force_login(office.intake_clerk)
    return client


# --- Who --------------------------------------------------------------------------------------------------------------


def test_another_offices_clerk_learns_nothing_and_does_nothing(client, office):
    request = reviewing(office)
    client.force_login(factories.make_staff("verifying_clerk", authority=factories.department("36")))
    assert client.get(page(request)).status_code == 404
    assert act(client, request, "verify").status_code == 404
    assert client.post(reverse("clerk_find"), {"number": request.code}).status_code == 404
    assert request.code not in client.get(reverse("clerk_queue")).text
    assert now(request).state == "reviewing"


@pytest.mark.parametrize(
    ("role", "about_one"),
    [("approver", 403), ("authority_administrator", 403), ("auditor", 404), ("national_administrator", 404)],
)
def test_clerks_pages_are_for_clerks(client, office, role, about_one):
    request = reviewing(office)
    client.force_login(factories.make_staff(role))
    assert client.get(reverse("clerk_queue")).status_code == 403
    assert client.get(page(request)).status_code == about_one
    assert act(client, request, "stop").status_code == about_one


def test_a_citizen_has_no_clerks_page_not_even_of_their_own_request(client, office):
    request = reviewing(office)
    client.force_login(request.filed_by)
    assert client.get(page(request)).status_code == 404


def test_an_intake_clerk_reads_no_findings_and_cannot_verify(intake, office, settings):
    staff_register.answers_with(settings, the_same(conviction()))
    request = reviewing(office)
    response = intake.get(page(request))
    assert response.context["desk"] is None
    assert "R-1" not in response.text and "15/2021" not in response.text
    assert not AuditEvent.objects.filter(verb="view_findings").exists()
    assert act(intake, request, "verify").status_code == 403
    assert now(request).state == "reviewing"


def test_nobody_reads_or_handles_findings_about_themselves(client, office, settings):
    staff_register.answers_with(settings, the_same(conviction()))
    request = reviewing(office)
    client.force_login(factories.make_staff("verifying_clerk", number=NUMBER))
    response = client.get(page(request))
    assert "Đây là hồ sơ của chính bạn" in response.text and "15/2021" not in response.text
    assert "decision-bar" not in response.text
    assert act(client, request, "stop", ground="duplicate", reason="x").status_code == 403
    assert not AuditEvent.objects.filter(verb="view_findings").exists()


def test_words_that_may_tell_of_a_record_are_for_who_reads_findings(client, office):
    request = factories.request_in("consulting", office=office, rows={"number": NUMBER})
    themselves = factories.make_staff("verifying_clerk", number=NUMBER)
    for user, reads in ((office.verifying_clerk, True), (office.intake_clerk, False), (themselves, False)):
        client.force_login(user)
        text = client.get(page(request)).text
        assert ("trích lục bản án" in text) is reads and "Hỏi cơ quan khác" in text


# --- Reading is logged first ------------------------------------------------------------------------------------------


def test_reading_findings_leaves_a_line_with_who_what_and_why(verifying, office):
    request = reviewing(office)
    verifying.get(page(request))
    line = AuditEvent.objects.get(verb="view_findings")
    assert (line.actor, line.subject) == (office.verifying_clerk, request.code)
    assert line.details["purpose"]


def test_without_the_line_there_is_no_page(verifying, office, monkeypatch):
    request = reviewing(office)

    def refuse(*args, **details):
        raise DatabaseError("no room")

    monkeypatch.setattr(staff_pages.AuditEvent.objects, "record", refuse)
    verifying.raise_request_exception = False
    response = verifying.get(page(request))
    assert response.status_code == 500
    assert NOBODY not in response.text and NO_RECORD not in response.text


# --- Queue ------------------------------------------------------------------------------------------------------------


def test_the_queue_shows_own_work_oldest_due_first(verifying, office):
    days = [3, 33, 18]  # further apart than any holidays: no two are due at the same moment
    requests = [reviewing(office, at=timezone.now() - timedelta(days=day)) for day in days]
    factories.request_in("submitted", office=office)
    rows = verifying.get(reverse("clerk_queue")).context["rows"]
    assert [row.request for row in rows] == sorted(requests, key=lambda request: request.due_at)
    assert rows[0].is_next and rows[0].waiting_for == "Xác nhận: không tìm thấy ai"


def test_what_has_no_date_comes_last_and_pages_by_key_pass_over_the_edge_both_ways(office, monkeypatch):
    monkeypatch.setattr(keyset, "ROWS_A_PAGE", 2)
    at = timezone.now() - timedelta(days=9)
    undated = [factories.request_in("submitted", office=office, at=at) for _ in range(3)]
    dated = [reviewing(office, at=timezone.now() - timedelta(days=days)) for days in (5, 3)]
    expected = [*dated, *sorted(undated, key=lambda one: (one.submitted_at, one.pk))]
    everything = CertificateRequest.objects.filter(pk__in=[one.pk for one in expected])
    forth, page = [], keyset.page(everything, everything)
    forth += page.rows
    while page.next_after:
        page = keyset.page(everything, everything, after=page.next_after)
        forth += page.rows
    assert forth == expected and all(one.due_at for one in forth[:2])
    back = list(page.rows)
    while page.previous_before:
        page = keyset.page(everything, everything, before=page.previous_before)
        back = [*page.rows, *back]
    assert back == expected
    places = [keyset.place(everything, one) for one in expected]
    assert [number for number, _, _ in places] == [1, 2, 3, 4, 5]
    assert [following for _, _, following in places] == [*expected[1:], None]


def test_the_intake_clerk_sees_what_waits_at_the_counter(intake, office):
    waiting = {factories.request_in(state, office=office) for state in ("submitted", "awaiting_payment")}
    reviewing(office)
    response = intake.get(reverse("clerk_queue"))
    assert {row.request for row in response.context["rows"]} == waiting
    assert "Nộp tại quầy" in response.text and reverse("start_request") in response.text


def test_what_was_begun_at_the_counter_is_picked_up_again_by_who_began_it(intake, office):
    draft = actions.create_draft(by=office.intake_clerk, account=None, channel="counter")
    actions.save_declaration(draft, by=office.intake_clerk, fields={"full_name": "Bùi Thị Quầy"})
    text = intake.get(reverse("clerk_queue")).text
    assert "Bùi Thị Quầy" in text and draft.code in text
    intake.force_login(factories.make_staff("intake_clerk"))
    assert draft.code not in intake.get(reverse("clerk_queue")).text


def test_each_chip_counts_what_it_lets_through(verifying, office, settings):
    reviewing(office, at=timezone.now() - timedelta(days=40))
    factories.request_in("consulting", office=office)
    factories.request_in("needs_supplement", office=office)
    factories.request_in("received", office=office)
    staff_register.answers_with(settings, alike())
    reviewing(office)
    chips = verifying.get(reverse("clerk_queue")).context["chips"]
    counts = {chip.label: chip.count for chip in chips}
    assert counts["Chờ xử lý"] == 5 and counts["Quá hạn"] == 1
    assert counts["Không tìm thấy ai"] == 1 and counts["Phải đối chiếu"] == 1
    assert counts["Đang tra cứu"] == counts["Chờ bổ sung"] == counts["Đang hỏi cơ quan khác"] == 1
    for chip in chips:
        assert len(verifying.get(chip.url).context["rows"]) == chip.count


def test_a_promise_broken_on_friday_is_broken_on_saturday():
    friday = datetime(2026, 11, 20, 17, tzinfo=clock.LOCAL)
    request = CertificateRequest(state="reviewing", due_at=friday)
    for later in (timedelta(minutes=1), timedelta(days=1), timedelta(days=2)):
        assert due_badges.badge_of(request, friday + later, WorkingCalendar()).words == "Quá hạn 1 ngày"
    assert due_badges.badge_of(request, friday, WorkingCalendar()).level == "today"


def test_paging_shows_each_row_once_forward_and_back(verifying, office, monkeypatch):
    monkeypatch.setattr(keyset, "ROWS_A_PAGE", 3)
    for day in (3, 3, 4, 5, 6, 6, 9):
        reviewing(office, at=timezone.now() - timedelta(days=day))
    url, pages = reverse("clerk_queue"), []
    while url:
        response = verifying.get(url)
        pages.append([row.request.pk for row in response.context["rows"]])
        url = response.context["next_url"]
    assert [len(one) for one in pages] == [3, 3, 1]
    assert len({pk for one in pages for pk in one}) == 7
    back = verifying.get(response.context["previous_url"])
    assert [row.request.pk for row in back.context["rows"]] == pages[1]
    first = verifying.get(back.context["previous_url"])
    assert [row.request.pk for row in first.context["rows"]] == pages[0]
    assert not first.context["previous_url"]


def test_the_queue_asks_the_database_as_often_for_eight_rows_as_for_two(
    verifying, office, django_assert_num_queries, django_assert_max_num_queries
):
    reviewing(office)
    factories.request_in("received", office=office)
    with django_assert_max_num_queries(14) as few:
        verifying.get(reverse("clerk_queue"))
    for _ in range(3):
        reviewing(office)
        factories.request_in("consulting", office=office)
    with django_assert_num_queries(len(few.captured_queries)):
        verifying.get(reverse("clerk_queue"))


def test_what_comes_next_is_offered_once_nothing_is_left_to_do_here(verifying, office):
    here, other = reviewing(office), factories.request_in("reviewing", office=office)
    assert verifying.get(page(here)).context["following"] is None
    actions.verify(here, by=office.verifying_clerk)
    done = verifying.get(page(here))
    assert done.context["following"] == other
    assert "Hồ sơ tiếp theo" in done.text


def test_a_colleague_reads_of_the_citizen_and_is_not_spoken_to(verifying, office):
    text = verifying.get(page(reviewing(office))).text
    assert "nơi người yêu cầu thường trú" in text
    assert "nơi bạn" not in text and "Bạn nộp" not in text


def test_an_empty_queue_says_so_and_an_empty_filter_offers_the_way_back(verifying):
    assert "Hết việc" in verifying.get(reverse("clerk_queue")).text
    assert "Bỏ bộ lọc" in verifying.get(reverse("clerk_queue") + "?show=late").text
    assert verifying.get(reverse("clerk_queue") + "?show=%00&after=nonsense").status_code == 200


def test_a_request_is_found_by_number_without_a_number_in_the_address(verifying, office):
    request = reviewing(office)
    short = request.dossier_number.removeprefix(f"{request.authority.dossier_identifier}-")
    for typed in (request.dossier_number, short, f" {short.lower()} ", request.code):
        response = verifying.post(reverse("clerk_find"), {"number": typed})
        assert response.url == page(request)
    unknown = verifying.post(reverse("clerk_find"), {"number": "261106-9999"})
    assert unknown.status_code == 404
    assert 'value="261106-9999"' in unknown.text and "Không có hồ sơ này" in unknown.text
    assert "<title>Lỗi:" in unknown.text
    assert verifying.post(reverse("clerk_find"), {"number": "\x00"}).status_code == 404
    assert verifying.get(reverse("clerk_find")).status_code == 405


# --- Counter ----------------------------------------------------------------------------------------------------------


def test_the_fee_is_recorded_and_the_dossier_received(intake, office):
    request = factories.request_in("awaiting_payment", office=office)
    assert act(intake, request, "record_payment").status_code == 302
    assert act(intake, request, "receive").status_code == 302
    received = now(request)
    assert received.state == "received" and received.dossier_number
    assert received.fee_receipt_number == received.payment_entries.get().receipt_number
    assert received.dossier_number in intake.get(page(request)).text


def test_a_refusal_needs_a_ground_of_article_49_and_keeps_what_was_typed(intake, office):
    request = factories.request_in("submitted", office=office)
    response = act(intake, request, "refuse", reason="Nộp tại Sở Tư pháp nơi thường trú.")
    assert response.status_code == 400
    assert "Chọn một căn cứ" in response.text and "Nộp tại Sở Tư pháp nơi thường trú." in response.text
    assert "<title>Lỗi:" in response.text
    assert act(intake, request, "refuse", ground="a", reason="Nộp ở nơi thường trú.").status_code == 302
    step = now(request).history().last()
    assert step.to_state == "refused"
    assert "Điều 49 điểm a" in step.reason and "Nộp ở nơi thường trú." in step.reason


def test_a_supplement_is_asked_with_reasons(verifying, office):
    request = reviewing(office)
    typed = {
        "ask_residence_gap": "1",
        "detail_residence_gap": "từ 3/2010 đến 8/2011",
        "reason": "Gọi lại cho tôi.",
    }
    preview = act(verifying, request, "ask_supplement", **typed)
    assert preview.status_code == 200 and "Gửi yêu cầu bổ sung" in preview.text
    assert "còn thiếu hoặc chưa rõ: từ 3/2010 đến 8/2011." in preview.text and "Trả lời trước hết ngày" in preview.text
    assert now(request).state == "reviewing"  # nothing is sent before it was read
    assert act(verifying, request, "ask_supplement", send="1", **typed).status_code == 302
    reason = now(request).history().last().reason
    assert "từ 3/2010 đến 8/2011" in reason and "Gọi lại cho tôi." in reason
    assert "Gọi lại cho tôi." in verifying.get(page(request)).text


def test_another_agency_is_asked_and_answers(verifying, office):
    request = reviewing(office)
    typed = {"source": "court", "agency": "Tòa án Mẫu", "question": "Trích lục bản án", "sent_by": "post"}
    assert act(verifying, request, "consult", **typed).status_code == 302
    assert "Tòa án Mẫu: Trích lục bản án" in verifying.get(page(request)).text
    refused = act(verifying, request, "finish_consulting", reason="Không có bản án.")
    assert refused.status_code == 409 and "Còn công văn chưa có trả lời" in refused.text
    actions.close_inquiry(request, 1, by=office.verifying_clerk, reason="Đã có trích lục.")
    assert now(request).state == "reviewing"


def test_a_search_may_be_asked_for_again_and_a_request_stopped(verifying, office):
    request = reviewing(office)
    assert act(verifying, request, "search_again", ground="other", reason="").status_code == 400
    assert act(verifying, request, "search_again", ground="doubt").status_code == 302
    assert now(request).state == "received"
    assert act(verifying, request, "stop", ground="duplicate", reason="Trùng hồ sơ trước.").status_code == 302
    assert now(request).state == "stopped"
    assert "decision-bar" not in verifying.get(page(request)).text


def test_results_are_handed_over_at_the_counter(intake, office):
    request = factories.request_in("issued", office=office)
    response = intake.get(page(request))
    assert now(request).certificate.number_text in response.text and "Đã trả kết quả" in response.text
    assert act(intake, request, "deliver").status_code == 302
    assert now(request).state == "delivered"


# --- Old pages and second presses -------------------------------------------------------------------------------------


def test_a_page_that_is_old_is_refused_and_says_what_changed(verifying, office):
    request = reviewing(office)
    by = {"by": office.verifying_clerk}
    actions.ask_agency(request, source="court", agency="Tòa án Mẫu", question="Hỏi", **by)
    actions.close_inquiry(now(request), 1, reason="Không có", **by)
    steps = RequestStep.objects.count()
    response = act(verifying, request, "ask_supplement", version=request.step_count, send="1", reason="Bản án năm 2010")
    assert response.status_code == 409
    assert [entry.act for entry in response.context["changes"]] == ["Cơ quan khác đã trả lời", "Hỏi cơ quan khác"]
    assert "Từ khi bạn mở trang" in response.text and "Bản án năm 2010" in response.text
    assert RequestStep.objects.count() == steps and now(request).state == "reviewing"
    again = act(verifying, request, "ask_supplement", send="1", reason="Bản án năm 2010")
    assert again.status_code == 302


@pytest.mark.parametrize("version", ["", "abc", "-1", "٣", "9" * 30])
def test_a_page_without_a_readable_version_is_old(verifying, office, version):
    request = reviewing(office)
    assert act(verifying, request, "stop", version=version, ground="duplicate", reason="x").status_code == 409
    assert now(request).state == "reviewing"


def test_a_second_press_is_refused_and_changes_nothing(verifying, office):
    request = reviewing(office)
    digest, version = shown(verifying.get(page(request))), request.step_count
    assert act(verifying, request, "verify", version=version, shown=digest).status_code == 302
    second = act(verifying, request, "verify", version=version, shown=digest)
    assert second.status_code == 409 and "Xác minh xong, chuyển ký" in second.text
    assert RequestStep.objects.filter(request=request, step="verify").count() == 1


def test_addresses_of_acts_shown_or_unknown(verifying, office):
    request = reviewing(office)
    shown_form = verifying.get(reverse("clerk_act", args=[request.code, "stop"]))
    assert shown_form.status_code == 200 and 'id="act"' in shown_form.text
    assert verifying.get(reverse("clerk_act", args=[request.code, "no-such-act"])).status_code == 404
    assert verifying.post(reverse("clerk_act", args=[request.code, "no-such-act"])).status_code == 404
    assert verifying.get(reverse("clerk_request", args=["YC-NOBODY"])).status_code == 404


def test_what_an_applicant_typed_is_shown_as_text(verifying, office):
    request = reviewing(office, fields={"declared_record": "<script>alert(1)</script>"})
    text = verifying.get(page(request)).text
    assert "<script" not in text and "&lt;script&gt;" in text and "style=" not in text


def test_the_clerk_is_sent_to_the_paper_that_close_family_needs(verifying, office):
    """Close family needs no mandate (Art. 45(3)); the clerk was told to look for one."""
    child = {"filed_as": "proxy", "proxy_name": "Trần Thị Nộp", "proxy_relation": "child"}
    text = verifying.get(page(reviewing(office, fields=child))).text
    assert "Người thân nộp thay: xem giấy tờ chứng minh quan hệ" in text and "văn bản ủy quyền" not in text
