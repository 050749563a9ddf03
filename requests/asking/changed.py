"""Which pages of the form say something else than the declaration that was frozen: what an answer has changed."""

from typing import Any

from requests import filing_pages
from requests.asking.reasons import PAPERS
from requests.filing_pages import Page, RowsPage
from requests.models import CertificateRequest, Declaration, SupplementRequest


def pages_changed(certificate_request: CertificateRequest, supplement: SupplementRequest) -> set[str]:
    """Slugs of the pages that differ between what was sent and what is being prepared."""
    before = certificate_request.declaration
    after = certificate_request.declarations.filter(frozen_at__isnull=True).last()
    found = {PAPERS} if _papers_added(certificate_request, supplement) else set()
    if before is None or after is None:
        return found
    return found | {page.slug for page in filing_pages.PAGES if _said(page, before) != _said(page, after)}


def _said(page: Page, declaration: Declaration) -> Any:
    """What this page shows of this version."""
    if isinstance(page, RowsPage):
        return page.rows(declaration)
    return page.form(declaration=declaration).initial if page.form else None


def _papers_added(certificate_request: CertificateRequest, supplement: SupplementRequest) -> bool:
    """Whether a paper was handed in since the question."""
    papers = getattr(certificate_request, "attachments", None)
    return papers is not None and papers.filter(uploaded_at__gte=supplement.asked_at).exists()
