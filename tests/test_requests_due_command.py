"""manage.py due: the vectors of the law, what it says on the way, and what it makes of bad input."""

import pytest
from django.core.management import CommandError, call_command

from lltp_portal.calendars import actions
from tests import factories

pytestmark = pytest.mark.django_db


def due(capsys, received: str, *options: str, deadline_class: str = "normal", regime: str = "P2") -> list[str]:
    call_command("due", "--received", received, "--class", deadline_class, "--regime", regime, *options)
    return capsys.readouterr().out.splitlines()


SUPPLEMENT = ("--pause", "2024-06-06T10:00/2024-06-11T15:00")


@pytest.mark.parametrize(
    ("received", "deadline_class", "regime", "options", "last"),
    [
        ("2024-06-14T09:00", "normal", "P2", (), "2024-06-28T17:00:00+07:00"),
        ("2024-06-14T17:30", "normal", "P2", (), "2024-07-01T17:00:00+07:00"),
        ("2024-08-26T10:00", "normal", "P2", (), "2024-09-11T17:00:00+07:00"),
        ("2024-06-14T16:00", "urgent", "P2", (), "2024-06-15T16:00:00+07:00"),
        ("2024-06-03T09:00", "normal", "P2", (), "2024-06-17T17:00:00+07:00"),
        ("2024-06-03T09:00", "normal", "P2", SUPPLEMENT, "2024-06-20T17:00:00+07:00"),
        ("2026-11-20T10:00", "normal", "P4", (), "2026-11-30T17:00:00+07:00"),
        ("2024-04-22T09:00", "normal", "P0", (), "2024-05-08T17:00:00+07:00"),
        ("2024-04-22T09:00", "extended", "P3", (), "2024-05-15T17:00:00+07:00"),
        ("2025-12-31T09:00", "normal", "P1", (), "2026-01-15T17:00:00+07:00"),
        ("2024-06-14T02:00+00:00", "normal", "P2", (), "2024-06-28T17:00:00+07:00"),
        (
            "2024-06-03T09:00",
            "urgent",
            "P2",
            ("--pause", "2024-06-03T10:00/2024-06-03T12:30", "--pause", "2024-06-04T08:00/2024-06-04T09:00"),
            "2024-06-04T12:30:00+07:00",
        ),
    ],
)
def test_the_last_line_is_the_due_moment(capsys, received, deadline_class, regime, options, last):
    assert due(capsys, received, *options, deadline_class=deadline_class, regime=regime)[-1] == last


def test_it_says_how_the_moment_comes_about(capsys):
    lines = due(capsys, "2024-04-27T09:00", "--pause", "2024-05-03T10:00/2024-05-06T15:00")
    assert lines == [
        "Lịch: toàn quốc. Quy định P2, loại thường.",
        "Tiếp nhận: 09:00, Thứ Bảy 27/04/2024.",
        "Ngày tiếp nhận (ngày 0): Thứ Năm, 02/05/2024, vì Thứ Bảy, 27/04/2024 là ngày nghỉ.",
        "Thời hạn: 10 ngày làm việc, tính từ ngày làm việc sau ngày tiếp nhận.",
        "Có tính: Thứ Bảy, 04/05/2024, Làm bù theo lịch hoán đổi.",
        "Tạm dừng chờ bổ sung từ 10:00, Thứ Sáu 03/05/2024 đến 15:00, Thứ Hai 06/05/2024: "
        "không tính 2 ngày làm việc (sau ngày yêu cầu, đến hết ngày trả lời).",
        "Ngoài thứ Bảy, Chủ nhật, không có ngày nghỉ nào trong thời hạn.",
        "Hẹn trả: 17:00, Thứ Sáu 17/05/2024.",
        "2024-05-17T17:00:00+07:00",
    ]


def test_days_left_out_are_named(capsys):
    lines = due(capsys, "2024-08-26T10:00")
    assert "Không tính: Thứ Hai, 02/09/2024, Quốc khánh." in lines
    assert "Không tính: Thứ Ba, 03/09/2024, Quốc khánh." in lines
    assert not [line for line in lines if line.startswith("Ngoài")]


def test_after_closing_is_said(capsys):
    assert "vì nhận sau giờ đóng cửa 17:00" in due(capsys, "2024-06-14T17:30")[2]


def test_without_a_regime_the_law_of_the_day_holds(capsys, settings):
    call_command("due", "--received", "2026-11-20T10:00")
    assert capsys.readouterr().out.splitlines()[-1] == "2026-12-07T17:00:00+07:00"
    settings.LLTP_REGIME = "calendar"
    call_command("due", "--received", "2026-11-20T10:00")
    assert capsys.readouterr().out.splitlines()[-1] == "2026-11-30T17:00:00+07:00"


def test_a_year_without_holidays_is_said_to_have_none(capsys):
    assert "lịch chưa có ngày nghỉ lễ của năm 2035" in due(capsys, "2035-03-01T09:00")[-2]


@pytest.mark.parametrize("code", ["H26.12", "h26", "01"])
def test_an_office_is_named_by_its_dossier_identifier_or_its_province(capsys, code):
    administrator = factories.make_staff("authority_administrator")
    from datetime import date, time

    words = {"kind": "off", "name": "Nghỉ của cơ quan", "source": "Thông báo 2"}
    actions.set_day(by=administrator, authority=administrator.authority, day=date(2024, 6, 18), **words)
    actions.set_hours(
        by=administrator,
        authority=administrator.authority,
        valid_from=date(2024, 1, 1),
        weekdays=[0, 1, 2, 3, 4],
        intervals=((time(7), time(15, 30)),),
    )
    lines = due(capsys, "2024-06-14T09:00", "--authority", code)
    assert lines[-1] == "2024-07-01T15:30:00+07:00"
    assert "Sở Tư pháp thành phố Hà Nội" in lines[0]
    assert "Không tính: Thứ Ba, 18/06/2024, Nghỉ của cơ quan." in lines
    assert due(capsys, "2024-06-14T09:00", "--authority", "H22.12")[-1] == "2024-06-28T17:00:00+07:00"


def test_the_national_centre_has_a_calendar_too(capsys):
    lines = due(capsys, "2024-06-14T09:00", "--authority", "national_centre")
    assert "Trung tâm Lý lịch tư pháp quốc gia" in lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Thiếu --received"),
        (["--received", "14/06/2024"], "--received: “14/06/2024” không phải là ngày giờ"),
        (["--received", "2024-06-14"], "không phải là ngày giờ"),
        (["--received", "2023-02-29T09:00"], "không phải là ngày giờ"),
        (["--received", "２024-06-14T09:00"], "không phải là ngày giờ"),
        (["--received", "1999-06-14T09:00"], "năm phải từ 2010"),
        (["--received", "2024-06-14T09:00", "--class", "slow"], "--class: “slow” không có"),
        (["--received", "2024-06-14T09:00", "--regime", "P9"], "không có quy định “P9”"),
        (["--received", "2024-06-14T09:00", "--authority", "H99"], "không có cơ quan nào có mã “H99”"),
        (["--received", "2024-06-14T09:00", "--authority", ""], "không có cơ quan"),
        (["--received", "2024-06-14T09:00", "--pause", "2024-06-17T09:00"], "thiếu dấu /"),
        (["--received", "2024-06-14T09:00", "--pause", "2024-06-17T09:00/x"], "--pause: “x” không phải là ngày giờ"),
        (
            ["--received", "2024-06-14T09:00", "--pause", "2024-06-13T09:00/2024-06-17T09:00"],
            "phải sau khi tiếp nhận",
        ),
        (["--received", "2024-06-14T09:00", "--pause", "2024-06-18T09:00/2024-06-17T09:00"], "phải sau lúc yêu cầu"),
        (
            [
                *("--received", "2024-06-14T09:00"),
                *("--pause", "2024-06-17T09:00/2024-06-19T09:00"),
                *("--pause", "2024-06-18T09:00/2024-06-20T09:00"),
            ],
            "sau lần trả lời trước",
        ),
    ],
)
def test_bad_input_is_explained_and_ends_with_two(arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        call_command("due", *arguments)
    assert refused.value.returncode == 2
