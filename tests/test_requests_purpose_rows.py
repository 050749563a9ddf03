"""Whatever shows data of a record has written who looks and what for, and committed it, before its first byte.

No list of pages is kept here: every address of the portal is opened by everybody, and a page on which the record's own
words appear is one that shows it.
"""

import json
from itertools import product

import psycopg2
import pytest
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lltp_portal.audit.models import AuditEvent
from records.models import RecordLookup
from requests import actions
from requests.models import ShownComparison
from requests.readers import READING
from tests import factories, staff_register
from tests.clerk_desk import alike, now
from tests.records_people import conviction
from tests.two_clerks import in_doubt, say, say_all

COURT = "Tòa án nhân dân huyện Dấu Vết"
STAFF = (
    "intake_clerk",
    "verifying_clerk",
    "approver",
    "register_searcher",
    "authority_administrator",
    "national_administrator",
    "auditor",
)


def routes(patterns, parts=frozenset(), space=""):
    """(name, the parts in its brackets) of every address of the portal, pages and API alike."""
    for pattern in patterns:
        own = parts | (set(pattern.pattern.regex.groupindex) - {"format"})
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, own, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name, own


def every_route():
    return list(routes(get_resolver().url_patterns))


def addresses(values):
    """Every address that can be made of these values for what stands in its brackets."""
    for name, parts in every_route():
        if set(parts) <= set(values):
            for chosen in product(*(values[part] for part in sorted(parts))):
                yield reverse(name, kwargs=dict(zip(sorted(parts), chosen, strict=True)))


# Parts of addresses that name no record: letters with links, codes of certificates, money, pages and rows of the form,
# papers that citizens sent, parked rows, offices that ask. Papers and issues of the register have people on them too,
# and a test of their own (tests/test_register_pages.py).
# A part that is new is walked with a value of its own (values_for), or is added here on purpose.
NAMES_NO_RECORD = {"act", "attachment", "entry_code", "key", "kind", "office", "reference", "slug", "typed", "uidb36"}
OF_THE_REGISTER = {"issue", "paper"}


def shows_record(response):
    """Whether the record's own words are in it, as a page or as JSON writes them."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode("utf-8", "replace")
    return COURT in text or json.dumps(COURT)[1:-1] in text


class Committed:
    """How many readings another connection sees: what was committed, at the moment of asking."""

    def __init__(self):
        known = connections["default"].get_connection_params()
        names = {"dbname", "user", "password", "host", "port"} & set(known)
        self.connection = psycopg2.connect(**{name: known[name] for name in names})
        self.connection.autocommit = True

    def readings(self):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_auditevent WHERE verb = ANY(%s)", [list(READING)])
            return cursor.fetchone()[0]


@pytest.fixture
def world(own_databases, settings):
    """A case of two people that is settled, an allowed free search, and everybody who works here."""
    record = alike("R-2", convictions=[conviction(court=COURT)])
    case = in_doubt(settings, record)
    say_all(case, case.first)
    say_all(case, case.second, R_2="same")
    searcher = factories.make_staff("register_searcher")
    search = actions.ask_free_search(
        by=searcher, full_name="Nguyễn Văn Thử", date_of_birth="1990", ground="agency", reason="Công văn số 1"
    )
    actions.rule_free_search(search, by=case.leader, allowed=True)
    actions.put_free_search(search, by=searcher)
    people = [case.first, case.leader, searcher, *(factories.make_staff(role) for role in STAFF)]
    committed = Committed()
    yield case, search, people, committed
    committed.connection.close()


def values_for(case, search):
    digest = ShownComparison.objects.get(request=case.request).sha256[:16]
    return {
        "code": [case.request.code],
        "search_code": [search.code],
        "digest": [digest],
        "position": [1],
        "act_name": ["consult", "ask_supplement", "stop", "search_again"],
        "seq": [1],
    }


def test_every_part_of_an_address_is_walked_or_left_out_on_purpose(world):
    case, search, _, _ = world
    parts = {part for _, found in every_route() for part in found}
    assert parts == NAMES_NO_RECORD | OF_THE_REGISTER | set(values_for(case, search))


def seen_on_every_address(case, search, people, on_address):
    for user in people:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        for address in addresses(values_for(case, search)):
            on_address(user, client, address)


def test_no_page_shows_a_record_before_the_row_of_who_looks_is_committed(world, monkeypatch):
    case, search, people, committed = world
    at_rendering = []
    from django.template.backends.django import Template

    real = Template.render

    def render(self, *args, **more):
        at_rendering.append(committed.readings())
        return real(self, *args, **more)

    monkeypatch.setattr(Template, "render", render)
    showing = set()

    def open_page(user, client, address):
        at_rendering.clear()
        before = committed.readings()
        if shows_record(client.get(address)):
            showing.add(address)
            assert at_rendering and at_rendering[0] > before, (user.role_labels, address)

    seen_on_every_address(case, search, people, open_page)
    paths = {address.replace(case.request.code, "{}").replace(search.code, "{}") for address in showing}
    # Not a list of what is covered, but a proof that the walk got there at all.
    assert {"/staff/clerk/{}/", "/staff/approver/{}/between/", "/staff/search/{}/"} <= paths
    assert any("/decisions/" in path and path.endswith("/1/") for path in paths)


def test_the_row_stays_when_the_page_then_breaks(world, monkeypatch):
    case, search, people, committed = world
    showing = []

    def find(user, client, address):
        if shows_record(client.get(address)):
            showing.append((user, address))

    monkeypatch.setattr("tests.test_requests_purpose_rows.addresses", staff_addresses)
    seen_on_every_address(case, search, people, find)
    assert showing
    from django.template.backends.django import Template

    real = Template.render

    def render(self, *args, **more):
        if "500" in str(self.template.name) or "error" in str(self.template.name):
            return real(self, *args, **more)
        raise RuntimeError("the page breaks")

    monkeypatch.setattr(Template, "render", render)
    for user, address in showing:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        before = committed.readings()
        assert client.get(address).status_code == 500
        assert committed.readings() > before, address


every_address = addresses


def staff_addresses(values):
    return (address for address in every_address(values) if address.startswith("/staff/"))


def test_a_search_from_the_command_line_is_written_down_first(own_databases, tmp_path, settings):
    from django.core.management import CommandError, call_command

    factories.register(alike("R-2").to_json())
    applicants = tmp_path / "applicants.jsonl"
    who = {"applicant_id": "A-1", "full_name": "Nguyễn Văn Thử", "date_of_birth": "1990-03-27"}
    applicants.write_text(json.dumps({**who, "certificate_type": 1, "as_of": "2026-11-22"}) + "\n")
    call_command("screen", str(applicants), output=str(tmp_path / "out"), processes=1, purpose="Rà soát thử")
    line = AuditEvent.objects.get(verb="view_in_bulk")
    assert line.details["purpose"] == "Rà soát thử" and line.subject == "screen"
    with pytest.raises(CommandError):
        call_command("screen", str(tmp_path / "missing"), output=str(tmp_path / "out2"))
    assert AuditEvent.objects.filter(verb="view_in_bulk").count() == 2


def test_a_question_to_the_register_is_on_the_ledger_before_it_is_put(own_databases, settings, monkeypatch):
    committed = Committed()
    case = in_doubt(settings, alike("R-2"))
    say(case, case.first)
    seen = []
    real = staff_register.Telling.ask

    def ask(self, question):
        with committed.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM records_recordlookup WHERE outcome IS NULL AND purpose <> ''")
            seen.append(cursor.fetchone()[0])
        return real(self, question)

    monkeypatch.setattr(staff_register.Telling, "ask", ask)
    actions.search_again(case.request, by=case.first, reason="Xem lại.")
    for search in now(case.request).searches.all():
        actions.search(search.pk, at=search.next_try_at)
    committed.connection.close()
    assert seen == [1] and RecordLookup.objects.filter(outcome="complete").count() == 2
