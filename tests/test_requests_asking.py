"""A question to who files: asked once from the register, frozen, answered item by item, reminded of, and ended."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from lltp_portal.calendars.seed import national_calendar
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.errors import Invalid, StepNotAllowed
from requests import actions, clock, filing_pages
from requests.actions import asking
from requests.asking import limits
from requests.asking.progress import progress
from requests.asking.reasons import PAPERS, REASONS, Asked, as_told
from requests.models import CertificateRequest, SupplementItem, SupplementReminder, SupplementRequest
from requests.permissions import SYSTEM
from requests.views import checking
from tests import factories

PLAIN = WorkingCalendar()
# Monday 2 November 2026, in the morning; 15 days later is Tuesday the 17th.
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=clock.LOCAL)
THREE = (
    Asked("residence_gap", "từ 3/2010 đến 8/2011"),
    Asked("old_identity_card"),
    Asked("other", "Gọi lại cho tôi giờ làm việc"),
)


def now(certificate_request):
    return CertificateRequest.objects.with_people().get(pk=certificate_request.pk)


def items(certificate_request):
    return list(SupplementItem.objects.filter(supplement__request=certificate_request).order_by("position"))


@pytest.fixture
def office(db):
    return factories.make_office()


@pytest.fixture
def asked(office):
    request = factories.request_in("reviewing", office=office)
    return actions.ask_supplement(request, by=office.verifying_clerk, items=THREE)


@pytest.fixture
def long_ago(office, monkeypatch):
    """Asked on Monday 2 November 2026 at 9, whatever the day is on which the tests run."""
    request = factories.request_in("reviewing", office=office, at=MONDAY - timedelta(days=3))
    return actions.ask_supplement(request, by=office.verifying_clerk, items=THREE, at=MONDAY)


@pytest.fixture
def told(monkeypatch):
    """What people were told, instead of telling them."""
    heard = []
    monkeypatch.setattr(
        asking, "tell", lambda request, event, *, at, key="", facts=None: heard.append((event, key, facts))
    )
    return heard


# --- The register and the limits: pure ----------------------------------------------------------------------------


def test_every_reason_has_words_a_law_and_a_page_that_exists():
    pages = {page.slug for page in filing_pages.PAGES} | {PAPERS}
    assert len(REASONS) >= 10
    for reason in REASONS.values():
        assert reason.title and reason.legal_basis and reason.page in pages
        assert re.findall(r"\{\w+\}", reason.text) == (["{detail}"] if reason.needs_detail else [])
        assert len(reason.code) <= 30


def test_a_text_is_told_with_its_detail_and_numbered_when_several():
    assert Asked("residence_gap", "năm 2010.").text.startswith(
        "Quá trình cư trú từ khi đủ 14 tuổi còn thiếu hoặc chưa rõ: năm 2010. Ghi tháng"
    )
    assert as_told(THREE).splitlines()[2] == "3. Gọi lại cho tôi giờ làm việc"
    assert as_told(THREE[2:]) == "Gọi lại cho tôi giờ làm việc"


@pytest.mark.parametrize(
    ("asked_on", "last"), [("2026-11-02", "2026-11-17"), ("2026-11-06", "2026-11-23"), ("2026-11-07", "2026-11-23")]
)
def test_the_limit_falls_on_a_working_day(asked_on, last):
    asked_at = datetime.fromisoformat(f"{asked_on}T09:00:00+07:00")
    assert limits.days_later(asked_at, 15, PLAIN).isoformat() == f"{last}T23:59:59+07:00"


def test_the_limit_steps_over_tet():
    asked_at = datetime(2026, 2, 2, 9, 0, tzinfo=clock.LOCAL)
    tet = WorkingCalendar({datetime(2026, 2, day).date(): "Tết" for day in (16, 17, 18, 19, 20)})
    assert limits.days_later(asked_at, 15, tet).date().isoformat() == "2026-02-23"


def test_it_is_too_late_after_a_working_day_of_grace_and_never_on_a_day_off():
    friday = limits.days_later(MONDAY, 18, PLAIN)  # Friday the 20th
    assert limits.last_day(friday, PLAIN).isoformat() == "2026-11-23"
    at_nine = [MONDAY + timedelta(days=days) for days in (18, 19, 21, 22)]
    assert [limits.has_lapsed(friday, moment, PLAIN) for moment in at_nine] == [False, False, False, True]
    thursday = limits.days_later(MONDAY, 17, PLAIN)  # its grace is Friday; Saturday and Sunday are days off
    at_nine = [MONDAY + timedelta(days=days) for days in (18, 19, 20, 21)]
    assert [limits.has_lapsed(thursday, moment, PLAIN) for moment in at_nine] == [False, False, False, True]


# --- Asking -------------------------------------------------------------------------------------------------------


def test_everything_is_asked_at_once_and_kept_as_sent(asked):
    kept = items(asked)
    assert asked.state == "needs_supplement"
    assert [(item.code, item.page) for item in kept] == [
        ("residence_gap", "residences"),
        ("old_identity_card", "documents"),
        ("other", ""),
    ]
    assert kept[0].text == THREE[0].text and kept[0].legal_basis
    supplement = asking.open_question(asked)
    last = asked.history().last()
    assert (supplement.step_seq, supplement.asked_at, supplement.item_count) == (last.seq, last.at, 3)
    assert last.reason == as_told(THREE)
    assert national_calendar().is_working(clock.local_day(supplement.answer_by))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ((), "reason"),
        ((Asked("residence_gap", " "),), "items.0.detail"),
        ((Asked("old_identity_card"), Asked("no_such_reason", "x")), "items.1.code"),
        ((Asked("other", ""),), "items.0.detail"),
        ((Asked("old_identity_card"),) * 31, "items"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_asks_nothing(office, wrong, field):
    request = factories.request_in("reviewing", office=office)
    with pytest.raises(Invalid) as refusal:
        actions.ask_supplement(request, by=office.verifying_clerk, items=wrong)
    assert field in refusal.value.fields
    assert (now(request).state, SupplementRequest.objects.count()) == ("reviewing", 0)


def test_a_stranger_who_asks_leaves_no_question_behind(office):
    request = factories.request_in("reviewing", office=office)
    with pytest.raises(PermissionDenied):
        actions.ask_supplement(request, by=request.filed_by, items=THREE)
    assert SupplementRequest.objects.count() == 0


# --- The database's guards ----------------------------------------------------------------------------------------


def refused(sql, parameters=()):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError:
        return True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return False


def test_what_was_asked_is_never_changed(asked):
    supplement = asking.open_question(asked)
    item = items(asked)[0]
    assert refused("UPDATE requests_supplementrequest SET answer_by = answer_by + interval '1 day'")
    assert refused("DELETE FROM requests_supplementrequest")
    assert refused("UPDATE requests_supplementitem SET text = 'khác' WHERE id = %s", [item.pk])
    assert refused("DELETE FROM requests_supplementitem WHERE id = %s", [item.pk])
    assert refused(
        "INSERT INTO requests_supplementitem (supplement_id, position, code, title, text, page, legal_basis, answer)"
        " VALUES (%s, 4, 'other', 'x', 'thêm', '', '', '')",
        [supplement.pk],
    )
    assert not refused("UPDATE requests_supplementitem SET answer = 'có', done_at = now() WHERE id = %s", [item.pk])


def test_a_question_without_its_step_is_none(office):
    request = factories.request_in("reviewing", office=office)
    assert refused(
        "INSERT INTO requests_supplementrequest (request_id, step_seq, asked_at, answer_by, item_count)"
        " VALUES (%s, 1, now(), now() + interval '1 day', 1)",
        [request.pk],
    )


def test_an_answer_that_was_sent_does_not_change(asked):
    answer_all(asked)
    actions.answer_supplement(asked, by=asked.filed_by)
    assert refused("UPDATE requests_supplementitem SET answer = 'khác' WHERE id = %s", [items(asked)[0].pk])


# --- Answering ----------------------------------------------------------------------------------------------------


def answer_all(request):
    for item in items(request):
        actions.answer_item(request, by=request.filed_by, position=item.position, text=f"Trả lời {item.position}")


def test_nothing_is_sent_while_an_item_is_open_and_each_is_named(asked):
    actions.answer_item(asked, by=asked.filed_by, position=2, text="Tôi không có số cũ")
    with pytest.raises(Invalid) as refusal:
        actions.answer_supplement(asked, by=asked.filed_by, note="Xong.")
    assert set(refusal.value.fields) == {"items.1", "items.3"}
    assert "Quá trình cư trú" in refusal.value.fields["items.1"][0]["message"]
    assert now(asked).state == "needs_supplement"
    assert [bool(item.answer) for item in items(asked)] == [False, True, False]  # what was typed is kept


def test_changing_the_page_that_an_item_names_answers_it(asked):
    by = asked.filed_by
    actions.open_supplement(asked, by=by)
    assert [line.done for line in progress(asked, asking.open_question(asked)).lines] == [False, False, False]
    stays = factories.complete_rows()["residences"]
    actions.save_declaration(asked, by=by, rows={"residences": [{**stays[0], "address": "Số 1 phố Khác"}]})
    assert [line.done for line in progress(asked, asking.open_question(asked)).lines] == [True, False, False]
    answered = actions.answer_supplement(asked, by=by, answers={2: "Không có", 3: "Gọi buổi chiều"})
    assert answered.history().last().reason.splitlines() == [
        "1. Quá trình cư trú chưa đủ hoặc chưa rõ: đã sửa tờ khai",
        "2. Thiếu số chứng minh nhân dân cũ: Không có",
        "3. Nội dung khác: Gọi buổi chiều",
    ]
    assert all(item.done_at for item in items(asked))


def test_a_page_put_back_as_it_was_is_no_answer(asked):
    by = asked.filed_by
    actions.open_supplement(asked, by=by)
    number = asked.declaration.identity_documents.get().number
    card = factories.complete_rows(number=number)["identity_documents"][0]
    actions.save_declaration(asked, by=by, rows={"identity_documents": [{**card, "issued_by": "Nơi khác"}]})
    assert progress(asked, asking.open_question(asked)).line(2).done
    actions.save_declaration(asked, by=by, rows={"identity_documents": [card]})
    assert not progress(asked, asking.open_question(asked)).line(2).done


def test_one_question_is_answered_by_the_note_alone(office):
    request = factories.request_in("needs_supplement", office=office)
    answered = actions.answer_supplement(request, by=request.filed_by, note="Đã ghi đủ.")
    assert (answered.state, answered.history().last().reason) == ("reviewing", "Đã ghi đủ.")
    assert items(request)[0].answer == "Đã ghi đủ."


def test_after_receipt_an_answer_orders_no_further_copies_for_the_fee_that_was_paid(asked):
    actions.open_supplement(asked, by=asked.filed_by)
    actions.save_declaration(asked, by=asked.filed_by, fields={"copies": 9})
    answer_all(asked)
    with pytest.raises(Invalid) as refused:
        actions.answer_supplement(asked, by=asked.filed_by)
    assert set(refused.value.fields) == {"copies"}
    assert now(asked).state == "needs_supplement"


def test_nobody_else_answers_and_nothing_is_answered_that_is_not_asked(asked, office):
    for stranger in (factories.make_citizen(), office.verifying_clerk):
        with pytest.raises(PermissionDenied):
            actions.answer_item(asked, by=stranger, position=1, text="x")
    with pytest.raises(Invalid):
        actions.answer_item(asked, by=asked.filed_by, position=9, text="x")
    with pytest.raises(Invalid):
        actions.answer_item(asked, by=asked.filed_by, position=1, text="  ")
    reviewing = factories.request_in("reviewing", office=office)
    with pytest.raises(StepNotAllowed):
        actions.answer_item(reviewing, by=reviewing.filed_by, position=1, text="x")


def test_a_second_question_begins_anew(asked, office):
    answer_all(asked)
    answered = actions.answer_supplement(asked, by=asked.filed_by)
    again = actions.ask_supplement(answered, by=office.verifying_clerk, reasons="Còn thiếu một điều.")
    assert [line.item.text for line in progress(again, asking.open_question(again)).lines] == ["Còn thiếu một điều."]


# --- Reminders and the end ----------------------------------------------------------------------------------------


def test_who_was_asked_is_reminded_at_half_time_and_two_days_before(long_ago, told):
    minutes = timedelta(minutes=1)
    supplement = asking.open_question(long_ago)
    half, last = limits.reminders(supplement.asked_at, supplement.answer_by).values()
    assert [actions.remind_of_supplements(at) for at in (half - minutes, half, half + minutes)] == [0, 1, 0]
    assert [actions.remind_of_supplements(at) for at in (last - minutes, last, last + minutes)] == [0, 1, 0]
    key = supplement.step_seq
    assert [(event, at) for event, at, _ in told] == [
        ("supplement_reminder", f"{key}-half"),
        ("supplement_reminder", f"{key}-last"),
    ]
    assert told[0][2] == {"answer_by": supplement.answer_by, "open_items": 3}


def test_after_a_long_silence_one_reminder_is_enough(long_ago, told):
    supplement = asking.open_question(long_ago)
    assert actions.remind_of_supplements(supplement.answer_by - timedelta(hours=5)) == 1
    assert actions.remind_of_supplements(supplement.answer_by - timedelta(hours=4)) == 0
    assert [key.split("-")[1] for _, key, _ in told] == ["last"]
    assert SupplementReminder.objects.count() == 2


def test_nobody_is_reminded_of_what_was_answered_or_is_too_late(long_ago, told):
    supplement = asking.open_question(long_ago)
    assert actions.remind_of_supplements(supplement.answer_by + timedelta(minutes=1)) == 0
    answer_all(long_ago)
    actions.answer_supplement(long_ago, by=long_ago.filed_by, at=MONDAY + timedelta(days=1))
    assert actions.remind_of_supplements(supplement.answer_by - timedelta(hours=1)) == 0
    assert told == []


def test_who_need_not_be_reminded_now_is_not_even_read(long_ago, monkeypatch):
    """Each row is locked to be looked at: at every sweep all open questions would take longer than a sweep may."""
    read, remind = [], asking._remind
    monkeypatch.setattr(asking, "_remind", lambda pk, now: read.append(now) or remind(pk, now))
    supplement = asking.open_question(long_ago)
    half, last = limits.reminders(supplement.asked_at, supplement.answer_by).values()
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    for at in (MONDAY + hour, half - minute, half + minute, half + hour, last - hour, last + minute, last + hour):
        actions.remind_of_supplements(at)
    assert read == [half + minute, last + minute]


def test_however_many_wait_over_a_holiday_the_calendars_are_read_once(office, long_ago, django_assert_num_queries):
    sunday = MONDAY + timedelta(days=20)
    with django_assert_num_queries(4):  # the questions, days, hours, what was passed over before
        assert actions.stop_unanswered(sunday) == 0
    other = factories.request_in("reviewing", office=office, at=MONDAY - timedelta(days=3))
    actions.ask_supplement(other, by=office.verifying_clerk, items=THREE, at=MONDAY)
    with django_assert_num_queries(4):
        assert actions.stop_unanswered(sunday) == 0


def test_what_nobody_answers_is_stopped_by_the_system_with_a_reason(long_ago):
    supplement = asking.open_question(long_ago)
    grace = datetime.combine(limits.last_day(supplement.answer_by, national_calendar()), limits.END_OF_DAY, clock.LOCAL)
    assert [actions.stop_unanswered(at) for at in (supplement.answer_by, grace)] == [0, 0]
    assert actions.stop_unanswered(grace + timedelta(hours=10)) == 1
    stopped = now(long_ago)
    step = stopped.history().last()
    assert (stopped.state, step.actor, step.authority) == ("stopped", None, None)
    assert "trả lời trước hết ngày Thứ Ba, 17/11/2026" in step.reason and "gửi yêu cầu mới" in step.reason
    assert actions.stop_unanswered(grace + timedelta(days=9)) == 0


def test_the_form_of_an_ended_request_is_closed(client, long_ago):
    actions.open_supplement(long_ago, by=long_ago.filed_by)
    page = reverse("request_page", args=[long_ago.code, "person"])
    client.force_login(long_ago.filed_by)
    assert client.get(page).status_code == 200
    actions.stop(long_ago, by=SYSTEM, reason="Không ai trả lời.")
    assert client.get(page).status_code == 302
    with pytest.raises(StepNotAllowed):
        actions.save_declaration(long_ago, by=long_ago.filed_by, fields={"phone": "0912345678"})


def test_one_request_that_cannot_be_stopped_holds_up_no_other(office, long_ago, monkeypatch):
    other = factories.request_in("reviewing", office=office, at=MONDAY - timedelta(days=3))
    other = actions.ask_supplement(other, by=office.verifying_clerk, items=THREE, at=MONDAY)
    take_step = asking.take_step

    def fail_for_the_first(step, **details):
        if step.__self__.pk == long_ago.pk:
            raise ValueError("no paper can be written")
        return take_step(step, **details)

    monkeypatch.setattr(asking, "take_step", fail_for_the_first)
    assert actions.stop_unanswered(MONDAY + timedelta(days=42)) == 1
    assert (now(long_ago).state, now(other).state) == ("needs_supplement", "stopped")


def test_an_answer_on_the_day_of_grace_still_counts(long_ago):
    supplement = asking.open_question(long_ago)
    answer_all(long_ago)
    late = supplement.answer_by + timedelta(hours=9)
    assert actions.answer_supplement(long_ago, by=long_ago.filed_by, at=late).state == "reviewing"
    assert actions.stop_unanswered(late + timedelta(days=10)) == 0


# --- C15 ----------------------------------------------------------------------------------------------------------


def test_the_citizen_reads_what_why_and_until_when_and_works_it_off(client, asked):
    client.force_login(asked.filed_by)
    page = reverse("request_supplement", args=[asked.code])
    html = client.get(page).text
    assert all(one.title in html and one.text in html for one in THREE)
    assert "Chưa trả lời" in html and "Xem lại và gửi" not in html and "Bạn trả lời trước hết ngày" in html
    first = reverse("request_supplement_item", args=[asked.code, 1])
    assert "Sửa phần này" in client.get(first).text
    assert SupplementItem.objects.filter(done_at__isnull=False).count() == 0  # looking answers nothing
    opened = client.post(first, {"open": "1"})
    assert opened.url == reverse("request_page", args=[asked.code, "residences"])
    form = client.get(opened.url).text
    assert THREE[0].text in form and 'class="stepper"' not in form
    left = client.post(opened.url, follow=True)  # as it was: told why the item is still open
    assert "Bạn chưa sửa gì ở phần này, nên mục 1 chưa được trả lời." in left.text
    check = client.get(reverse("request_check", args=[asked.code])).text
    assert "Trả lời nốt các mục" in check and "Tôi cam đoan" not in check
    refused = client.post(reverse("request_submit", args=[asked.code]), {"sworn": "1"})
    assert refused.status_code == 422 and "Chưa trả lời mục 3: Nội dung khác." in refused.text
    for position in (1, 2, 3):
        where = reverse("request_supplement_item", args=[asked.code, position])
        assert client.post(where, {"answer": f"Đúng rồi {position}"}).url == page
    assert "Xem lại và gửi" in client.get(page).text
    client.post(reverse("request_submit", args=[asked.code]), {"sworn": "1"})
    assert now(asked).state == "reviewing"
    assert client.get(page).url == asked.get_absolute_url()


def test_who_answers_everything_in_words_goes_on_to_the_check_and_sends_it(client, asked):
    """No page of the form was opened on the way: there is nothing to change, only to send."""
    client.force_login(asked.filed_by)
    for position in (1, 2, 3):
        client.post(reverse("request_supplement_item", args=[asked.code, position]), {"answer": "Tôi không có"})
    check = client.get(reverse("request_check", args=[asked.code]))
    assert check.status_code == 200 and "Tôi cam đoan" in check.text
    client.post(reverse("request_submit", args=[asked.code]), {"sworn": "1"})
    assert now(asked).state == "reviewing"


def test_the_second_press_on_the_answer_leads_where_the_first_one_led(client, asked, monkeypatch):
    answer_all(asked)
    actions.open_supplement(asked, by=asked.filed_by)
    client.force_login(asked.filed_by)
    send = reverse("request_submit", args=[asked.code])
    answer_meanwhile = actions.answer_supplement
    monkeypatch.setattr(  # the first press comes in between, while the second one is on its way
        checking.actions, "answer_supplement", lambda *one, **by: [answer_meanwhile(*one, **by) for _ in range(2)]
    )
    for _ in range(2):
        response = client.post(send, {"sworn": "1"}, follow=True)
        assert response.status_code == 200 and "Đã gửi phần bổ sung." in response.text
        assert "không sửa được nữa" not in response.text
        assert response.redirect_chain[-1][0] == asked.get_absolute_url()
    assert now(asked).history().filter(step="answer_supplement").count() == 1


def test_what_was_typed_is_kept_when_it_is_too_long(client, asked):
    client.force_login(asked.filed_by)
    where = reverse("request_supplement_item", args=[asked.code, 3])
    typed = "Á" * 2001
    response = client.post(where, {"answer": typed})
    assert response.status_code == 422 and typed in response.text and "<title>Lỗi:" in response.text
    assert client.get(reverse("request_supplement_item", args=[asked.code, 4])).status_code == 404


def test_past_the_limit_the_page_says_what_now(client, office):
    """Asked so long ago that only the sweeper has not passed yet."""
    request = factories.request_in("needs_supplement", office=office, at=MONDAY - timedelta(days=60))
    client.force_login(request.filed_by)
    html = client.get(reverse("request_supplement", args=[request.code])).text
    assert "Đã quá ngày trả lời" in html and "Sau đó hồ sơ dừng xử lý" in html


# --- K5 -----------------------------------------------------------------------------------------------------------


def ask_page(client, request, **typed):
    data = {"version": request.step_count, **typed}
    return client.post(reverse("clerk_act", args=[request.code, "ask_supplement"]), data)


def test_the_clerks_form_demands_details_and_keeps_what_was_typed(client, office):
    request = factories.request_in("reviewing", office=office)
    client.force_login(office.verifying_clerk)
    empty = ask_page(client, request)
    assert empty.status_code == 400 and "Chọn ít nhất một lý do" in empty.text
    response = ask_page(client, request, ask_mandate="1", reason="Giữ lời này")
    assert response.status_code == 400 and "Ghi chi tiết cho mục “Thiếu văn bản ủy quyền”." in response.text
    assert "Giữ lời này" in response.text and 'name="send"' not in response.text


def test_ten_reasons_are_previewed_edited_and_sent_as_previewed(client, office):
    request = factories.request_in("reviewing", office=office)
    client.force_login(office.verifying_clerk)
    codes = list(REASONS)[:10]
    typed = {f"ask_{code}": "1" for code in codes}
    typed |= {f"detail_{code}": f"chi tiết {n}" for n, code in enumerate(codes) if REASONS[code].needs_detail}
    preview = ask_page(client, request, **typed)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview.text))
    hidden.pop("csrfmiddlewaretoken", None)
    hidden.pop("version", None)
    edited = ask_page(client, request, edit="1", **hidden)
    assert edited.status_code == 200 and "chi tiết 0" in edited.text and 'name="send"' not in edited.text
    assert ask_page(client, request, send="1", **hidden).status_code == 302
    assert [item.code for item in items(request)] == codes
    assert all(item.text in preview.text for item in items(request))


# --- API ----------------------------------------------------------------------------------------------------------


def test_asked_and_answered_over_the_api(client, office):
    request = factories.request_in("reviewing", office=office)
    url = f"/api/v1/requests/{request.code}"
    client.force_login(office.verifying_clerk)
    body = {"version": request.step_count, "items": [{"code": "residence_gap", "detail": "2010"}, {"code": "other"}]}
    send = {"content_type": "application/json"}
    refused = client.post(f"{url}/ask_supplement/", body, **send)
    assert refused.status_code == 400 and "items.1.detail" in refused.json()["fields"]
    body["items"][1]["detail"] = "Gọi lại."
    assert client.post(f"{url}/ask_supplement/", {**body, "version": 1}, **send).json()["code"] == "stale"
    asked = client.post(f"{url}/ask_supplement/", body, **send).json()
    assert [item["page"] for item in asked["supplement"]["items"]] == ["residences", ""]
    client.force_login(request.filed_by)
    incomplete = client.post(f"{url}/answer_supplement/", {"answers": [{"position": 1, "answer": "Ở nhà."}]}, **send)
    assert set(incomplete.json()["fields"]) == {"items.2"}
    answers = [{"position": 1, "answer": "Ở nhà."}, {"position": 2, "answer": "Vâng."}]
    answered = client.post(f"{url}/answer_supplement/", {"answers": answers}, **send).json()
    assert (answered["state"], answered["supplement"]) == ("reviewing", None)


def test_only_clerks_ask_and_only_who_files_answers_over_the_api(client, asked, office):
    send = {"content_type": "application/json"}
    url = f"/api/v1/requests/{asked.code}"
    client.force_login(asked.filed_by)
    body = {"version": asked.step_count, "items": [{"code": "other", "detail": "x"}]}
    assert client.post(f"{url}/ask_supplement/", body, **send).status_code in {403, 409}
    client.force_login(office.verifying_clerk)
    assert client.post(f"{url}/answer_supplement/", {"note": "x"}, **send).status_code == 403
    assert now(asked).step_count == asked.step_count
