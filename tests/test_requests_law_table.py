"""The law's table: loaded from its files, only ever added to, refused when a file was edited; offices' own rules."""

import shutil
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from lltp_portal.accounts.models import Authority
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid
from requests import actions, clock, policy
from requests.law import files, loading, table
from requests.law.files import LawFileError
from requests.models import LawRow, LocalRule
from tests import factories

pytestmark = pytest.mark.django_db
P4 = date(2026, 7, 1)


@pytest.fixture
def folder(tmp_path):
    """The project's own files, to be edited."""
    return shutil.copytree(files.FOLDER, tmp_path / "law")


@pytest.fixture(autouse=True)
def rows_of_other_tests():
    table.forget()
    yield
    table.forget()


def edit(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def add_row(folder, kind, text):
    with (folder / f"{kind}.toml").open("a", encoding="utf-8") as file:
        file.write(text)


NEXT_REGIME = """
[[row]]
key = "national"
valid_from = 2028-01-01
version = 2
source = "Luật mới"
value = { code = "P5", name = "Luật mới", provincial = "provincial_police", national = "x", change = "Mới." }
"""


def test_the_projects_files_are_in_the_table_each_row_with_its_source():
    rows = files.read()
    assert LawRow.objects.count() == len(rows) > 100
    assert not LawRow.objects.filter(source="").exists()


def test_loading_again_adds_nothing():
    before = LawRow.objects.count()
    assert loading.load().added == 0
    assert loading.load_local().added == 0
    call_command("load_reference_data", stdout=StringIO())
    assert LawRow.objects.count() == before


def test_a_new_row_ends_the_open_one_before_it_and_is_seen_after_loading(folder):
    assert policy.regime_on(date(2028, 1, 1)).code == "P4"
    add_row(folder, "regime", NEXT_REGIME)
    assert loading.load(folder).added == 1
    assert policy.regime_on(date(2028, 1, 1)).code == "P5"
    assert policy.regime_on(date(2027, 12, 31)).valid_to == date(2027, 12, 31)
    assert policy.regime_codes()[-1] == "P5"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("fee.toml", "full = 200_000", "full = 250_000"),
        ("deadline.toml", "amount = 10", "amount = 12"),
        ("fee.toml", "valid_to = 2025-04-23", "valid_to = 2025-04-20"),
        ("regime.toml", 'source = "Thông tư 06/2024/TT-BTP"', 'source = "Thông tư khác"'),
    ],
)
def test_a_row_that_was_edited_is_refused_and_says_what_to_do(folder, name, before, after):
    edit(folder, name, before, after)
    add_row(folder, "regime", NEXT_REGIME)
    with pytest.raises(LawFileError, match="thêm một dòng mới"):
        loading.load(folder)
    assert not LawRow.objects.filter(valid_from=date(2028, 1, 1)).exists()


def test_the_command_says_so_too(folder, monkeypatch):
    edit(folder, "fee.toml", "full = 200_000", "full = 250_000")
    monkeypatch.setattr(files, "read", lambda _=None, read=files.read: read(folder))
    with pytest.raises(CommandError, match="thêm một dòng mới"):
        call_command("load_reference_data", stdout=StringIO())


@pytest.mark.parametrize("first", ["2024-01-01", "2020-05-05"])
def test_a_row_before_a_stored_one_is_refused(folder, first):
    add_row(folder, "regime", NEXT_REGIME.replace("2028-01-01", first))
    with pytest.raises(LawFileError, match="thêm một dòng mới"):
        loading.load(folder)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NEXT_REGIME.replace("2028-01-01", "2026-07-01"), "cùng ngày bắt đầu"),
        (NEXT_REGIME.replace('source = "Luật mới"\n', ""), "thiếu"),
        (NEXT_REGIME.replace('"Luật mới"\nvalue', '" "\nvalue'), "thiếu điều luật"),
        (NEXT_REGIME + "colour = 1\n", "không hiểu"),
        (NEXT_REGIME.replace("version = 2", "valid_to = 2027-01-01\nversion = 2"), "valid_to trước valid_from"),
        ("[[row", "không đọc được"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_before_anything_is_added(folder, text, why):
    add_row(folder, "regime", text)
    with pytest.raises(LawFileError, match=why):
        loading.load(folder)


def test_rows_of_one_key_may_not_lie_on_each_other(folder):
    edit(folder, "fee.toml", "valid_to = 2025-04-23", "valid_to = 2025-05-01")
    with pytest.raises(LawFileError, match="chồng lên"):
        files.read(folder)


# --- The database's own guard ---------------------------------------------------------------------------------------


def law_row(**changes):
    value = {
        "kind": "regime",
        "key": "national",
        "valid_from": date(2030, 1, 1),
        "value": {},
        "version": 9,
        "source": "x",
    }
    return LawRow(**{**value, **changes})


@pytest.mark.parametrize("model", [LawRow, LocalRule])
def test_the_applications_role_can_neither_change_nor_delete(model):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.update(valid_to=date(2030, 1, 1))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.all().delete()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {model._meta.db_table}")


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": P4},
        {"valid_from": date(2026, 1, 1)},
        {"kind": "fee", "key": "online", "valid_from": date(2026, 1, 5)},
    ],
)
def test_the_database_refuses_a_row_that_does_not_come_last(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        law_row(**changes).save()


def test_the_database_refuses_a_row_on_the_last_days_of_another():
    law_row(kind="trial", key="a", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31)).save()
    with pytest.raises(IntegrityError, match="begins after"), transaction.atomic():
        law_row(kind="trial", key="a", valid_from=date(2026, 12, 31)).save()
    law_row(kind="trial", key="a", valid_from=date(2027, 1, 1)).save()
    law_row(kind="trial", key="b", valid_from=date(2026, 12, 31)).save()


def test_a_process_sees_rows_that_another_added_within_the_minute(settings):
    assert policy.regime_on(date(2030, 1, 1)).code == "P4"
    value = {**LawRow.objects.get(kind="regime", valid_from=P4).value, "code": "P6"}
    law_row(value=value).save()
    assert policy.regime_on(date(2030, 1, 1)).code == "P4"  # was asked just now
    settings.LAW_REREAD_SECONDS = 0
    assert policy.regime_on(date(2030, 1, 1)).code == "P6"


def test_reading_the_law_asks_the_database_once(django_assert_num_queries):
    policy.regime_codes()
    with django_assert_num_queries(0):
        policy.regime_on(P4)
        policy.fee_rules(P4, "online")
        policy.procedures(P4)


# --- What offices decide themselves ---------------------------------------------------------------------------------

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=clock.LOCAL)
TODAY = NOW.date()


@pytest.fixture
def administrator():
    return factories.make_staff("authority_administrator", authority=factories.department("36"))


def add(by, **changes):
    rule = {
        "kind": "subsidy",
        "channel": "online",
        "percent": 50,
        "legal_basis": "NQ 05/2026/NQ-HĐND",
        "valid_from": TODAY,
    }
    return actions.add_local_rule(by=by, at=NOW, **{**rule, **changes})


def test_ha_noi_paid_everything_online_in_2024():
    office = factories.department("01")
    assert [one.percent for one in policy.subsidies(office, "online", date(2024, 6, 21))] == [100]
    assert policy.subsidies(office, "online", date(2024, 4, 21)) == []
    assert policy.subsidies(office, "online", date(2025, 1, 1)) == []
    assert policy.subsidies(office, "counter", date(2024, 6, 21)) == []
    assert policy.subsidies(factories.department("36"), "online", date(2024, 6, 21)) == []


def test_a_subsidy_holds_from_its_day_to_its_day_and_is_written_down(administrator):
    rule = add(administrator, valid_to=TODAY + timedelta(days=9))
    office = administrator.authority
    assert policy.subsidies(office, "online", TODAY) == [rule]
    assert policy.subsidies(office, "online", TODAY + timedelta(days=9)) == [rule]
    assert policy.subsidies(office, "online", TODAY + timedelta(days=10)) == []
    assert policy.subsidies(office, "online", TODAY - timedelta(days=1)) == []
    event = AuditEvent.objects.get(verb="add_local_rule")
    assert (event.actor, event.subject, event.details["percent"]) == (administrator, f"local_rule:{rule.pk}", 50)


def test_a_new_row_takes_over_and_one_of_nothing_ends(administrator):
    office = administrator.authority
    add(administrator, valid_to=TODAY + timedelta(days=90))
    add(administrator, percent=80, valid_from=TODAY + timedelta(days=5))
    add(administrator, percent=0, valid_from=TODAY + timedelta(days=10), valid_to=TODAY + timedelta(days=11))
    percents = [
        [one.percent for one in policy.subsidies(office, "online", TODAY + timedelta(days=n))] for n in (4, 5, 10, 12)
    ]
    assert percents == [[50], [80], [], []]


def test_all_channels_and_one_channel_both_hold(administrator):
    add(administrator, channel="all", percent=20)
    add(administrator, channel="online", percent=50)
    office = administrator.authority
    assert sorted(one.percent for one in policy.subsidies(office, "online", TODAY)) == [20, 50]
    assert [one.percent for one in policy.subsidies(office, "counter", TODAY)] == [20]


def test_notices_are_those_of_the_channel(administrator):
    add(administrator, kind="notice", percent=0, channel="counter", text="Quầy 2 đóng ngày 30/11.")
    office = administrator.authority
    assert [one.text for one in policy.notices(office, TODAY)] == ["Quầy 2 đóng ngày 30/11."]
    assert policy.notices(office, TODAY, "online") == []
    assert policy.subsidies(office, "counter", TODAY) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"valid_from": TODAY - timedelta(days=1)}, "valid_from", "không sửa quy định của ngày đã qua"),
        ({"valid_to": TODAY - timedelta(days=1)}, "valid_to", "từ ngày bắt đầu"),
        ({"percent": 101}, "percent", "từ 0 đến 100"),
        ({"percent": 0}, "percent", "Không có dòng nào để kết thúc"),
        ({"kind": "notice", "percent": 0}, "text", "Không có dòng nào để kết thúc"),
    ],
)
def test_what_an_office_may_not_say(administrator, changes, field, words):
    with pytest.raises(Invalid, match=words) as refused:
        add(administrator, **changes)
    assert list(refused.value.fields) == [field]
    assert not LocalRule.objects.filter(authority=administrator.authority).exists()


def test_a_row_on_the_day_of_another_is_refused(administrator):
    add(administrator)
    with pytest.raises(Invalid, match="phải bắt đầu sau ngày đó"):
        add(administrator, percent=60)


@pytest.mark.parametrize("role", ["intake_clerk", "approver", "national_administrator", "auditor"])
def test_only_an_offices_administrator_adds(role):
    with pytest.raises(PermissionDenied):
        add(factories.make_staff(role))


def test_an_office_of_the_police_may_have_its_own_rules_too():
    office = Authority.objects.of_province("01", timezone.localdate())
    rule = add(factories.make_staff("authority_administrator", authority=office))
    assert rule.authority.kind == Authority.Kind.PROVINCIAL_POLICE
