"""The regimes P0 to P4 by day: who issues, terms, forms, words, who may ask for what and what may be asked of whom."""

from datetime import date, datetime, timedelta

import pytest

from lltp_portal import provinces
from lltp_portal.accounts.models import Authority
from requests import clock, policy
from requests.clock import Term

pytestmark = pytest.mark.django_db
FIRST_DAYS = [
    (date(2010, 7, 1), "P0"),
    (date(2021, 7, 1), "P1"),
    (date(2024, 6, 19), "P2"),
    (date(2025, 3, 1), "P3"),
    (date(2026, 7, 1), "P4"),
]
P2, P3, P4 = date(2025, 2, 28), date(2026, 6, 30), date(2026, 11, 22)
SELF, ONLINE = "self", "online"


@pytest.mark.parametrize(("first", "code"), FIRST_DAYS)
def test_a_regime_begins_on_its_day_and_ends_the_one_before(first, code):
    codes = [one for _, one in FIRST_DAYS]
    assert policy.regime_on(first).code == code
    assert policy.regime_on(first).valid_from == first
    if code != "P0":
        before = policy.regime_on(first - timedelta(days=1))
        assert (before.code, before.valid_to) == (codes[codes.index(code) - 1], first - timedelta(days=1))


def test_the_last_regime_holds_on_and_before_the_first_there_is_none():
    assert policy.regime_codes() == ("P0", "P1", "P2", "P3", "P4")
    assert policy.regime_on(date(2031, 1, 1)).valid_to is None
    with pytest.raises(policy.LawMissing, match="30/06/2010"):
        policy.regime_on(date(2010, 6, 30))
    assert policy.regime_code(date(2009, 1, 1)) == "P0"


def test_the_day_of_receipt_chooses_the_law_only_under_the_calendar(settings):
    at = datetime(2026, 6, 30, 23, 30, tzinfo=clock.LOCAL)
    assert policy.regime_on(policy.law_day(at)).code == "P2"
    settings.LLTP_REGIME = "calendar"
    assert policy.regime_on(policy.law_day(at)).code == "P3"
    assert policy.regime_on(policy.law_day(at + timedelta(hours=1))).code == "P4"


@pytest.mark.parametrize(
    ("day", "provincial", "national"),
    [
        (P2, Authority.Kind.JUSTICE_DEPARTMENT, Authority.Kind.NATIONAL_CENTRE),
        (date(2025, 3, 1), Authority.Kind.PROVINCIAL_POLICE, Authority.Kind.NATIONAL_POLICE),
        (P4, Authority.Kind.PROVINCIAL_POLICE, Authority.Kind.NATIONAL_POLICE),
    ],
)
def test_who_issues(day, provincial, national):
    regime = policy.regime_on(day)
    assert (regime.provincial, regime.national) == (provincial, national)


@pytest.mark.parametrize("regime", ["P0", "P1", "P2", "P3"])
def test_terms_until_the_law_of_2025(regime):
    assert policy.term(regime, policy.NORMAL) == Term(10, "working_day")
    assert policy.term(regime, policy.EXTENDED) == Term(15, "working_day")
    assert policy.term(regime, policy.URGENT) == Term(24, "hour")


def test_terms_since_the_law_of_2025():
    assert policy.term("P4", policy.NORMAL) == Term(5, "working_day")
    assert policy.term("P4", policy.EXTENDED) == Term(10, "working_day")
    assert policy.regime_on(P4).deadlines["expungement"] == Term(15, "working_day")
    assert policy.term("P4", policy.URGENT) == Term(24, "hour")
    with pytest.raises(KeyError):
        policy.term("P5", policy.NORMAL)
    with pytest.raises(KeyError):
        policy.term("P4", "slow")


def test_the_first_check_has_a_term_only_since_2026():
    assert policy.intake_term(P3, ONLINE) is None
    assert policy.intake_term(P4, ONLINE) == Term(8, "working_hour")
    assert policy.intake_term(P4, "post") == Term(1, "working_day")


@pytest.mark.parametrize(
    ("day", "filed_as", "channel", "number", "confirmed"),
    [
        (date(2020, 1, 1), SELF, "counter", "03/2013/LLTP", True),
        (date(2020, 1, 1), SELF, ONLINE, "03/2013/LLTP", True),
        (P2, SELF, "counter", "03/2024/LLTP", True),
        (P2, SELF, ONLINE, "12/2024/LLTP", True),
        (P2, "proxy", "post", "04/2024/LLTP", True),
        (P2, "parent", ONLINE, "13/2024/LLTP", True),
        (P2, "agency", "post", "05a/2024/LLTP", False),
        (P2, "proceedings_agency", "post", "05b/2024/LLTP", False),
        (P3, SELF, "counter", "01/2025/LLTP", True),
        (P4, SELF, "counter", "01/2025/LLTP", False),
    ],
)
def test_the_form_that_is_filled_in(day, filed_as, channel, number, confirmed):
    form = policy.regime_on(day).declaration_form(filed_as, channel)
    assert (form.number, form.confirmed) == (number, confirmed)


@pytest.mark.parametrize(
    ("day", "certificate_type", "heading"),
    [
        (date(2020, 1, 1), 1, "Mẫu số 06/2013/LLTP"),
        (P2, 1, "Mẫu số 06/2024/LLTP"),
        (P2, 2, "Mẫu số 07/2024/LLTP"),
        (P3, 1, "Mẫu số 07/2025/LLTP"),
        (P4, 1, "Mẫu số 07/2025/LLTP"),
    ],
)
def test_the_form_that_is_issued(day, certificate_type, heading):
    assert policy.regime_on(day).certificate_form(certificate_type).heading == heading


def test_the_decree_on_the_certificate_changes_with_the_regime():
    assert "111/2010/NĐ-CP" in policy.regime_on(P3).legal_basis[1]
    assert "107/2025/QH15" in policy.regime_on(P4).legal_basis[0]
    assert "216/2026/NĐ-CP" in policy.regime_on(P4).legal_basis[1]


@pytest.mark.parametrize("day", [P2, P3, P4])
def test_who_may_ask_for_which_type(day):
    types = {key: set(right.types) for key, right in policy.regime_on(day).rights.items()}
    assert types == {"self": {1, 2}, "proxy": {1}, "parent": {1, 2}, "agency": {1}, "proceedings_agency": {2}}


def test_ages_and_guardians_are_those_of_the_day():
    before, after = policy.regime_on(P3), policy.regime_on(P4)
    assert (before.parent_files_under, after.parent_files_under) == (18, 16)
    assert (before.requester_age, after.requester_age) == (18, 16)
    assert "guardian" in after.rights["proxy"].relations - before.rights["proxy"].relations


@pytest.mark.parametrize(
    ("day", "channel", "filed_as", "papers"),
    [
        (date(2020, 1, 1), ONLINE, SELF, {"identity_copy", "household_book", "fee_proof"}),
        (date(2022, 1, 1), "counter", SELF, {"identity_copy", "fee_proof"}),
        (P2, ONLINE, SELF, {"fee_proof"}),
        (P2, "counter", SELF, {"identity_copy", "fee_proof"}),
        (P2, ONLINE, "proxy", {"fee_proof", "mandate", "relation_proof"}),
        (P2, "counter", "parent", {"identity_copy", "fee_proof", "birth_certificate"}),
        (P2, "post", "agency", {"written_request"}),
        (P4, ONLINE, SELF, {"fee_proof"}),
        (P4, ONLINE, "proxy", {"fee_proof", "mandate"}),
        (P4, "counter", "parent", {"fee_proof", "identity_copy"}),
        (P4, "post", SELF, {"fee_proof", "identity_copy", "signature_certification"}),
    ],
)
def test_what_may_be_asked_of_whom(day, channel, filed_as, papers):
    assert {paper.kind for paper in policy.papers_asked(day, channel=channel, filed_as=filed_as)} == papers


def test_since_2026_an_identity_copy_only_from_those_whom_the_databases_do_not_know():
    when = {paper.kind: paper.when for paper in policy.papers_asked(P4, channel="counter", filed_as=SELF)}
    assert when["identity_copy"] == "not_in_population_database"


def test_the_register_of_procedures_knows_who_may_ask_and_of_which_type():
    found = {one.code: one for one in policy.procedures(P2)}
    assert len(found) >= 15
    assert found["adoption_domestic"].certificate_types == (1,)
    assert "52/2010/QH12" in found["adoption_domestic"].legal_basis
    # Số 2 is asked for by proceedings agencies, and by people who want to know their own record: by nobody else.
    assert {code for code, one in found.items() if 2 in one.certificate_types} == {"own_knowledge", "proceedings"}
    assert all(one.legal_basis and one.purpose for one in found.values())


def test_a_procedures_article_is_that_of_the_day():
    def basis(day):
        return next(one.legal_basis for one in policy.procedures(day) if one.code == "work_permit")

    assert "152/2020/NĐ-CP" in basis(date(2025, 8, 6))
    assert "219/2025/NĐ-CP" in basis(date(2025, 8, 7))


# --- Offices and provinces of a day ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "kind", "how_many"),
    [
        (P2, "justice_department", 63),
        (P2, "provincial_police", 0),
        (date(2025, 3, 1), "provincial_police", 63),
        (date(2025, 3, 1), "justice_department", 0),
        (date(2025, 6, 30), "provincial_police", 63),
        (date(2025, 7, 1), "provincial_police", 34),
        (P4, "provincial_police", 34),
        (P4, "national_police", 1),
        (P4, "national_centre", 0),
    ],
)
def test_so_many_offices_issue(day, kind, how_many):
    assert Authority.objects.in_force_on(day).filter(kind=kind).count() == how_many


@pytest.mark.parametrize("day", [P2, date(2025, 3, 1), date(2025, 6, 30), date(2025, 7, 1), date(2026, 4, 30), P4])
def test_every_province_of_a_day_has_the_office_of_its_name(day):
    """Codes 08, 15, 24, 44, 52, 80, 82 and 91 name other provinces after the merger."""
    for province in provinces.in_force_on(day):
        office = Authority.objects.of_province(province.code, day)
        assert office.name.endswith(province.full_name)
        assert office.dossier_identifier.startswith("H")


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("15", "Yên Bái", "Lào Cai"),
        ("24", "Bắc Giang", "Bắc Ninh"),
        ("27", "Bắc Ninh", "Bắc Ninh"),
        ("44", "Quảng Bình", "Quảng Trị"),
        ("52", "Bình Định", "Gia Lai"),
        ("64", "Gia Lai", "Gia Lai"),
        ("80", "Long An", "Tây Ninh"),
        ("82", "Tiền Giang", "Đồng Tháp"),
        ("91", "Kiên Giang", "An Giang"),
        ("77", "Bà Rịa - Vũng Tàu", "Hồ Chí Minh"),
        ("01", "Hà Nội", "Hà Nội"),
    ],
)
def test_an_old_code_leads_to_the_province_of_the_day(code, before, after):
    assert provinces.resolved(code, date(2025, 6, 30)).name == before
    assert provinces.resolved(code, date(2025, 7, 1)).name == after


def test_a_code_that_never_was_leads_nowhere():
    assert provinces.resolved("03", P4) is None
    assert provinces.resolved("", P4) is None


@pytest.mark.parametrize(
    ("code", "day", "words"),
    [
        ("24", P2, "Bắc Giang (nay thuộc Bắc Ninh)"),
        ("27", P2, "Bắc Ninh"),
        ("46", date(2024, 6, 21), "Thừa Thiên Huế (nay thuộc Huế)"),
        ("24", P4, "Bắc Ninh"),
    ],
)
def test_a_province_that_is_gone_is_offered_with_where_it_lies_today(code, day, words):
    """Under the law of 2025-02-28 the form asks for the old province; people know the new one."""
    assert provinces.name_to_choose_by(provinces.named(code, day), date(2026, 11, 22)) == words


def test_the_provinces_behind_a_successor_can_be_offered():
    assert [one.name for one in provinces.predecessors("24")] == ["Bắc Giang", "Bắc Ninh"]
    assert provinces.predecessors("01") == ()
