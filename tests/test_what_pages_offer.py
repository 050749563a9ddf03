"""Whatever a page offers, works: every link arrives, every form that is sent as it stands is taken or names a field.

Pages of every state, for everybody who has them. A failure names state, reader, the page that offered it, the answer.
"""

import pytest
from django.test import override_settings
from django.urls import reverse

from requests.payments import platform
from requests.states import State
from tests import factories
from tests.offered_worlds import STARTS, WORLDS, readers, starts
from tests.offers import Walker, undone

PLATFORM = "http://127.0.0.1:9"
# Offered, and rightly refused at times: a part of what was pressed, a part of the answer, and why.
REFUSED_RIGHTLY = (
    # Cash is not taken over an online payment whose outcome is unknown without a tick that says so.
    ("/record_payment/", "409"),
    # Signing in and looking a code up with nothing typed: the page says so beside the box, and answers 200.
    ("POST /accounts/login/", "mistakes shown"),
    ("/c/?code= ", "mistakes shown"),
    # Nothing is found by words that name nothing.
    ("/clerk/find/, filled in", "404"),
    # The stop of all issuing wants its reason; there is one box, and the words say what to type.
    ("/board/waiting/stop/", "Nhập lý do tạm dừng"),
)
# Every state of a request in every run; what else may have happened to it with --all.
SITUATIONS = [name if name in set(State) else pytest.param(name, marks=pytest.mark.slow) for name in WORLDS]


@pytest.fixture(scope="module", params=SITUATIONS)
def situation(request, django_db_setup, django_db_blocker):
    """One situation for all its readers, gone when the last of them has looked."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(platform, "init", lambda **asked: platform.PayPage(f"{PLATFORM}/pay/1"))
    monkeypatch.setattr(platform, "query", lambda *, reference, at: platform.Away("Không trả lời."))
    offered = override_settings(PAYMENT_PLATFORM_URL=PLATFORM, PAYMENT_SECRET="s" * 40)
    with django_db_blocker.unblock(), offered, undone():
        office = factories.make_office()
        made = WORLDS[request.param](office)
        yield request.param, made, readers(office, made)
    monkeypatch.undo()


@pytest.fixture(scope="module")
def walked() -> dict[str, set[str]]:
    """What each reader has pressed so far: pages that name no request are walked once, not for every situation."""
    return {role: set() for role in STARTS}


@pytest.mark.parametrize("role", STARTS)
def test_what_is_offered_works(situation, role, walked):
    name, made, people = situation
    walker = Walker(people[role], made.state, frozenset({PLATFORM}), REFUSED_RIGHTLY, walked[role])
    walker.walk(*starts(name, role, people[role], made, walked[role]))
    assert not walker.wrong, f"{name} as {role}:\n" + "\n".join(walker.wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("role", STARTS)
def test_header_and_footer_work(role):
    """Menu, change of language, help, signing out; on the first page that this reader has."""
    office = factories.make_office()
    made = factories.file_request(office=office)
    walker = Walker(readers(office, made)[role], whole=True, refused_rightly=REFUSED_RIGHTLY)
    walker.walk(reverse(STARTS[role][0]), depth=1)
    assert not walker.wrong, f"{role}:\n" + "\n".join(walker.wrong)
    assert any("logout" in press for press in walker.seen)


@pytest.mark.django_db
def test_public_pages_work():
    """What anybody is offered: the front page and where it leads, a certificate's own page, following a request."""
    issued = factories.request_in("issued")
    walker = Walker(None, whole=True, refused_rightly=REFUSED_RIGHTLY)
    walker.walk(reverse("home"), reverse("track"), f"/c/{issued.certificate.code}", depth=2)
    assert walker.pages > 10
    assert not walker.wrong, "\n".join(walker.wrong)
