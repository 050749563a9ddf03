"""What waits and why, one press to try again, and the switch that stops issuing."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from certificates.models import IssuingStop
from lltp_portal.audit.models import AuditEvent
from requests import clock, tasks
from requests.messaging import quiet
from requests.models import Issuance, Message, SourceSearch
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/board/waiting/"


@pytest.fixture
def parked():
    """A search that was broken off too often."""
    certificate_request = factories.request_in("received")
    SourceSearch.objects.filter(request=certificate_request).update(
        parked_at=timezone.now(), crashes=5, attempts=3, last_cause="Xử lý bị ngắt nhiều lần liên tiếp."
    )
    return SourceSearch.objects.get(request=certificate_request)


@pytest.fixture
def rung(monkeypatch):
    """What workers were woken for."""
    heard = []
    for task in (tasks.search_records, tasks.prepare_certificate, tasks.sign_certificate):
        monkeypatch.setattr(task, "apply_async", lambda args, task=task, **_: heard.append((task.name, *args)))
    return heard


def retry(client, row, kind="search"):
    address = f"{PAGE}{row.request.code}/{kind}/retry/"
    return client.post(address, {"source": getattr(row, "source", "")}, follow=True)


def test_the_page_says_what_waits_since_when_why_and_what_comes_next(client, parked):
    waiting = factories.request_in("received")
    SourceSearch.objects.filter(request=waiting).update(
        last_cause="Cơ sở dữ liệu trung ương không trả lời.",
        attempts=2,
        next_try_at=timezone.now() + timedelta(hours=1),
    )
    client.force_login(factories.make_staff("national_administrator"))
    page = client.get(PAGE).text
    assert "Bị dừng" in page and parked.last_cause in page and parked.request.dossier_number in page
    assert "Cơ sở dữ liệu trung ương không trả lời." in page and waiting.dossier_number in page
    assert page.count("Chạy lại<") == 1
    assert page.index(parked.request.dossier_number) < page.index(waiting.dossier_number)


def test_one_press_puts_a_parked_search_back_and_rings(client, parked, rung, django_capture_on_commit_callbacks):
    administrator = factories.make_staff("authority_administrator")
    client.force_login(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        page = retry(client, parked)
    assert "Đã cho hồ sơ" in page.text
    row = SourceSearch.objects.get(pk=parked.pk)
    assert (row.parked_at, row.crashes) == (None, 0)
    assert rung == [("requests.tasks.search_records", row.pk)]
    assert AuditEvent.objects.get(verb="retry_parked").actor == administrator


def test_one_press_puts_a_parked_certificate_back(client, rung, django_capture_on_commit_callbacks):
    certificate_request = factories.request_in("signing")
    Issuance.objects.filter(pk=certificate_request.pk).update(parked_at=timezone.now(), crashes=5)
    client.force_login(factories.make_staff("national_administrator"))
    with django_capture_on_commit_callbacks(execute=True):
        retry(client, Issuance.objects.get(pk=certificate_request.pk), kind="issuance")
    assert Issuance.objects.get(pk=certificate_request.pk).parked_at is None
    assert rung == [("requests.tasks.prepare_certificate", certificate_request.pk)]


def test_a_row_that_is_parked_no_longer_is_left_alone(client, parked, rung):
    SourceSearch.objects.filter(pk=parked.pk).update(parked_at=None, lease_until=timezone.now() + timedelta(minutes=1))
    client.force_login(factories.make_staff("national_administrator"))
    assert "không còn bị dừng" in retry(client, parked).text
    assert SourceSearch.objects.get(pk=parked.pk).lease_until is not None


def test_an_administrator_of_another_office_neither_sees_nor_retries_it(client, parked):
    client.force_login(factories.make_staff("authority_administrator", authority=factories.department("48")))
    assert parked.request.dossier_number not in client.get(PAGE).text
    assert retry(client, parked).status_code == 404
    assert SourceSearch.objects.get(pk=parked.pk).parked_at is not None


@pytest.mark.parametrize("kind", ["search", "issuance", "other"])
def test_a_row_that_does_not_exist_is_not_found(client, kind):
    client.force_login(factories.make_staff("national_administrator"))
    assert client.post(f"{PAGE}YC-0000000000000000/{kind}/retry/", {"source": "\0"}).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "verifying_clerk", "approver"])
def test_only_administrators_press_anything(client, parked, role):
    client.force_login(factories.make_staff(role))
    assert retry(client, parked).status_code == 404
    for switch in ("stop", "resume"):
        assert client.post(f"{PAGE}{switch}/", {"reason": "Thử"}).status_code == 403
    assert SourceSearch.objects.get(pk=parked.pk).parked_at is not None and not IssuingStop.objects.exists()


def test_the_nations_administrator_pulls_and_releases_the_switch_and_every_office_reads_why(client):
    nation, office = factories.make_staff("national_administrator"), factories.make_staff("authority_administrator")
    client.force_login(nation)
    assert "Nhập lý do" in client.post(f"{PAGE}stop/", {"reason": " \0 "}, follow=True).text
    assert not IssuingStop.objects.exists()
    client.post(f"{PAGE}stop/", {"reason": "Chứng thư số sắp hết hạn."})
    assert "từ trước" in client.post(f"{PAGE}stop/", {"reason": "Lần nữa"}, follow=True).text
    assert IssuingStop.objects.pulled().get().pulled_by == nation

    client.force_login(office)
    page = client.get(PAGE).text
    assert "Chứng thư số sắp hết hạn." in page and "Cho cấp Phiếu trở lại" not in page
    assert client.post(f"{PAGE}resume/").status_code == 403

    client.force_login(nation)
    assert "tự chạy tiếp" in client.post(f"{PAGE}resume/", follow=True).text
    assert not IssuingStop.objects.pulled().exists()


def test_the_page_costs_the_same_however_much_waits(client, django_assert_max_num_queries):
    for _ in range(3):
        factories.request_in("received")
    client.force_login(factories.make_staff("national_administrator"))
    with django_assert_max_num_queries(15):  # session, user, roles, switch, circuit, one a kind of row, one at night
        client.get(PAGE)


def test_a_message_that_was_broken_off_too_often_is_shown_and_freed_by_one_press(client, monkeypatch):
    heard = []
    monkeypatch.setattr(tasks.send_message, "apply_async", lambda args, **_: heard.append(args[0]))
    message = Message.objects.get(request=factories.file_request(), channel="email")
    other = Message.objects.get(request=factories.file_request(), channel="email")
    for row in (message, other):
        Message.objects.filter(pk=row.pk).update(parked_at=timezone.now(), crashes=5)
    client.force_login(factories.make_staff("national_administrator"))
    assert "Thư và tin nhắn" in client.get(PAGE).text
    address = f"{PAGE}{message.request.code}/message/retry/"
    assert client.post(address, {"source": "không phải mã"}).status_code == 404
    assert client.post(address, {"source": str(other.send_key)}).status_code == 404
    client.post(address, {"source": str(message.send_key)})
    assert Message.objects.get(pk=message.pk).parked_at is None
    assert Message.objects.get(pk=other.pk).parked_at is not None


@pytest.mark.parametrize(("hour", "rests"), [(23, 1), (9, 0)])
def test_mail_that_only_waits_for_the_morning_is_no_work_that_stands_still(client, hour, rests):
    at = clock.local_day(timezone.now()) + timedelta(days=1)
    moment = datetime.combine(at, time(hour), clock.LOCAL)
    Message.objects.filter(request=factories.file_request()).exclude(channel="portal").update(
        next_try_at=quiet.earliest(moment + timedelta(minutes=1)), attempts=0
    )
    failing = Message.objects.get(request=factories.file_request(), channel="email")
    Message.objects.filter(pk=failing.pk).update(
        next_try_at=moment + timedelta(hours=1), attempts=2, last_cause="Máy chủ thư không nhận."
    )
    resting = Message.objects.get(channel="email", attempts=0)
    with time_machine.travel(moment, tick=False):
        client.force_login(factories.make_staff("national_administrator"))
        answer = client.get(PAGE)
    group = next(one for one in answer.context["groups"] if one["kind"] == "message")
    assert group["resting"] == rests
    shown = {item["row"].pk for item in group["rows"] if item["row"].channel == "email"}
    assert shown == ({failing.pk} if rests else {failing.pk, resting.pk})
    assert ("tin của giờ yên lặng tự gửi từ" in answer.text) is bool(rests)
