"""The page of delegations: each office, on or off, its counts by day; one press switches it, with a reason kept."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from records.answers import Complete, Failed
from records.central import actions
from records.central.models import Circuit, OfficeKey, Served, Switch
from records.models import RecordLookup
from tests import factories
from tests.test_records_matching import ask

pytestmark = pytest.mark.django_db
LONG = "Sở Tư pháp thành phố trực thuộc trung ương có cái tên dài đến sáu mươi ký tự"


@pytest.fixture
def office():
    return actions.add_office(code="01-hn", name=LONG, by="Quản trị thử")


def signed_in(*roles):
    client = Client()
    client.force_login(factories.make_staff(*roles))
    return client


def served(office, answer):
    now = timezone.now()
    lookup = RecordLookup.objects.put(ask(), request_code="01-hn:x", source="central", purpose="x", by=None, at=now)
    lookup.record(answer, at=now)
    key = OfficeKey.objects.get_or_create(
        delegation=office, key_id="0" * 16, defaults={"secret_sha256": "x", "made_at": now, "made_by": "x"}
    )[0]
    Served.objects.create(delegation=office, key=key, lookup=lookup, nonce=f"{lookup.pk:032x}", received_at=now)


def switch(client, office, on, reason="Văn bản 7/UQ"):
    address = reverse("switch_delegation", args=[office.code])
    return client.post(address, {"on": on, "reason": reason}, follow=True).content.decode()


def test_an_administrator_reads_counts_and_switches_with_a_reason(office):
    served(office, Complete(timezone.now(), ask().digest(), ()))
    served(office, Failed("Không trả lời kịp."))
    nation = signed_in("national_administrator")
    page = nation.get(reverse("delegations")).content.decode()
    assert LONG in page and "Chưa bật lần nào" in page
    assert "1 chưa đủ" in page
    assert "0" * 16 in page
    assert "Ghi lý do" in switch(nation, office, "1", " ")
    assert "đã bật ủy quyền" in switch(nation, office, "1")
    assert office.may_ask(timezone.now())
    assert "từ trước" in switch(nation, office, "1")
    assert "đã ngừng ủy quyền" in switch(nation, office, "0", "Hết hạn ủy quyền")
    assert not office.may_ask(timezone.now())
    rows = Switch.objects.order_by("pk").values_list("is_on", "by__email", "reason")
    assert [row[0] for row in rows] == [True, False] and all(row[1] for row in rows)
    assert "Hết hạn ủy quyền" in nation.get(reverse("delegations")).content.decode()


def test_auditors_read_and_nobody_else_does(office):
    auditor = signed_in("auditor")
    assert "Bật ủy quyền" not in auditor.get(reverse("delegations")).content.decode()
    assert auditor.post(reverse("switch_delegation", args=[office.code]), {"on": "1", "reason": "x"}).status_code == 403
    for role in ("authority_administrator", "verifying_clerk", "approver"):
        assert signed_in(role).get(reverse("delegations")).status_code == 403
    assert not Switch.objects.exists()


def test_the_page_costs_the_same_however_many_offices(office, django_assert_max_num_queries):
    for number in range(20):
        actions.add_office(code=f"{number}", name=f"Đơn vị {number}", by="Quản trị thử")
    nation = signed_in("national_administrator")
    with django_assert_max_num_queries(12):
        nation.get(reverse("delegations"))


def test_administrators_see_that_the_far_side_is_left_alone():
    nation = signed_in("national_administrator")
    words = "Hệ thống trung ương không trả lời được"
    assert words not in nation.get(reverse("waiting_rows")).content.decode()
    now = timezone.now()
    Circuit.objects.create(
        name="central", failures=7, opened_at=now, next_probe_at=now, last_cause="Không kết nối được."
    )
    page = nation.get(reverse("waiting_rows")).content.decode()
    assert words in page and "sau 7 lần liền" in page and "lần cuối: Không kết nối được" in page
