"""LLTP_REGIME=calendar: a request of today goes to the police, by the law and on the form of today, to the end."""

import json
from datetime import date, datetime

import pytest

from lltp_portal.accounts.models import Authority
from requests import clock, policy
from requests.clock import Term
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_the_calendar(settings):
    settings.LLTP_REGIME = "calendar"


def police(province="01", day=None):
    return Authority.objects.of_province(province, day or date.today())


def test_a_request_of_today_is_issued_by_the_police_on_todays_form():
    office = police()
    issued = factories.request_in("issued", office=factories.make_office(office))
    assert issued.authority == office
    assert issued.authority.kind == Authority.Kind.PROVINCIAL_POLICE
    assert issued.authority_reason.startswith("Công an thành phố Hà Nội: nơi bạn thường trú")
    assert (issued.deadline_class, issued.deadline_term) == ("normal", Term(5))
    assert issued.dossier_number.startswith(f"{office.dossier_identifier}-")
    assert "Thông tư 16/2025/TT-BTC" in issued.fee_reason
    content = json.loads(issued.certificate.content)
    regime = policy.regime_on(clock.local_day(issued.received_at))
    assert regime.code == "P4"
    assert content["authority_name"] == "Công an thành phố Hà Nội"
    assert content["parent_body"] == "BỘ CÔNG AN"
    assert content["number_suffix"] == "PV06-LLTP"
    assert content["form_number"] == "Mẫu số 07/2025/LLTP"
    assert tuple(content["legal_basis"]) == regime.legal_basis
    assert "216/2026/NĐ-CP" in content["legal_basis"][1]


def test_under_p2_the_same_request_goes_to_the_department_of_justice(settings):
    settings.LLTP_REGIME = "P2"
    received = factories.request_in("received")
    assert received.authority.kind == Authority.Kind.JUSTICE_DEPARTMENT
    assert received.deadline_term == Term(10)


def test_the_old_code_of_a_merged_province_goes_to_its_successor():
    filed = factories.file_request(fields={"permanent_province": "27"})
    assert filed.authority.name == "Công an tỉnh Bắc Ninh"
    assert filed.authority.province_code == "24"


@pytest.mark.parametrize(
    ("received", "kind", "days"),
    [
        (datetime(2025, 2, 28, 9, 0, tzinfo=clock.LOCAL), "justice_department", 10),
        (datetime(2025, 3, 3, 9, 0, tzinfo=clock.LOCAL), "provincial_police", 10),
        (datetime(2026, 6, 30, 9, 0, tzinfo=clock.LOCAL), "provincial_police", 10),
        (datetime(2026, 7, 1, 9, 0, tzinfo=clock.LOCAL), "provincial_police", 5),
    ],
)
def test_the_day_of_receipt_decides(received, kind, days):
    office = Authority.objects.of_province("01", clock.local_day(received))
    found = factories.request_in("received", office=factories.make_office(office), at=received)
    assert found.authority.kind == kind
    assert found.deadline_term == Term(days)


def test_the_pages_offer_the_34_provinces_of_today(client):
    citizen = factories.make_citizen()
    draft = factories.journey(by=citizen).request
    client.force_login(citizen)
    page = client.get(f"/requests/{draft.code}/fill/addresses/").text
    assert '<option value="24">Bắc Ninh' in page
    assert "Bắc Giang" not in page
