"""/api/v1/requests/: what a program may do for its person, what it may not, and what it reads when it errs."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from requests.api.bodies import DeclarationBody
from requests.models import CertificateRequest, DeclaredDocument, RequestStep
from tests import factories
from tests.api_calls import REQUESTS, caller, complete_body


@pytest.fixture
def citizen(db):
    return factories.make_citizen()


@pytest.fixture
def api(citizen, client):
    """The citizen's program: call(method, path, body, **headers) → response."""
    client.force_login(citizen)
    return caller(client)


def _draft(api, **changes):
    response = api("POST", REQUESTS, complete_body(**changes))
    assert response.status_code == 201, response.json()
    return response.json()


# --- The straight line ---------------------------------------------------------------------------------------------


def test_a_request_is_drafted_sent_followed_and_withdrawn(api, citizen):
    draft = _draft(api)
    address = f"{REQUESTS}{draft['code']}/"
    assert draft["state"] == "draft" and draft["declaration"]["other_names"] == ["Nguyễn Thử"]

    sent = api("POST", f"{address}submit/")
    assert (sent.status_code, sent.json()["state"]) == (200, "awaiting_payment")
    assert sent.json()["authority"]["name"] == factories.department("01").name
    assert sent.json()["fee_amount"] == 200_000 and sent.json()["declaration"]["frozen_at"]

    assert api("GET", address).json() == sent.json()
    withdrawn = api("POST", f"{address}withdraw/", {"reason": "Không cần nữa."}).json()
    assert withdrawn["state"] == "withdrawn"
    assert [step["step"] for step in withdrawn["history"]] == ["submit", "ask_payment", "withdraw"]
    assert withdrawn["history"][-1]["reason"] == "Không cần nữa."
    assert CertificateRequest.objects.get(code=draft["code"]).filed_by == citizen


def test_create_answers_with_the_address_of_the_draft_and_times_with_their_offset(api):
    response = api("POST", REQUESTS, {})
    assert response.headers["Location"].endswith(f"{REQUESTS}{response.json()['code']}/")
    assert response.json()["created_at"].endswith("+07:00")


def test_put_replaces_the_whole_declaration_of_a_draft(api):
    draft = _draft(api)
    address = f"{REQUESTS}{draft['code']}/declaration/"
    changed = api("PUT", address, {"full_name": "Lê Thị Khác", "copies": 3}).json()["declaration"]
    assert (changed["full_name"], changed["copies"]) == ("Lê Thị Khác", 3)
    assert changed["phone"] == "" and changed["identity_documents"] == [] and changed["nationality"] == "VN"


def test_a_sent_declaration_cannot_be_replaced(api):
    draft = _draft(api)
    api("POST", f"{REQUESTS}{draft['code']}/submit/")
    refused = api("PUT", f"{REQUESTS}{draft['code']}/declaration/", complete_body(full_name="Lê Khác"))
    assert (refused.status_code, refused.json()["code"]) == (409, "step_not_allowed")
    assert CertificateRequest.objects.get(code=draft["code"]).declaration.full_name == "Nguyễn Văn Thử"


def test_submit_names_every_field_that_is_missing_and_changes_nothing(api):
    code = api("POST", REQUESTS, {"full_name": "Nguyễn Văn Thử"}).json()["code"]
    refused = api("POST", f"{REQUESTS}{code}/submit/")
    assert refused.status_code == 400 and refused.json()["code"] == "invalid"
    assert {"date_of_birth", "identity_documents", "purpose", "delivery"} <= set(refused.json()["fields"])
    certificate_request = CertificateRequest.objects.get(code=code)
    assert certificate_request.state == "draft" and certificate_request.declaration.frozen_at is None


def test_a_request_that_was_sent_cannot_be_sent_again(api):
    code = _draft(api)["code"]
    api("POST", f"{REQUESTS}{code}/submit/")
    refused = api("POST", f"{REQUESTS}{code}/submit/")
    assert (refused.status_code, refused.json()["code"]) == (409, "step_not_allowed")
    assert RequestStep.objects.filter(request__code=code, step="submit").count() == 1


# --- What may not be sent --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field", ["state", "authority", "fee_amount", "dossier_number", "filed_by", "frozen_at", "step_count", "id"]
)
def test_what_the_office_or_the_machine_sets_is_refused_by_name(api, field):
    refused = api("POST", REQUESTS, {field: "issued"})
    assert refused.status_code == 400
    assert [problem["code"] for problem in refused.json()["fields"][field]] == ["unknown_field"]
    assert not CertificateRequest.objects.exists()


HOSTILE = {
    "NUL": {"full_name": "Nguyễn\u0000An"},
    "lone surrogate": {"permanent_address": "\ud800"},
    "surrogate as a name": {"\ud800": "x"},
    "emoji": {"permanent_address": "Nhà 🏠 số 3"},
    "emoji in a name": {"full_name": "An 😀"},
    "a megabyte": {"full_name": "a" * 1_000_000},
    "a megabyte as a name": {"a" * 1_000_000: "x"},
    "number for text": {"full_name": 12},
    "list for text": {"full_name": ["An"]},
    "text for number": {"copies": "2"},
    "true for number": {"copies": True},
    "true for choice": {"certificate_type": True},
    "huge number": {"copies": 10**30},
    "text for yes or no": {"want_ban_info": "true"},
    "object for choice": {"sex": {"a": 1}},
    "unknown choice": {"purpose": "\ud800"},
    "null for text": {"full_name": None},
    "day that is none": {"date_of_birth": "1990-02-30"},
    "digits of another script": {"date_of_birth": "١٩٩٠"},
    "year nought": {"date_of_birth": "0000"},
    "day of somebody else that is none": {"proxy_date_of_birth": "cccd"},
    "day to come": {"date_of_birth": "2990-01-01"},
    "text for rows": {"identity_documents": "none"},
    "text in rows": {"identity_documents": ["none"]},
    "unknown field in a row": {"identity_documents": [{"type": "cccd", "number": "001090990001", "request": 1}]},
    "short number": {"identity_documents": [{"type": "cccd", "number": "123"}]},
    "number of another script": {"identity_documents": [{"type": "cccd", "number": "٠٠١٠٩٠٩٩٠٠٠١"}]},
    "month that is none": {"residences": [{"from_month": "2004-13", "kind": "permanent", "address": "Số 1"}]},
    "month of another script": {"residences": [{"from_month": "٢٠٠٤-٠٣", "kind": "permanent", "address": "Số 1"}]},
    "too many rows": {"other_names": ["An"] * 101},
    "province that is none": {"permanent_province": "00"},
    "country that is none": {"nationality": "XX"},
    "year to come": {"father_birth_year": 3000},
    "day with digits of another script": {"proxy_mandate_on": "٢٠٢٤-٠١-٠١"},
    "no address of mail": {"email": "a@\u0000b"},
    "a list": [],
    "a text": "text",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_refused_in_words_and_nothing_is_stored(api, body):
    refused = api("POST", REQUESTS, body)
    assert refused.status_code == 400
    told = refused.json()
    assert set(told) == {"code", "message", "fields"} and told["message"]
    assert all(problem["message"] for problems in told["fields"].values() for problem in problems)
    assert "000000" not in refused.text and "aaaaaa" not in refused.text
    assert not CertificateRequest.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"copies": NaN}',
        b'{"copies": 1, "copies": 2}',
        b'{"copies": ' + b"9" * 5000 + b"}",
        b'{"a": ' * 50 + b"1" + b"}" * 50,
    ],
    ids=["cut", "not UTF-8", "deep", "NaN", "a name twice", "5000 digits", "50 objects deep"],
)
def test_what_is_not_json_of_ours_is_refused(api, body):
    refused = api("POST", REQUESTS, body)
    assert (refused.status_code, refused.json()["code"]) == (400, "parse_error")


NASTY = ["", " ", "\0", "\ud800", "a" * 201, "😀", "\u202e", "0000", "0001-01-01", "9999-12-31", "1990", "1990-13"]
NASTY += ["-1", "1e5", 0, -1, 1, 2, 1.5, 2**31, 2**70, True, False, None, [], {}, [[]], [{}], [None], {"a": 1}, "VN"]
NASTY += [
    "01",
    "cccd",
    "2004-03",
    "ﬁ",
    "e\u0301" * 150,
    "a\nb",
    "İ" * 100,
    "\u0344" * 150,
    "٣٤",
    "１２３",
    "male",
    "a@b.vn",
]


@pytest.mark.slow
@pytest.mark.parametrize("field", list(DeclarationBody().fields))
def test_no_value_of_any_field_breaks_the_portal(api, field):
    dice = random.Random(field)
    code = api("POST", REQUESTS, {}).json()["code"]
    for value in NASTY:
        document = {"type": "other", "number": value, "issued_on": dice.choice(NASTY), "issued_by": value}
        stay = {"from_month": "2004-03", "to_month": value, "kind": "permanent", "address": dice.choice(NASTY)}
        rows = {"identity_documents": [document], "residences": [{**stay, "country": value, "province": value}]}
        sent = rows.get(field, [value]) if dice.random() < 0.5 and field in (*rows, "other_names") else value
        body = complete_body(**{field: sent})
        kept = api("PUT", f"{REQUESTS}{code}/declaration/", body)
        assert kept.status_code in {200, 400}
        if kept.status_code == 200 and api("POST", f"{REQUESTS}{code}/submit/").status_code == 200:
            code = api("POST", REQUESTS, {}).json()["code"]


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused = api("POST", REQUESTS, {"full_name": "a" * 1000})
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_errors_in_rows_say_which_row(api):
    body = {"identity_documents": [{"type": "cccd", "number": "001090990001"}, {"type": "cmnd", "number": "1"}]}
    fields = api("POST", REQUESTS, body).json()["fields"]
    assert list(fields) == ["identity_documents.1.number"]


def test_typed_numbers_and_names_are_kept_cleaned(api):
    body = {
        "full_name": "  Nguyễn   Văn An ".replace("ễ", "e\u0302\u0303"),
        "identity_documents": [{"type": "cccd", "number": "001 090.990-001"}],
    }
    kept = api("POST", REQUESTS, body).json()["declaration"]
    assert kept["full_name"] == "Nguyễn Văn An"
    assert DeclaredDocument.objects.get().number == "001090990001"


def test_other_kinds_of_bodies_and_methods_are_refused_in_our_shape(api, client):
    form = client.post(REQUESTS, {"full_name": "An"})
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")
    for method in ("PUT", "PATCH", "DELETE"):
        refused = api(method, REQUESTS, {})
        assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")


# --- Who -------------------------------------------------------------------------------------------------------------


def test_nobody_reads_or_writes_without_signing_in(db, client):
    assert client.get("/api/v1/schema/").status_code == 403
    for method in ("GET", "POST"):
        refused = client.generic(method, REQUESTS)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_authenticated")


def test_a_write_without_the_csrf_token_is_refused(citizen):
    client = Client(enforce_csrf_checks=True)
    client.force_login(citizen)
    refused = caller(client)("POST", REQUESTS, {})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert not CertificateRequest.objects.exists()


def test_a_stranger_reads_the_same_words_as_about_what_is_not_there(api, client):
    code = _draft(api)["code"]
    client.force_login(factories.make_citizen())
    unknown = api("GET", f"{REQUESTS}YC-0000000000000000/")
    for known in (code, "1", "%00", "YC-%F0%9F%98%80"):
        for method, path in (
            ("GET", f"{known}/"),
            ("PUT", f"{known}/declaration/"),
            ("POST", f"{known}/submit/"),
            ("POST", f"{known}/withdraw/"),
        ):
            refused = api(method, REQUESTS + path, {} if method != "GET" else None)
            assert (refused.status_code, refused.content) == (404, unknown.content)
    assert api("GET", REQUESTS).json()["results"] == []


def test_the_office_reads_what_was_filed_with_it_and_leaves_a_line_but_may_not_act(api, client, citizen):
    code = _draft(api)["code"]
    clerk = factories.make_staff("intake_clerk")
    client.force_login(clerk)
    assert api("GET", f"{REQUESTS}{code}/").status_code == 404  # a draft is nobody's business
    client.force_login(citizen)
    api("POST", f"{REQUESTS}{code}/submit/")
    client.force_login(clerk)
    assert api("GET", f"{REQUESTS}{code}/").status_code == 200
    assert AuditEvent.objects.get(verb="read_request").actor == clerk
    refused = api("POST", f"{REQUESTS}{code}/withdraw/", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    client.force_login(factories.make_staff("intake_clerk", authority=factories.department("48")))
    assert api("GET", f"{REQUESTS}{code}/").status_code == 404


def test_only_an_intake_clerk_files_at_the_counter(api, client, citizen):
    assert api("POST", REQUESTS, {"channel": "counter"}).status_code == 403
    clerk = factories.make_staff("intake_clerk")
    client.force_login(clerk)
    assert api("POST", REQUESTS, {"channel": "counter"}).status_code == 201
    filed = CertificateRequest.objects.get()
    assert (filed.account, filed.filed_by) == (None, clerk)


def test_no_answer_carries_a_primary_key_or_a_clerks_name(api, client):
    filed = factories.file_request()
    client.force_login(filed.filed_by)
    told = api("GET", f"{REQUESTS}{filed.code}/").text
    assert '"id"' not in told and '"pk"' not in told
    assert "full_name" in told and filed.filed_by.email not in told


# --- Lists -----------------------------------------------------------------------------------------------------------


def test_lists_go_by_cursor_newest_first_without_a_hole(api, citizen):
    began = timezone.now()
    for n in range(120):
        CertificateRequest.objects.create(
            filed_by=citizen, account=citizen, created_at=began + timedelta(seconds=n // 3)
        )
    seen, page = [], api("GET", REQUESTS).json()
    assert set(page) == {"results", "next", "previous"} and page["previous"] is None
    while True:
        seen += [row["code"] for row in page["results"]]
        if page["next"] is None:
            break
        page = api("GET", page["next"]).json()
    expected = CertificateRequest.objects.order_by("-created_at", "-pk").values_list("code", flat=True)
    assert seen == list(expected)
    assert len(api("GET", page["previous"]).json()["results"]) == 50


@pytest.mark.parametrize("cursor", ["x", "%00", "cD0lMDA=", "cD1hYmM=", "bz0tMQ==", "bz05OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_of_ones_own_making_is_not_found(api, cursor):
    assert api("GET", f"{REQUESTS}?cursor={cursor}").status_code in {200, 404}


def test_a_list_may_be_asked_for_one_state(api):
    sent, kept = _draft(api)["code"], _draft(api)["code"]
    api("POST", f"{REQUESTS}{sent}/withdraw/")
    api("POST", f"{REQUESTS}{sent}/submit/")
    assert [row["code"] for row in api("GET", f"{REQUESTS}?state=draft").json()["results"]] == [kept]
    assert api("GET", f"{REQUESTS}?state=%00").json()["fields"]["state"]


def test_a_list_costs_the_same_however_long(api, citizen, django_assert_num_queries):
    for _ in range(20):
        CertificateRequest.objects.create(filed_by=citizen, account=citizen, created_at=timezone.now())
    api("GET", REQUESTS)
    with django_assert_num_queries(3):  # session, user, requests with their office
        api("GET", REQUESTS)


# --- The description ---------------------------------------------------------------------------------------------


def test_the_schema_is_made_without_a_warning_and_names_every_act(tmp_path):
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    for address in ("{code}/declaration/", "{code}/submit/", "{code}/withdraw/"):
        assert f"{REQUESTS}{address}:" in file.read_text()


def test_a_signed_in_person_reads_the_schema(api):
    assert "openapi" in api("GET", "/api/v1/schema/").text[:20]
