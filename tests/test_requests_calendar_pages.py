"""The calendar's pages over HTTP: who opens them, what they show, that nothing is written before it is confirmed."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from lltp_portal.audit.models import AuditEvent
from lltp_portal.calendars import actions as calendar_actions
from lltp_portal.calendars.models import OpeningHours, SpecialDay
from lltp_portal.calendars.seed import calendar_of, national_calendar
from requests import actions, clock, tasks
from requests.models import CertificateRequest
from tests import factories

pytestmark = pytest.mark.django_db
STORM = {
    "day_day": "14",
    "day_month": "10",
    "day_year": "2026",
    "kind": "off",
    "name": "Nghỉ bão",
    "source": "Công điện 1 ngày 13/10/2026",
}
HOURS = {
    "valid_from_day": "19",
    "valid_from_month": "10",
    "valid_from_year": "2026",
    "weekdays": ["0", "4"],
    "morning_from": "7h30",
    "morning_to": "11:30",
    "afternoon_from": "13 giờ",
    "afternoon_to": "16：30",
}
MONDAY = datetime(2026, 10, 5, 9, tzinfo=clock.LOCAL)
DUE = datetime(2026, 10, 19, 17, tzinfo=clock.LOCAL)
DAY = date(2026, 10, 14)


@pytest.fixture
def rung(monkeypatch):
    heard = []
    monkeypatch.setattr(tasks.recompute_due, "apply_async", lambda args, **_: heard.append(args[0]))
    return heard


@pytest.fixture
def nation(client):
    user = factories.make_staff("national_administrator")
    client.force_login(user)
    return user


@pytest.fixture
def hanoi(client):
    user = factories.make_staff("authority_administrator")
    client.force_login(user)
    return user


def received(state: str = "reviewing") -> CertificateRequest:
    return factories.request_in(state, at=MONDAY - timedelta(minutes=50))


# --- Who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "year", "edit"),
    [
        ("national_administrator", 200, 200),
        ("authority_administrator", 200, 200),
        ("auditor", 200, 403),
        ("intake_clerk", 403, 403),
        ("approver", 403, 403),
        ("citizen", 403, 403),
    ],
)
def test_administrators_edit_auditors_look_nobody_else(client, role, year, edit):
    client.force_login(factories.make_citizen() if role == "citizen" else factories.make_staff(role))
    assert client.get(reverse("calendar")).status_code == year
    for name, body in (("calendar_day", STORM), ("calendar_hours", HOURS)):
        assert client.get(reverse(name)).status_code == edit
        assert client.post(reverse(name), {**body, "confirm": "1"}).status_code == (302 if edit == 200 else 403)
    assert SpecialDay.objects.filter(day=DAY).exists() is (edit == 200)
    assert OpeningHours.objects.exists() is (edit == 200)


def test_what_an_offices_administrator_saves_is_their_offices_alone(client, hanoi):
    client.post(reverse("calendar_day"), {**STORM, "confirm": "1", "authority": "", "office": "1"})
    assert SpecialDay.objects.get(day=DAY).authority == hanoi.authority
    assert national_calendar().is_working(DAY)


def test_without_a_sign_in_there_is_only_the_sign_in(client):
    for name in ("calendar", "calendar_day", "calendar_hours"):
        assert client.get(reverse(name)).url.startswith("/accounts/login/")


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_the_year_lists_its_days_with_where_the_office_differs(client, hanoi):
    words = {"name": "Trực Tết", "source": "Quyết định 7"}
    calendar_actions.set_day(by=hanoi, authority=hanoi.authority, day=date(2026, 2, 16), kind="plain", **words)
    page = client.get(reverse("calendar") + "?year=2026")
    lines = {line.day: line for line in page.context["lines"]}
    assert lines[date(2026, 1, 10)].national.kind == "working_saturday"
    assert lines[date(2026, 2, 16)].own.kind == "plain" and lines[date(2026, 2, 16)].national.kind == "off"
    assert lines[date(2026, 11, 24)].own is None
    for text in ("Trực Tết", "Quyết định 7", "Ngày Văn hóa Việt Nam", "08:00–12:00, 13:00–17:00", "Theo toàn quốc"):
        assert text in page.text


def test_a_year_without_days_says_so_and_any_year_in_the_address_is_answered(client, nation):
    assert "còn trống" in client.get(reverse("calendar") + "?year=2035").text
    for text in ("0", "9999", "x", "-1", "20260"):
        assert client.get(reverse("calendar") + f"?year={text}").status_code == 200


def test_people_of_the_nation_look_at_any_offices_calendar_and_edit_their_own(client, nation):
    office = factories.department()
    administrator = factories.make_staff("authority_administrator")
    calendar_actions.set_day(
        by=administrator, authority=office, day=DAY, kind="off", name="Nghỉ bão", source="Công điện 1"
    )
    page = client.get(reverse("calendar"))
    assert list(page.context["differing"]) == [office] and page.context["may_edit"]
    page = client.get(reverse("calendar") + f"?year=2026&office={office.pk}")
    assert "Nghỉ bão" in page.text and not page.context["may_edit"]
    for text in ("99999", "x", "9" * 30):
        assert client.get(reverse("calendar") + f"?office={text}").status_code == 404


# --- A day ------------------------------------------------------------------------------------------------------------


def test_a_change_is_shown_with_its_effect_and_written_when_confirmed(
    client, nation, rung, django_capture_on_commit_callbacks
):
    requests = [received(), received("verified"), received("issued")]
    page = client.post(reverse("calendar_day"), STORM)
    assert "2 hồ sơ đang mở đổi ngày hẹn." in page.text and page.context["moved"] == 2
    assert not SpecialDay.objects.filter(day=DAY).exists()
    kept = dict(page.context["kept"])
    assert kept == STORM
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("calendar_day"), {**kept, "confirm": "1"})
    assert done.url == "/staff/calendar/?year=2026" and rung == [0]
    row = SpecialDay.objects.get(day=DAY)
    assert (row.authority, row.kind, row.name, row.changed_by) == (None, "off", "Nghỉ bão", nation)
    actions.recompute_due()
    due = [CertificateRequest.objects.get(pk=request.pk).due_at for request in requests]
    assert due == [DUE + timedelta(days=1), DUE + timedelta(days=1), DUE]
    assert AuditEvent.objects.about("calendar:VN").count() == 1


def test_going_back_keeps_what_was_typed(client, nation):
    page = client.post(reverse("calendar_day"), {**STORM, "again": "1"})
    assert page.status_code == 200 and 'value="Nghỉ bão"' in page.text and 'value="14"' in page.text
    assert not SpecialDay.objects.filter(day=DAY).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day_day": "31", "day_month": "9"}, "không có ngày 31/09/2026"),
        ({"day_year": ""}, "Nhập năm"),
        ({"day_year": "1990"}, "từ năm 2010"),
        ({"kind": ""}, "Chọn ngày này là ngày gì."),
        ({"kind": "working_saturday"}, "chỉ thứ Bảy, Chủ nhật mới là ngày làm bù"),
        ({"kind": "plain"}, "vốn là ngày thường"),
        ({"name": ""}, "Nhập tên ngày"),
        ({"name": "x" * 121}, "nhiều nhất 120"),
        ({"source": ""}, "Nhập căn cứ"),
        ({"name": "a\0b"}, "ký tự lạ"),
    ],
)
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}], ids=["preview", "confirm"])
def test_a_day_that_makes_no_sense_is_explained_beside_its_field(client, nation, changes, words, confirm):
    before = SpecialDay.objects.count()
    page = client.post(reverse("calendar_day"), {**STORM, **changes, **confirm})
    assert page.status_code == 400 and page.text.count(words) == 2
    assert "<title>Lỗi: " in page.text and SpecialDay.objects.count() == before


def test_a_seeded_day_is_opened_as_it_is_and_removed_by_making_it_plain(client, nation):
    page = client.get(reverse("calendar_day") + "?day=2026-11-24")
    assert 'value="Ngày Văn hóa Việt Nam"' in page.text and 'value="seed"' not in page.text
    typed = {
        "day_day": "24",
        "day_month": "11",
        "day_year": "2026",
        "kind": "plain",
        "name": "Không nghỉ",
        "source": "Văn bản 9",
    }
    client.post(reverse("calendar_day"), {**typed, "confirm": "1"})
    assert national_calendar().is_working(date(2026, 11, 24))
    assert 'value="Văn bản 9"' in client.get(reverse("calendar_day") + "?day=2026-11-24").text
    assert client.get(reverse("calendar_day") + "?day=nonsense").status_code == 200


def test_an_office_follows_the_nation_again_after_seeing_what_it_does(client, hanoi, rung):
    client.post(reverse("calendar_day"), {**STORM, "confirm": "1"})
    actions.recompute_due()
    request = received()
    assert request.due_at == DUE + timedelta(days=1)
    page = client.post(reverse("calendar_day"), {"follow": "2026-10-14"})
    assert "1 hồ sơ đang mở đổi ngày hẹn." in page.text and SpecialDay.objects.filter(day=DAY).exists()
    client.post(reverse("calendar_day"), {**dict(page.context["kept"]), "confirm": "1"})
    assert not SpecialDay.objects.filter(day=DAY).exists()
    again = client.post(reverse("calendar_day"), {"follow": "2026-10-14", "confirm": "1"}, follow=True)
    assert "đã theo lịch toàn quốc" in again.text
    assert client.post(reverse("calendar_day"), {"follow": "x"}).status_code == 404


def test_the_nation_has_nobody_to_follow(client, nation):
    answer = client.post(reverse("calendar_day"), {"follow": "2026-11-24", "confirm": "1"})
    assert answer.status_code == 404 and not national_calendar().is_working(date(2026, 11, 24))


# --- Hours ------------------------------------------------------------------------------------------------------------


def test_hours_are_shown_with_their_effect_and_written_when_confirmed(client, hanoi):
    request = received()
    page = client.post(reverse("calendar_hours"), HOURS)
    assert page.context["moved"] == 1 and not OpeningHours.objects.exists()
    for words in ("Thứ Hai, Thứ Sáu", "07:30–11:30, 13:00–16:30", "16:30", hanoi.authority.name):
        assert words in page.text
    client.post(reverse("calendar_hours"), {**HOURS, "confirm": "1"})
    assert calendar_of(hanoi.authority).closing(date(2026, 10, 19)) == time(16, 30)
    assert calendar_of(hanoi.authority).closing(date(2026, 10, 20)) == time(17)
    actions.recompute_due()
    assert CertificateRequest.objects.get(pk=request.pk).due_at == DUE.replace(hour=16, minute=30)
    assert "16:30" in client.get(reverse("calendar_hours")).text


def test_one_half_day_is_enough(client, hanoi):
    typed = {**HOURS, "afternoon_from": "", "afternoon_to": "", "confirm": "1"}
    assert client.post(reverse("calendar_hours"), typed).status_code == 302
    assert calendar_of(hanoi.authority).open_on(date(2026, 10, 23)) == ((time(7, 30), time(11, 30)),)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_from_day": ""}, "Nhập ngày"),
        ({"weekdays": []}, "Chọn ít nhất một ngày"),
        ({"weekdays": ["9"]}, "Chọn lại"),
        ({"morning_from": "8 rưỡi"}, "Sửa giờ mở cửa buổi sáng"),
        ({"morning_from": "25:00"}, "Sửa giờ mở cửa buổi sáng"),
        ({"afternoon_to": ""}, "Nhập đủ giờ mở cửa và đóng cửa buổi chiều"),
        ({"morning_from": "12:00"}, "Giờ phải theo thứ tự"),
        ({"afternoon_from": "11:00"}, "Giờ phải theo thứ tự"),
        ({name: "" for name in HOURS if "noon" in name or "morning" in name}, "buổi sáng hoặc buổi chiều"),
    ],
)
def test_hours_that_make_no_sense_are_explained_beside_their_field(client, hanoi, changes, words):
    page = client.post(reverse("calendar_hours"), {**HOURS, **changes, "confirm": "1"})
    assert page.status_code == 400 and page.text.count(words) >= 2
    assert not OpeningHours.objects.exists()
    going_back = client.post(reverse("calendar_hours"), {**HOURS, "again": "1"})
    assert 'value="7h30"' in going_back.text
