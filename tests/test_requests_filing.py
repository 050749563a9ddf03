"""A citizen fills in, checks and sends a request: over HTTP, as a browser without JavaScript does."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from requests import actions, clock
from requests.models import CertificateRequest
from tests import factories

pytestmark = pytest.mark.django_db
MISTAKES = re.compile(r'<div class="error-summary".*?</div>', re.S)


@pytest.fixture
def citizen(client):
    user = factories.make_citizen(full_name="Trần Nguyễn Đăng Khoa")
    client.force_login(user)
    return user


@pytest.fixture
def draft(citizen):
    return actions.create_draft(by=citizen, account=citizen)


@pytest.fixture
def complete(citizen):
    """A draft in which nothing is missing."""
    filed = actions.create_draft(by=citizen, account=citizen)
    actions.save_declaration(filed, by=citizen, fields=factories.complete_fields(), rows=factories.complete_rows())
    return filed


def url(certificate_request, slug, *more):
    name = "request_row" if more else "request_page"
    return reverse(name, args=[certificate_request.code, slug, *more])


def again(certificate_request):
    return CertificateRequest.objects.with_people().get(pk=certificate_request.pk)


PERSON = {
    "full_name": "Trần Nguyễn Đăng Khoa",
    "sex": "male",
    "date_of_birth_day": "27",
    "date_of_birth_month": "3",
    "date_of_birth_year": "1990",
    "place_of_birth_country": "VN",
    "place_of_birth_province": "36",
    "nationality": "VN",
}
CARD = {"entry": "1", "type": "cccd", "number": "001 090 990 315"}


def stay(first, last=None, **more):
    months = {"from_month_month": first[0], "from_month_year": first[1]}
    if last:
        months |= {"to_month_month": last[0], "to_month_year": last[1]}
    where = {"entry": "1", "kind": "permanent", "country": "VN", "province": "01", "address": "Số 12 phố Ví Dụ"}
    return {**months, **where, **more}


# --- The whole way -------------------------------------------------------------------------------------------------


def test_from_the_start_page_to_a_sent_request(client, citizen):
    response = client.post(reverse("start_request"))
    filed = CertificateRequest.objects.get()
    assert response.url == url(filed, "who")
    way = [
        ("who", {"filed_as": "self"}),
        ("kind", {"certificate_type": "1", "purpose": "work", "copies": "1"}),
        ("person", PERSON),
        ("documents", CARD),
        ("addresses", {"living": "here", "permanent_province": "01", "permanent_address": "Số 12 phố Ví Dụ"}),
        ("residences", stay(("3", "2004"))),
        ("family", {"father_name": "Trần Văn Mẫu"}),
        ("record", {}),
        ("papers", {}),
        ("contact", {"delivery": "electronic"}),
        ("fee", {"fee_category": "standard"}),
    ]
    for (slug, typed), following in zip(way, [*[slug for slug, _ in way[1:]], "check"], strict=True):
        assert client.get(url(filed, slug)).status_code == 200
        response = client.post(url(filed, slug), typed)
        assert response.status_code == 302, response.text
        assert f"/{following}/" in response.url
    assert "TRẦN" not in client.get(response.url).text  # capitals are a matter of the style sheet
    response = client.post(reverse("request_submit", args=[filed.code]), {"sworn": "1"})
    assert response.url == reverse("request_sent", args=[filed.code])
    assert again(filed).state == "awaiting_payment"
    ticket = client.get(response.url).text
    assert filed.code in ticket.replace("<wbr>", "")
    assert "200.000" in ticket


def test_a_draft_belongs_to_who_opened_it_and_begins_with_their_name(draft, citizen):
    assert draft.account == citizen
    assert draft.declaration.full_name == "Trần Nguyễn Đăng Khoa"


def test_an_intake_clerk_opens_a_draft_for_somebody_at_the_counter(client):
    client.force_login(factories.make_staff("intake_clerk"))
    client.post(reverse("start_request"))
    filed = CertificateRequest.objects.get()
    assert (filed.account, filed.channel) == (None, "counter")
    response = client.post(url(filed, "person"), {**PERSON, "later": "1"}, follow=True)
    assert reverse("request_resume", args=[filed.code]) in response.text


def test_an_approver_opens_no_draft(client):
    client.force_login(factories.make_staff("approver"))
    assert client.post(reverse("start_request")).status_code == 403
    assert not CertificateRequest.objects.exists()


# --- Wrong values --------------------------------------------------------------------------------------------------


def test_a_wrong_page_says_so_three_times_and_keeps_what_was_typed(client, draft):
    response = client.post(url(draft, "person"), {**PERSON, "full_name": "Khoa 9", "sex": ""})
    assert response.status_code == 422
    html = response.text
    assert "<title>Lỗi: " in html
    summary = MISTAKES.search(html)[0]
    for words, target in (("Chọn giới tính.", "#id_sex_0"), ("chỉ gồm chữ cái", "#id_full_name")):
        assert words in summary
        assert f'href="{target}"' in summary
        assert words in html.replace(summary, "")
        assert f'id="{target[1:]}"' in html
    assert "Khoa 9</textarea>" in html
    assert 'value="27"' in html
    assert again(draft).declaration.date_of_birth == ""


def test_a_day_that_does_not_exist_is_explained(client, draft):
    typed = {**PERSON, "date_of_birth_day": "29", "date_of_birth_month": "2", "date_of_birth_year": "2023"}
    html = client.post(url(draft, "person"), typed).text
    assert "không có ngày 29/02/2023, tháng 2 năm 2023 chỉ có 28 ngày" in html
    assert 'href="#id_date_of_birth_0"' in html


@pytest.mark.parametrize("slug", ["who", "kind", "person", "documents", "residences", "contact"])
def test_hostile_values_get_a_page_and_store_nothing(client, draft, slug):
    hostile = {"entry": "1"}
    for name in [*PERSON, "certificate_type", "copies", "type", "number", "from_month_month", "fee_category", "phone"]:
        hostile[name] = "\x00<script>alert(1)</script>'\";--"
    response = client.post(url(draft, slug), hostile)
    assert response.status_code == 422
    assert "<script" not in response.text
    declaration = again(draft).declaration
    assert (declaration.full_name, declaration.sex) == ("Trần Nguyễn Đăng Khoa", "")
    assert not declaration.identity_documents.exists()


def test_what_is_missing_may_wait_when_saving_for_later(client, draft):
    response = client.post(url(draft, "person"), {**PERSON, "sex": "", "later": "1"})
    assert response.url == reverse("my_requests")
    assert again(draft).declaration.date_of_birth == "1990-03-27"
    assert "Đã lưu" in client.get(response.url).text


def test_what_is_wrong_is_not_saved_for_later_either(client, draft):
    assert client.post(url(draft, "person"), {**PERSON, "full_name": "9", "later": "1"}).status_code == 422


def test_a_change_from_the_check_page_leads_straight_back(client, complete):
    html = client.get(reverse("request_check", args=[complete.code])).text
    assert f"{url(complete, 'family')}?check=1" in html
    response = client.post(f"{url(complete, 'family')}?check=1", {"father_name": "Nguyễn Văn Khác"})
    assert response.url == reverse("request_check", args=[complete.code])


# --- Lists ---------------------------------------------------------------------------------------------------------


def test_a_gap_is_shown_in_its_place_and_can_be_filled(client, draft):
    client.post(url(draft, "person"), PERSON)
    client.post(url(draft, "residences"), stay(("3", "2004"), ("6", "2013"), more="1"))
    response = client.post(url(draft, "residences"), stay(("1", "2014")))
    assert response.status_code == 422
    html = response.text
    assert "Thêm nơi bạn ở từ 07/2013 đến 12/2013." in MISTAKES.search(html)[0]
    assert html.index("03/2004 – 06/2013") < html.index('id="gap-1"') < html.index("01/2014 – nay")
    filling = re.search(r'href="([^"]*from=2013-07[^"]*)"', html)[1].replace("&amp;", "&").split("#")[0]
    opened = client.get(filling).text
    assert re.search(r'name="from_month_month" value="07"', opened)
    assert re.search(r'name="to_month_year" value="2013"', opened)
    response = client.post(filling, stay(("7", "2013"), ("12", "2013")))
    assert response.url == url(draft, "family")


def test_an_entry_is_changed_and_removed(client, draft):
    client.post(url(draft, "person"), PERSON)
    client.post(url(draft, "residences"), stay(("3", "2004")))
    opened = client.get(url(draft, "residences", 1)).text
    assert "Số 12 phố Ví Dụ" in opened
    client.post(url(draft, "residences", 1), stay(("3", "2004"), address="Số 99 phố Mới"))
    [row] = again(draft).declaration.residences.all()
    assert row.address == "Số 99 phố Mới"
    client.post(reverse("request_remove_row", args=[draft.code, "residences", 1]))
    assert not again(draft).declaration.residences.exists()


@pytest.mark.parametrize("position", [0, 2, 999])
def test_an_entry_that_is_not_there_is_not_found(client, complete, position):
    assert client.get(url(complete, "residences", position)).status_code == 404
    assert client.post(reverse("request_remove_row", args=[complete.code, "residences", position])).status_code == 404


def test_a_list_that_is_empty_is_not_passed(client, draft):
    response = client.post(url(draft, "documents"), {"entry": "1"})
    assert response.status_code == 422
    assert "Chọn loại giấy tờ." in response.text


def test_a_number_that_does_not_agree_is_a_warning_and_stops_nothing(client, draft):
    client.post(url(draft, "person"), PERSON)
    response = client.post(url(draft, "documents"), {**CARD, "number": "001185990315"})
    assert response.status_code == 302
    html = client.get(url(draft, "documents")).text
    assert "Năm sinh trong số định danh khác năm sinh đã khai." in html
    assert "error-summary" not in html


def test_the_gap_is_measured_from_the_birthday_and_without_one_the_page_says_what_to_do(client, draft):
    assert "khai ngày sinh" in client.get(url(draft, "residences")).text
    client.post(url(draft, "person"), PERSON)
    assert "03/2004" in client.get(url(draft, "residences")).text


# --- Checking and sending ------------------------------------------------------------------------------------------


def test_sending_needs_the_oath(client, complete):
    response = client.post(reverse("request_submit", args=[complete.code]), {})
    assert response.status_code == 422
    assert response.text.count("Đánh dấu vào ô cam đoan để gửi.") == 2
    assert "<title>Lỗi: " in response.text
    assert again(complete).state == "draft"


def test_what_is_missing_is_a_link_to_the_page_and_box(client, draft):
    html = client.get(reverse("request_check", args=[draft.code])).text
    assert f'href="{url(draft, "person")}?check=1#id_sex_0"' in html
    response = client.post(reverse("request_submit", args=[draft.code]), {"sworn": "1"})
    assert response.status_code == 422
    summary = MISTAKES.search(response.text)[0]
    for words in ("Chọn giới tính.", "Nhập ngày sinh", "Nhập ít nhất một giấy tờ", "Chọn cách nhận kết quả."):
        assert words in summary
    assert again(draft).state == "draft"


def test_a_draft_left_half_way_is_gone_on_with_and_not_sent(client, draft):
    """Its name in the list led to a page that called itself the last step, whose only button could but fail."""
    actions.save_declaration(draft, by=draft.filed_by, fields={"filed_as": "self"}, page="who")
    resume = reverse("request_resume", args=[draft.code])
    assert f'<h3><a href="{resume}">' in client.get(reverse("my_requests")).text
    check = reverse("request_check", args=[draft.code])
    for response in (client.get(check), client.post(reverse("request_submit", args=[draft.code]))):
        assert f'<a class="button" href="{url(draft, "kind")}">Khai tiếp' in response.text
        assert "chưa khai xong" in response.text and "chỗ chưa xong" in response.text
        assert "Bước cuối cùng" not in response.text


def test_who_lacks_nothing_is_not_sent_back(client, complete):
    """Though a page may not have been left with “Tiếp tục”: what is complete can be sent."""
    actions.save_declaration(complete, by=complete.filed_by, fields={"filed_as": "self"}, page="who")
    html = client.get(reverse("request_check", args=[complete.code])).text
    assert "Khai tiếp" not in html and "rồi bấm “Gửi yêu cầu”" in html


@pytest.mark.parametrize("verb", ["submit", "supplement", "certificate"])
def test_coming_back_to_the_address_of_an_act_does_nothing(client, complete, verb):
    response = client.get(reverse(f"request_{verb}", args=[complete.code]))
    assert response.status_code == 302
    assert again(complete).state == "draft"


def test_sending_twice_sends_once(client, complete):
    send = reverse("request_submit", args=[complete.code])
    client.post(send, {"sworn": "1"})
    response = client.post(send, {"sworn": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("request_sent", args=[complete.code])
    assert "Đã gửi yêu cầu" in response.text
    assert again(complete).steps.filter(step="submit").count() == 1


def test_a_sent_request_has_no_pages_for_filling_in(client, complete):
    client.post(reverse("request_submit", args=[complete.code]), {"sworn": "1"})
    response = client.post(url(complete, "person"), {**PERSON, "full_name": "Người Khác"})
    assert response.url == complete.get_absolute_url()
    assert again(complete).declaration.full_name == "Nguyễn Văn Thử"


def test_a_second_open_request_for_the_same_person_is_warned_about(client, complete, citizen):
    client.post(reverse("request_submit", args=[complete.code]), {"sworn": "1"})
    second = actions.create_draft(by=citizen, account=citizen)
    actions.save_declaration(second, by=citizen, fields=factories.complete_fields(), rows=factories.complete_rows())
    html = client.get(reverse("request_check", args=[second.code])).text
    assert "Bạn đang có một hồ sơ cùng loại chưa xong." in html
    send = reverse("request_submit", args=[second.code])
    refused = client.post(send, {"sworn": "1"})
    assert refused.status_code == 422
    assert "Đánh dấu nếu bạn vẫn muốn yêu cầu thêm" in MISTAKES.search(refused.text)[0]
    assert client.post(send, {"sworn": "1", "again": "1"}).status_code == 302


def test_type_2_for_work_is_warned_about(client, complete, citizen):
    actions.save_declaration(complete, by=citizen, fields={"certificate_type": 2, "purpose": "work"})
    assert "Xin việc chỉ cần số 1." in client.get(reverse("request_check", args=[complete.code])).text


def test_a_draft_can_be_thrown_away(client, draft):
    page = reverse("request_delete", args=[draft.code])
    assert client.get(page).status_code == 200
    assert client.post(page).url == reverse("my_requests")
    assert not CertificateRequest.objects.exists()


@pytest.mark.parametrize(
    ("begun", "until"), [("15:30", "31/01/2027"), ("23:30", "31/01/2027"), ("03:00", "31/01/2027")]
)
def test_a_draft_is_there_to_the_end_of_the_day_that_was_promised(client, citizen, begun, until):
    """By the clocks of Viet Nam, whatever the hour at which it was begun and at which old drafts are thrown away."""
    at = datetime.fromisoformat(f"2026-11-02T{begun}:00+07:00")
    draft = actions.create_draft(by=citizen, account=citizen, at=at)
    response = client.post(url(draft, "person"), {**PERSON, "later": "1"}, follow=True)
    assert f"đến hết ngày {until}." in response.text
    last_hour = datetime(2027, 1, 31, 23, 59, tzinfo=clock.LOCAL)
    assert actions.drop_old_drafts(last_hour).done == 0
    assert actions.drop_old_drafts(last_hour + timedelta(minutes=2)).done == 1
