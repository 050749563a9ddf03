"""What a log line may say: ids, never numbers, rows or codes of certificates."""

import json
import logging
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, transaction

from lltp_portal.accounts.actions import set_password_link
from lltp_portal.logs import JsonLines, masked
from requests.models import Declaration
from tests import factories

NAME = "Nguyễn Văn Kín"  # not in the lines that a traceback shows


@pytest.mark.parametrize(
    "written",
    [
        "số 001090990001 của ông An",
        "số 001 090 990001",
        "CMND 012345678",
        "DETAIL:  Failing row contains (1, Nguyễn Văn An, 27/03/1990).",
        "DETAIL:  Failing row contains (1, một dòng\nNguyễn Văn An).",
        'invalid input syntax for type integer: "Nguyễn Văn An"',
        "Not Found: /c/9HS9YCRS0QGTANWKZE1TZ2KZ97",
        "<WSGIRequest: GET '/c/9HS9YCRS0QGTANWKZE1TZ2KZ97'>",
        "/accounts/password/reset/key/3-cz1abc-9HS9YCRS0QGTANWK/",
        "Not Found: /accounts/confirm-email/Mw:1vMabc:9HS9YCRS0QGTANWK/",
    ],
)
def test_personal_data_is_masked(written):
    shown = masked(written)
    for secret in ("001090990001", "990001", "012345678", "Nguyễn", "9HS9YCRS"):
        assert secret not in shown


@pytest.mark.parametrize(
    "written",
    [
        "YC-9HS9YCRS0QGTANWK",
        "pid 12345",
        "2026-11-22",
        "/requests/",
        "đã hỏi 3 lần",
        "search_records[3344481d-4711-4812-9be0-012345678901] succeeded",
    ],
)
def test_what_helps_an_operator_stays(written):
    assert masked(written) == written


@pytest.mark.django_db
def test_the_link_that_sets_a_password_is_not_in_the_log_of_addresses(client, caplog):
    """Good for days, and for whoever has it: a log is read by more people than a mailbox."""
    address = urlsplit(set_password_link(factories.make_staff("auditor"))).path
    key = address.rstrip("/").rpartition("-")[2]
    with caplog.at_level(logging.INFO):
        assert client.get(address).status_code == 302
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("/accounts/password/reset/key/…" in line for line in lines)
    assert not any(key in line for line in lines)


def test_a_line_is_one_json_object_with_its_ids_and_a_masked_exception():
    try:
        raise ValueError("001090990001\nDETAIL: Key (email)=(an@vi-du.example)")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "hỏng %s", ("001090990001",), (None, error, None))
        record.exc_info = (type(error), error, error.__traceback__)
    record.pk = 7
    written = JsonLines().format(record)
    line = json.loads(written)
    assert "\n" not in written
    assert line["pk"] == 7
    assert line["message"] == "hỏng [số đã che]"
    assert "001090990001" not in line["exception"]
    assert "an@vi-du" not in line["exception"]


@pytest.mark.django_db
def test_an_error_of_the_database_is_told_without_the_row(rf):
    declaration = factories.journey().request.declaration
    try:
        with transaction.atomic():
            Declaration.objects.filter(pk=declaration.pk).update(full_name=f"An\n{NAME}", certificate_type=3)
    except IntegrityError as error:
        assert NAME in str(error)
        words = f"Task raised unexpected: {error!r}\n{error}"
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, words, (), (type(error), error, None))
        record.exc_info = (type(error), error, error.__traceback__)
    record.request = rf.get("/staff/", {"q": NAME})
    written = JsonLines().format(record)
    assert "declaration_type_known" in written
    assert "The above exception was the direct cause" in written
    assert "Văn Kín" not in written
