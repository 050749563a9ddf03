"""Puts the demo world together: people, register, one request in every state, and run/demo.json that tells of them."""

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from lltp_portal.accounts.models import Authority, User
from records.central import actions as delegating
from records.central.models import Delegation
from records.register.models import RegisterPerson
from requests import actions, clock
from requests.asking.reasons import Asked
from requests.demo import agencies, cast, dossiers, incoming_papers, journeys, people, replaced, sample_papers
from requests.demo.dossiers import Dossier
from requests.demo.journeys import Journey, Office
from requests.models import CertificateRequest, LocalRule, PaymentEntry
from requests.payments import statement
from requests.states import State

# These two would be taken on by the workers within seconds; their rows are parked, as after five crashes in a row.
HELD_UP = {State.RECEIVED, State.SIGNING}
WITH_PAPERS = {State.SUBMITTED, State.REVIEWING, State.CONSULTING}
MORNING = time(8, 40)
ASKED = (
    Asked("residence_gap", "địa chỉ từ tháng 9/2008 đến tháng 6/2012"),
    Asked("old_identity_card"),
    Asked("fee_proof", "giấy xác nhận còn hiệu lực"),
)
COMPLAINT = "Bản chụp giấy tờ tôi gửi đọc được rõ. Đề nghị xem lại việc không tiếp nhận hồ sơ."
BANK_TEXT = "NGUYEN THI VI DU NOP PHI LY LICH TU PHAP"
AFTERNOON = time(14, 5)
REGISTER_NAME = "Dữ liệu mẫu"


def sign_ins_file() -> Path:
    return Path(settings.LLTP_HOME) / "run" / "demo.json"


def known() -> dict[str, Any]:
    """What run/demo.json says so far: passwords are kept over every start."""
    try:
        return json.loads(sign_ins_file().read_text())
    except (OSError, ValueError):
        return {}


def make() -> dict[str, int]:
    """All of it; what is there stays as it is. Returns how much there is of each, for the terminal."""
    before = known()
    passwords = {row["email"]: row["password"] for row in before.get("people", {}).values()}
    with transaction.atomic():
        accounts = cast.accounts(passwords)
    registered = fill_register()
    office = Office(accounts["tiepnhan"], accounts["thamtra"], accounts["ky"], accounts["doichieu"])
    codes = {}
    with _test_key_in_hand():
        for dossier in dossiers.DOSSIERS:
            codes[dossier.state] = _request(dossier, accounts["nguoidan"], office).code
        _written_request(office)
    _money_of_nobody(office)
    _two_people_decide(accounts["quantri.hanoi"])
    _warn_as_days_passed()
    papers = incoming_papers.make(accounts["capnhat"])
    with _test_key_in_hand(), transaction.atomic():
        replaced.make(accounts["nguoidan"], office, sent_at=_sent_at(dossiers.REPLACED.days_ago))
    replaced.tell_the_register()
    _delegate(accounts["thamtra2"].authority, accounts["quantri"])
    _tell(accounts, passwords, codes)
    return {"people": len(accounts), "register": registered, "requests": len(codes), "papers": papers}


# --- The register --------------------------------------------------------------------------------------------------


def register_lines() -> Iterator[str]:
    """The register's file, by the contract: everybody invented, and those who are there on purpose."""
    asked_for = (*cast.CAST, *dossiers.DOSSIERS, dossiers.REPLACED)
    avoiding = [person.full_name for person in asked_for]
    for row in people.register(avoiding):
        yield json.dumps(row, ensure_ascii=False)
    for row in on_purpose():
        yield json.dumps(row, ensure_ascii=False)


def on_purpose() -> list[dict[str, Any]]:
    """Whom a demo applicant's search meets: the convicted citizen, and the namesakes of another."""
    return [cast.convicted_in_register(), dossiers.namesake_in_register(), *dossiers.strangers_in_register()]


def fill_register() -> int:
    """Load the invented people by the command that loads real files, unless all of them are there."""
    invented = RegisterPerson.objects.filter(register_id__startswith=people.REGISTER_PREFIX)
    expected = people.HOW_MANY + len(on_purpose())
    if invented.count() < expected:
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in register_lines())
            file.flush()
            call_command("import_register", file.name, name=REGISTER_NAME, stdout=io.StringIO(), stderr=io.StringIO())
    return expected


# --- The requests --------------------------------------------------------------------------------------------------


def _request(dossier: Dossier, citizen: User, office: Office) -> CertificateRequest:
    """The request of this dossier; found where it was made before, whatever has become of it since."""
    made = CertificateRequest.objects.filter(
        filed_by=citizen, declarations__version=1, declarations__identity_documents__number=dossier.number
    ).first()
    return made or _walk(dossier, citizen, office)


@transaction.atomic
def _walk(dossier: Dossier, citizen: User, office: Office) -> CertificateRequest:
    """In one transaction, so that no worker hears of it before it stands where it should."""
    at = _sent_at(dossier.days_ago)
    filed = journeys.file(citizen, fields=dossier.fields, rows=dossier.rows, at=at)
    if dossier.relation or dossier.state in WITH_PAPERS:
        sample_papers.attach_needed(filed, at=at)
    journey = Journey(filed, office, at=at)
    if dossier.state == State.NEEDS_SUPPLEMENT:
        journey.asked = ASKED
    certificate_request = journey.to(dossier.state)
    if dossier.state == State.CONSULTING:
        agencies.ask_and_hear(journey)
    if dossier.state in HELD_UP:
        journey.park()
    if dossier.state == State.REFUSED:
        actions.complain(certificate_request, by=citizen, kind="complaint", text=COMPLAINT, at=journey.at)
    return certificate_request


@transaction.atomic
def _written_request(office: Office) -> None:
    """One written request of an agency, entered at the counter and waiting there."""
    clerk, written = office.intake_clerk, dossiers.WRITTEN
    if CertificateRequest.objects.filter(
        filed_by=clerk, declarations__agency_document_number=written["agency_document_number"]
    ).exists():
        return
    rows = {"identity_documents": [{"type": "cccd", "number": dossiers.WRITTEN_NUMBER}], "residences": []}
    at = _sent_at(1)
    filed = journeys.file(clerk, fields=written, rows=rows, at=at, filed_as="agency")
    Journey(filed, office, at=at).take("submit")


def _money_of_nobody(office: Office) -> None:
    """A bank line whose text names no request: the counter looks for whose it is. Brought again, it changes nothing."""
    at = _sent_at(1)
    known = PaymentEntry.objects.filter(kind=PaymentEntry.Kind.UNMATCHED, note=BANK_TEXT)
    if not known.exists():
        line = statement.Line("FT26999001", at, 200_000, BANK_TEXT)
        actions.import_statement([line], by=office.intake_clerk, at=at)


def _two_people_decide(administrator: User) -> None:
    """The office has all its cases in doubt decided twice, so that the demo shows how that is."""
    kind = LocalRule.Kind.TWO_PEOPLE
    if not LocalRule.objects.filter(authority=administrator.authority, kind=kind).exists():
        actions.add_local_rule(
            by=administrator,
            kind=kind,
            channel=LocalRule.Channel.ALL,
            percent=100,
            legal_basis="Quy chế làm việc (bản chạy thử)",
            valid_from=clock.local_day(timezone.now()),
        )


def _delegate(office: Authority, administrator: User) -> None:
    """One office with a system of its own may ask the central database through this portal; it has no key here."""
    if not Delegation.objects.exists():
        asks = delegating.add_office(code=f"STP-{office.province_code}", name=office.name, by=administrator.full_name)
        delegating.switch(asks, on=True, reason="Văn bản ủy quyền số 15/UQ-TTLLTPQG (bản chạy thử)", by=administrator)


def _sent_at(days_ago: int) -> datetime:
    """A morning that many days ago."""
    day = clock.local_day(timezone.now()) - timedelta(days=days_ago)
    return datetime.combine(day, MORNING, clock.LOCAL)


def _warn_as_days_passed() -> None:
    """What the sweeper would have found on each afternoon since the oldest of them was sent."""
    for days_ago in range(max(dossier.days_ago for dossier in dossiers.DOSSIERS), 0, -1):
        day = clock.local_day(timezone.now()) - timedelta(days=days_ago)
        actions.warn_before_lateness(datetime.combine(day, AFTERNOON, clock.LOCAL))


@contextlib.contextmanager
def _test_key_in_hand() -> Iterator[None]:
    """This command signs the demo certificates itself, with the key that says THỬ NGHIỆM; production refuses both."""
    before = settings.SIGNING_KEY_FILE
    settings.SIGNING_KEY_FILE = before or str(Path(settings.LLTP_HOME) / "keys" / "signer.key")
    try:
        yield
    finally:
        settings.SIGNING_KEY_FILE = before


# --- run/demo.json -------------------------------------------------------------------------------------------------


def _tell(accounts: dict[str, User], passwords: dict[str, str], codes: dict[str, str]) -> None:
    told = {
        "people": {person.name: _sign_in(person, accounts[person.name], passwords) for person in cast.CAST},
        "requests": {str(state): code for state, code in codes.items()},
    }
    _write_private(sign_ins_file(), json.dumps(told, ensure_ascii=False, indent=1))


def _sign_in(person: cast.Person, user: User, passwords: dict[str, str]) -> dict[str, str]:
    return {
        "email": user.email,
        "password": passwords[user.email],
        "role": user.role_labels or "Công dân",
        "office": user.authority.name if user.authority else "",
        "full_name": user.full_name,
        "sex": person.sex,
        "date_of_birth": person.date_of_birth,
        "identity_number": person.number,
        "father_name": person.father_name,
        "mother_name": person.mother_name,
    }


def _write_private(path: Path, text: str) -> None:
    """Passwords: only the owner reads them, and nobody sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
