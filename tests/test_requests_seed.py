"""The demo world: the same invented people every time, a register to search, one request in every state."""

import collections
import io
import json
import stat
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lltp_portal.accounts.models import User
from records.central.models import Delegation, Switch
from records.determination import Determination, determine
from records.matching import PARENTS, REVIEW
from records.reading import read_record
from records.register.living import IncomingInformation
from records.setting_aside import TOO_LITTLE
from requests import clock, findings
from requests.demo import cast, dossiers, people, world
from requests.models import CertificateRequest, FlowBack, FoundAfterIssue, Issuance, SourceSearch
from requests.states import ENDED, State
from tests import factories


@pytest.fixture(scope="module")
def register():
    return [read_record(json.loads(line), "") for line in world.register_lines()]


def test_the_register_is_the_same_every_time_and_large_enough(register):
    assert len(register) >= 2000
    assert list(world.register_lines()) == list(world.register_lines())
    assert len({record.register_id for record in register}) == len(register)


def test_half_were_convicted_some_of_them_expunged_some_not(register):
    states = collections.Counter()
    for record in register:
        found = determine([record], certificate_type=2, want_ban_info=False, as_of=date(2026, 11, 22))
        if isinstance(found, Determination):
            states.update(printed.state for printed in found.convictions)
        else:
            states["undetermined"] += 1
    convicted = sum(bool(record.convictions) for record in register)
    assert 0.45 < convicted / len(register) < 0.55
    assert states["active"] > 250
    assert states["expunged"] > 250
    assert states["undetermined"] > 50  # papers are missing in real registers too


def test_every_number_carries_an_invented_serial(register):
    for record in register:
        for document in record.identity_documents:
            serial = document.number[6:] if document.type == "cccd" else document.number
            assert serial.startswith("99")


def test_the_faults_of_real_registers_are_in_it():
    rows = [json.loads(line) for line in world.register_lines()]
    by_year = sum(len(row["date_of_birth"]) == 4 for row in rows)
    decomposed = sum(not unicodedata.is_normalized("NFC", row["full_name"]) for row in rows)
    old_numbers_only = sum({d["type"] for d in row["identity_documents"]} == {"cmnd"} for row in rows)
    assert 0.03 < by_year / len(rows) < 0.07
    assert 0.01 < decomposed / len(rows) < 0.05
    assert 0.01 < old_numbers_only / len(rows) < 0.05


def test_nobody_in_the_register_can_be_taken_for_a_demo_applicant_by_accident(register):
    on_purpose = {row["register_id"] for row in world.on_purpose()}
    asked_for = (*cast.CAST, *dossiers.DOSSIERS, dossiers.REPLACED)
    applicants = {people.bare(person.full_name) for person in asked_for}
    numbers = {person.number for person in asked_for}
    for record in register:
        if record.register_id not in on_purpose:
            assert people.bare(record.full_name) not in applicants
            assert not numbers & {document.number for document in record.identity_documents}


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029, 2030])
def test_the_convicted_citizen_has_a_record_in_the_coming_years(register, year):
    row = next(record for record in register if record.register_id == "MAU-COANTICH")
    found = determine([row], certificate_type=1, want_ban_info=False, as_of=date(year, 12, 14))
    assert (found.status, found.text, len(found.convictions)) == ("has_record", "Có án tích", 1)


def test_one_dossier_stands_in_each_state_and_one_name_is_sixty_characters_long():
    assert sorted(dossier.state for dossier in dossiers.DOSSIERS) == sorted(State)
    assert max(len(dossier.full_name) for dossier in dossiers.DOSSIERS) == 60


@pytest.mark.django_db
def test_production_refuses_before_anything_is_written(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="LLTP_MODE=demo"):
        call_command("seed_demo")
    assert not User.objects.filter(email__endswith=cast.DOMAIN).exists()


class TestSeeded:
    """One seeding, looked at from all sides: it signs two certificates, so it is done once."""

    @pytest.fixture
    def told(self, db, settings, tmp_path):
        settings.SIGNING_KEY_FILE = str(Path(settings.LLTP_HOME) / "keys" / "signer.key")
        settings.LLTP_HOME = tmp_path
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        call_command("seed_demo", stdout=io.StringIO())
        return json.loads((tmp_path / "run" / "demo.json").read_text())

    def test_everything_is_there_and_a_second_time_changes_nothing(self, told, settings, client):
        self.everybody_signs_in(told)
        self.no_office_stands_still()
        self.every_state_is_there(told)
        self.what_a_worker_would_take_on_waits_for_a_person(told)
        self.the_namesake_is_for_a_person_to_judge(told)
        self.only_their_owner_reads_the_sign_ins(settings)
        self.one_certificate_was_replaced_after_a_court_had_told(client)
        self.one_office_may_ask()
        self.every_page_has_something_to_show(told, client)
        before = self.rows()
        call_command("seed_demo", stdout=io.StringIO())
        assert self.rows() == before
        assert json.loads((settings.LLTP_HOME / "run" / "demo.json").read_text()) == told

    def rows(self):
        return (
            list(User.objects.order_by("pk").values("email", "password")),
            list(CertificateRequest.objects.order_by("pk").values("code", "state", "step_count")),
            [kept.objects.count() for kept in (FoundAfterIssue, IncomingInformation, Delegation, Switch)],
        )

    def everybody_signs_in(self, told):
        expected = {"nguoidan", "coantich", "nguoila", "tiepnhan", "thamtra", "ky", "quantri", "quantri.hanoi"}
        expected |= {"doichieu", "capnhat", "capnhat2"}
        elsewhere = {"tiepnhan2", "thamtra2", "doichieu2", "ky2", "quantri.namdinh"}
        assert set(told["people"]) == expected | elsewhere
        assert len({row["password"] for row in told["people"].values()}) == len(told["people"])
        for row in told["people"].values():
            user = User.objects.get(email=row["email"])
            assert user.check_password(row["password"])
            assert user.is_staff_member == (row["role"] != "Công dân")
        assert User.objects.get(email="ky2@vi-du.example").authority == factories.department("36")

    def no_office_stands_still(self):
        """From the counter to the signature, also where two clerks decide and where somebody complains."""
        for office in {user.authority for user in User.objects.exclude(authority=None)}:
            people = [role for user in User.objects.filter(authority=office) for role in user.roles]
            needed = ["intake_clerk", "verifying_clerk", "verifying_clerk", "approver", "authority_administrator"]
            assert sorted(role for role in people if role in needed) == sorted(needed), office

    def every_state_is_there(self, told):
        assert set(told["requests"]) == set(State.values)
        now = timezone.now()
        for state, code in told["requests"].items():
            request = CertificateRequest.objects.get(code=code)
            assert request.state == state
            assert request.authority in {None, factories.department("01")}
            assert all(step.at <= now for step in request.history())

    def what_a_worker_would_take_on_waits_for_a_person(self, told):
        assert SourceSearch.objects.parked().get().request.code == told["requests"]["received"]
        assert Issuance.objects.parked().get().request.code == told["requests"]["signing"]
        assert not SourceSearch.objects.due(timezone.now()).exclude(request__state__in=ENDED).exists()

    def the_namesake_is_for_a_person_to_judge(self, told):
        request = CertificateRequest.objects.get(code=told["requests"]["reviewing"])
        found = findings.current(request, as_of=clock.local_day(timezone.now()))
        assert found.matching.decision == REVIEW
        assert [weighed.record.register_id for weighed in found.to_decide] == ["MAU-TRUNGTEN"]
        read = {weighed.record.register_id for weighed in found.matching.candidates if weighed.excluded}
        others = {register_id for register_id, _ in found.answer.set_aside}
        assert read == {"MAU-KHACNGUOI-1"} and others == {f"MAU-KHACNGUOI-{number}" for number in (2, 3, 4)}
        assert {reason for _, reason in found.answer.set_aside} == {PARENTS, TOO_LITTLE}

    def one_certificate_was_replaced_after_a_court_had_told(self, client):
        (new,) = CertificateRequest.objects.exclude(corrects=None)
        old = new.corrects
        assert '"no_record"' in old.certificate.content and '"has_record"' in new.certificate.content
        assert (old.certificate.status, old.certificate.ending.replaced_by) == ("replaced", new.certificate)
        task = FoundAfterIssue.objects.get()
        assert (task.request, task.kind, task.decision) == (old, "told", "replace")
        assert not FlowBack.objects.waiting().exists()
        assert IncomingInformation.objects.filter(sender__contains="Tòa án nhân dân thành phố Hà Nội").count() == 2
        client.force_login(User.objects.get(email="thamtra@vi-du.example"))
        page = client.get(f"/staff/found-after/{old.code}/").text
        assert "Thay Phiếu đã cấp" in page and "Phiếu đã được thay thế lúc" in page

    def one_office_may_ask(self):
        (office,) = Delegation.objects.with_standing(timezone.now())
        assert office.is_on and office.name == factories.department("36").name

    def only_their_owner_reads_the_sign_ins(self, settings):
        mode = (settings.LLTP_HOME / "run" / "demo.json").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600

    def every_page_has_something_to_show(self, told, client):
        """Each request as each of those who may see it; a request that is not theirs does not exist for the others."""
        for name, pages in PAGES.items():
            client.force_login(User.objects.get(email=told["people"][name]["email"]))
            for state, code in told["requests"].items():
                for page in pages:
                    answer = client.get(page.format(code=code), follow=True)
                    expected = 404 if name in STRANGERS or (state == "draft" and name != "nguoidan") else 200
                    assert answer.status_code == expected, f"{name} sees {answer.status_code} for {state}: {page}"
        for name in told["people"]:
            client.force_login(User.objects.get(email=told["people"][name]["email"]))
            assert client.get("/after-sign-in/", follow=True).status_code == 200


PAGES = {
    "nguoidan": ["/requests/{code}/"],
    "tiepnhan": ["/staff/clerk/{code}/"],
    "thamtra": ["/staff/clerk/{code}/"],
    "ky": ["/staff/approver/{code}/"],
    "nguoila": ["/requests/{code}/", "/requests/{code}/sent/"],
    "thamtra2": ["/requests/{code}/", "/staff/clerk/{code}/"],
    "ky2": ["/staff/approver/{code}/", "/staff/approver/{code}/draft.pdf"],
}
STRANGERS = {"nguoila", "thamtra2", "ky2"}
