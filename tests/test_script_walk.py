"""The walk's own small browser, and how it says what failed. The walk itself is run by script/demo."""

import importlib.util
import json
import subprocess
import sys

import httpx2
import pytest

from script.local.places import PYTHON, ROOT

# The walk is run as a program that imports its neighbour by name; its folder has no place on the tests' path.
_found = importlib.util.spec_from_file_location("walk_pages", ROOT / "script" / "local" / "pages.py")
pages = importlib.util.module_from_spec(_found)
sys.modules["walk_pages"] = pages  # dataclasses look for their module there
_found.loader.exec_module(pages)

HTML = """<!doctype html><title>Trang</title>
<div class="error-summary" id="error-summary"><h2>Có 1 chỗ cần sửa</h2>
<div><a href="#number">Số 001090990011 sai.</a></div></div>
<form method="post" action="/gui/" id="main"><input type="hidden" name="version" value="7">
<input type="radio" name="sex" value="male"><input type="radio" name="sex" value="female" checked>
<input type="checkbox" name="sworn" value="1"><input name="number" value="12">
<select name="province"><option value="">Chọn</option><option value="01" selected>Hà Nội</option></select>
<select name="purpose"><option value="work">Việc</option><option value="visa">Thị thực</option></select>
<textarea name="note">
hai
dòng</textarea>
<button name="later" value="1">Để sau</button></form>
<script>var hidden = "không đọc";</script>
<button form="main" formaction="/khac/"><svg><title>dấu</title></svg> Xác nhận, chuyển ký</button>
<a href="/staff/YC-1/">Mở <b>hồ sơ</b></a>"""


@pytest.fixture
def page():
    request = httpx2.Request("GET", "http://127.0.0.1:1/trang/")
    return pages.Page(httpx2.Response(422, html=HTML, request=request))


def test_a_form_is_sent_as_it_stands_with_its_hidden_fields(page):
    form, _ = page.button("Để sau")
    assert form.values == {
        "version": ["7"],
        "sex": ["female"],
        "number": ["12"],
        "province": ["01"],
        "purpose": ["work"],
        "note": ["hai\ndòng"],
    }


def test_only_what_the_form_asks_is_answered(page):
    form = page.form_with("sex", "sworn").fill(sex="male", sworn="1", elsewhere="x")
    assert (form.values["sex"], form.values["sworn"]) == (["male"], ["1"])
    assert "elsewhere" not in form.values


def test_a_button_outside_its_form_belongs_to_it_and_may_lead_elsewhere(page):
    form, button = page.button("Xác nhận")
    assert (form.form_id, button.action) == ("main", "/khac/")


def test_links_are_found_by_a_part_of_their_address(page):
    assert page.link("YC-1") == "/staff/YC-1/"
    assert page.reader.links[-1][1] == "Mở hồ sơ"


def test_what_is_wrong_is_told_in_the_pages_own_words_without_numbers_of_people(page):
    assert page.why() == "status 422 at /trang/: Có 1 chỗ cần sửa Số … sai."
    assert "không đọc" not in page.words


def walk(home, *arguments):
    return subprocess.run(
        [PYTHON, "script/local/walk.py", "--out", str(home / "out"), *arguments],
        cwd=ROOT,
        env={"LLTP_HOME": str(home), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
    )


def test_a_step_that_fails_is_named_with_its_reason_and_the_walk_ends_with_1(tmp_path):
    (tmp_path / "run").mkdir()
    person = {"email": "a@vi-du.example", "password": "x", "date_of_birth": "1990-01-01"}
    (tmp_path / "run" / "demo.json").write_text(json.dumps({"people": {"nguoidan": person}}))
    done = walk(tmp_path, "--base-url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "FAILED  nguoidan: đăng nhập: no answer at /accounts/login/: ConnectError" in done.stderr


def test_without_sign_ins_the_walk_says_where_it_looked(tmp_path):
    done = walk(tmp_path, "--base-url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "demo.json cannot be read" in done.stderr
