"""A page read as its reader has it: the links and forms of its main part; and somebody who follows all of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.contrib.messages import constants
from django.core.exceptions import BadRequest
from django.db import transaction
from django.test import Client

from lltp_portal.accounts.models import User
from requests.states import State

HOST = "http://testserver"
MOST_HOPS = 6
MOST_CHOICES = 3
WORDS = "Tôi ghi rõ ở đây."
CODE = re.compile(r"[A-Z]{2}-[0-9A-Z]{10,}")
# Something has to be typed first; desks of people who work here say 400.
TYPE_SOMETHING = {400, 422}
MISTAKES = "error-summary"
Pairs = list[tuple[str, str]]


class Undone(Exception):
    """Ends a savepoint whose work is not wanted."""


@dataclass
class Form:
    """A form as it stands: where it goes, what it carries, and its buttons, each with what it adds."""

    action: str
    method: str
    fields: Pairs = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, formaction
    choices: dict[str, list[str]] = field(default_factory=dict)  # every value of radio buttons and ticks

    def presses(self) -> Iterator[tuple[str, Pairs, str]]:
        """Each button: where it sends the form, what with, and how it is called in a report."""
        for name, value, formaction in self.buttons or [("", "", "")]:
            pressed = [(name, value)] if name else []
            yield formaction or self.action, [*self.fields, *pressed], f"[{name}={value}]" if name else ""

    def filled_in(self) -> Iterator[Pairs]:
        """As somebody fills it in who answers everything: once for each of the first choices of its longest list."""
        empty = [(name, value or _plausible(name)) for name, value in self.fields if name not in self.choices]
        for number in range(min(MOST_CHOICES, max(map(len, self.choices.values()), default=1))):
            yield [*empty, *((name, values[number % len(values)]) for name, values in self.choices.items())]


def _plausible(name: str) -> str:
    """What might stand in a box of this name."""
    parts = {"_day": "16", "_month": "11", "_year": "2026"}
    known = {"phone": "0900000001", "email": "thu@vi-du.example", "copies": "1"}
    return next((text for end, text in parts.items() if name.endswith(end)), known.get(name, WORDS))


class Page(HTMLParser):
    """What a page offers. `whole` takes header and footer too, else only what stands after `<main`."""

    def __init__(self, address: str, html: str, *, whole: bool = False) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, [], []
        self.ids: set[str] = set()
        self.error_targets: list[str] = []
        self._inside, self._whole, self._form, self._select, self._area = whole, whole, None, None, None
        self._in_summary = 0
        self._loose: dict[str, Form] = {}
        self.feed(html)

    def _to(self, href: str) -> str:
        return urldefrag(urljoin(HOST + self.address, href))[0]

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(found["id"])
        if tag == "main":
            self._inside = True
        if tag == "footer" and not self._whole:
            self._inside = False
        if not self._inside:
            return
        if found.get("id") == MISTAKES:
            self._in_summary = 1
        elif self._in_summary and tag == "div":
            self._in_summary += 1
        if take := getattr(self, f"_take_{tag}", None):
            take(found)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._end_select()
        elif tag == "textarea" and self._area:
            form, name, text = self._area
            form.fields.append((name, text.removeprefix("\n")))
            self._area = None
        elif tag == "div" and self._in_summary:
            self._in_summary -= 1

    def handle_data(self, data):
        if self._area:
            form, name, text = self._area
            self._area = (form, name, text + data)

    def _take_a(self, found):
        href = found.get("href") or ""
        if self._in_summary:
            self.error_targets.append(href)
        if href and not href.startswith(("#", "mailto:", "tel:")):
            self.links.append(self._to(href))

    def _take_img(self, found):
        if found.get("src") and not found["src"].startswith("data:"):
            self.links.append(self._to(found["src"]))

    def _take_form(self, found):
        self._form = Form(self._to(found.get("action") or self.address), (found.get("method") or "get").lower())
        self.forms.append(self._form)
        if found.get("id"):
            self._loose[found["id"]] = self._form

    def _of(self, found) -> Form | None:
        return self._loose.get(found["form"]) if found.get("form") else self._form

    def _take_input(self, found):
        form, kind, name = self._of(found), found.get("type") or "text", found.get("name")
        if form is None or "disabled" in found:
            return
        if kind in {"submit", "image"}:
            self._take_button(found)
            return
        if name and kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(found.get("value") or "on")
        if name and kind != "file" and (kind not in {"checkbox", "radio"} or "checked" in found):
            form.fields.append((name, found.get("value") or ("on" if kind in {"checkbox", "radio"} else "")))

    def _take_button(self, found):
        form = self._of(found)
        if form is not None and (found.get("type") or "submit") == "submit" and "disabled" not in found:
            elsewhere = self._to(found["formaction"]) if found.get("formaction") else ""
            form.buttons.append((found.get("name") or "", found.get("value") or "", elsewhere))

    def _take_select(self, found):
        self._select = (self._of(found), found.get("name"), [])

    def _take_option(self, found):
        if self._select:
            self._select[2].append((found.get("value") or "", "selected" in found))

    def _end_select(self):
        form, name, options = self._select or (None, None, [])
        self._select = None
        if form is not None and name and options:
            form.fields.append((name, next((value for value, chosen in options if chosen), options[0][0])))

    def _take_textarea(self, found):
        form = self._of(found)
        if form is not None and found.get("name"):
            self._area = (form, found["name"], "")


def _of_a_test(alias: str) -> transaction.Atomic:
    """Counts as the transaction of a test does: what demands to be the outermost may begin inside it."""
    atomic = transaction.atomic(using=alias)
    atomic._from_testcase = True
    return atomic


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back, in both databases."""
    with suppress(Undone), _of_a_test("default"), _of_a_test("central"):
        yield
        raise Undone


def local(address: str) -> bool:
    return urlsplit(address).netloc in {"", "testserver"}


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass
class Walker:
    """Somebody signed in, who presses whatever they are offered. `wrong` is what did not do as it was offered."""

    who: User | None
    state: str = ""
    allowed: frozenset[str] = frozenset()  # other servers that a form may lead to
    refused_rightly: tuple[tuple[str, str], ...] = ()
    seen: set[str] = field(default_factory=set)
    whole: bool = False  # header and footer too
    wrong: list[str] = field(default_factory=list)
    pages: int = 0
    presses: int = 0

    def __post_init__(self) -> None:
        self.client = self._signed_in()

    def _signed_in(self) -> Client:
        client = Client(raise_request_exception=True)
        if self.who is not None:
            client.force_login(self.who)
        return client

    def walk(self, *starts: str, depth: int = 3) -> None:
        """Every address from these on, as far as so many steps; every form on the way."""
        heads, to_do = set(starts), [(start, depth, "") for start in starts]
        while to_do:
            address, left, whence = to_do.pop(0)
            known = self._known_as(address)
            if known in self.seen and address not in heads:
                continue
            heads.discard(address)
            self.seen.add(known)
            page = self._open(address, whence)
            if page is None or not left:
                continue
            to_do += [(path_of(link), left - 1, page.address) for link in page.links if local(link)]
            for form in page.forms:
                self._try(page, form, to_do, left)

    def _known_as(self, address: str) -> str:
        """Behind its first page a request of one state has, for who works here, the pages of any other."""
        if self.who is not None and self.who.is_staff_member:
            return f"{self.state} {CODE.sub('', address)}" if CODE.search(address) else address
        return address

    def _try(self, page: Page, form: Form, to_do: list, left: int) -> None:
        for address, fields, name in form.presses():
            if form.method == "get":
                query = "&".join(f"{key}={value}" for key, value in fields)
                to_do.append((f"{urlsplit(address).path}?{query}".rstrip("?"), left - 1, page.address))
            elif (key := self._key(path_of(address), name, fields)) not in self.seen:
                self.seen.add(key)
                self._press(page.address, path_of(address), fields, name)
        if form.method == "post" and "/fill/" not in page.address:  # what is typed into the form has tests of its own
            self._fill_in(page, form)

    def _fill_in(self, page: Page, form: Form) -> None:
        key = f"filled {self._key(path_of(form.action), 'x', form.fields)}"
        if key in self.seen or not (form.choices or any(not value for _, value in form.fields)):
            return
        self.seen.add(key)
        address, _, name = next(form.presses())
        pressed = [(one, value) for one, value, _ in form.buttons[:1] if one]
        for number, fields in enumerate(form.filled_in(), 1):
            said = f"{name}, filled in, choice {number}"
            self._press(page.address, path_of(address), [*fields, *pressed], said, goes_on=True)

    def _key(self, address: str, name: str, fields: Pairs) -> str:
        """By what a press is known again. “Quay lại”, “Làm tiếp sau” and pages of the form do not hang on the request
        but on its state."""
        if "/fill/" in address:
            address = f"{self.state == State.NEEDS_SUPPLEMENT} {CODE.sub('', address)}"
        elif name:
            address = f"{self.state} {CODE.sub('', address)}"
        return f"POST {address} {name} {sorted({one for one, _ in fields})}"

    # --- Opening ---

    def _open(self, address: str, whence: str) -> Page | None:
        self.pages += 1
        said = f"{address} (offered on {whence or 'the way in'})"
        return self._arrive(self.client, self._ask(lambda: self.client.get(address), said), address, said)

    def _ask(self, ask, said: str):
        try:
            return ask()
        except (Exception, BadRequest) as error:
            self._note(said, f"{type(error).__name__}: {error}"[:300])
            return None

    def _arrive(self, client: Client, response, address: str, said: str) -> Page | None:
        """Where the answer leads: 200 without a word of error, or a file with something in it."""
        for _hop in range(MOST_HOPS):
            if response is None or response.status_code not in {301, 302, 303}:
                break
            address = urljoin(HOST + address, response.headers["Location"])
            if not local(address):
                return self._elsewhere(address, said)
            address = path_of(address)
            response = self._ask(lambda there=address: client.get(there), f"{said} → {address}")
        if response is None:
            return None
        return self._read(response, address, said)

    def _elsewhere(self, address: str, said: str) -> None:
        if f"{urlsplit(address).scheme}://{urlsplit(address).netloc}" not in self.allowed:
            self._note(said, f"leads to {address}")

    def _read(self, response, address: str, said: str) -> Page | None:
        if response.status_code != 200:
            return self._note(said, f"{response.status_code} at {address}")
        if not response.headers["Content-Type"].startswith("text/html"):
            content = b"".join(response.streaming_content) if response.streaming else response.content
            return None if content else self._note(said, "nothing in it")
        for message in response.context["messages"] if response.context and "messages" in response.context else ():
            if message.level >= constants.ERROR:
                self._note(said, f"at {address}: {message}")
        page = Page(address, response.text, whole=self.whole)
        if MISTAKES in page.ids:
            self._note(said, f"mistakes shown at {address} before anything was typed")
        return page

    # --- Pressing ---

    def _press(self, whence: str, address: str, fields: Pairs, name: str, *, goes_on: bool = False) -> None:
        self.presses += 1
        data: dict[str, list[str]] = {}
        for key, value in fields:
            data.setdefault(key, []).append(value)
        said = f"POST {address}{name} (offered on {whence})"
        with undone():
            client = self._signed_in()
            response = self._ask(lambda: client.post(address, data), said)
            if response is None:
                return
            if response.status_code in TYPE_SOMETHING:
                self._names_a_field(response, address, said)
            elif response.status_code in {301, 302, 303}:
                page = self._arrive(client, response, address, said)
                if page is not None and goes_on:
                    self._look_on(client, page, said)
            else:
                self._read(response, address, said)

    def _look_on(self, client: Client, page: Page, said: str) -> None:
        """What the page offers that one is led to, while what was pressed still stands."""
        for link in dict.fromkeys(path_of(link) for link in page.links if local(link)):
            key = f"after {self.state} {CODE.sub('', page.address)} {CODE.sub('', link)}"
            if CODE.search(link) and key not in self.seen:
                self.seen.add(key)
                self.pages += 1
                there = f"{said}, then {link} (offered on {page.address})"
                self._arrive(client, self._ask(lambda link=link: client.get(link), there), link, there)

    def _names_a_field(self, response, address: str, said: str) -> None:
        page = Page(address, response.text, whole=True)
        if not page.error_targets:
            self._note(said, f"{response.status_code} that names nothing")
        lost = [one for one in page.error_targets if one.startswith("#") and one[1:] not in page.ids]
        if lost:
            self._note(said, f"a summary that leads to {lost}, which is not on the page")

    def _note(self, said: str, what: str) -> None:
        line = f"{said}: {what}"
        if not any(part in said and words in what for part, words in self.refused_rightly):
            self.wrong.append(line)
