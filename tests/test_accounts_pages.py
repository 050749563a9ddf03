"""Opening an account, signing in and out, a new password: in Vietnamese, with the error beside its field."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from lltp_portal.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "mat-khau-thu-2026"
ENGLISH = re.compile(r"\b(password|email address|sign in|required|please|too short|too common|incorrect|must)\b", re.I)


def words(response) -> str:
    """What a reader sees on the screen: the page without its tags and the line that is only printed."""
    return re.sub(r'<p class="print-only">[^<]*</p>|<[^>]+>|&#x27;', " ", response.text)


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
)
def test_a_page_for_everybody_speaks_vietnamese(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert not ENGLISH.search(words(response))
    assert "placeholder" not in response.text


@pytest.mark.parametrize("name", ["account_change_password", "account_logout", "account_email"])
def test_a_page_of_ones_own_account_speaks_vietnamese(client, name):
    client.force_login(factories.make_citizen(password=PASSWORD))
    response = client.get(reverse(name), follow=True)
    assert response.status_code == 200
    assert not ENGLISH.search(words(response))


def test_an_account_is_opened_for_a_citizen_and_nobody_else(client):
    typed = {"full_name": "Nguyễn Thị Mới", "email": "Moi@vi-du.example", "password1": PASSWORD}
    response = client.post(reverse("account_signup"), {**typed, "is_staff_member": "on", "authority": "1"})
    assert response.status_code == 302
    user = User.objects.get(email="moi@vi-du.example")
    assert (user.full_name, user.is_staff_member, user.authority) == ("Nguyễn Thị Mới", False, None)
    assert user.roles == {"citizen"}


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ({"full_name": ""}, "Nhập họ và tên"),
        ({"email": "abc"}, "ten@vi-du.example"),
        ({"email": ""}, "Nhập thư điện tử"),
        ({"password1": ""}, "Nhập mật khẩu"),
        ({"password1": "ab1"}, "ít nhất 8 ký tự"),
        ({"password1": "iloveyou"}, "quá nhiều người dùng"),
        ({"password1": "94716038251"}, "không được chỉ gồm chữ số"),
    ],
)
def test_a_mistake_when_opening_an_account_is_said_at_the_top_and_at_the_field(client, typed, remedy):
    good = {"full_name": "Nguyễn Thị Mới", "email": "moi@vi-du.example", "password1": PASSWORD}
    response = client.post(reverse("account_signup"), {**good, **typed})
    assert "<title>Lỗi: " in response.text
    assert 'class="error-summary"' in response.text
    assert remedy in words(response)
    assert not ENGLISH.search(words(response))
    assert not User.objects.filter(email="moi@vi-du.example").exists()


def test_a_wrong_password_does_not_tell_whether_the_address_is_known(client):
    factories.make_citizen(email="co@vi-du.example", password=PASSWORD)
    said = {
        address: words(client.post(reverse("account_login"), {"login": address, "password": "sai-mat-khau-1"}))
        for address in ("co@vi-du.example", "khong@vi-du.example")
    }
    for address, text in said.items():
        assert "Thư điện tử hoặc mật khẩu không đúng" in text
        assert not ENGLISH.search(text.replace(address, ""))


def test_signing_in_leads_to_ones_own_work(client):
    factories.make_citizen(email="co@vi-du.example", password=PASSWORD)
    typed = {"login": "CO@vi-du.example", "password": PASSWORD}
    response = client.post(reverse("account_login"), typed, follow=True)
    assert response.redirect_chain[-1][0] == reverse("my_requests")


def test_signing_out_is_a_post(client):
    client.force_login(factories.make_citizen())
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("my_requests")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("my_requests")).status_code == 302


def test_a_new_password_is_set_through_the_letter(client):
    factories.make_citizen(email="co@vi-du.example", password=PASSWORD)
    client.post(reverse("account_reset_password"), {"email": "co@vi-du.example"})
    [letter] = mail.outbox
    assert not ENGLISH.search(letter.subject + letter.body.replace("/password/", ""))
    link = re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]
    page = client.get(link, follow=True)
    assert not ENGLISH.search(words(page))
    address = page.redirect_chain[-1][0]
    wrong = client.post(address, {"password1": "mat-khau-moi-2026", "password2": "khac-han-2026"})
    assert not ENGLISH.search(words(wrong))
    client.post(address, {"password1": "mat-khau-moi-2026", "password2": "mat-khau-moi-2026"})
    assert User.objects.get(email="co@vi-du.example").check_password("mat-khau-moi-2026")
