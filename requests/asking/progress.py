"""How far the answer to a question has come: an item is answered in words, or by changing the page it points to."""

from dataclasses import dataclass
from typing import Any

from requests import filing_pages
from requests.asking.reasons import PAPERS
from requests.filing_pages import CHECK, Page, RowsPage
from requests.models import CertificateRequest, Declaration, SupplementItem, SupplementRequest


@dataclass(frozen=True)
class Line:
    """One item: `page` is where it is mended, None when it is answered in words alone; `changed` says it was mended."""

    item: SupplementItem
    page: Page | None
    changed: bool

    @property
    def done(self) -> bool:
        return self.changed or bool(self.item.answer)


@dataclass(frozen=True)
class Progress:
    """The whole question, in the order in which it was asked."""

    supplement: SupplementRequest
    lines: tuple[Line, ...]

    @property
    def open(self) -> list[Line]:
        return [line for line in self.lines if not line.done]

    @property
    def done_count(self) -> int:
        return len(self.lines) - len(self.open)

    def line(self, position: int) -> Line | None:
        return next((line for line in self.lines if line.item.position == position), None)

    def about(self, page: Page) -> list[Line]:
        """What was asked of this page of the form."""
        return [line for line in self.lines if line.page is page]


def progress(certificate_request: CertificateRequest, supplement: SupplementRequest) -> Progress:
    """What of this open question is answered so far."""
    before, after = _versions(certificate_request)
    changed = _pages_changed(before, after)
    lines = [
        Line(item, _page(item.page, after or before), item.page in changed)
        for item in SupplementItem.objects.filter(supplement=supplement).order_by("position")
    ]
    return Progress(supplement, tuple(lines))


def _page(slug: str, declaration: Declaration | None) -> Page | None:
    """The page that holds it, where this case has that page: of a small child no places lived in are asked."""
    found = filing_pages.BY_SLUG.get(slug)
    if found is None or found is CHECK or declaration is None or not found.asked(declaration):
        return None
    return found


def _versions(certificate_request: CertificateRequest) -> tuple[Declaration | None, Declaration | None]:
    """What was sent, and what is being prepared instead."""
    return certificate_request.declaration, certificate_request.declarations.filter(frozen_at__isnull=True).last()


def _pages_changed(before: Declaration | None, after: Declaration | None) -> set[str]:
    """Slugs of the pages that differ between the two."""
    if before is None or after is None:
        return set()
    return {page.slug for page in filing_pages.PAGES if _shown(page, before) != _shown(page, after)}


def _shown(page: Page, declaration: Declaration) -> Any:
    """What this page shows of this version."""
    if isinstance(page, RowsPage):
        return page.rows(declaration)
    if page.slug == PAPERS:
        return sorted(map(str, declaration.attachments.values_list("attachment", "kind")))
    return page.form(declaration=declaration).initial if page.form else None
