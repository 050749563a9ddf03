"""The cases of the law (Art. 7, 41, 44 to 46): who may ask, which pages they are asked, which office decides."""

import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from lltp_portal.errors import Invalid
from requests import actions, ages, filing_pages
from requests.models import Attachment, CertificateRequest, Declaration
from tests import factories
from tests.attached_papers import posted
from tests.browser.test_cases import CASES

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def again(certificate_request):
    return CertificateRequest.objects.with_people().get(pk=certificate_request.pk)


def draft(**fields):
    """A complete draft of a citizen, with these answers changed."""
    citizen = factories.make_citizen()
    filed = actions.create_draft(by=citizen, account=citizen)
    fields = factories.complete_fields(**fields)
    actions.save_declaration(filed, by=citizen, fields=fields, rows=factories.complete_rows())
    return again(filed)


def problems_of(certificate_request):
    with pytest.raises(Invalid) as refused:
        actions.submit(certificate_request, by=certificate_request.filed_by)
    return set(refused.value.fields)


# --- Each case, from the start to the confirmation ---


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_filed(client, case):
    at_counter = case.by == "tiepnhan"
    user = factories.make_staff("intake_clerk") if at_counter else factories.make_citizen()
    client.force_login(user)
    start = {"filed_as": "agency"} if "agency" in case.filed_as else {}
    address = client.post(reverse("start_request"), start).url
    filed = CertificateRequest.objects.get()
    asked = []
    while not address.endswith("/check/"):
        asked.append(address.rstrip("/").rsplit("/", 1)[-1])
        page = client.get(address)
        assert page.status_code == 200
        assert f"Bước {len(asked)}/" in page.text
        entry = {"entry": "1"} if asked[-1] in {"documents", "residences"} else {}
        papers = {"whole": "1", "at_counter": Attachment.Kind.values} if asked[-1] == "papers" else {}
        if case.typed.get("proxy_relation") == "other" and papers:  # a mandate filed online is sent along
            papers |= {"kind": "mandate", "files": posted(photo())}
        answer = client.post(address, {**case.typed, **entry, **papers, **first_month(filed)})
        assert answer.status_code == 302, page_errors(answer)
        address = answer.url
    assert [*asked, "check"] == case.pages.split()
    sworn = {"counter_consent": "signed"} if at_counter and case.filed_as == "self" else {"sworn": "1"}
    answer = client.post(reverse("request_submit", args=[filed.code]), sworn)
    assert answer.status_code == 302, page_errors(answer)
    assert client.get(answer.url).status_code == 200
    filed = again(filed)
    assert filed.state == ("submitted" if filed.fee_amount == 0 else "awaiting_payment")
    assert filed.declaration.filed_as == case.filed_as
    assert case.office in filed.authority.name
    assert {name: getattr(filed.declaration, name) for name in case.fields} == case.fields


def photo() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(picture, "JPEG")
    return picture.getvalue()


def first_month(filed) -> dict[str, str]:
    """The month of the 14th birthday, which the page offers by itself."""
    born = again(filed).declaration.date_of_birth
    return {"from_month_month": "3", "from_month_year": str(int(born[:4]) + 14)} if born else {}


def page_errors(answer) -> str:
    return answer.text[answer.text.find("error-summary") :][:1500]


# --- Who may ask for what ---


@pytest.mark.parametrize("relation", ["father", "mother", "spouse", "child"])
def test_close_family_files_without_a_mandate(relation):
    sent = draft(filed_as="proxy", proxy_name="Trần Thị Nộp", proxy_relation=relation)
    assert actions.submit(sent, by=sent.filed_by).state == "awaiting_payment"


def test_anybody_else_needs_one():
    assert "proxy_mandate_on" in problems_of(draft(filed_as="proxy", proxy_name="Trần Thị Nộp", proxy_relation="other"))


@pytest.mark.parametrize("relation", ["father", "spouse", "other"])
def test_a_proxy_never_gets_type_2(relation):
    assert "proxy_name" in problems_of(
        draft(
            filed_as="proxy",
            certificate_type=2,
            proxy_name="Trần Thị Nộp",
            proxy_relation=relation,
            proxy_mandate_on=date(2024, 10, 15),
        )
    )


def test_a_parent_asks_for_a_minor_and_for_nobody_else():
    assert "date_of_birth" in problems_of(draft(filed_as="parent", proxy_name="Trần Thị Nộp", proxy_relation="mother"))
    assert "proxy_relation" in problems_of(
        draft(filed_as="parent", date_of_birth="2015-01-01", proxy_name="Trần Thị Nộp", proxy_relation="spouse")
    )


def test_the_age_at_which_a_parent_asks_no_more_is_that_of_the_law_day(settings):
    assert ages.minor_under(TODAY) == 18
    settings.LLTP_REGIME = "calendar"
    assert ages.minor_under(date(2025, 12, 1)) == 18
    assert ages.minor_under(TODAY) == 16


def test_type_2_for_an_employer_is_refused_and_for_oneself_taken():
    asked = draft(certificate_type=2, purpose="work")
    assert problems_of(asked) == {"purpose"}
    actions.save_declaration(asked, by=asked.filed_by, fields={"purpose": "own_knowledge"})
    assert actions.submit(asked, by=asked.filed_by).state == "awaiting_payment"


@pytest.mark.parametrize("fields", [{"purpose": "personnel"}, {"purpose": "trial"}, {"fee_category": "agency"}])
def test_what_is_for_agencies_is_for_no_citizen(fields):
    assert problems_of(draft(**fields)) == set(fields)


def test_a_citizen_cannot_ask_as_an_agency():
    citizen = factories.make_citizen()
    with pytest.raises(Invalid):
        actions.create_draft(by=citizen, account=citizen, filed_as="agency")
    filed = draft()
    with pytest.raises(Invalid):
        actions.save_declaration(filed, by=filed.filed_by, fields={"filed_as": "proceedings_agency"})


AGENCY = {
    "agency_name": "Sở Nội vụ Ví Dụ",
    "agency_document_number": "125/CV",
    "agency_document_on": date(2024, 10, 15),
    "agency_purpose": "Quản lý nhân sự",
    "purpose": "personnel",
    "fee_category": "agency",
    "delivery": "counter",
}


def agency_draft(filed_as="agency", **fields):
    clerk = factories.make_staff("intake_clerk")
    filed = actions.create_draft(by=clerk, account=None, channel="counter", filed_as=filed_as)
    kept = {**factories.complete_fields(), "certificate_type": filed.declaration.certificate_type, **AGENCY, **fields}
    actions.save_declaration(filed, by=clerk, fields=kept, rows=factories.complete_rows(residences=[]))
    return again(filed)


def test_an_agency_pays_nothing_and_is_asked_for_no_history():
    filed = agency_draft()
    sent = actions.submit(filed, by=filed.filed_by)
    assert (sent.state, sent.fee_amount, sent.account) == ("submitted", 0, None)


@pytest.mark.parametrize(
    ("filed_as", "fields", "wrong"),
    [
        ("agency", {"certificate_type": 2}, "certificate_type"),
        ("proceedings_agency", {"fee_category": "proceedings_agency", "purpose": "personnel"}, "purpose"),
        (
            "proceedings_agency",
            {"fee_category": "proceedings_agency", "purpose": "trial", "certificate_type": 1},
            "certificate_type",
        ),
        ("agency", {"purpose": "trial"}, "purpose"),
        ("agency", {"agency_name": ""}, "agency_name"),
        ("agency", {"agency_document_number": ""}, "agency_document_number"),
        ("agency", {"agency_document_on": None}, "agency_document_on"),
        ("agency", {"agency_purpose": ""}, "agency_purpose"),
        ("agency", {"fee_category": "standard"}, "fee_category"),
    ],
)
def test_what_an_agency_must_say_and_may_ask(filed_as, fields, wrong):
    assert problems_of(agency_draft(filed_as, **fields)) == {wrong}


@pytest.mark.parametrize(
    "fields",
    [
        {"filed_as": "proxy", "proxy_name": "Trần Thị Nộp", "certificate_type": 2},
        {"filed_as": "agency", "agency_name": "A", "agency_document_number": "1", "certificate_type": 2},
        {"filed_as": "proceedings_agency", "agency_name": "A", "agency_document_number": "1", "certificate_type": 1},
        {"filed_as": "proxy", "proxy_name": ""},
        {"filed_as": "agency", "agency_name": "", "certificate_type": 1},
    ],
)
def test_the_database_freezes_nothing_that_the_law_forbids(fields):
    declaration = draft().declaration
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.filter(pk=declaration.pk).update(
            **{"agency_document_on": date(2024, 1, 1), **fields},
            frozen_at=timezone.now(),
            sworn_at=timezone.now(),
        )


# --- What each case is asked ---


def test_a_child_under_fourteen_has_no_history_and_no_record(client):
    child = draft(filed_as="parent", date_of_birth="2016-03-27", proxy_name="Trần Thị Nộp", proxy_relation="mother")
    slugs = [page.slug for page in filing_pages.pages_for(child.declaration)]
    assert "residences" not in slugs and "record" not in slugs
    client.force_login(child.filed_by)
    answer = client.get(reverse("request_page", args=[child.code, "residences"]))
    assert answer.url == reverse("request_check", args=[child.code])


def test_no_case_has_more_than_twelve_pages():
    assert max(len(case.pages.split()) for case in CASES) <= 12


def test_a_program_that_names_a_proxy_and_no_case_means_what_it_meant_before():
    from requests.api.bodies import DeclarationBody

    def read(**sent):
        body = DeclarationBody(data={"proxy_name": "Trần Thị Nộp", "proxy_relation": "mother", **sent})
        assert body.is_valid(), body.errors
        return body.validated_data["filed_as"]

    assert read(date_of_birth="1990-03-27") == "proxy"
    assert read(date_of_birth="2015-03-27") == "parent"
    assert read(filed_as="self") == "self"


def test_the_office_is_shown_as_soon_as_it_is_known(client):
    filed = draft(permanent_province="", temporary_province="")
    client.force_login(filed.filed_by)
    page = reverse("request_page", args=[filed.code, "family"])
    assert "Nơi giải quyết hồ sơ" not in client.get(page).text
    actions.save_declaration(filed, by=filed.filed_by, fields={"temporary_province": "36"})
    assert "Sở Tư pháp tỉnh Nam Định" in client.get(page).text


def test_at_the_counter_the_consent_is_recorded(client):
    clerk = factories.make_staff("intake_clerk")
    client.force_login(clerk)
    filed = actions.create_draft(by=clerk, account=None, channel="counter")
    actions.save_declaration(filed, by=clerk, fields=factories.complete_fields(), rows=factories.complete_rows())
    send = reverse("request_submit", args=[filed.code])
    refused = client.post(send, {"sworn": "1"})
    assert refused.status_code == 422
    assert "Chọn người yêu cầu đã xác nhận lời khai bằng cách nào." in refused.text
    assert client.post(send, {"counter_consent": "read_aloud"}).status_code == 302
    assert again(filed).declaration.counter_consent == "read_aloud"


def test_a_card_read_by_the_clerk_is_the_source_until_somebody_types_over_it(client):
    clerk = factories.make_staff("intake_clerk")
    client.force_login(clerk)
    filed = actions.create_draft(by=clerk, account=None, channel="counter")
    page = reverse("request_page", args=[filed.code, "person"])
    case = CASES[0]
    client.post(page, {**case.typed, "read_from_card": "1"})
    assert again(filed).declaration.prefilled["full_name"]["source"] == "counter"
    assert "Cán bộ đọc từ giấy tờ tại quầy" in client.get(reverse("request_check", args=[filed.code])).text
    client.post(page, {**case.typed, "full_name": "Nguyễn Thị Khác"})
    assert "full_name" not in again(filed).declaration.prefilled


@pytest.mark.parametrize("filed_as", ["parent", "proxy"])
def test_what_is_known_of_the_account_is_not_said_of_somebody_else(client, filed_as):
    citizen = factories.make_citizen(full_name="Trần Thị Nộp")
    client.force_login(citizen)
    filed = actions.create_draft(by=citizen, account=citizen)
    page = reverse("request_page", args=[filed.code, "who"])
    assert "Trần Thị Nộp" in client.get(page).text
    client.post(page, {"filed_as": filed_as, "proxy_name": "Trần Thị Nộp", "proxy_relation": "mother"})
    declaration = again(filed).declaration
    assert (declaration.full_name, declaration.proxy_name) == ("", "Trần Thị Nộp")
    assert set(declaration.prefilled) == {"email", "proxy_name"}
