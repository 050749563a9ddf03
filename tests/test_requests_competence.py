"""Which office is competent and which deadline holds: J1 to J8 of domain 3, under P2, P3 and P4."""

from datetime import date

import pytest

from lltp_portal.accounts.models import Authority
from requests import policy
from tests import factories

pytestmark = pytest.mark.django_db
P2, P3, P3_MERGED, P4 = date(2025, 2, 28), date(2025, 3, 1), date(2025, 7, 1), date(2026, 11, 22)
NATIONAL = {P2: "national_centre", P3: "national_police", P3_MERGED: "national_police", P4: "national_police"}
REGIMES = [P2, P3, P4]


def stay(province="36", *, country="VN", from_month="2004-03", to_month=""):
    where = {"country": country, "province": province if country == "VN" else "", "kind": "permanent"}
    return {"from_month": from_month, "to_month": to_month, "address": "Số 1 phố Ví Dụ", **where}


def declared(*, permanent="", temporary="", stays=(), channel="online", **attributes):
    """A declaration with these places; attributes are fields of the form."""
    start = factories.journey(
        fields={"permanent_province": permanent, "temporary_province": temporary}, rows={"residences": list(stays)}
    )
    declaration = start.request.declaration
    declaration.request.channel = channel
    for name, value in attributes.items():
        setattr(declaration, name, value)
    return declaration


def office_of(competence):
    return competence.authority.kind, competence.authority.province_code


@pytest.mark.parametrize("on", REGIMES)
@pytest.mark.parametrize(
    ("case", "person", "province", "why"),
    [
        ("J1", {"permanent": "01", "temporary": "79"}, "01", "nơi bạn thường trú"),
        ("J2", {"temporary": "79"}, "79", "nơi bạn tạm trú"),
        ("J3", {"permanent": "01", "lives_abroad": True, "stays": [stay("38")]}, "38", "cư trú lần cuối"),
        ("J3", {"stays": [stay("38", to_month="2020-01")]}, "38", "cư trú lần cuối"),
        ("J4", {"no_residence": True, "stays": [stay("38")]}, "", "không xác định được nơi cư trú"),
        ("J4", {}, "", "không xác định được nơi cư trú"),
        ("J5", {"nationality": "KR", "temporary": "79"}, "79", "nơi bạn tạm trú"),
        ("J5", {"nationality": "KR", "stays": [stay("48")]}, "48", "nơi bạn đang ở"),
        (
            "J6",
            {"nationality": "KR", "former_resident_foreigner": True, "stays": [stay("48", to_month="2020-01")]},
            "",
            "người nước ngoài đã rời Việt Nam",
        ),
        ("J7", {"filed_as": "agency", "permanent": "01"}, "01", "nơi thường trú của người được cấp Phiếu"),
        ("J7", {"filed_as": "agency", "temporary": "79"}, "79", "nơi tạm trú của người được cấp Phiếu"),
        ("J7", {"filed_as": "agency", "stays": [stay("38")]}, "", "không xác định được nơi cư trú"),
        ("J8", {"filed_as": "proceedings_agency", "permanent": "01"}, "01", "của người được cấp Phiếu"),
        (
            "J8",
            {"filed_as": "proceedings_agency", "nationality": "KR", "former_resident_foreigner": True},
            "",
            "không xác định được nơi cư trú",
        ),
    ],
)
def test_each_case_leads_to_its_office_of_the_day(on, case, person, province, why):
    found = policy.competent_authority(declared(**person), on)
    regime = policy.regime_on(on)
    assert found.case == case
    assert office_of(found) == (regime.provincial if province else NATIONAL[on], province)
    assert found.authority.is_in_force_on(on)
    assert found.reason.startswith(f"{found.authority.name}, ") and why in found.reason
    assert ":" not in found.reason, "pages say “Nơi nhận:” before it, and one sentence has one colon"
    assert found.source


@pytest.mark.parametrize(("on", "where"), [(P2, "01"), (P3, "01"), (P4, "79")])
def test_since_2026_who_files_in_person_is_served_where_they_file(on, where):
    """Nghị định 216/2026/NĐ-CP, Điều 22 khoản 5: where one lives, or the nearest office."""
    declaration = declared(permanent="01", channel="counter")
    declaration.request.filed_by = factories.make_staff(
        "intake_clerk", authority=Authority.objects.of_province("79", on)
    )
    found = policy.competent_authority(declaration, on)
    assert found.authority.province_code == where
    assert ("nơi bạn nộp hồ sơ trực tiếp" in found.reason) is (on == P4)


@pytest.mark.parametrize("channel", ["online", "post"])
def test_online_and_by_post_the_place_of_residence_decides_in_2026_too(channel):
    declaration = declared(permanent="01", channel=channel)
    declaration.request.filed_by = factories.make_staff(
        "intake_clerk", authority=Authority.objects.of_province("79", P4)
    )
    assert policy.competent_authority(declaration, P4).authority.province_code == "01"


def test_an_agencys_request_goes_to_the_persons_office_also_at_the_counter():
    declaration = declared(permanent="01", channel="counter", filed_as="agency")
    declaration.request.filed_by = factories.make_staff(
        "intake_clerk", authority=Authority.objects.of_province("79", P4)
    )
    assert policy.competent_authority(declaration, P4).authority.province_code == "01"


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("24", date(2025, 6, 30), "Công an tỉnh Bắc Giang"),
        ("24", P3_MERGED, "Công an tỉnh Bắc Ninh"),
        ("27", P3_MERGED, "Công an tỉnh Bắc Ninh"),
        ("36", P4, "Công an tỉnh Ninh Bình"),
        ("74", P4, "Công an Thành phố Hồ Chí Minh"),
        ("75", date(2026, 4, 29), "Công an tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "Công an thành phố Đồng Nai"),
        ("24", P2, "Sở Tư pháp tỉnh Bắc Giang"),
    ],
)
def test_an_address_in_an_old_province_goes_to_the_office_of_its_successor(code, on, name):
    assert policy.competent_authority(declared(permanent=code), on).authority.name == name


# --- Deadlines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "deadline_class", "reason"),
    [
        ({"permanent": "01", "stays": [stay("01")]}, "normal", "một tỉnh, thành phố"),
        ({"permanent": "01", "stays": [stay("01", to_month="2015-01"), stay("36")]}, "extended", "2 tỉnh, thành phố"),
        ({"permanent": "01", "stays": [stay("01"), stay(country="JP")]}, "extended", "ở nước ngoài"),
        ({"permanent": "01", "stays": [stay("01")], "lives_abroad": True}, "extended", "ở nước ngoài"),
        ({"temporary": "01", "stays": [stay("01")], "nationality": "KR"}, "extended", "người nước ngoài"),
        (
            {"permanent": "01", "stays": [stay("01"), stay("36")], "filed_as": "proceedings_agency"},
            "urgent",
            "cơ quan tiến hành tố tụng",
        ),
        ({"permanent": "01", "stays": [stay("01")], "filed_as": "agency"}, "normal", "một tỉnh, thành phố"),
    ],
)
def test_the_class_and_why(person, deadline_class, reason):
    found = policy.deadline(declared(**person), P2)
    assert found.deadline_class == deadline_class
    assert reason in found.reason


@pytest.mark.parametrize(
    ("on", "normal", "extended"), [(P2, 10, 15), (P3, 10, 15), (date(2026, 6, 30), 10, 15), (date(2026, 7, 1), 5, 10)]
)
def test_the_terms_are_those_of_the_day_of_receipt(on, normal, extended):
    one = policy.deadline(declared(permanent="01", stays=[stay("01")]), on)
    several = policy.deadline(declared(permanent="01", stays=[stay("01"), stay("38")]), on)
    assert (one.term.amount, several.term.amount) == (normal, extended)
    assert {one.term.unit, several.term.unit} == {"working_day"}


def test_two_provinces_that_became_one_are_one_place():
    person = declared(permanent="27", stays=[stay("24", to_month="2015-01"), stay("27", from_month="2015-01")])
    assert policy.deadline(person, date(2025, 6, 30)).deadline_class == "extended"
    assert policy.deadline(person, P3_MERGED).deadline_class == "normal"
