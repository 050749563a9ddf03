"""Whoever may not know of a request gets 404 at every address about it, whatever the method: pages, files, API."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from requests.states import State
from tests import factories

pytestmark = pytest.mark.django_db
# What stands for the other parts of an address.
PARTS = {
    "slug": "person",
    "position": 1,
    "act_name": "receive",
    "kind": "issuance",
    "attachment": "0" * 12,
    "seq": 1,
    "reference": "LLTP0000AAAA",
    "digest": "0" * 16,
}
METHODS = ("get", "post", "put", "delete")


def addresses_about_one_request() -> list[tuple[str, dict]]:
    """(name, parts) of every address that carries a request's code, read from the addresses themselves."""
    found = {}

    def walk(patterns):
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns)
            elif "code" in pattern.pattern.regex.groupindex and pattern.name:
                names = set(pattern.pattern.regex.groupindex) - {"format"}
                found[pattern.name] = {name: PARTS[name] for name in names - {"code"}}

    walk(get_resolver().url_patterns)
    return sorted(found.items())


def outsiders():
    elsewhere = factories.department("36")
    return {
        "another citizen": factories.make_citizen(),
        "a clerk of another office": factories.make_staff("intake_clerk", "verifying_clerk", authority=elsewhere),
        "an approver of another office": factories.make_staff("approver", authority=elsewhere),
        "an administrator of another office": factories.make_staff("authority_administrator", authority=elsewhere),
        "the nation": factories.make_staff("national_administrator"),
    }


def test_the_addresses_are_all_found():
    names = {name for name, _ in addresses_about_one_request()}
    assert {"request_detail", "request_certificate", "clerk_act", "approver_draft", "api_request-detail"} <= names
    assert len(names) >= 20


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEWING, State.VERIFIED, State.ISSUED])
def test_an_outsider_gets_404_everywhere(client, state):
    request = factories.request_in(state)
    before = request.step_count
    wrong = []
    for who, user in outsiders().items():
        client.force_login(user)
        for name, parts in addresses_about_one_request():
            url = reverse(name, kwargs={"code": request.code, **parts})
            answers = [getattr(client, method)(url, data={}, content_type="application/json") for method in METHODS]
            said = {answer.status_code for answer in answers}
            if 404 not in said or not said <= {404, 405}:
                wrong.append((who, name, said))
    assert wrong == []
    assert type(request).objects.get(pk=request.pk).step_count == before
