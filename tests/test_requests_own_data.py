"""C17: what is kept about me, who looked at any of it, the file to take away; nobody else's."""

import json

import pytest
from django.urls import reverse

from lltp_portal.audit.models import AuditEvent
from requests.models import PaymentEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen(client):
    user = factories.make_citizen(full_name="Trần Nguyễn Đăng Khoa")
    client.force_login(user)
    return user


def test_nothing_but_the_account_is_kept_of_a_newcomer(client, citizen):
    html = client.get(reverse("own_data")).text
    assert "Ngoài tài khoản, chúng tôi chưa giữ gì về bạn." in html
    assert citizen.email in html
    assert "Chưa có ai xem." in html
    assert json.loads(client.post(reverse("export_own_data")).content)["requests"] == []


def test_the_page_lists_my_requests_and_who_looked_at_any_of_them(client, citizen):
    office = factories.make_office()
    mine = [factories.request_in(state, by=citizen, office=office) for state in ("draft", "submitted")]
    theirs = factories.request_in("submitted", office=office)
    for request in (mine[1], theirs):
        AuditEvent.objects.record("read_paper", actor=office.verifying_clerk, subject=request.code)
    html = client.get(reverse("own_data")).text
    assert all(request.code in html for request in mine)
    assert theirs.code not in html
    assert html.count("Xem giấy tờ của hồ sơ") == 1
    assert "Nghị định 356/2025/NĐ-CP" in html
    assert office.verifying_clerk.full_name not in html
    whole = client.get(reverse("own_readers")).text
    assert mine[1].code in whole
    assert theirs.code not in whole


def test_messages_are_counted_as_the_inbox_shows_them(client, citizen):
    """What went by e-mail as well was counted twice."""
    request = factories.request_in("received", by=citizen)
    shown = request.messages.in_portal().count()
    assert 0 < shown < request.messages.count()
    assert f"{shown} tin nhắn" in client.get(reverse("own_data")).text


def test_the_file_has_everything_about_my_requests_and_nothing_of_others(client, citizen):
    office = factories.make_office()
    mine = factories.request_in("issued", by=citizen, office=office)
    theirs = factories.request_in("submitted", office=office)
    response = client.post(reverse("export_own_data"))
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="du-lieu-cua-toi-')
    assert response.headers["Cache-Control"] == "no-store, private"
    file = json.loads(response.content)
    assert file["account"]["email"] == citizen.email
    [told] = file["requests"]
    assert told["code"] == mine.code
    assert told["declaration"]["full_name"] == mine.declaration.full_name
    assert [step["step"] for step in told["history"]] == [step.step for step in mine.history()]
    assert [paper["kind"] for paper in told["papers"]] == [paper.kind for paper in mine.papers.order_by("seq")]
    assert len(told["papers"]) > 0
    assert [row["amount"] for row in told["payments"]] == [
        row.amount for row in PaymentEntry.objects.filter(request=mine)
    ]
    assert len(told["payments"]) == 1
    assert len(told["messages"]) == mine.messages.count() > 0
    assert told["certificate"] == {"number": mine.certificate.number_text, "code": mine.certificate.code}
    assert any(reading["purpose"] == "Cấp Phiếu lý lịch tư pháp" for reading in told["readings"])
    text = response.content.decode()
    assert theirs.code not in text
    for clerk in (office.intake_clerk, office.verifying_clerk, office.approver):
        assert clerk.full_name not in text


def test_a_link_never_starts_the_file_and_taking_it_is_written_down(client, citizen):
    assert client.get(reverse("export_own_data")).url == reverse("own_data")
    assert not AuditEvent.objects.filter(verb="export_own_data").exists()
    client.post(reverse("export_own_data"))
    [event] = AuditEvent.objects.filter(verb="export_own_data")
    assert event.actor == citizen


@pytest.mark.parametrize("name", ["own_data", "own_readers", "export_own_data"])
def test_somebody_not_signed_in_is_sent_to_sign_in(client, db, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_the_bar_of_the_account_leads_there(client, citizen):
    assert f'href="{reverse("own_data")}"' in client.get(reverse("my_requests")).text
