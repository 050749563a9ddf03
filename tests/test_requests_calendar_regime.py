"""LLTP_REGIME=calendar: a request of today goes to the police, by the law and on the form of today, to the end."""

import json
from datetime import date, datetime

import pytest
from django.db import Error, transaction

from lltp_portal.accounts.models import Authority
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import StepNotAllowed
from requests import actions, clock, policy
from requests.clock import Term
from requests.demo import cast
from requests.models import CertificateRequest, LawRow
from requests.papers import handed_in
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
    assert issued.authority_reason.startswith("Công an thành phố Hà Nội, nơi bạn thường trú")
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


def test_the_demos_people_work_where_the_law_of_today_puts_them():
    people = cast.accounts({})
    assert people["tiepnhan"].authority.name == "Công an thành phố Hà Nội"
    assert people["thamtra2"].authority.name == "Công an tỉnh Ninh Bình"  # Nam Định until the merger


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


# --- The night in which an office ends ------------------------------------------------------------------------------

LAST_EVENING = datetime(2025, 2, 28, 16, 0, tzinfo=clock.LOCAL)
MORNING = datetime(2025, 3, 1, 0, 0, 20, tzinfo=clock.LOCAL)


def of_the_last_evening(state, province="01", at=LAST_EVENING):
    """A request that an office of that day had in this state on its last evening."""
    office = Authority.objects.of_province(province, clock.local_day(at))
    start = factories.journey(office=factories.make_office(office), at=at, fields={"permanent_province": province})
    for step in {"submitted": ("submit", "record_payment"), "received": ("submit", "record_payment", "receive")}[state]:
        start.take(step)
    return start


@pytest.mark.parametrize("state", ["submitted", "received"])
def test_what_is_open_when_the_police_take_over_goes_to_them_and_keeps_its_promise(state):
    start = of_the_last_evening(state)
    before = start.request
    assert before.authority.kind == Authority.Kind.JUSTICE_DEPARTMENT
    assert actions.move_to_offices_in_force(LAST_EVENING).done == 0
    assert actions.move_to_offices_in_force(MORNING).done == 1
    after = CertificateRequest.objects.get(pk=before.pk)
    assert after.authority.name == "Công an thành phố Hà Nội"
    assert (after.state, after.due_at, after.dossier_number) == (before.state, before.due_at, before.dossier_number)
    event = AuditEvent.objects.get(verb="move_to_office_in_force")
    assert (event.subject, event.details["before"], event.authority) == (
        after.code,
        before.authority_id,
        after.authority,
    )
    assert actions.move_to_offices_in_force(MORNING).done == 0


def test_two_provinces_that_merge_hand_over_to_the_one_they_become():
    start = of_the_last_evening("received", "27", datetime(2025, 6, 30, 9, 0, tzinfo=clock.LOCAL))
    assert start.request.authority.name == "Công an tỉnh Bắc Ninh"
    assert actions.move_to_offices_in_force(datetime(2025, 7, 1, 1, 0, tzinfo=clock.LOCAL)).done == 1
    moved = CertificateRequest.objects.get(pk=start.request.pk)
    assert (moved.authority.name, moved.authority.province_code) == ("Công an tỉnh Bắc Ninh", "24")


def test_an_office_that_has_ended_takes_nothing_in():
    start = of_the_last_evening("submitted")
    with pytest.raises(StepNotAllowed, match="không còn thẩm quyền"):
        actions.receive(start.request, by=start.office.intake_clerk, at=MORNING)


def test_under_p2_nothing_ever_moves(settings):
    settings.LLTP_REGIME = "P2"
    of_the_last_evening("received")
    assert actions.move_to_offices_in_force(datetime(2026, 11, 22, 9, 0, tzinfo=clock.LOCAL)).done == 0


def test_the_pages_offer_the_34_provinces_of_today(client):
    citizen = factories.make_citizen()
    draft = factories.journey(by=citizen).request
    client.force_login(citizen)
    page = client.get(f"/requests/{draft.code}/fill/addresses/").text
    assert '<option value="24">Bắc Ninh' in page
    assert "Bắc Giang" not in page


# --- The law of the day of receipt goes on holding --------------------------------------------------------------------


def taken_in(settings, state="received", **start):
    """A request by the setting of the moment, at the office that is competent then."""
    office = police() if settings.LLTP_REGIME == "calendar" else factories.department()
    return factories.request_in(state, office=factories.make_office(office), **start)


@pytest.mark.parametrize(("before", "after", "days"), [("P2", "calendar", 10), ("calendar", "P2", 5)])
def test_another_setting_re_reads_nothing_that_was_promised(settings, before, after, days):
    settings.LLTP_REGIME = before
    received = taken_in(settings, "reviewing")
    promised = (received.due_at, received.deadline_term, received.law_day)
    assert received.deadline_term == Term(days)
    settings.LLTP_REGIME = after
    actions.recompute_due()
    again = CertificateRequest.objects.get(pk=received.pk)
    assert (again.due_at, again.deadline_term, again.law_day) == promised
    assert not AuditEvent.objects.filter(verb="recompute_due").exists()
    assert taken_in(settings).deadline_term == Term(15 - days), "what comes in now goes by the new setting"


def test_what_was_received_before_is_drafted_on_the_form_of_its_day(settings):
    received = taken_in(settings)
    form = handed_in.form_name(received, received.received_at)
    settings.LLTP_REGIME = "P2"
    assert policy.law_day_of(received, received.received_at) == clock.local_day(received.received_at)
    assert handed_in.form_name(received, received.received_at) == form


def test_a_new_row_of_the_law_moves_open_requests_of_its_days_and_no_others(settings):
    older, newer, closed = (
        taken_in(settings, state, at=datetime(2026, month, 5, 8, 10, tzinfo=clock.LOCAL))
        for state, month in (("reviewing", 8), ("reviewing", 10), ("withdrawn", 10))
    )
    due = {one.pk: one.due_at for one in (older, newer, closed)}
    LawRow.objects.create(
        kind="deadline",
        key="normal",
        valid_from=date(2026, 9, 15),
        version=2,
        source="Quy định sửa đổi",
        value={"amount": 7, "unit": "working_day"},
    )
    policy.forget()
    try:
        assert actions.recompute_due() is None
    finally:
        policy.forget()
    after = {one.pk: one for one in CertificateRequest.objects.all()}
    assert (after[older.pk].due_at, after[closed.pk].due_at) == (due[older.pk], due[closed.pk])
    assert after[newer.pk].deadline_term == Term(7) and after[newer.pk].due_at > due[newer.pk]
    assert AuditEvent.objects.get(verb="recompute_due").subject == newer.code
    assert newer.papers.filter(kind="receipt").count() == 2


def test_which_law_binds_is_written_once(settings):
    received = taken_in(settings)
    with pytest.raises(Error, match="goes on holding"), transaction.atomic():
        CertificateRequest.objects.filter(pk=received.pk).update(law_day=date(2025, 2, 28))
