"""“Who looked at my record?”: every reading, by unit, role, purpose and time; never a name; only for who files."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from lltp_portal.audit.models import AuditEvent
from requests.readers import READING, readings, told
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen():
    return factories.make_citizen(full_name="Trần Nguyễn Đăng Khoa")


def list_of(client, citizen, request, page=1):
    client.force_login(citizen)
    return client.get(reverse("request_readers", args=[request.code]), {"page": page})


def test_every_kind_of_reading_is_told(client, citizen):
    office = factories.make_office()
    request = factories.request_in("reviewing", by=citizen, office=office)
    for verb in READING:
        AuditEvent.objects.record(verb, actor=office.verifying_clerk, subject=request.code)
    html = list_of(client, citizen, request).text
    for words in {str(words) for words in READING.values()}:
        assert words in html
    assert "Cơ sở dữ liệu trung ương, tự động" in html
    assert "Cấp Phiếu lý lịch tư pháp" in html  # what the central database was asked for
    assert f"{office.verifying_clerk.authority.name}, chuyên viên thẩm tra" in html
    assert office.verifying_clerk.full_name not in html
    assert reverse("request_complaint", args=[request.code]) in html


def test_no_verb_of_reading_is_written_that_is_not_told():
    written = set()
    for app in ("requests", "records", "certificates", "lltp_portal"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            written |= set(re.findall(r'\.record\(\s*"((?:view|read)_\w+)"', text))
    assert written == set(READING)


@pytest.mark.parametrize(("role", "state"), [("intake_clerk", "submitted"), ("approver", "reviewing")])
def test_opening_the_desk_is_a_reading_also_where_no_findings_are_shown(client, citizen, role, state):
    office = factories.make_office()
    request = factories.request_in(state, by=citizen, office=office)
    page = "approver_request" if role == "approver" else "clerk_request"
    client.force_login(getattr(office, role))
    before = readings([request.code]).count()
    assert client.get(reverse(page, args=[request.code])).status_code == 200
    assert readings([request.code]).count() == before + 1
    newest = told(readings([request.code])[:1])[0]
    assert newest.purpose == "Xem hồ sơ"
    assert newest.who.startswith(office.verifying_clerk.authority.name)


def test_my_own_looking_is_not_listed(client, citizen):
    request = factories.request_in("submitted", by=citizen)
    client.force_login(citizen)
    client.get(request.get_absolute_url())
    assert "Chưa có ai xem." in list_of(client, citizen, request).text


def test_a_long_list_has_pages_and_the_status_page_shows_the_last_five(client, citizen):
    office = factories.make_office()
    request = factories.request_in("submitted", by=citizen, office=office)
    for number in range(30):
        AuditEvent.objects.record(
            "view_findings", actor=office.verifying_clerk, subject=request.code, purpose=f"Lần đọc {number:02}"
        )
    first, second = list_of(client, citizen, request).text, list_of(client, citizen, request, page=2).text
    assert re.findall(r"Lần đọc (\d\d)", first) == [f"{number:02}" for number in range(29, 4, -1)]
    assert re.findall(r"Lần đọc (\d\d)", second) == ["04", "03", "02", "01", "00"]
    status = client.get(request.get_absolute_url()).text
    assert re.findall(r"Lần đọc (\d\d)", status) == ["29", "28", "27", "26", "25"]
    assert "Xem cả 30 lần" in status
    assert reverse("request_readers", args=[request.code]) in status


def test_the_list_costs_the_same_for_one_as_for_many(client, citizen, django_assert_num_queries):
    office = factories.make_office()
    request = factories.request_in("submitted", by=citizen, office=office)
    AuditEvent.objects.record("read_request", actor=office.intake_clerk, subject=request.code)
    with django_assert_num_queries(3):
        told(readings([request.code])[:25])
    for _ in range(10):
        AuditEvent.objects.record("read_request", actor=office.intake_clerk, subject=request.code)
    with django_assert_num_queries(3):
        assert len(told(readings([request.code])[:25])) == 11


def test_nobody_else_reads_who_looked(client, citizen):
    office = factories.make_office()
    request = factories.request_in("reviewing", by=citizen, office=office)
    for other in (factories.make_citizen(), office.verifying_clerk):
        client.force_login(other)
        assert client.get(reverse("request_readers", args=[request.code])).status_code == 404
