"""Searching the register outside a request: a right of its own, a reason, a second person, a short time."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from lltp_portal.accounts.models import person_key
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from records.models import RecordLookup
from requests import actions
from requests.models import FreeSearch, FreeSearchQuestion, FreeSearchRuling
from requests.readers import readings
from tests import factories, staff_register
from tests.clerk_desk import NUMBER, reviewing, the_same
from tests.records_people import conviction
from tests.staff_register import strangers

pytestmark = pytest.mark.django_db
WHOM = {"full_name": "Nguyễn Văn Thử", "date_of_birth": "1990", "number": NUMBER}
WHY = {"ground": "agency", "reason": "Công văn số 12/CV-CQĐT ngày 20/11/2026"}


@pytest.fixture
def searcher():
    return factories.make_staff("register_searcher", full_name="Tạ Thị Tra Cứu")


@pytest.fixture
def leader():
    return factories.make_staff("approver", full_name="Hoàng Thị Duyệt")


def asked(searcher, **changes):
    return actions.ask_free_search(by=searcher, **{**WHOM, **WHY, **changes})


def allowed(searcher, leader, **when):
    search = asked(searcher)
    actions.rule_free_search(search, by=leader, allowed=True, **when)
    return search


def address(search):
    return reverse("free_search", args=[search.code])


@pytest.fixture
def known(settings):
    staff_register.answers_with(settings, the_same(conviction()))


def test_asked_allowed_put_and_read_by_who_asked(client, searcher, leader, known):
    client.force_login(searcher)
    typed = {"full_name": WHOM["full_name"], "date_of_birth_year": "1990", "number": NUMBER, **WHY}
    response = client.post(reverse("new_free_search"), typed)
    search = FreeSearch.objects.get()
    assert response.url == address(search) and NUMBER not in response.url
    assert "Chờ quyết định" in client.get(address(search)).text
    assert not RecordLookup.objects.exists()
    client.force_login(leader)
    assert search.code in client.get(reverse("free_searches")).text
    assert client.post(address(search), {"rule": "1", "decision": "allow", "reason": ""}).status_code == 302
    client.force_login(searcher)
    assert "15/2021/HS-ST" not in client.get(address(search)).text
    assert client.post(address(search), {"put": "1"}).status_code == 302
    text = client.get(address(search)).text
    assert "15/2021/HS-ST" in text and "R-1" in text
    lookup = RecordLookup.objects.get()
    assert (lookup.asked_by, lookup.request_code, lookup.outcome) == (searcher, "", "complete")
    assert "Tra cứu tự do" in lookup.purpose


def test_nobody_reads_it_but_who_asked_and_not_for_long(client, searcher, leader, known, settings):
    search = allowed(searcher, leader)
    actions.put_free_search(search, by=searcher)
    colleague = factories.make_staff("register_searcher")
    client.force_login(leader)
    assert "15/2021/HS-ST" not in client.get(address(search)).text
    client.force_login(colleague)
    assert client.get(address(search)).status_code == 404
    late = asked(searcher)
    actions.rule_free_search(late, by=leader, allowed=True, at=timezone.now() - timedelta(minutes=31))
    client.force_login(searcher)
    assert "Đã hết thời gian" in client.get(address(late)).text
    assert "Đã hết thời gian" in client.post(address(late), {"put": "1"}, follow=True).text
    assert FreeSearchQuestion.objects.count() == 1, "only the one that was put in time"
    assert not AuditEvent.objects.filter(verb="view_free_search").exists()


def test_the_look_is_written_before_the_page_and_told_to_the_person(client, searcher, leader, known, monkeypatch):
    office = factories.make_office()
    request = reviewing(office)
    request.__class__.objects.filter(pk=request.pk).update(applicant_person_key=person_key(NUMBER))
    search = allowed(searcher, leader)
    actions.put_free_search(search, by=searcher)
    before = readings([request.code]).count()
    client.force_login(searcher)
    client.raise_request_exception = False
    monkeypatch.setattr("requests.free_search_views.render", lambda *args, **more: 1 / 0)
    assert client.get(address(search)).status_code == 500
    lines = AuditEvent.objects.filter(verb="view_free_search")
    assert {line.subject for line in lines} == {search.code, request.code}
    assert all(line.details["purpose"] and line.actor == searcher for line in lines)
    assert readings([request.code]).count() == before + 1


def test_those_set_aside_are_a_number_and_a_reason_and_no_look_at_anybody(client, searcher, leader, settings):
    staff_register.answers_with(settings, the_same(conviction()), set_aside=strangers(40))
    search = allowed(searcher, leader)
    actions.put_free_search(search, by=searcher)
    client.force_login(searcher)
    text = client.get(address(search)).text
    assert "15/2021/HS-ST" in text
    fold = text.split("<summary>Đã loại ngay khi tìm: 40</summary>")[1].split("</details>")[0]
    assert "án của những người này không được đọc" in fold and "<a " not in fold
    assert all(f">{register_id}" in fold for register_id, _ in strangers(40))
    line = AuditEvent.objects.get(verb="view_free_search")
    assert (line.subject, line.details["shown"], line.details["set_aside"]) == (search.code, 1, 40)


def test_where_everybody_was_set_aside_nobody_is_found(client, searcher, leader, settings):
    for aside, words in (
        ((), "Không tìm thấy hồ sơ nào.</b>"),
        (strangers(3), "Không tìm thấy hồ sơ nào có thể trùng.</b>"),
    ):
        staff_register.answers_with(settings, set_aside=aside)
        search = allowed(searcher, leader)
        actions.put_free_search(search, by=searcher)
        client.force_login(searcher)
        text = client.get(address(search)).text
        assert words in text and ("Đã loại ngay khi tìm: 3" in text) == bool(aside)


@pytest.mark.parametrize("roles", [("verifying_clerk",), ("approver",), ("authority_administrator",)])
def test_it_needs_a_right_of_its_own(roles, client):
    user = factories.make_staff(*roles)
    with pytest.raises(PermissionDenied):
        asked(user)
    client.force_login(user)
    assert client.get(reverse("new_free_search")).status_code == 403


def test_it_needs_a_reason_and_is_not_about_oneself():
    number = factories.identity_number()
    searcher = factories.make_staff("register_searcher", number=number)
    with pytest.raises(Invalid):
        asked(searcher, reason="  ")
    with pytest.raises(Invalid, match="chính mình"):
        asked(searcher, number=f"{number[:3]} {number[3:]}")
    assert not FreeSearch.objects.exists()


def test_the_second_person_is_another_person_of_the_same_office(searcher, leader):
    search = asked(searcher)
    elsewhere = factories.make_staff("approver", authority=factories.department("36"))
    clerk = factories.make_staff("verifying_clerk")
    for nobody in (searcher, elsewhere, clerk):
        with pytest.raises(PermissionDenied):
            actions.rule_free_search(search, by=nobody, allowed=True)
    number = factories.identity_number()
    both, again = (
        factories.make_staff("register_searcher", number=number),
        factories.make_staff("approver", number=number),
    )
    own = asked(both)
    with pytest.raises(PermissionDenied):
        actions.rule_free_search(own, by=again, allowed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        FreeSearchRuling.objects.create(
            search=own, allowed=True, by=again, at=timezone.now(), visible_until=timezone.now()
        )


def test_it_is_decided_once_and_a_refusal_says_why(searcher, leader):
    search = asked(searcher)
    with pytest.raises(Invalid):
        actions.rule_free_search(search, by=leader, allowed=False)
    actions.rule_free_search(search, by=leader, allowed=False, reason="Không có công văn.")
    with pytest.raises(StepNotAllowed):
        actions.rule_free_search(search, by=leader, allowed=True)
    with pytest.raises(PermissionDenied):
        actions.put_free_search(search, by=searcher)


def test_the_database_keeps_questions_to_what_was_allowed(searcher, leader, known):
    search, other = allowed(searcher, leader), asked(searcher)
    lookup = actions.put_free_search(search, by=searcher)
    with pytest.raises(IntegrityError), transaction.atomic():
        FreeSearchQuestion.objects.create(search=other, lookup=lookup)
    for table, change in product(
        ("freesearch", "freesearchruling", "freesearchquestion"),
        ("UPDATE public.requests_{} SET id = id", "DELETE FROM public.requests_{}"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(table))


def test_no_answer_is_no_answer(client, searcher, leader, settings):
    staff_register.keeps_silent(settings)
    search = allowed(searcher, leader)
    client.force_login(searcher)
    response = client.post(address(search), {"put": "1"}, follow=True)
    assert staff_register.CAUSE in response.text and "Không tìm thấy" not in response.text
    assert "Tra cứu</button>" in response.text
