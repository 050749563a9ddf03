"""Deciding twice: two people who do not see each other's answer, a third where they differ, nobody twice."""

import ast
import hashlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from requests import actions, two_people
from requests.law import local
from requests.models import CandidateCase, CandidateDecision, LocalRule, Settlement
from tests import factories, staff_register
from tests.clerk_desk import alike, now, page, reviewing, the_same
from tests.records_people import conviction
from tests.test_architecture import TREES
from tests.two_clerks import found, in_doubt, say, say_all

pytestmark = pytest.mark.django_db
WAITS = "chưa đủ hai người"


def verify(case, by=None):
    return actions.verify(case.request, by=by or case.first)


# --- Which cases ------------------------------------------------------------------------------------------------------


def test_the_draw_is_the_same_for_ever_and_near_its_share():
    digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(4000)]
    drawn = [two_people.is_drawn("YC-0123456789ABCDEF", digest, 5) for digest in digests]
    assert drawn == [two_people.is_drawn("YC-0123456789ABCDEF", digest, 5) for digest in digests]
    assert 150 <= sum(drawn) <= 250
    assert not any(two_people.is_drawn("YC-0123456789ABCDEF", digest, 0) for digest in digests)
    assert all(two_people.is_drawn("YC-0123456789ABCDEF", digest, 100) for digest in digests)
    # Whoever is drawn at a share is drawn at every greater one: raising it lets nobody go.
    assert all(
        two_people.is_drawn("YC-0123456789ABCDEF", digest, 20)
        for digest, hit in zip(digests, drawn, strict=True)
        if hit
    )


@pytest.mark.parametrize(
    ("name", "common"), [("Nguyễn Thị Hương", True), ("NGUYỄN VĂN NAM", True), ("Nguyễn Phúc Vĩnh Khánh", False)]
)
def test_a_very_common_name_is_one_by_the_registers_own_count(name, common):
    assert two_people.is_very_common(name, date(2026, 11, 22)) is common
    assert not two_people.is_very_common(name, date(2001, 1, 1))  # before the bound's first day nothing was laid down


def test_every_doubt_about_a_very_common_name_needs_two(settings):
    name = "Nguyễn Thị Hương"
    case = in_doubt(settings, alike("R-2", full_name=name), percent=0, fields={"full_name": name})
    assert found(case.request).words.case.two_people == "common_name"
    say(case, case.first)
    with pytest.raises(StepNotAllowed, match=WAITS):
        verify(case)


def test_one_person_decides_where_nothing_asks_for_two(settings):
    case = in_doubt(settings, percent=0)
    say_all(case, case.first)
    assert verify(case).state == "verified"
    assert not Settlement.objects.exists() and CandidateCase.objects.get().two_people == ""


def test_a_match_by_number_and_name_is_in_no_doubt(settings):
    case = in_doubt(settings, the_same(conviction()))
    assert not found(case.request).words.needs_two


def test_an_office_lays_its_share_down_from_a_day_on(settings):
    office, today = factories.department(), date(2026, 11, 22)
    assert local.two_people_percent(office, today) == settings.TWO_PEOPLE_PERCENT == 0
    rule = {"authority": office, "kind": "two_people", "channel": "all", "legal_basis": "Quy chế số 01"}
    LocalRule.objects.create(**rule, percent=20, valid_from=today)
    LocalRule.objects.create(**rule, percent=0, valid_from=today + timedelta(days=5), valid_to=date(2026, 12, 1))
    settings.TWO_PEOPLE_PERCENT = 7
    days = [today - timedelta(days=1), today, today + timedelta(days=5), date(2026, 12, 2)]
    assert [local.two_people_percent(office, day) for day in days] == [7, 20, 0, 7]


def test_what_was_drawn_stays_drawn_whatever_the_share_is_later(settings):
    case = in_doubt(settings)
    say(case, case.first)
    settings.TWO_PEOPLE_PERCENT = 0
    assert found(case.request).words.needs_two
    say_all(case, case.first)
    with pytest.raises(StepNotAllowed, match=WAITS):
        verify(case)


# --- Two who do not see each other ------------------------------------------------------------------------------------


def test_two_who_agree_settle_it(settings):
    case = in_doubt(settings)
    say_all(case, case.first)
    with pytest.raises(StepNotAllowed, match=WAITS):
        verify(case)
    say_all(case, case.second)
    assert verify(case).state == "verified"
    rows = Settlement.objects.all()
    assert {(row.register_id, row.decision, row.first.by, row.second.by, row.third) for row in rows} == {
        (register_id, "different", case.first, case.second, None) for register_id in ("R-2", "R-3")
    }


def test_until_both_have_finished_nothing_stands_and_nobody_reads_the_other(settings):
    case = in_doubt(settings)
    say_all(case, case.first, R_2="same")
    for _ in range(2):
        words = found(case.request).words
        assert words.standing == {} and not found(case.request).person_is_settled
        assert {row.by for row in words.readable_by(case.first)} == {case.first}
        assert case.first not in {row.by for row in words.readable_by(case.second)}
        assert words.readable_by(case.leader) == [] and words.readable_by(case.third) == []
        say(case, case.second, register_id="R-3")  # one of two: not finished yet
    say(case, case.second, "same", "R-2")
    words = found(case.request).words
    assert {row.by for row in words.readable_by(case.first)} == {case.first, case.second}


def test_the_second_clerks_page_says_nothing_of_the_first(settings, client):
    case = in_doubt(settings)
    say(case, case.first, "same", "R-2", ground="Cùng quê, cùng nghề")
    say(case, case.first, "different", "R-3", ground="Khác vân tay")
    addresses = [page(case.request), page(case.request) + "?candidate=2", page(case.request) + "decisions/"]
    client.force_login(case.second)
    for address in addresses:
        text = client.get(address).text
        for word in ("Cùng quê", "Khác vân tay", "Đúng người này.", "Đã quyết 1"):
            assert word not in text, (address, word)
    first_page = client.get(page(case.request))
    assert first_page.context["desk"].decided == 0 and "Đã quyết 0 trong 2" in first_page.text
    assert "Một người đã quyết định xong" in first_page.text
    assert "Cùng quê" not in client.get(f"/api/v1/requests/{case.request.code}/").text
    client.force_login(case.first)
    own = client.get(page(case.request)).text
    assert "Cùng quê" in own and "chờ người thứ hai" in own and "Đã quyết 2 trong 2" in own
    client.force_login(case.leader)
    assert "Cùng quê" not in client.get(reverse("kept_decisions", args=[case.request.code])).text
    assert "Cùng quê" not in client.get(reverse("approver_between", args=[case.request.code])).text


def test_the_work_list_says_whose_turn_it_is(settings, client):
    case = in_doubt(settings)
    say_all(case, case.first)

    def row(user):
        client.force_login(user)
        response = client.get(reverse("clerk_queue"))
        found = next(row for row in response.context["rows"] if row.request.pk == case.request.pk)
        return found.waiting_for, response.context["following"]

    assert row(case.second) == ("Chờ người thứ hai", case.request)
    words, following = row(case.first)
    assert words == "Bạn đã quyết, chờ người khác" and following is None
    say_all(case, case.second, R_2="same")
    assert row(case.second) == ("Hai người quyết khác nhau, chờ lãnh đạo", None)


def test_a_third_clerk_finishes_what_somebody_left_half_done(settings):
    case = in_doubt(settings)
    say(case, case.first)
    say_all(case, case.second)
    say_all(case, case.third)
    assert verify(case, case.third).state == "verified"
    assert {row.second.by for row in Settlement.objects.all()} == {case.third}


def test_who_decided_may_think_again_until_both_have_and_no_longer(settings):
    case = in_doubt(settings)
    say_all(case, case.first, R_2="same")
    say(case, case.first, "different", "R-2")
    say_all(case, case.second)
    assert found(case.request).person_is_settled
    for who in (case.first, case.second, case.third):
        with pytest.raises(StepNotAllowed, match="không đổi được nữa"):
            say(case, who, "same")


def test_another_account_of_the_same_person_is_no_second_person(settings):
    case = in_doubt(settings)
    number = factories.identity_number()
    one, two = (factories.make_staff("verifying_clerk", number=number) for _ in range(2))
    say_all(case, one)
    say_all(case, two)
    assert not found(case.request).words.both_finished
    with pytest.raises(StepNotAllowed, match=WAITS):
        verify(case)


def test_new_findings_are_a_new_case(settings):
    case = in_doubt(settings)
    say_all(case, case.first)
    say_all(case, case.second)
    staff_register.answers_with(settings, alike("R-2"), alike("R-3"), alike("R-4"))
    actions.search_again(case.request, by=case.first, reason="Vừa cập nhật.")
    for search in case.request.searches.all():
        actions.search(search.pk, at=max(search.next_try_at, timezone.now()))
    assert now(case.request).state == "reviewing" and found(case.request).words.standing == {}
    with pytest.raises(StepNotAllowed, match=WAITS):
        verify(case)


# --- Where they differ ------------------------------------------------------------------------------------------------


def differing(settings):
    case = in_doubt(settings)
    say_all(case, case.first)
    say_all(case, case.second, R_2="same")
    return case


def test_where_two_differ_a_leader_who_is_neither_decides(settings):
    case = differing(settings)
    assert found(case.request).words.differing == ["R-2"]
    with pytest.raises(StepNotAllowed, match="Hai người quyết định khác nhau"):
        verify(case)
    with pytest.raises(StepNotAllowed, match="không chờ lãnh đạo"):
        say(case, case.leader, "same", "R-3", act=actions.decide_between)
    with pytest.raises(Invalid):
        say(case, case.leader, "ask", act=actions.decide_between)
    say(case, case.leader, "different", act=actions.decide_between)
    assert verify(case).state == "verified"
    row = Settlement.objects.get(register_id="R-2")
    assert (row.decision, row.third.by) == ("different", case.leader)


def test_neither_of_the_two_decides_between_them_even_with_a_leaders_right(settings):
    case = in_doubt(settings)
    both_roles = factories.make_staff("verifying_clerk", "approver")
    say_all(case, both_roles)
    say_all(case, case.second, R_2="same")
    with pytest.raises(PermissionDenied):
        say(case, both_roles, "different", act=actions.decide_between)
    with pytest.raises(PermissionDenied):
        say(case, case.third, "different", act=actions.decide_between)
    assert not CandidateDecision.objects.filter(as_leader=True).exists()


def test_a_doubt_of_somebody_else_is_not_outvoted(settings):
    case = in_doubt(settings)
    say(case, case.third, "ask")
    say_all(case, case.first)
    say_all(case, case.second)
    assert found(case.request).words.differing == ["R-2"]
    with pytest.raises(StepNotAllowed):
        verify(case)


def test_the_leader_reads_both_and_decides_on_their_page(settings, client):
    case = differing(settings)
    client.force_login(case.leader)
    queue = client.get(reverse("approver_queue"))
    address = reverse("approver_between", args=[case.request.code])
    assert address in queue.text
    response = client.get(address)
    assert f"Căn cứ của {case.first.full_name}" in response.text
    assert f"Căn cứ của {case.second.full_name}" in response.text
    desk = response.context["desk"]
    assert desk.chosen.register_id == "R-2"
    typed = {
        "version": now(case.request).step_count,
        "register_id": "R-2",
        "findings_digest": desk.found.answer.findings_digest,
        "shown_sha256": desk.found.shown_sha256,
        "decision": "different",
        "ground": "Ngày sinh khác",
    }
    assert client.post(address, {**typed, "shown_sha256": "0" * 64}).status_code == 409
    assert client.post(address, {**typed, "ground": ""}).status_code == 400
    assert client.post(address, typed).status_code == 302
    assert address not in client.get(reverse("approver_queue")).text
    client.force_login(case.first)
    assert client.get(address).status_code == 403
    assert verify(case).state == "verified"


# --- What the database itself refuses ---------------------------------------------------------------------------------


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def settlement(case, first, second, decision="different", third=None):
    kept = CandidateCase.objects.get(request=case.request)
    return lambda: Settlement.objects.create(
        case=kept, register_id="R-2", decision=decision, first=first, second=second, third=third, at=timezone.now()
    )


def test_the_database_refuses_one_person_for_two(settings):
    case = in_doubt(settings)
    number = factories.identity_number()
    one, two = (factories.make_staff("verifying_clerk", number=number) for _ in range(2))
    first, again = say(case, one), say(case, two)
    refused(settlement(case, first, first))
    refused(settlement(case, first, again))
    other = say(case, case.second, "same")
    refused(settlement(case, first, other))
    refused(settlement(case, first, other, third=again))
    refused(settlement(case, first, say(case, case.third, register_id="R-3")))


def test_the_database_verifies_no_case_of_two_that_is_not_settled(settings, monkeypatch):
    case = in_doubt(settings)
    say_all(case, case.first)
    monkeypatch.setattr("requests.actions.deciding.demand_settled", lambda found, at: None)
    monkeypatch.setattr("requests.two_people.Words.needs_two", False)
    refused(lambda: verify(case))
    assert now(case.request).state == "reviewing"


def test_a_decision_is_about_the_comparison_that_was_on_the_screen(settings):
    case = in_doubt(settings)
    with pytest.raises(Stale, match="Bảng so sánh đã thay đổi"):
        say(case, case.first, shown_sha256="0" * 64)
    row = say(case, case.first, shown_sha256=found(case.request).shown_sha256)
    fields = ("request", "declaration", "lookup", "findings_digest", "register_id", "decision", "by", "at")
    same = {name: getattr(row, name) for name in fields}
    refused(lambda: CandidateDecision.objects.create(**same, ground="không có màn hình"))


def test_no_other_module_reads_what_people_decided():
    """Who may read whose answer is said in one place; whoever asks the table past it would see both."""
    allowed = {"requests/two_people.py", "requests/actions/candidates.py", "requests/actions/odd_looks.py"}
    readers = {
        name
        for name, tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr == "candidate_decisions"
            or (node.attr == "objects" and ast.unparse(node.value) in {"CandidateDecision", "Settlement"})
        )
    }
    assert readers <= allowed


def test_a_new_request_without_candidates_is_verified_at_once(settings):
    settings.TWO_PEOPLE_PERCENT = 100
    office = factories.make_office()
    request = reviewing(office)
    assert actions.verify(request, by=office.verifying_clerk).state == "verified"
