"""The board: figures that agree with a count by hand, with each other and with the lists behind them."""

import hashlib
import random
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

import certificates.actions
from certificates.content import CertificateContent
from certificates.models import Certificate
from dashboards import queries
from dashboards.buckets import FIGURES, Bucket
from requests import clock
from requests.models import CertificateRequest, Issuance
from requests.permissions import SYSTEM
from requests.states import State
from requests.steps import locked, take_step
from tests import factories

pytestmark = pytest.mark.django_db
PROVINCES = ("01", "48", "79")


def issue_unprinted(certificate_request, at: datetime) -> CertificateRequest:
    """Issued with bytes that are no PDF: the board does not open them, and printing takes a second."""
    unsigned = b"unsigned"
    with transaction.atomic():
        issuance = Issuance.objects.select_for_update().get(pk=certificate_request.pk)
        certificate = certificates.actions.intend(
            CertificateContent.from_json(issuance.content),
            authority=certificate_request.authority,
            certificate_type=1,
            verified_by=certificate_request.verified_by,
            approved_by=certificate_request.approved_by,
            approved_at=certificate_request.approved_at,
            at=at,
        )
        Certificate.objects.filter(pk=certificate.pk).update(
            unsigned_pdf=unsigned, unsigned_sha256=hashlib.sha256(unsigned).hexdigest()
        )
        certificates.actions.record_signed(certificate.pk, unsigned + str(certificate.pk).encode(), at=at)
        certificate = Certificate.objects.get(pk=certificate.pk)
        take_step(locked(certificate_request.pk).issue, by=SYSTEM, at=at, certificate=certificate)
        issuance.finish(now=at)
        issuance.save()
    return CertificateRequest.objects.get(pk=certificate_request.pk)


def filed_with(province: str, state: str, *, office, at: datetime, returned_after: timedelta = timedelta(0)):
    """A request of somebody who lives there, walked to the state from `at` on."""
    fields = {"permanent_province": province, "place_of_birth_province": province}
    residence = factories.complete_rows()["residences"][0] | {"province": province}
    journey = factories.journey(office=office, at=at, fields=fields, rows={"residences": [residence]})
    if state not in {State.ISSUED, State.DELIVERED}:
        return journey.to(state)
    signing = journey.to(State.SIGNING)
    return issue_unprinted(signing, min(journey.at + returned_after, timezone.now()))


def by_hand(certificate_request: CertificateRequest, now: datetime) -> str:
    """The bucket of one request, worked out from its history without any SQL of the board."""
    received = certificate_request.received_at is not None
    if certificate_request.state == "withdrawn":
        return Bucket.WITHDRAWN if received else Bucket.WITHDRAWN_BEFORE
    if certificate_request.state in {"refused", "stopped"}:
        return Bucket.STOPPED if received else Bucket.STOPPED_BEFORE
    due = certificate_request.due_at
    if certificate_request.state in {"issued", "delivered"}:
        return Bucket.ON_TIME if certificate_request.issued_at <= due else Bucket.RETURNED_LATE
    if not received:
        return Bucket.WAITING
    paused = certificate_request.state == "needs_supplement"
    read_at = (
        [step.at for step in certificate_request.history() if step.step == "ask_supplement"][-1] if paused else now
    )
    if read_at > due:
        return Bucket.LATE
    if paused:
        return Bucket.PAUSED
    return Bucket.TODAY if clock.local_day(due) == clock.local_day(now) else Bucket.IN_TIME


@pytest.fixture
def many():
    """Requests in random states, offices and times, from one seed."""
    dice = random.Random(20261122)
    offices = {province: factories.make_office(factories.department(province)) for province in PROVINCES}
    states = [state for state in State if state not in {State.DRAFT, State.DELIVERED}]
    made = []
    for n in range(2 * len(states)):
        province, state = dice.choice(PROVINCES), states[n % len(states)]
        earliest = 32 if state == State.ISSUED else 1
        at = timezone.now() - timedelta(days=dice.randint(earliest, 45), hours=dice.randint(0, 23))
        after = timedelta(days=(1, 30)[n // len(states)])
        made.append(filed_with(province, state, office=offices[province], at=at, returned_after=after))
    return made


def test_every_figure_is_what_a_count_by_hand_gives_and_what_its_list_holds_and_sums_agree(
    many, django_assert_num_queries
):
    nation = factories.make_staff("national_administrator")
    assert nation.roles
    for days in (0, 7, 20):
        now = timezone.now() + timedelta(days=days)
        with django_assert_num_queries(1):
            board = queries.board(nation, now)
        expected: dict[str, Counter] = {}
        for certificate_request in CertificateRequest.objects.exclude(state="draft"):
            expected.setdefault(certificate_request.authority.name, Counter())[by_hand(certificate_request, now)] += 1
        assert {row.office: row.counts for row in board.rows} == expected
        for figure in FIGURES:
            assert board.total[figure] == sum(row[figure] for row in board.rows)
            for row in [*board.rows, board.total]:
                assert queries.behind(nation, figure, now, office_id=row.office_id).count() == row[figure]
        for row in [*board.rows, board.total]:
            assert row["in_progress"] == row["in_time"] + row["today"] + row["late"] + row["paused"]
            assert row["returned"] == row["on_time"] + row["returned_late"]
            ended_after = row.counts[Bucket.WITHDRAWN] + row.counts[Bucket.STOPPED]
            assert row["received"] == row["in_progress"] + row["returned"] + ended_after
            ended = row["withdrawn"] + row["stopped"]
            assert row["submitted"] == row["waiting"] + row["in_progress"] + row["returned"] + ended
    assert {bucket for counts in expected.values() for bucket in counts} >= {
        Bucket.LATE,
        Bucket.PAUSED,
        Bucket.ON_TIME,
        Bucket.RETURNED_LATE,
        Bucket.WITHDRAWN,
        Bucket.STOPPED_BEFORE,
    }


def _bucket(certificate_request, now):
    nation = factories.make_staff("national_administrator")
    counts = queries.board(nation, now).total.counts
    assert sum(counts.values()) == 1
    return next(iter(counts))


def test_due_day_is_today_until_closing_time_and_late_from_the_next_second():
    certificate_request = factories.request_in("reviewing")
    due = certificate_request.due_at
    assert due.astimezone(clock.LOCAL).hour == 17
    assert _bucket(certificate_request, due - timedelta(days=1)) == Bucket.IN_TIME
    assert _bucket(certificate_request, due - timedelta(hours=17)) == Bucket.TODAY
    assert _bucket(certificate_request, due) == Bucket.TODAY
    assert _bucket(certificate_request, due + timedelta(seconds=1)) == Bucket.LATE


def test_what_is_given_at_closing_time_is_on_time_and_a_second_later_is_not():
    office = factories.make_office()
    at = timezone.now() - timedelta(days=60)
    signing = factories.journey(office=office, at=at).to("signing")
    issued = issue_unprinted(signing, signing.due_at)
    assert _bucket(issued, timezone.now()) == Bucket.ON_TIME
    other = factories.journey(office=office, at=at).to("signing")
    issue_unprinted(other, other.due_at + timedelta(seconds=1))
    nation = factories.make_staff("national_administrator")
    total = queries.board(nation, timezone.now()).total
    assert (total["on_time"], total["returned_late"], total.share_on_time, total.level) == (1, 1, 50.0, "late")


def test_the_clock_stands_still_while_the_citizen_is_asked_but_does_not_forgive():
    asked_in_time = factories.request_in("needs_supplement")
    assert _bucket(asked_in_time, asked_in_time.due_at + timedelta(days=30)) == Bucket.PAUSED
    asked_at = asked_in_time.history().get(step="ask_supplement").at
    CertificateRequest.objects.filter(pk=asked_in_time.pk).update(due_at=asked_at - timedelta(seconds=1))
    assert _bucket(asked_in_time, timezone.now()) == Bucket.LATE


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_offices():
    here = filed_with("01", "reviewing", office=factories.make_office(), at=timezone.now() - timedelta(days=2))
    there_office = factories.make_office(factories.department("48"))
    there = filed_with("48", "received", office=there_office, at=timezone.now() - timedelta(days=30))
    return here, there


def test_an_administrator_of_an_office_sees_its_own_figures_names_and_nothing_of_others(client, two_offices):
    here, there = two_offices
    client.force_login(factories.make_staff("authority_administrator", authority=here.authority))
    page = client.get("/board/").text
    assert here.authority.name in page and there.authority.name not in page
    assert "giờ Việt Nam" in page and "Tính lúc" in page
    listed = client.get("/board/list/?figure=submitted").text
    assert here.dossier_number in listed and here.declaration.full_name in listed
    assert there.dossier_number not in listed
    elsewhere = client.get(f"/board/list/?figure=submitted&office={there.authority_id}").text
    assert "Không có hồ sơ nào" in elsewhere


@pytest.mark.parametrize("role", ["national_administrator", "auditor"])
def test_the_nation_sees_all_figures_and_no_name(client, two_offices, role):
    here, there = two_offices
    client.force_login(factories.make_staff(role))
    page = client.get("/board/").text
    assert here.authority.name in page and there.authority.name in page and "Tổng cộng" in page
    for figure in FIGURES:
        listed = client.get(f"/board/list/?figure={figure}").text
        assert here.declaration.full_name not in listed and "Họ và tên" not in listed
    assert there.dossier_number in client.get("/board/list/?figure=late").text


@pytest.mark.parametrize("role", ["citizen", "intake_clerk", "verifying_clerk", "approver"])
@pytest.mark.parametrize("address", ["/board/", "/board/list/?figure=late", "/board/waiting/"])
def test_others_have_no_board(client, role, address):
    client.force_login(factories.make_citizen() if role == "citizen" else factories.make_staff(role))
    assert client.get(address).status_code == 403


def test_every_figure_on_the_board_links_to_a_list_of_that_many(client, two_offices):
    client.force_login(factories.make_staff("national_administrator"))
    page = client.get("/board/").text
    links = re.findall(r'href="(list/\?[^"]+)"[^>]*>(?:<b>)?([0-9.]+)(?:</b>|<span|</a>)', page)
    assert len(links) == 6 + 3 * 11  # tiles, two offices and the sum
    for link, shown in links:
        listed = client.get("/board/" + link.replace("&amp;", "&")).text
        assert f'<p class="dim">{shown} hồ sơ' in listed


def test_a_list_says_who_holds_each_request_and_since_when(client):
    asked = factories.request_in("consulting")
    client.force_login(factories.make_staff("authority_administrator"))
    since = timezone.localtime(asked.history().last().at)
    listed = " ".join(client.get("/board/list/?figure=in_progress").text.split())
    assert f'<td>Cơ quan khác, từ <span class="num keep">{since:%H:%M %d/%m}</span></td>' in listed


def test_a_figure_or_an_office_that_does_not_exist_is_not_found(client):
    client.force_login(factories.make_staff("national_administrator"))
    for query in ("", "?figure=x", "?figure=%00", "?figure=late&office=x", "?figure=late&office=99999999999999999999"):
        assert client.get(f"/board/list/{query}").status_code == 404


def test_a_board_without_requests_says_so(client):
    client.force_login(factories.make_staff("authority_administrator"))
    page = client.get("/board/")
    assert page.status_code == 200 and "Chưa có hồ sơ nào" in page.text


def test_the_pages_cost_the_same_however_many_requests(client, two_offices, django_assert_max_num_queries):
    client.force_login(factories.make_staff("national_administrator"))
    with django_assert_max_num_queries(7):  # session, user, roles, figures; money, refunds, silence
        client.get("/board/")
    with django_assert_max_num_queries(7):  # and count, page, days off, opening hours instead of the figures
        client.get("/board/list/?figure=submitted")
