"""A browser without scripts, as small as the walk needs it: pages, their forms as they stand, links, words.

It imports nothing of the portal: what it knows, it reads from the pages that people get.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx2

SILENT = {"script", "style", "svg", "datalist", "template"}
BOXES = {"text", "hidden", "email", "tel", "password", "number", "search", "date", "url"}


class Failed(Exception):
    """The step did not do what it should; says what came instead."""


@dataclass
class Button:
    words: str
    name: str = ""
    value: str = ""
    action: str = ""
    form_id: str = ""


@dataclass
class Form:
    """What would be sent if somebody pressed now: hidden fields and versions included."""

    action: str = ""
    method: str = "get"
    form_id: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[Button] = field(default_factory=list)

    def fill(self, **answers: str) -> "Form":
        """Answer the questions that this form asks; the others are for another page."""
        for name, answer in answers.items():
            if name in self.names:
                self.values[name] = [answer]
        return self


class Reader(HTMLParser):
    """One pass over the HTML: forms with the values that they would send, links, words, the error summary."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.loose_buttons: list[Button] = []
        self.words: list[str] = []
        self.summary: list[str] = []
        self._form: Form | None = None
        self._button: Button | None = None
        self._link: list[str] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._select: str = ""
        self._silent = 0
        self._in_summary = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._silent += tag in SILENT
        if tag == "div" and (self._in_summary or given.get("id") == "error-summary"):
            self._in_summary += 1
        if handler := getattr(self, f"_open_{tag}", None):
            handler(given)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT
        if tag == "div" and self._in_summary:
            self._in_summary -= 1
        if handler := getattr(self, f"_close_{tag}", None):
            handler()

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)
        if self._silent or not data.strip():
            return
        self.words.append(data)
        if self._button:
            self._button.words += data
        if self._link:
            self._link[1] += data
        if self._in_summary:
            self.summary.append(data.strip())

    # --- Forms ------------------------------------------------------------------------------------------------------

    def _open_form(self, given: dict[str, str]) -> None:
        method = given.get("method", "get").lower()
        self._form = Form(given.get("action", ""), method, given.get("id", ""))
        self.forms.append(self._form)

    def _close_form(self) -> None:
        self._form = None

    def _keep(self, name: str, value: str | None) -> None:
        if self._form is None or not name:
            return
        self._form.names.add(name)
        if value is not None:
            self._form.values.setdefault(name, []).append(value)

    def _open_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"radio", "checkbox"}:
            self._keep(given.get("name", ""), given.get("value", "on") if "checked" in given else None)
        elif kind in BOXES:
            self._keep(given.get("name", ""), given.get("value", ""))

    def _open_textarea(self, given: dict[str, str]) -> None:
        self._area = (given.get("name", ""), [])

    def _close_textarea(self) -> None:
        if self._area:
            self._keep(self._area[0], "".join(self._area[1]).removeprefix("\n"))
        self._area = None

    def _open_select(self, given: dict[str, str]) -> None:
        self._select = given.get("name", "")
        self._keep(self._select, None)

    def _open_option(self, given: dict[str, str]) -> None:
        if self._form is None or not self._select:
            return
        if "selected" in given:
            self._form.values[self._select] = [given.get("value", "")]
        else:
            self._form.values.setdefault(self._select, [given.get("value", "")])

    def _close_select(self) -> None:
        self._select = ""

    def _open_button(self, given: dict[str, str]) -> None:
        self._button = Button(
            "", given.get("name", ""), given.get("value", ""), given.get("formaction", ""), given.get("form", "")
        )
        if self._button.form_id or self._form is None:
            self.loose_buttons.append(self._button)
        else:
            self._form.buttons.append(self._button)

    def _close_button(self) -> None:
        self._button = None

    # --- Links ------------------------------------------------------------------------------------------------------

    def _open_a(self, given: dict[str, str]) -> None:
        self._link = [given.get("href", ""), ""]

    def _close_a(self) -> None:
        if self._link:
            self.links.append((self._link[0], " ".join(self._link[1].split())))
        self._link = None


class Page:
    """What one person got for one click."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.url, self.status, self.body = str(answer.url), answer.status_code, answer.content
        self.kind = answer.headers.get("content-type", "")
        self.reader = Reader()
        if self.kind.startswith("text/html"):
            self.reader.feed(answer.text)
            for button in self.reader.loose_buttons:
                for form in self.reader.forms:
                    if form.form_id and form.form_id == button.form_id:
                        form.buttons.append(button)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.reader.words).split())

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.url)

    def why(self) -> str:
        """What the page says is wrong: its error summary, else the beginning of its words; never a long number."""
        told = " ".join(self.reader.summary) or self.words[:300]
        return f"status {self.status} at {self.path}: {re.sub(r'[0-9]{6,}', '…', told)}"

    def form_with(self, *names: str) -> Form | None:
        """The form that asks for these."""
        return next((form for form in self.reader.forms if set(names) <= form.names), None)

    def button(self, words: str) -> tuple[Form, Button] | None:
        """The button that begins with these words, and its form."""
        found = ((form, button) for form in self.reader.forms for button in form.buttons)
        return next((pair for pair in found if " ".join(pair[1].words.split()).startswith(words)), None)

    def link(self, part: str) -> str | None:
        """Where the first link leads whose address has this part."""
        return next((href for href, _ in self.reader.links if part in href), None)


class Visitor:
    """One person at one browser."""

    def __init__(self, base_url: str, name: str) -> None:
        self.name = name
        self.client = httpx2.Client(base_url=base_url, follow_redirects=True, timeout=30)

    def get(self, address: str, *, status: int = 200) -> Page:
        return self._expected(self._ask("GET", address), status)

    def press(self, page: Page, words: str, *, status: int = 200, **answers: str) -> Page:
        """Press a button by its words, after answering what its form asks."""
        found = page.button(words)
        if found is None:
            raise Failed(f"no button “{words}” on the page: {page.why()}")
        form, button = found
        return self.send(page, form.fill(**answers), button, status=status)

    def send(self, page: Page, form: Form, button: Button | None = None, *, status: int = 200) -> Page:
        values = dict(form.values)
        if button and button.name:
            values[button.name] = [button.value]
        address = urljoin(page.url, (button.action if button else "") or form.action or page.url)
        if form.method == "post":
            return self._expected(self._ask("POST", address, data=values), status)
        return self._expected(self._ask("GET", address, params=values), status)

    def _ask(self, method: str, address: str, **more) -> Page:
        try:
            return Page(self.client.request(method, address, **more))
        except httpx2.HTTPError as error:
            raise Failed(f"no answer at {address}: {type(error).__name__}") from error

    @staticmethod
    def _expected(page: Page, status: int) -> Page:
        if page.status != status:
            raise Failed(page.why())
        return page

    def sign_in(self, email: str, password: str) -> Page:
        """Through the sign-in page, as everybody; ends where this person's work begins."""
        page = self.press(self.get("/accounts/login/"), "Đăng nhập", login=email, password=password)
        if "/accounts/login" in page.path:
            raise Failed(f"{self.name} could not sign in: {page.why()}")
        return page
