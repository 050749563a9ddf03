"""Walks the pages as a reader would, link by link, and tells of each page in each of its states.

Nothing lists the pages: whatever somebody can reach is found, so a page that is added is looked at too. A page is the
same page again when address, state of the request and sort of form are the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

# Addresses that are left alone: the office's, programs', files', and what ends the session.
NOT_PAGES = ("/staff/", "/board/", "/api/", "/static/", "/accounts/logout/", "/healthz")
LINKS = """[...document.querySelectorAll("a[href]")].map(link => link.href)"""
# The office's, that its own people walk.
STAFF_PAGES = ("/staff/", "/board/")
# The forms of a page that ask something: sending them as they stand shows the page's error state.
FORMS = """[...document.querySelectorAll("main form[method=post]")].map((form, index) =>
  [index, form.querySelectorAll("input:not([type=hidden]), textarea, select").length])
  .filter(row => row[1]).map(row => row[0])"""
CLEAR_AND_SEND = """index => {
  const form = document.querySelectorAll("main form[method=post]")[index];
  const typed = "input[type=text], input[type=email], input[type=tel], input[type=password], textarea";
  for (const box of form.querySelectorAll(typed)) box.value = "";
  for (const box of form.querySelectorAll("input[type=radio], input[type=checkbox]")) box.checked = false;
  form.noValidate = true;
  form.requestSubmit(form.querySelector("button.button:not(.secondary)") || form.querySelector("button"));
}"""
MOST_PAGES = 400


def is_not_public(path: str) -> bool:
    return path.startswith(NOT_PAGES)


def is_not_staff(path: str) -> bool:
    return not path.startswith(STAFF_PAGES)


@dataclass
class Crawl:
    """`look(page, label)` is called on every page in every state, with the page open."""

    page: object
    base_url: str
    look: Callable[[object, str], None]
    states: dict[str, str]  # of the requests, by code: the browser's loop lets no query through
    send_forms: bool = True
    left_alone: Callable[[str], bool] = is_not_public
    seen: set[tuple] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def run(self, starts: list[str]) -> None:
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            key = self._key(path)
            if key is None or key in self.seen:
                continue
            self.seen.add(key)
            assert len(self.seen) <= MOST_PAGES, "the crawl does not end"
            waiting += self._visit(path, key)

    def _visit(self, path: str, key: tuple) -> list[str]:
        answer = self.page.goto(self.base_url + path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return []
        assert answer.status < 500, f"{path}: {answer.status}"
        landed = self._key(self.page.url.removeprefix(self.base_url))
        if landed is not None and landed != key and landed in self.seen:
            return []
        if landed is not None:
            self.seen.add(landed)
            self.names.add(landed[0])
        self.names.add(key[0])
        self.look(self.page, " ".join(map(str, key)))
        found = self.page.evaluate(LINKS)
        if self.send_forms:
            self._see_errors(path, key)
        return [self._address(link) for link in found if link.startswith(self.base_url)]

    def _address(self, link: str) -> str:
        """Without the query: the same page again, for the public."""
        return urlsplit(link).path

    def _see_errors(self, path: str, key: tuple) -> None:
        """Each form sent empty: the page must refuse in its own words, and look right doing so."""
        for index in self.page.evaluate(FORMS):
            with self.page.expect_navigation(wait_until="load"):
                self.page.evaluate(CLEAR_AND_SEND, index)
            if self.page.title().startswith(("Lỗi", "Error")):
                self.look(self.page, " ".join(map(str, key)) + f" refused form {index}")
            self.page.goto(self.base_url + path)

    def _key(self, address: str) -> tuple | None:
        return page_key(urlsplit(address).path, self.states, self.left_alone)


def page_key(path: str, states: dict[str, str], left_alone: Callable[[str], bool] = is_not_public) -> tuple | None:
    """What makes this page another page: its name, its parts, and the state of the request it is about."""
    if left_alone(path):
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    parts = dict(match.kwargs)
    code = parts.pop("code", "")
    state = ""
    if code.startswith("YC-"):
        state = states.get(code, "draft")
        if match.url_name in {"request_page", "request_row"} and state != "draft":
            parts = {}
    return (match.view_name or path, *sorted(map(str, parts.values())), state)


def names_of(patterns, left_alone: Callable[[str], bool] = is_not_public, before: str = "/") -> Iterator[str]:
    """The names of all addresses but those left alone: for the public, the office's and programs'."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            space = f"{pattern.namespace}:" if getattr(pattern, "namespace", None) else ""
            yield from (space + name for name in names_of(pattern.url_patterns, left_alone, route))
        elif pattern.name and not left_alone(route):
            yield pattern.name
