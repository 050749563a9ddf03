"""Who must be asked and why: the rules of source.toml over the facts of one request. Pure, and then over real rows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from lltp_portal.errors import Invalid
from requests import actions, clock, inquiries, policy, sources
from requests.models import SourceSwitch
from requests.sources import Case, Stay
from tests import factories
from tests.agencies import reviewing, switch_on

P0, P2, P4 = date(2015, 5, 5), date(2025, 2, 28), date(2026, 8, 1)
OLD, YOUNG = date(1990, 3, 27), date(1999, 1, 1)
AT_HOME = Stay("01", "VN", "Kỹ sư Công ty Ví Dụ", in_service=False)
PLAIN = Case(born_first=YOUNG, stays=(AT_HOME,))
pytestmark = pytest.mark.django_db


def asked(case, on):
    return sources.to_ask(policy.required_sources(case, on))


def test_the_central_database_is_always_asked_and_comes_first():
    for on in (P0, P2, P4):
        required = policy.required_sources(PLAIN, on)
        assert required[0].source == "central"
        assert asked(PLAIN, on) == frozenset()


@pytest.mark.parametrize(
    ("born", "by_police"),
    [
        (date(1996, 6, 30), True),  # fourteen on 30 June 2010, the day before the law began
        (date(1996, 7, 1), False),
        (date(1960, 1, 1), True),
        (None, True),  # whose age nobody knows
    ],
)
def test_the_police_are_asked_about_whoever_was_fourteen_before_the_law(born, by_police):
    assert ("police" in asked(replace(PLAIN, born_first=born), P0)) is by_police


def test_since_delegated_look_ups_the_police_are_asked_only_where_the_office_says_so():
    old = replace(PLAIN, born_first=OLD)
    assert asked(old, P2) == frozenset()
    assert asked(replace(old, switched={"police": True}), P2) == {"police"}
    assert asked(replace(old, switched={"police": False}), P0) == {"police"}  # the law of that time left no choice


@pytest.mark.parametrize(
    "stay",
    [
        replace(AT_HOME, in_service=True),
        replace(AT_HOME, works_as="Bộ đội biên phòng"),
        replace(AT_HOME, works_as="Công nhân quốc phòng Nhà máy Z"),
    ],
)
def test_soldiers_and_defence_workers_are_asked_about_at_the_ministry(stay):
    assert asked(replace(PLAIN, stays=(AT_HOME, stay)), P2) == {"military"}
    assert asked(replace(PLAIN, stays=(AT_HOME, stay)), P4) == frozenset()


def test_a_hit_without_a_judgment_leads_to_court_procuracy_and_execution_office():
    found = asked(replace(PLAIN, hit_without_judgment="Có danh chỉ bản"), P2)
    assert found == {"court", "enforcement", "procuracy"}


@pytest.mark.parametrize(("on", "whom"), [(P0, "commune"), (P2, "commune"), (P4, "prosecuting")])
def test_the_condition_of_automatic_expungement_is_asked_of_the_commune_and_later_of_prosecutors(on, whom):
    case = replace(PLAIN, expunged_by_itself="Bản án 1/2015 đương nhiên được xóa án tích")
    assert asked(case, on) == frozenset()
    on_case = replace(case, switched={"commune": True, "prosecuting": True})
    (found,) = [one for one in policy.required_sources(on_case, on) if one.source != "central"]
    assert (found.source, found.reason) == (whom, case.expunged_by_itself)


def test_the_national_centre_is_asked_about_people_of_several_places():
    wide = replace(PLAIN, stays=(AT_HOME, replace(AT_HOME, province="36")), switched={"national_centre": True})
    assert asked(wide, P2) == {"national_centre"}
    assert asked(replace(wide, stays=(AT_HOME, AT_HOME)), P2) == frozenset()
    assert asked(replace(wide, stays=(AT_HOME,), foreign=True), P2) == {"national_centre"}


def test_the_shortcut_spares_police_and_defence_and_says_why():
    soldier = replace(PLAIN, born_first=OLD, stays=(replace(AT_HOME, in_service=True),), earlier_clear="Điều 28")
    assert asked(soldier, P0) == frozenset()
    spared = {one.source: one.reason for one in policy.required_sources(soldier, P0) if one.spared}
    assert spared == {"police": "Điều 28", "military": "Điều 28"}


@pytest.mark.parametrize("on", [P0, P2, P4])
def test_every_source_has_a_time_to_answer_and_a_basis(on):
    rules = policy.source_rules(on)
    assert {"police", "court", "military", "prison", "procuracy", "enforcement"} <= set(rules)
    for rule in rules.values():
        assert rule.term.unit == clock.WORKING_DAY and 0 < rule.term.amount <= rule.complicated.amount
        assert rule.basis and sources.Source(rule.source)


# --- The office's own choice ------------------------------------------------------------------------------------------


@pytest.fixture
def administrator():
    return factories.make_staff("authority_administrator")


def choose(by, **changes):
    chosen = {"source": "police", "asked": True, "valid_from": clock.local_day(timezone.now()), "reason": "QĐ 1"}
    return actions.switch_source(by=by, **{**chosen, **changes})


def test_a_source_is_switched_on_from_a_day_for_what_is_received_from_then_on():
    office = factories.make_office()
    before = reviewing(office)
    switch_on(office, "police", days_ago=5)
    after = reviewing(office, at=timezone.now() - timedelta(days=3), rows={})
    assert [one.source for one in inquiries.standing(before).missing] == []
    assert [one.source for one in inquiries.standing(after).missing] == ["police"]


def test_only_the_offices_administrator_switches():
    for user in (factories.make_staff("verifying_clerk"), factories.make_staff("national_administrator")):
        with pytest.raises(PermissionDenied):
            choose(user)
    assert not SourceSwitch.objects.exists()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("source", {"source": "court"}),  # the law's own
        ("source", {"source": "nobody"}),
        ("reason", {"reason": "  "}),
        ("valid_from", {"valid_from": date(2020, 1, 1)}),
        ("asked", {"asked": False}),  # as it is already
    ],
)
def test_what_cannot_be_switched_is_refused_beside_its_field(administrator, field, changes):
    with pytest.raises(Invalid) as refused:
        choose(administrator, **changes)
    assert set(refused.value.fields) == {field}


def test_a_choice_is_ended_by_a_later_one_and_never_changed(administrator):
    first = choose(administrator)
    with pytest.raises(Invalid):
        choose(administrator, asked=False)  # not on the same day
    later = clock.local_day(timezone.now()) + timedelta(days=10)
    choose(administrator, asked=False, valid_from=later)
    office = administrator.authority_id
    assert inquiries.switched(office, later - timedelta(days=1)) == {"police": True}
    assert inquiries.switched(office, later) == {"police": False}
    with pytest.raises(DatabaseError), transaction.atomic():
        SourceSwitch.objects.filter(pk=first.pk).update(asked=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        SourceSwitch.objects.create(
            authority_id=office,
            source="police",
            asked=True,
            valid_from=later - timedelta(days=5),
            reason="Chen",
            by=administrator,
            at=timezone.now(),
        )
