"""The weekly list of odd looks: what is on it, what is not, once however often it runs, and who reads it is logged."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from lltp_portal.audit.models import AuditEvent
from requests import actions, odd_looks, tasks
from requests.models import OddLook
from requests.odd_looks import IDLE, MANY, OWN, Look
from tests import factories
from tests.clerk_desk import reviewing

MONDAY = datetime(2026, 11, 9, 2, tzinfo=UTC)  # 09:00 in Viet Nam
LISTED = datetime(2026, 11, 19, 2, tzinfo=UTC)  # the Thursday of the week after


# --- The rules, on paper ----------------------------------------------------------------------------------------------


def rules(looks, **known):
    nothing = {"worked_on": {}, "concerned": set(), "peers": {}, "earlier": {}}
    return {(one.kind, one.actor, one.subject) for one in odd_looks.odd_looks(looks, **{**nothing, **known})}


def look(actor=1, subject="YC-A", minutes=0):
    return Look(actor, subject, MONDAY + timedelta(minutes=minutes))


def test_a_look_without_a_later_act_is_idle_and_one_with_an_act_is_not():
    looks = [look(), look(minutes=30), look(2), look(3)]
    worked_on = {(1, "YC-A"): MONDAY + timedelta(minutes=45), (2, "YC-A"): MONDAY - timedelta(minutes=1)}
    assert rules(looks, worked_on=worked_on) == {(IDLE, 2, "YC-A"), (IDLE, 3, "YC-A")}


def test_a_look_at_oneself_is_told_even_where_it_led_to_an_act():
    worked_on = {(1, "YC-A"): MONDAY + timedelta(hours=1)}
    assert rules([look()], worked_on=worked_on, concerned={(1, "YC-A")}) == {(OWN, 1, "YC-A")}


@pytest.mark.parametrize(
    ("count", "others", "earlier", "odd"),
    [
        (19, [0], [1], False),  # too few to ask about
        (40, [10, 12], [11, 14], True),
        (40, [30, 35], [38], False),  # usual here
        (36, [12], [12], False),  # three times is not more than three times
        (37, [12], [12], True),
        (20, [], [], True),  # nobody to compare with, and nothing before
    ],
)
def test_far_above_the_usual_of_role_and_office(count, others, earlier, odd):
    looks = [look(1, f"YC-{number}") for number in range(count)]
    looks += [look(2 + at, f"YC-{number}") for at, many in enumerate(others) for number in range(many)]
    worked_on = {(one.actor, one.subject): one.at for one in looks}
    found = rules(looks, worked_on=worked_on, peers={1: [2 + at for at in range(len(others))]}, earlier={1: earlier})
    assert ((MANY, 1, "") in found) is odd


def test_one_dossier_read_often_is_one_person_looked_at():
    looks = [look(minutes=number) for number in range(50)]
    assert not {kind for kind, _, _ in rules(looks)} & {MANY}


# --- The list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(db):
    return factories.make_office()


def read(user, code, at=MONDAY, verb="view_findings"):
    """A line of the log of that moment; the table is only added to, so the moment is given as it is written."""
    event = AuditEvent(verb=verb, actor=user, subject=code, authority_id=user.authority_id, details={})
    field = AuditEvent._meta.get_field("at")
    field.auto_now_add = False
    try:
        event.at = at
        event.save(force_insert=True)
    finally:
        field.auto_now_add = True
    return event


def test_the_list_is_made_once_the_week_is_over_for_three_days(office):
    request = reviewing(office)
    intruder = factories.make_staff("verifying_clerk")
    read(intruder, request.code)
    assert actions.list_odd_looks(now=LISTED - timedelta(days=1)) == 0
    assert actions.list_odd_looks(now=LISTED) == 1
    assert actions.list_odd_looks(now=LISTED) == 0
    assert actions.list_odd_looks(now=LISTED + timedelta(days=3)) == 0
    row = OddLook.objects.get()
    assert (row.kind, row.actor, row.subject, row.week.isoformat()) == ("idle", intruder, request.code, "2026-11-09")
    assert row.authority == intruder.authority


def test_who_looked_and_then_worked_on_it_is_not_on_the_list(office):
    request = reviewing(office)
    read(office.verifying_clerk, request.code)
    actions.verify(request, by=office.verifying_clerk)
    assert actions.list_odd_looks(now=LISTED) == 0


def test_own_name_own_number_and_own_account_are_on_it(office):
    number = factories.identity_number()
    about = reviewing(office)
    namesake = factories.make_staff("verifying_clerk", full_name="NGUYỄN VĂN THỬ")
    same_person = factories.make_staff("verifying_clerk", number=number)
    type(about).objects.filter(pk=about.pk).update(applicant_person_key=same_person.person_key)
    for who in (namesake, same_person):
        read(who, about.code)
    actions.list_odd_looks(now=LISTED)
    assert {row.actor for row in OddLook.objects.filter(kind="own")} == {namesake, same_person}


def test_a_citizens_look_at_their_own_request_is_nobodys_business(office):
    request = reviewing(office)
    read(request.filed_by, request.code, verb="read_request")
    assert actions.list_odd_looks(now=LISTED) == 0


def test_the_nightly_task_makes_the_list():
    from lltp_portal.celery import DAILY

    assert f"{tasks.__name__}.list_odd_looks" in DAILY


@pytest.mark.django_db
def test_the_page_is_read_by_leaders_and_administrators_each_their_own_and_logged(client, office):
    request = reviewing(office)
    intruder = factories.make_staff("verifying_clerk", full_name="Kẻ Tò Mò")
    read(intruder, request.code)
    actions.list_odd_looks(now=LISTED)
    address = reverse("odd_looks") + "?week=2026-11-09"
    elsewhere = factories.department("36")
    sees = {
        office.approver: True,
        factories.make_staff("authority_administrator"): True,
        factories.make_staff("national_administrator"): True,
        factories.make_staff("auditor"): True,
        factories.make_staff("approver", authority=elsewhere): False,
    }
    for number, (user, shown) in enumerate(sees.items(), start=1):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200 and ("Kẻ Tò Mò" in response.text) is shown
        assert (request.dossier_number in response.text) is shown
        assert "Nguyễn Văn Thử" not in response.text  # who looked, never whom the record is about
        line = AuditEvent.objects.filter(verb="open_odd_looks").first()
        assert line.actor == user and AuditEvent.objects.filter(verb="open_odd_looks").count() == number
    for role in ("verifying_clerk", "intake_clerk", "register_searcher"):
        client.force_login(factories.make_staff(role))
        assert client.get(address).status_code == 403
    client.force_login(office.approver)
    for wrong in ("2026-11-10", "2999-01-04", "x"):
        assert client.get(reverse("odd_looks"), {"week": wrong}).status_code == 404


@pytest.mark.django_db
def test_rows_of_the_list_stay(office):
    request = reviewing(office)
    read(factories.make_staff("verifying_clerk"), request.code)
    actions.list_odd_looks(now=LISTED)
    for sql in ("UPDATE public.requests_oddlook SET looks = 0", "DELETE FROM public.requests_oddlook"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
