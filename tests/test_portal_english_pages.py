"""Whoever reads in English reads no Vietnamese unawares: every public page, in every state, also refusing a form.

What is Vietnamese by nature (names of people, offices and laws, what somebody typed, reasons that are kept) stands in
an element with lang="vi", which is also how a screen reader knows to say it right.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from certificates.models import Certificate
from requests.states import State
from tests import factories
from tests.browser.crawl import MOST_PAGES, page_key

VIETNAMESE = re.compile("[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
READ_OUT = ("title", "aria-label", "alt", "placeholder")
REFUSED = {200, 400, 422}
TYPED = {"textarea", "script", "style"}
GIVEN_NAME = "Thử"  # of the factories' citizen: within a title no part can say in which language it is
PUBLIC = (
    "/",
    "/help/",
    "/c/",
    "/c/" + "0" * 26,
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/confirm-email/",
    "/accounts/inactive/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-set-password/",
)
CITIZENS = (
    "/requests/",
    "/requests/start/",
    "/accounts/email/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/khong-co/",
)
# Drafts of cases that are asked otherwise than a citizen of Viet Nam who asks for themselves.
CASES = (
    {"nationality": "US", "ethnicity": "", "place_of_birth_country": "US", "place_of_birth_province": ""},
    {"lives_abroad": True, "permanent_province": "", "permanent_address": "", "last_province": "01"},
    {"filed_as": "parent", "proxy_name": "Nguyễn Văn Mẫu", "proxy_relation": "father", "date_of_birth": "2015-05-05"},
    {"filed_as": "proxy", "proxy_name": "Trần Thị Ví Dụ", "proxy_relation": "other", "fee_category": "student"},
    {"certificate_type": 2, "purpose": "work", "date_of_birth": "", "email": "", "fee_category": "merit"},
)


class Page(HTMLParser):
    """The words of a page outside lang="vi", its links, and the forms of its main part that ask something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.title = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        lang = values.get("lang") or (self.open[-1][1] if self.open else "")
        if tag not in VOID:
            self.open.append((tag, lang))
        if lang != "vi":
            self.words += [values[name] or "" for name in READ_OUT if name in values]
            if tag == "input" and values.get("type") in {"submit", "button"}:
                self.words.append(values.get("value") or "")
        if tag == "a":
            self.links.append(values.get("href") or "")
        self._see_form(tag, values)

    def handle_endtag(self, tag):
        while self.open and tag in {name for name, _ in self.open}:
            if self.open.pop()[0] == tag:
                break
        if tag == "form":
            self.form = None

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "title":
            self.title += data
            data = data.replace(GIVEN_NAME, "")
        if self.open and self.open[-1][1] != "vi" and self.open[-1][0] not in TYPED:
            self.words.append(data)

    def _see_form(self, tag: str, values: dict) -> None:
        if tag == "form" and values.get("method") == "post" and "main" in {name for name, _ in self.open}:
            self.form = Form(values.get("action") or "")
            self.forms.append(self.form)
        elif self.form is not None and tag in {"input", "select", "textarea", "button"}:
            self.form.see(tag, values)

    @property
    def vietnamese(self) -> list[str]:
        return [" ".join(words.split()) for words in self.words if VIETNAMESE.search(words)]


class Form:
    """A form as it would be sent with nothing filled in."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.sent: dict[str, str] = {}
        self.asks = self.pressed = False

    def see(self, tag: str, values: dict) -> None:
        name, kind = values.get("name") or "", values.get("type") or "text"
        if tag == "button":
            if not self.pressed and "secondary" not in (values.get("class") or "") and name:
                self.sent[name] = values.get("value") or ""
            self.pressed = True
        elif tag == "input" and kind == "hidden":
            self.sent[name] = values.get("value") or ""
        else:
            self.asks = True
            if name and kind not in {"radio", "checkbox", "file"}:
                self.sent[name] = ""


class Reader:
    """Follows every link from the starts on; `found` says which words of which page are Vietnamese."""

    def __init__(self, client, states: dict[str, str]) -> None:
        self.client, self.states = client, states
        self.seen: set[tuple] = set()
        self.found: dict[str, list[str]] = {}
        self.refused: set[str] = set()

    def read(self, starts: tuple[str, ...]) -> None:
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            key = page_key(urlsplit(path).path, self.states)
            if key in self.seen or (key is None and path not in starts):
                continue
            self.seen.add(key)
            assert len(self.seen) <= MOST_PAGES, "the walk does not end"
            waiting += self._visit(path)

    def forget_drafts(self) -> None:
        """Another draft is asked other pages, and the same ones otherwise."""
        self.seen = {key for key in self.seen if key is None or key[-1] != "draft"}

    def _visit(self, path: str) -> Iterator[str]:
        answer = self.client.get(path, follow=True)
        if not answer.headers["Content-Type"].startswith("text/html"):
            return
        page = self._look(answer, path)
        for form in page.forms:
            if form.asks:
                self._send(form, path)
        for link in page.links:
            if link.startswith("/"):
                yield link.partition("#")[0]

    def _send(self, form: Form, path: str) -> None:
        """A form with nothing in it is refused with words that are looked at too."""
        answer = self.client.post(form.action or path, form.sent)
        if answer.status_code in REFUSED and Page(answer.content.decode()).title.startswith("Error"):
            self.refused.add(path)
            self._look(answer, f"{path} refused")

    def _look(self, answer, label: str) -> Page:
        page = Page(answer.content.decode())
        if page.vietnamese:
            self.found[label] = page.vietnamese
        return page


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.django_db
def test_every_page_in_every_state_is_english(english):
    stranger = Reader(english, {})
    stranger.read(PUBLIC)
    citizen = factories.make_citizen()
    requests = [factories.request_in(state, by=citizen) for state in State]
    drafts = [factories.journey(by=citizen, fields=fields).request for fields in CASES]
    genuine = "/c/" + Certificate.objects.first().code
    english.force_login(citizen)
    english.cookies["django_language"] = "en"
    reader = Reader(english, {request.code: str(request.state) for request in requests})
    reader.read((*CITIZENS, genuine))
    for draft in drafts:
        reader.forget_drafts()
        reader.read((f"/requests/{draft.code}/",))
    assert {**stranger.found, **reader.found} == {}
    assert len(reader.seen) > 60
    assert len(reader.refused | stranger.refused) > 30


def test_the_reader_sees_vietnamese_where_it_is():
    """So that the test above cannot pass blindly."""
    page = Page('<html lang="en"><title>Hồ sơ</title><b lang="vi">Sở <i>Tư pháp</i></b><p title="Số">x</p>Đã gửi')
    assert page.vietnamese == ["Hồ sơ", "Số", "Đã gửi"]
