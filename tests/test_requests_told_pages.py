"""Pages of telling: inbox, choice, the late card, what the clerk sees of it, and the apology that is signed there."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from lltp_portal.wording import full_day
from requests import actions, telling
from requests.models import LateNotice, Message
from tests import factories
from tests.test_requests_lateness import CONSULTING_DANGER, SENT, at

pytestmark = pytest.mark.django_db
PROVIDER = "http://127.0.0.1:9"


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def citizen(client):
    user = factories.make_citizen(full_name="Nguyễn Thị Minh An")
    client.force_login(user)
    return user


def asked_today(office, citizen, state="consulting"):
    return factories.request_in(state, office=office, by=citizen, at=SENT)


# --- The inbox --------------------------------------------------------------------------------------------------------


def test_the_inbox_holds_the_readers_own_messages_newest_first_and_counts_the_unread(client, citizen, office):
    mine = asked_today(office, citizen, "received")
    theirs = factories.request_in("received", office=office)
    page = client.get(reverse("inbox"))
    assert page.status_code == 200
    assert page.text.index("Đã tiếp nhận") < page.text.index("Đã nhận phí") < page.text.index("Cần nộp phí")
    assert mine.code in page.text and theirs.code not in page.text
    assert '<span class="num">(3<' in client.get(reverse("my_requests")).text
    client.get(reverse("inbox"))
    assert Message.objects.inbox_of(citizen).unread().count() == 3  # looking changes nothing
    assert client.post(reverse("inbox_read")).status_code == 302
    assert "chưa đọc" not in client.get(reverse("inbox")).text
    assert Message.objects.unread().in_portal().filter(request=theirs).count() == 3


def test_an_empty_inbox_says_what_will_stand_there(client, citizen):
    assert "Bạn chưa có tin nào" in client.get(reverse("inbox")).text


def test_what_is_sent_outside_is_chosen_and_nothing_chosen_is_asked_again(client, citizen):
    address = reverse("message_choice")
    empty = client.post(address, {})
    assert empty.status_code == 400
    assert empty.text.count("Chọn khi nào bạn muốn nhận thư và tin nhắn.") == 2
    assert client.post(address, {"wanted": "essential"}).status_code == 302
    assert 'value="essential" id="id_wanted_1" checked' in " ".join(client.get(address).text.split())
    client.post(address, {"wanted": "all"})
    assert not citizen.message_choice.only_essential


def test_strangers_have_no_inbox(client):
    for name in ("inbox", "message_choice"):
        assert client.get(reverse(name)).status_code == 302


# --- The status page ---------------------------------------------------------------------------------------------


def seen(client, certificate_request, moment):
    with time_machine.travel(moment, tick=False):
        client.force_login(certificate_request.account)  # a session of that day
        return client.get(certificate_request.get_absolute_url()).text


def test_the_card_of_a_promise_in_danger_says_why_until_when_and_whom_to_call(client, citizen, office, settings):
    certificate_request = asked_today(office, citizen)
    assert 'id="late"' not in seen(client, certificate_request, CONSULTING_DANGER)
    actions.warn_before_lateness(CONSULTING_DANGER)
    page = seen(client, certificate_request, CONSULTING_DANGER)
    card = page[page.index('id="late"') :]
    assert page.index('id="late"') < page.index('aria-label="Các chặng"')
    assert "có thể trả muộn hơn ngày hẹn Thứ Hai, 23/02/2026" in card
    assert "cơ quan được hỏi để xác minh chưa trả lời" in card
    assert "Ngày hẹn mới dự kiến" in card and settings.SUPPORT_PHONE in card
    assert "Có thể trả muộn" in page[page.index('id="messages"') :]
    new_day = full_day(LateNotice.objects.get().appointed_at)
    assert page.count(f"Hẹn mới dự kiến: {new_day}") == 2  # the last stop of the way, and beside the calendar
    assert "Hẹn lúc đầu: Thứ Hai, 23/02/2026" in page and "Hẹn Thứ Hai, 23/02/2026" not in page


def test_once_it_is_signed_the_card_gives_the_new_day_in_the_clerks_words(client, citizen, office):
    certificate_request = asked_today(office, citizen)
    actions.warn_before_lateness(CONSULTING_DANGER)
    actions.sign_late_notice(
        LateNotice.objects.get(),
        by=office.verifying_clerk,
        cause_text="Tòa án chưa gửi trích lục",
        appointed_on=at("2026-03-02 09:00").date(),
        at=CONSULTING_DANGER,
    )
    page = seen(client, certificate_request, at("2026-02-24 09:00"))
    assert "Chúng tôi xin lỗi. Hẹn mới: Thứ Hai, 02/03/2026" in page
    assert "Tòa án chưa gửi trích lục, từ" in page and "Quá hạn 1 ngày" in page
    assert page.count("Hẹn mới: Thứ Hai, 02/03/2026") == 3  # the apology, the last stop of the way, the calendar
    passed = seen(client, certificate_request, at("2026-03-03 09:00"))
    assert "đã quá hẹn" in passed and "đang được xem lại" in passed
    assert "Hẹn mới sẽ báo cho bạn" in passed and "Hẹn: Thứ" not in passed  # a day that has passed is no promise


def test_late_without_any_notice_is_apologised_for_all_the_same(client, citizen, office):
    certificate_request = asked_today(office, citizen, "verified")
    page = seen(client, certificate_request, at("2026-02-24 09:00"))
    assert "đã quá hẹn Thứ Hai, 23/02/2026" in page and "hồ sơ chưa được lãnh đạo duyệt, ký" in page


# --- The clerk --------------------------------------------------------------------------------------------------------


@pytest.fixture
def late(office, citizen):
    certificate_request = asked_today(office, citizen)
    actions.warn_before_lateness(CONSULTING_DANGER)
    return certificate_request


def test_the_clerk_sees_each_message_word_for_word_and_what_became_of_it(client, office, citizen, settings):
    settings.MESSAGE_PROVIDER_URL = PROVIDER
    certificate_request = asked_today(office, citizen)
    failed = Message.objects.get(request=certificate_request, event="received", channel="email")
    with_cause = "Máy chủ thư từ chối địa chỉ này (mã 550)."
    failed.decide(Message.State.FAILED, now=SENT, cause=with_cause)
    failed.save()
    telling.fall_back(failed, at=SENT)
    client.force_login(office.verifying_clerk)
    desk = client.get(reverse("clerk_request", args=[certificate_request.code])).text
    assert "Đã báo cho người yêu cầu" in desk and with_cause in desk
    page = client.get(reverse("clerk_told", args=[certificate_request.code])).text
    for message in Message.objects.filter(request=certificate_request):
        assert message.text.splitlines()[0] in page
    assert "Không gửi được" in page and "Tin nhắn SMS" in page
    assert citizen.email not in page


def test_the_preview_is_word_for_word_what_the_step_then_sends(client, office, citizen):
    certificate_request = asked_today(office, citizen, "reviewing")
    client.force_login(office.verifying_clerk)
    page = client.get(reverse("clerk_told", args=[certificate_request.code])).text
    before = Message.objects.count()
    actions.ask_supplement(certificate_request, by=office.verifying_clerk, reasons="Thiếu giấy tờ.")
    outside = Message.objects.get(request=certificate_request, event="needs_supplement", channel="email")
    assert Message.objects.count() == before + 2
    assert outside.text.strip().replace("\n\n", "<br><br>") in page


def test_the_list_of_apologies_is_the_offices_own(client, office, late):
    client.force_login(office.intake_clerk)
    page = client.get(reverse("late_notices")).text
    assert late.dossier_number in page and "Cơ quan được hỏi để xác minh chưa trả lời" in page
    client.force_login(factories.make_staff("intake_clerk", authority=factories.department("36")))
    assert "Không có phiếu xin lỗi nào chờ ký" in client.get(reverse("late_notices")).text
    assert client.get(reverse("late_notice", args=[late.code])).status_code == 404
    client.force_login(late.account)
    assert client.get(reverse("late_notice", args=[late.code])).status_code == 404
    assert client.get(reverse("clerk_told", args=[late.code])).status_code == 404


def posted(client, late, day: datetime, **changes):
    typed = {"round": "1", "cause_text": "Tòa án chưa gửi trích lục.", "appointed_on_day": f"{day.day}"}
    typed |= {"appointed_on_month": f"{day.month}", "appointed_on_year": f"{day.year}", **changes}
    with time_machine.travel(CONSULTING_DANGER + timedelta(hours=1), tick=False):
        return client.post(reverse("late_notice", args=[late.code]), typed)


def signer(client, office):
    with time_machine.travel(CONSULTING_DANGER, tick=False):
        client.force_login(office.verifying_clerk)


def test_the_page_proposes_cause_and_day_and_one_press_signs(client, office, late):
    signer(client, office)
    with time_machine.travel(CONSULTING_DANGER, tick=False):
        page = client.get(reverse("late_notice", args=[late.code])).text
    assert "Cơ quan được hỏi để xác minh chưa trả lời." in page
    assert posted(client, late, at("2026-03-02 09:00")).status_code == 302
    notice = LateNotice.objects.get()
    assert (notice.signed_by, notice.appointed_at) == (office.verifying_clerk, at("2026-03-02 17:00"))
    again = posted(client, late, at("2026-03-03 09:00"))
    assert again.status_code == 409
    assert LateNotice.objects.get().appointed_at == at("2026-03-02 17:00")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cause_text": ""}, "Nhập lý do trễ hẹn để người yêu cầu hiểu."),
        ({"appointed_on_day": "31", "appointed_on_month": "4"}, "tháng 4 năm 2026 chỉ có 30 ngày"),
        ({"appointed_on_day": "28", "appointed_on_month": "2"}, "là ngày nghỉ"),
        ({"appointed_on_day": "12", "appointed_on_month": "2"}, "Chọn ngày sau ngày Thứ Hai, 23/02/2026."),
        ({"appointed_on_year": "2027"}, "Chọn ngày không muộn hơn"),
    ],
)
def test_what_cannot_be_signed_is_said_twice_and_what_was_typed_is_kept(client, office, late, changes, words):
    signer(client, office)
    page = posted(client, late, at("2026-03-02 09:00"), **changes)
    assert page.status_code == 400
    assert page.text.count(words) == 2
    assert "<title>Lỗi:" in page.text.replace("\n", "")
    for value in changes.values():
        assert value == "" or f'value="{value}"' in page.text
    assert LateNotice.objects.get().signed_at is None


# --- The boards -------------------------------------------------------------------------------------------------------


def board(client, moment):
    with time_machine.travel(moment, tick=False):
        client.force_login(factories.make_staff("national_administrator"))
        return client.get(reverse("untold")).text


def test_the_board_lists_what_was_late_without_a_word_with_cause_and_minute(client, office, citizen):
    silent = asked_today(office, citizen, "verified")
    told_of = factories.request_in("consulting", office=office, at=SENT)
    actions.warn_before_lateness(CONSULTING_DANGER)
    page = board(client, at("2026-02-24 09:00"))
    assert silent.dossier_number in page and told_of.dossier_number not in page
    assert "Hồ sơ chưa được lãnh đạo duyệt, ký" in page and "Chưa báo" in page
    since = silent.history().last().at.astimezone(CONSULTING_DANGER.tzinfo)
    assert f"{since:%H:%M}" in page and "trong <span" in page
    assert silent.dossier_number not in board(client, at("2026-02-23 16:00"))


def test_hearing_of_it_on_the_due_day_is_not_in_time(client, office, citizen):
    late = asked_today(office, citizen, "verified")
    actions.warn_before_lateness(at("2026-02-23 09:00"))
    page = board(client, at("2026-02-24 09:00"))
    assert late.dossier_number in page and "09:00, 23/02/2026" in page
