"""Who held a request: the same ledger for citizen, clerk and approver, in words, as a bar and as a table."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from lltp_portal.calendars.seed import calendar_of
from lltp_portal.wording import NBSP, working_time
from requests.models import CertificateRequest
from requests.who_held import who_held
from tests import factories

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime.fromisoformat("2026-10-07T08:10:00+07:00")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "dưới 1 phút"),
        (25, "25 phút"),
        (60, "1 giờ"),
        (200, "3 giờ 20 phút"),
        (480, "1 ngày"),
        (480 * 2 + 185, "2 ngày 3 giờ"),
    ],
)
def test_working_time_in_words(minutes, words):
    assert working_time(minutes) == words


def held(request: CertificateRequest, *, now: datetime, for_citizen: bool = True):
    history = list(request.history())
    return who_held(request, history, calendar_of(request.authority), now, for_citizen=for_citizen)


def test_bar_and_table_share_out_the_whole():
    request = factories.request_in("verified", at=WEDNESDAY)
    found = held(request, now=WEDNESDAY + timedelta(days=5))
    assert found.parts[0].x == 0 and found.parts[-1].x + found.parts[-1].width == 1000
    for part, following in zip(found.parts, found.parts[1:], strict=False):
        assert part.x + part.width == following.x
    assert sum(int(part.share.removesuffix(f"{NBSP}%")) for part in found.parts) in {99, 100, 101}
    assert [stay.from_at for stay in found.stays] == sorted(stay.from_at for stay in found.stays)
    assert found.stays[-1].to_at is None and found.stays[-1].doing == "chờ lãnh đạo ký"
    assert found.sentence.startswith("Đến nay: cơ quan giữ ") and found.outcome == ""


def test_an_ended_request_says_how_it_ended_and_stops_there():
    request = factories.request_in("issued", at=WEDNESDAY)
    early, later = (held(request, now=WEDNESDAY + timedelta(days=days)) for days in (5, 50))
    assert early == later and early.outcome.startswith("Sớm hạn")
    assert early.sentence.startswith("Tổng cộng: ") and early.stays[-1].to_at == request.issued_at


def test_outside_working_hours_nobody_has_held_it_yet():
    sunday = datetime.fromisoformat("2026-10-11T10:00:00+07:00")
    request = factories.request_in("submitted", at=sunday, fields={"fee_category": "poor", "fee_proof": "counter"})
    found = held(request, now=sunday + timedelta(hours=2))
    assert found.parts == [] and found.sentence.startswith("Chưa qua phút làm việc nào")


def test_a_draft_was_held_by_nobody():
    request = factories.journey(at=WEDNESDAY).request
    assert held(request, now=WEDNESDAY + timedelta(days=1)) is None


def test_citizen_clerk_and_approver_read_the_same_figures(client):
    citizen, office = factories.make_citizen(), factories.make_office()
    request = factories.request_in("verified", by=citizen, office=office)
    read = {}
    for user, name in ((citizen, "request_detail"), (office.verifying_clerk, "clerk_request")):
        client.force_login(user)
        read[name] = client.get(reverse(name, args=[request.code]))
    client.force_login(office.approver)
    read["approver_request"] = client.get(reverse("approver_request", args=[request.code]))
    parts = [[part._replace(who="") for part in page.context["held"].parts] for page in read.values()]
    assert parts[0] and parts[0] == parts[1] == parts[2]
    assert all("Ai đã giữ hồ sơ, bao lâu?" in page.text for page in read.values())
    assert "Người yêu cầu" in read["clerk_request"].text and "Bạn</th>" in read["request_detail"].text
