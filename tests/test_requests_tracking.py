"""Public tracking: two codes tell a word and a day, and whatever does not fit looks the same."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lltp_portal.wording import full_day
from requests import tracking
from requests.models import CertificateRequest
from tests import factories

pytestmark = pytest.mark.django_db
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|value="[^"]*"|\d\d:\d\d, [^.<]*|language[^<]*')


def ask(client, number, secret):
    return client.post(reverse("track"), {"number": number, "secret": secret})


def main_part(response) -> str:
    """The page without what was typed, tokens and the time."""
    return TOKENS.sub("", re.search(r"<main.*</main>", response.text, re.S)[0])


WORDS = {
    "submitted": "Đã gửi, chờ tiếp nhận",
    "awaiting_payment": "Chờ nộp phí",
    "received": "Đang tra cứu",
    "reviewing": "Đang kiểm tra",
    "consulting": "Đang kiểm tra",
    "needs_supplement": "Chờ bổ sung",
    "verified": "Chờ ký",
    "refused": "Không được tiếp nhận",
    "withdrawn": "Đã rút",
    "stopped": "Đã dừng xử lý",
}


@pytest.mark.parametrize("state", WORDS)
def test_the_two_codes_tell_the_state_and_the_promised_day_and_nothing_else(client, state):
    request = factories.request_in(state)
    html = main_part(ask(client, request.code, request.tracking_code))
    assert f"<h2>{WORDS[state]}</h2>" in html
    still_promised = state in {"received", "reviewing", "consulting", "verified"}
    assert ("Hẹn trả" in html) == still_promised
    if still_promised:
        assert full_day(request.due_at) in html
    told = [request.declaration.full_name, request.authority.name, str(request.dossier_number), request.code]
    assert [words for words in told if words in html] == []


def test_a_day_that_has_passed_is_not_promised(client):
    request = factories.request_in("reviewing")
    CertificateRequest.objects.filter(pk=request.pk).update(due_at=timezone.now() - timedelta(days=3))
    html = main_part(ask(client, request.code, request.tracking_code))
    assert "Đã quá hẹn" in html and "Hẹn trả" not in html


def test_a_certificate_that_is_there_is_told_without_its_number(client):
    request = factories.request_in("issued")
    html = main_part(ask(client, request.code, request.tracking_code))
    assert "<h2>Đã cấp</h2>" in html
    assert request.certificate.number_text not in html
    assert "án tích" not in html


def test_what_does_not_fit_is_answered_alike_with_as_many_queries(client):
    draft, followed = factories.request_in("draft"), factories.request_in("reviewing")
    pairs = {
        "an unknown code": ("YC-0000000000000000", followed.tracking_code),
        "no code at all": ("xin chào", "không biết"),
        "a wrong secret": (followed.code, "00000000"),
        "the secret of another": (followed.code, draft.tracking_code),
        "a draft": (draft.code, draft.tracking_code),
        "an unknown secret's stand-in": ("YC-0000000000000000", "UUUUUUUU"),
    }
    answers = {}
    for name, (number, secret) in pairs.items():
        with CaptureQueriesContext(connection) as asked:
            response = ask(client, number, secret)
        about_requests = [row for row in asked.captured_queries if "certificaterequest" in row["sql"]]
        assert len(about_requests) == 1, name
        answers[name] = (response.status_code, main_part(response), len(asked))
    assert len({(status, html) for status, html, _ in answers.values()}) == 1
    assert {status for status, _, _ in answers.values()} == {200}
    with CaptureQueriesContext(connection) as asked:
        ask(client, followed.code, followed.tracking_code)
    assert {number for _, _, number in answers.values()} == {len(asked)}


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: f" {code[:3]}{' '.join(code[3:])} ",
        lambda code: "-".join(code[at : at + 4] for at in range(0, len(code), 4)),
        lambda code: code.removeprefix("YC-").replace("0", "O").replace("1", "I"),
        lambda code: code.replace("1", "l").replace("0", "o"),
        lambda code: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code),
    ],
)
def test_codes_are_taken_as_people_type_them(client, monkeypatch, typed):
    monkeypatch.setattr("requests.models.request.random_code", lambda length: "01AB01CD01EF01GH"[:length])
    request = factories.request_in("submitted")
    assert (request.code, request.tracking_code) == ("YC-01AB01CD01EF01GH", "01AB01CD")
    html = ask(client, typed(request.code), typed(request.tracking_code)).text
    assert "Đã gửi, chờ tiếp nhận" in html


def test_the_number_on_the_receipt_will_do_for_the_code(client):
    request = factories.request_in("received")
    number = f" {request.dossier_number.lower().replace('-', '–')} "
    assert "Đang tra cứu" in ask(client, number, request.tracking_code).text
    assert tracking.whereabouts(request.dossier_number, "00000000") is None


def test_neither_code_is_taken_from_an_address_or_led_to(client):
    request = factories.request_in("submitted")
    response = client.get(reverse("track"), {"number": request.code, "secret": request.tracking_code})
    assert (response.status_code, response.headers["Location"]) == (302, reverse("track"))
    answered = ask(client, request.code, request.tracking_code)
    assert answered.status_code == 200  # an answer, not a redirect to an address that would have to name it
    assert answered.headers["Cache-Control"] == "no-store, private"
    assert 'method="get"' not in answered.text


def test_the_form_can_be_sent_by_a_browser(client):
    """Under “no-referrer” a browser sends `Origin: null` with a form, which the guard against forged forms refuses."""
    assert client.get(reverse("track")).headers["Referrer-Policy"] == "same-origin"


def test_the_log_has_neither_code(client, caplog):
    request = factories.request_in("submitted")
    caplog.clear()
    with caplog.at_level("DEBUG", logger="lltp_portal"):
        ask(client, request.code, request.tracking_code)
    told = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("lltp_portal"))
    assert "/track/" in told
    assert request.tracking_code not in told
    assert request.code not in told


def test_an_empty_form_says_what_is_missing_beside_the_field_and_above(client):
    response = ask(client, "", "")
    assert response.status_code == 422
    assert response.text.count("Nhập mã theo dõi, bắt đầu bằng YC.") == 2
    assert response.text.count("Nhập mã bí mật, 8 chữ và số.") == 2
    assert "<title>Lỗi: " in response.text


def test_one_code_cannot_be_tried_from_everywhere(client):
    request = factories.request_in("submitted")
    for number in range(20):
        assert client.post(
            reverse("track"), {"number": request.code, "secret": f"{number:08}"}, REMOTE_ADDR=f"203.0.113.{number}"
        )
    last = {"number": request.code.lower(), "secret": request.tracking_code}
    refused = client.post(reverse("track"), last, REMOTE_ADDR="203.0.113.99")
    assert refused.status_code == 429
    assert "Bạn đã hỏi quá nhiều lần" in refused.text
    assert "Đã gửi" not in refused.text
    other = factories.request_in("submitted")
    assert "Đã gửi" in ask(client, other.code, other.tracking_code).text


def test_one_address_cannot_try_many_codes(client):
    for number in range(30):
        assert ask(client, f"YC-{number:016}", "00000000").status_code == 200
    assert ask(client, "YC-7777777777777777", "00000000").status_code == 429
    away = client.post(reverse("track"), {"number": "YC-1", "secret": "2"}, REMOTE_ADDR="203.0.113.7")
    assert away.status_code == 200


def test_every_state_but_a_draft_has_its_words():
    for state in CertificateRequest.state.field.choices:
        if state[0] != "draft":
            assert all(tracking._words(state[0]))
