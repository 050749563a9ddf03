"""Nothing typed is ever lost: not by a session that ended, an old page, the way back, two tabs, or two presses."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lltp_portal import celery, typed
from requests import actions, filing_pages
from requests.models import CertificateRequest
from tests import factories
from tests.test_requests_filing import CARD, PERSON, stay, url

pytestmark = pytest.mark.django_db
WRONG = {**PERSON, "date_of_birth_day": "29", "date_of_birth_month": "2", "date_of_birth_year": "2023"}
SAME_SITE = {"origin": "http://testserver"}


@pytest.fixture
def citizen(client):
    user = factories.make_citizen(full_name="Trần Nguyễn Đăng Khoa", password=factories.PASSWORD)
    client.force_login(user)
    return user


@pytest.fixture
def draft(citizen):
    return actions.create_draft(by=citizen, account=citizen)


def again(certificate_request):
    return CertificateRequest.objects.with_people().get(pk=certificate_request.pk)


def seen_on(client, address) -> str:
    return client.get(address).context["seen"]


# --- The session ended, or another began ---


def test_what_was_typed_after_the_session_ended_waits_behind_the_sign_in(client, citizen, draft):
    page = url(draft, "person")
    Session.objects.all().delete()
    answer = client.post(page, PERSON)
    assert answer.url.startswith(reverse("account_login")) and "next=" in answer.url
    assert again(draft).declaration.date_of_birth == ""
    signed_in = client.post(answer.url, {"login": citizen.email, "password": factories.PASSWORD}, follow=True)
    assert signed_in.redirect_chain[-1][0] == page
    html = signed_in.text
    assert "Những gì bạn đã nhập vẫn còn ở đây, nhưng chưa được lưu." in html
    assert 'value="27"' in html and "Trần Nguyễn Đăng Khoa" in html
    assert "error-summary" not in html  # nothing is called wrong before it is sent again
    assert client.post(page, PERSON).status_code == 302
    assert again(draft).declaration.date_of_birth == "1990-03-27"
    assert "Những gì bạn đã nhập vẫn còn ở đây" not in client.get(page).text


def test_an_entry_of_a_list_waits_too(client, citizen, draft):
    page = url(draft, "documents")
    client.logout()
    client.post(page, CARD)
    client.force_login(citizen)
    html = client.get(page).text
    assert "001 090 990 315" in html and "chưa được lưu" in html
    assert not again(draft).declaration.identity_documents.exists()


def test_the_oath_and_note_typed_at_the_end_wait_too(client, citizen, draft):
    client.logout()
    answer = client.post(reverse("request_submit", args=[draft.code]), {"sworn": "1"})
    assert reverse("request_submit", args=[draft.code]) in answer.url
    client.force_login(citizen)
    assert again(draft).state == "draft"
    assert client.get(reverse("request_check", args=[draft.code])).context["said"]["sworn"] == "1"


def test_what_waits_dies_after_an_hour(client, citizen, draft):
    page = url(draft, "person")
    client.logout()
    client.post(page, PERSON)
    [row] = Session.objects.all()
    assert row.expire_date <= timezone.now() + typed.KEPT
    session = client.session
    session[typed.KEY][page]["at"] = (timezone.now() - timedelta(minutes=61)).isoformat()
    session.save()
    client.force_login(citizen)
    assert "chưa được lưu" not in client.get(page).text
    assert client.session[typed.KEY] == {}


def test_somebody_else_at_the_same_computer_sees_nothing_of_it(client, citizen, draft):
    page = url(draft, "person")
    client.logout()
    client.post(page, {**PERSON, "place_of_birth": "Thôn Bí Mật"})
    client.force_login(factories.make_citizen())
    assert client.get(page).status_code == 404
    assert "Thôn Bí Mật" not in client.get(reverse("my_requests")).text


def test_only_pages_on_which_something_is_written_keep_it(client):
    client.post(reverse("my_requests"), {"anything": "x"})
    client.post(reverse("request_delete", args=["YC-0000000000000000"]), {"anything": "x"})
    assert typed.KEY not in client.session


def test_too_much_is_not_kept(client, draft):
    client.logout()
    client.post(url(draft, "person"), {"full_name": "a" * 40_000})
    assert typed.KEY not in client.session


def test_a_page_older_than_the_sign_in_keeps_what_was_typed(citizen, draft):
    """The token changes at every sign-in; the page in the other tab has the old one."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(citizen)
    page = url(draft, "person")
    answer = strict.post(page, {**PERSON, "csrfmiddlewaretoken": "a" * 64}, headers=SAME_SITE)
    assert answer.status_code == 302 and answer.url == page
    html = strict.get(page).text
    assert "chưa được lưu" in html and 'value="27"' in html
    assert again(draft).declaration.date_of_birth == ""


@pytest.mark.parametrize("headers", [{"origin": "https://ke-gia-mao.example"}, {"origin": "null"}, {}])
def test_a_form_that_stands_elsewhere_is_refused_and_puts_nothing_into_the_page(citizen, draft, headers):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(citizen)
    page = url(draft, "person")
    assert strict.post(page, {**PERSON, "full_name": "Kẻ Giả Mạo"}, headers=headers).status_code == 403
    assert "Kẻ Giả Mạo" not in strict.get(page).text


# --- Back, later, extend ---


def test_the_way_back_saves_what_is_right(client, draft):
    answer = client.post(url(draft, "person"), {**PERSON, "back": "1"})
    assert answer.url == url(draft, "kind")
    assert again(draft).declaration.date_of_birth == "1990-03-27"
    assert "person" not in again(draft).declaration.answered


def test_the_way_back_keeps_what_is_not_right_yet(client, draft):
    answer = client.post(url(draft, "person"), {**WRONG, "back": "1"})
    assert answer.url == url(draft, "kind")
    html = client.get(url(draft, "person")).text
    assert 'value="29"' in html and 'value="2023"' in html and "chưa được lưu" in html


def test_the_way_back_from_a_list_keeps_the_open_entry(client, draft):
    assert client.post(url(draft, "documents"), {**CARD, "number": "12", "back": "1"}).url == url(draft, "person")
    assert 'value="12"' in client.get(url(draft, "documents")).text
    assert client.post(url(draft, "documents"), {**CARD, "back": "1"}).url == url(draft, "person")
    assert again(draft).declaration.identity_documents.get().number == "001090990315"


def test_the_way_back_from_the_first_page_leads_to_the_list_of_drafts(client, draft):
    assert client.post(url(draft, "who"), {"back": "1"}).url == reverse("my_requests")


def test_the_session_can_be_kept_without_losing_what_is_half_typed(client, draft):
    page = url(draft, "person")
    shown = client.get(page)
    assert "Phiên làm việc kết thúc lúc" in shown.text
    answer = client.post(page, {**WRONG, "extend": "1"})
    assert answer.url == page
    html = client.get(page).text
    assert "Đã giữ phiên làm việc thêm" in html and 'value="29"' in html
    assert again(draft).declaration.date_of_birth == ""


def test_showing_a_page_prolongs_the_session(client, draft):
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    client.get(url(draft, "person"))
    assert Session.objects.get().expire_date > timezone.now() + timedelta(hours=7)


def test_the_browser_may_go_back_to_a_draft_and_signing_out_clears_what_it_kept(client, draft):
    assert client.get(url(draft, "person")).headers["Cache-Control"] == "private, no-cache"
    assert client.get(reverse("request_check", args=[draft.code])).headers["Cache-Control"] == "private, no-cache"
    assert client.get(reverse("my_requests")).headers["Cache-Control"] == "no-store, private"
    assert client.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache"'


# --- Two tabs, two devices ---


def test_a_page_saved_elsewhere_is_not_overwritten_unseen(client, citizen, draft):
    page = url(draft, "family")
    seen = seen_on(client, page)
    elsewhere = Client()
    elsewhere.force_login(citizen)
    elsewhere.post(page, {"father_name": "Trần Văn Mẫu", "seen": seen_on(elsewhere, page)})
    answer = client.post(page, {"father_name": "Trần Văn Khác", "mother_name": "Lê Thị Ví Dụ", "seen": seen})
    assert answer.status_code == 409
    assert "Trang này đã được lưu ở nơi khác" in answer.text
    assert "Trần Văn Mẫu" in answer.text and "Trần Văn Khác</textarea>" in answer.text
    assert again(draft).declaration.father_name == "Trần Văn Mẫu"
    typed_again = {"father_name": "Trần Văn Khác", "mother_name": "Lê Thị Ví Dụ", "seen": answer.context["seen"]}
    assert client.post(page, typed_again).status_code == 302
    assert again(draft).declaration.father_name == "Trần Văn Khác"


def test_another_page_saved_elsewhere_is_no_matter(client, draft):
    page = url(draft, "family")
    seen = seen_on(client, page)
    client.post(url(draft, "record"), {"declared_record": "Không có"})
    assert client.post(page, {"father_name": "Trần Văn Khác", "seen": seen}).status_code == 302


def test_a_list_changed_elsewhere_is_shown_with_what_was_typed(client, draft):
    page = url(draft, "documents")
    seen = seen_on(client, page)
    client.post(page, {**CARD, "number": "001090990999", "seen": seen})
    answer = client.post(page, {**CARD, "seen": seen})
    assert answer.status_code == 409
    assert "Danh sách này đã được lưu ở nơi khác" in answer.text
    assert "001 090 990999" in answer.text and "001 090 990 315" in answer.text
    assert [row.number for row in again(draft).declaration.identity_documents.all()] == ["001090990999"]
    client.post(page, {**CARD, "seen": answer.context["seen"]})
    assert again(draft).declaration.identity_documents.count() == 2


# --- Two presses ---


def test_two_presses_begin_one_draft(client, citizen):
    first, second = client.post(reverse("start_request")), client.post(reverse("start_request"))
    assert first.url == second.url
    assert CertificateRequest.objects.count() == 1


def test_a_draft_that_was_worked_on_is_not_mistaken_for_a_second_press(client, citizen):
    first = client.post(reverse("start_request"))
    client.post(first.url, {"filed_as": "self"})
    assert client.post(reverse("start_request")).url != first.url


def test_two_presses_add_one_entry_and_take_out_one(client, draft):
    page = url(draft, "documents")
    seen = seen_on(client, page)
    for _ in range(2):
        assert client.post(page, {**CARD, "seen": seen}).status_code == 302
    assert again(draft).declaration.identity_documents.count() == 1
    client.post(page, {**CARD, "number": "001090990999", "more": "1"})
    seen, remove = seen_on(client, page), reverse("request_remove_row", args=[draft.code, "documents", 1])
    for _ in range(2):
        client.post(remove, {"seen": seen})
    assert [row.number for row in again(draft).declaration.identity_documents.all()] == ["001090990999"]


def test_two_presses_save_a_page_once_and_go_on(client, draft):
    page = url(draft, "person")
    seen = seen_on(client, page)
    answers = [client.post(page, {**PERSON, "seen": seen}) for _ in range(2)]
    assert [answer.url for answer in answers] == [url(draft, "documents")] * 2


# --- Another device ---


def test_a_draft_goes_on_where_it_stopped_on_another_device(client, citizen, draft):
    way = [
        ("who", {"filed_as": "self"}),
        ("kind", {"certificate_type": "1", "purpose": "work", "copies": "1"}),
        ("person", PERSON),
        ("documents", CARD),
        ("addresses", {"living": "here", "permanent_province": "01"}),
        ("residences", {**stay(("3", "2004"))}),
        ("family", {}),
        ("record", {}),
        ("papers", {"whole": "1"}),
    ]
    elsewhere = Client()
    elsewhere.force_login(citizen)
    for slug, answers in way:
        assert elsewhere.get(reverse("continue_request")).url == reverse("request_resume", args=[draft.code])
        assert elsewhere.get(reverse("request_resume", args=[draft.code])).url == url(draft, slug)
        assert client.post(url(draft, slug), answers).status_code == 302, slug
    assert elsewhere.get(reverse("request_resume", args=[draft.code])).url == url(draft, "contact")
    assert "Trần Nguyễn Đăng Khoa" in elsewhere.get(url(draft, "person")).text


def test_with_two_drafts_or_none_one_chooses(client, citizen, draft):
    actions.create_draft(by=citizen, account=citizen)
    assert client.get(reverse("continue_request")).url == reverse("my_requests")
    for filed in CertificateRequest.objects.all():
        actions.delete_draft(filed, by=citizen)
    assert client.get(reverse("continue_request")).url == reverse("my_requests")


def test_what_came_over_the_api_is_looked_over_at_the_check(citizen):
    filed = actions.create_draft(by=citizen, account=citizen)
    fields = factories.complete_fields(full_name="Nguyễn Văn Máy", email="may@vi-du.example")
    actions.save_declaration(filed, by=citizen, fields=fields, rows=factories.complete_rows())
    assert filing_pages.first_unanswered(again(filed).declaration) is filing_pages.CHECK


# --- Bounded, so that nobody fills the database with it ---


def test_without_a_sign_in_only_so_many_are_kept(client, draft, settings):
    client.logout()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "typed": "3/10m/ip,2000/h/key"}
    before = Session.objects.count()
    for _ in range(6):
        Client().post(url(draft, "person"), PERSON)
    assert Session.objects.count() == before + 3


def test_and_only_so_many_in_all_wherever_they_come_from(client, draft, settings):
    client.logout()
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "typed": "60/10m/ip,2/h/key"}
    before = Session.objects.count()
    for number in range(4):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(url(draft, "person"), PERSON)
    assert Session.objects.count() == before + 2


def test_who_is_signed_in_is_not_counted(client, draft, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "typed": "0/10m/ip,0/h/key"}
    client.post(url(draft, "person"), {**WRONG, "back": "1"})
    assert 'value="2023"' in client.get(url(draft, "person")).text


@pytest.mark.parametrize("forged", [{f"x{n}": "" for n in range(400)}, {"y" * 40_000: ""}], ids=["many", "long"])
def test_names_of_fields_count_too(client, draft, forged):
    client.logout()
    client.post(url(draft, "person"), forged)
    assert typed.KEY not in client.session


def test_sessions_that_ended_leave_the_database_every_hour():
    assert "requests.tasks.drop_old_sessions" in celery.HOURLY
    assert celery.app.conf.beat_schedule["requests.tasks.drop_old_sessions"]["schedule"] == 3600


def test_what_was_written_to_the_office_after_the_session_ended_waits_too(client, citizen):
    asked = factories.request_in("needs_supplement", by=citizen)
    complaint, withdraw = (reverse(f"request_{page}", args=[asked.code]) for page in ("complaint", "withdraw"))
    answer = reverse("request_supplement_item", args=[asked.code, 1])
    client.logout()
    client.post(complaint, {"kind": "complaint", "text": "Việc này chưa đúng."})
    client.post(answer, {"answer": "Tôi ở Nam Định từ 2010."})
    client.post(withdraw, {"reason": "Không còn cần."})
    client.force_login(citizen)
    kept = {complaint: "Việc này chưa đúng.", answer: "Tôi ở Nam Định từ 2010.", withdraw: "Không còn cần."}
    for page, words in kept.items():
        html = client.get(page).text
        assert words in html and "chưa được lưu" in html
    assert not asked.complaints.exists()
    assert client.post(answer, {"answer": "Tôi ở Nam Định từ 2010."}).status_code == 302
    assert "chưa được lưu" not in client.get(answer).text
