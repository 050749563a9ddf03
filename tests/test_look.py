"""The look's promises: budgets, fonts that know Vietnamese, no script, words instead of colours alone."""

import gzip
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from fontTools.ttLib import TTFont

from lltp_portal import icons, wording
from lltp_portal.forms_look import MonthParts, PartsField, mistakes, plain_digits
from lltp_portal.templatetags import look

STATIC = Path(settings.BASE_DIR) / "lltp_portal" / "static" / "lltp_portal"
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
WEB = [path for path in TEMPLATES if "pdf" not in path.parts]
VIETNAMESE = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYaăâbcdđeêghiklmnoôơpqrstuưvxy" + "".join(map(chr, range(0x1EA0, 0x1EFA)))


def test_the_style_sheet_and_the_fonts_stay_within_their_budgets():
    assert len(gzip.compress((STATIC / "portal.css").read_bytes())) <= 12 * 1024
    assert sum(font.stat().st_size for font in (STATIC / "fonts").glob("*.woff2")) <= 50 * 1024


@pytest.mark.parametrize("weight", [400, 600])
def test_the_fonts_have_every_vietnamese_letter(weight):
    letters = TTFont(STATIC / "fonts" / f"be-vietnam-pro-{weight}.woff2").getBestCmap()
    assert [letter for letter in VIETNAMESE + "ÀÁẢÃẠàáảãạÈÉÌÍÒÓÙÚÝ₫–—“”•…≈≠≤≥−×" if ord(letter) not in letters] == []


@pytest.mark.parametrize("weight", [400, 600])
def test_the_companion_digits_are_all_of_one_width(weight):
    font = TTFont(STATIC / "fonts" / f"be-vietnam-pro-digits-{weight}.woff2")
    digits = font.getBestCmap()
    assert set(digits) == set(range(0x30, 0x3A))
    assert {font["hmtx"][digits[codepoint]][0] for codepoint in digits} == {650}


@pytest.mark.parametrize("path", WEB, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_no_template_has_a_script_or_a_style_of_its_own(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|https?://", text)


@pytest.mark.parametrize("path", WEB, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_pages_ask_for_certificates_and_never_beg(path):
    assert "xin cấp" not in path.read_text(encoding="utf-8").lower()


def test_every_class_that_a_template_names_is_in_the_style_sheet():
    css = (STATIC / "portal.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.([a-z][\w-]*)", css))
    written = set()
    for path in WEB:
        for value in re.findall(r'class="([^"{}]*)"', path.read_text(encoding="utf-8")):
            written |= set(value.split())
    assert written - known == set()


@pytest.mark.parametrize("name", icons.ICONS)
def test_an_icon_is_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in icons.icon(name)


# --- Error pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", ["404.html", "403_csrf.html", "429.html", "500.html", "503.html"])
def test_an_error_page_asks_no_database(template):
    """No `db` mark: a query would fail this test."""
    html = render_to_string(template, request=RequestFactory().get("/"))
    assert "<h1>" in html
    assert 'lang="vi"' in html


def test_the_page_of_a_bug_gives_a_reference_to_read_out(client):
    from lltp_portal.pages import server_error

    request = RequestFactory().get("/")
    request.reference = "a1b2c3d4e5f6"
    response = server_error(request)
    assert response.status_code == 500
    assert "a1b2c3d4e5f6" in response.text


# --- Dates in parts ------------------------------------------------------------------------------------------------


class Months(PartsField):
    widget = MonthParts
    of = ""


class Sheet(forms.Form):
    born = PartsField(label="Ngày sinh", what="ngày sinh", example="27/03/1990", year_only=True)
    since = Months(label="Từ tháng", what="bắt đầu ở", example="03/2004", required=False)


def sheet(day="", month="", year="", since=("", "")):
    typed = {"born_day": day, "born_month": month, "born_year": year, "since_month": since[0], "since_year": since[1]}
    return Sheet(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("27", "3", "1990"), "1990-03-27"),
        (("２７", "０３", "１９９０"), "1990-03-27"),
        ((" 7", "12 ", "2000"), "2000-12-07"),
        (("29", "2", "2024"), "2024-02-29"),
        (("", "", "1950"), "1950"),
    ],
)
def test_a_date_is_kept_as_text(typed, kept):
    form = sheet(*typed)
    assert form.is_valid()
    assert form.cleaned_data["born"] == kept


@pytest.mark.parametrize(
    ("typed", "words", "part"),
    [
        (("29", "2", "2023"), "không có ngày 29/02/2023, tháng 2 năm 2023 chỉ có 28 ngày", 0),
        (("31", "4", "1990"), "tháng 4 năm 1990 chỉ có 30 ngày", 0),
        (("27", "13", "1990"), "tháng của ngày sinh bằng số từ 1 đến 12", 1),
        (("27", "", "1990"), "Nhập tháng của ngày sinh, ví dụ 03", 1),
        (("", "3", "1990"), "Nhập ngày của ngày sinh, ví dụ 27", 0),
        (("27", "3", "90"), "bằng bốn chữ số", 2),
        (("27", "3", ""), "Nhập năm của ngày sinh, ví dụ 1990", 2),
        (("5/3/1990", "3", "1990"), "ngày của ngày sinh bằng số từ 1 đến 31", 0),
        (("", "", ""), "Nhập ngày sinh, ví dụ 27/03/1990", 0),
    ],
)
def test_a_date_that_is_not_one_is_explained_at_its_first_bad_box(typed, words, part):
    form = sheet(*typed)
    [mistake] = mistakes(form)
    assert words in mistake.words
    assert mistake.href == f"#id_born_{part}"
    html = str(form["born"].as_field_group())
    assert mistake.words in html
    for box in typed:
        assert not box or f'value="{box}"' in html
    wrong = re.findall(r'id="id_born_(\d)"[^>]*', html)
    marked = [
        number for number in wrong if re.search(rf'<input[^>]*aria-invalid="true"[^>]*id="id_born_{number}"', html)
    ]
    assert marked == ([str(part)] if any(typed) else ["0", "1", "2"])


def test_a_month_is_kept_as_text_and_may_be_left_out():
    assert sheet("", "", "1990", ("3", "2004")).fields["since"].clean(["3", "2004"]) == "2004-03"
    form = sheet("", "", "1990")
    assert form.is_valid()
    assert form.cleaned_data["since"] == ""


def test_digits_are_taken_as_people_write_them():
    assert plain_digits("００１ 090.990-315\u00a0") == "001090990315"


# --- Words ---------------------------------------------------------------------------------------------------------


def test_days_moments_and_money_are_said_as_here():
    moment = datetime(2026, 11, 19, 2, 5, tzinfo=UTC)
    assert wording.full_moment(moment) == "09:05, Thứ Năm 19/11/2026"
    assert wording.full_day(date(2026, 12, 11)) == "Thứ Sáu, 11/12/2026"
    assert wording.full_day(datetime(2026, 12, 10, 18, 0, tzinfo=UTC)) == "Thứ Sáu, 11/12/2026"
    assert wording.dong(1_234_567) == "1.234.567\u00a0đ"
    assert wording.grouped_number("001090990315") == "001 090 990315"
    assert wording.grouped_phone("0912345678") == "0912\u00a0345\u00a0678"
    assert wording.partial_date("1990-03") == "03/1990"
    assert look.tel("(024) 3999 0190") == "tel:+842439990190"


@pytest.mark.parametrize(
    ("left", "paused", "level", "words"),
    [
        (-1, False, "late", "Quá hạn 1 ngày"),
        (0, False, "today", "Hôm nay, 17:00"),
        (1, False, "soon", "Còn 1 ngày"),
        (4, False, "ok", "Còn 4 ngày"),
        (-3, True, "paused", "Tạm dừng"),
        (None, False, "go", "Chưa tính hạn"),
    ],
)
def test_a_due_badge_says_in_words_what_its_colour_says(left, paused, level, words):
    badge = wording.due_badge(left, paused=paused)
    html = render_to_string("components/_due_badge.html", {"badge": badge})
    assert badge.level == level
    assert words in html
    assert "<svg" in html


def test_a_code_may_be_broken_but_is_copied_whole():
    html = look.breakable("YC-7K3M9QD2XT4BR8HN")
    assert html.replace("<wbr>", "") == "YC-7K3M9QD2XT4BR8HN"
    assert html.count("<wbr>") == 4
