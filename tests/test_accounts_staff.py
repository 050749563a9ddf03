"""Staff accounts are made by an administrator's command, with a person behind each, and a link to set the password."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from lltp_portal.accounts.models import User, person_key
from lltp_portal.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NUMBER = "001085990123"


def create_staff(monkeypatch, *arguments, number=NUMBER) -> str:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(number + "\n"))
    call_command("create_staff", *arguments, stdout=out)
    return out.getvalue()


def somebody(role="verifying_clerk", **changes) -> list[str]:
    told = {"email": "can-bo@vi-du.example", "name": "Đỗ Thị Kiểm", "role": role, "office": "01"} | changes
    return [f"--{name}={value}" for name, value in told.items() if value is not None]


def test_the_person_sets_a_password_by_the_link_and_signs_in(client, monkeypatch, settings):
    link = create_staff(monkeypatch, *somebody()).splitlines()[-1]
    user = User.objects.get(email="can-bo@vi-du.example")
    assert (user.roles, user.authority.province_code, user.has_usable_password()) == ({"verifying_clerk"}, "01", False)
    assert user.person_key == person_key(NUMBER)
    page = client.get(link.removeprefix(settings.PUBLIC_BASE_URL), follow=True)
    password = "mot-mat-khau-dai-2026"
    client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
    assert client.login(email="can-bo@vi-du.example", password=password)


def test_the_number_is_nowhere_but_in_the_key(monkeypatch):
    shown = create_staff(monkeypatch, *somebody())
    event = AuditEvent.objects.get(verb="create_staff")
    assert NUMBER not in shown + str(event.details) + event.subject


@pytest.mark.parametrize(
    ("arguments", "number", "words"),
    [
        (somebody(office=None), NUMBER, "cần có cơ quan"),
        (somebody("auditor"), NUMBER, "không có cơ quan"),
        (somebody(office="99"), NUMBER, "No office"),
        (somebody(), "12345", "12 chữ số"),
        ([*somebody(), "--role=auditor"], NUMBER, "hai tài khoản"),
    ],
)
def test_what_does_not_fit_is_refused_and_nobody_is_made(monkeypatch, arguments, number, words):
    with pytest.raises(CommandError, match=words):
        create_staff(monkeypatch, *arguments, number=number)
    assert not User.objects.filter(email="can-bo@vi-du.example").exists()


def test_an_address_is_used_once(monkeypatch):
    create_staff(monkeypatch, *somebody())
    with pytest.raises(CommandError, match="Đã có tài khoản"):
        create_staff(monkeypatch, *somebody(email="CAN-BO@vi-du.example"))


def test_the_nation_has_no_office(monkeypatch):
    create_staff(monkeypatch, *somebody("national_administrator", office=None))
    assert User.objects.get(email="can-bo@vi-du.example").authority is None
