"""Printing a paper that was written: in three phases, by a worker, once (docs/adr/0003).

Never imported together with WeasyPrint: the press loads it when the first page is printed.
"""

import hashlib
import logging
from datetime import datetime
from functools import cache

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from certificates import press
from lltp_portal.languages import kept_words
from requests.models import Paper, PaperBytes
from requests.papers import lint
from requests.papers.content import PaperContent, from_json
from requests.papers.layout import sheet

logger = logging.getLogger(__name__)
STYLE = "requests/papers/pdf/paper.css"
TEMPLATE = "requests/papers/pdf/paper.html"


@cache
def template_version() -> str:
    """Names template, style, layout and fonts by their bytes; kept with each paper that they printed."""
    digest = hashlib.sha256()
    folder = press.ROOT / "templates/requests/papers/pdf"
    for part in (
        *sorted(folder.iterdir()),
        press.ROOT / "requests/papers/layout.py",
        *sorted((press.ROOT / "certificates/fonts").glob("*.ttf")),
    ):
        digest.update(hashlib.sha256(part.read_bytes()).digest())
    return f"papers:{digest.hexdigest()[:16]}"


def render(content: PaperContent) -> bytes:
    """The paper as PDF; two renderings of one content are equal byte for byte."""
    context = {"content": content, "sheet": sheet(content), "qr": press.qr_png(content.track_url)}
    with kept_words():
        page = render_to_string(TEMPLATE, context)
    identifier = hashlib.sha256(f"{content.kind} {content.to_json()}".encode()).hexdigest()
    return press.print_page(page, style=STYLE, identifier=identifier)


def print_paper(pk: int, *, at: datetime | None = None) -> None:
    """Claim, render and read back with no transaction open, store. Safe to be called twice, late, or for nothing."""
    paper = Paper.objects.claim(pk, at or timezone.now())
    if paper is None:
        return
    try:
        content = from_json(paper.kind, paper.content)
        pdf = render(content)
        problems = lint.problems(pdf, content)
    except Exception as error:
        logger.exception("paper not printed yet", extra={"paper": pk})
        _wait(paper, f"Chưa in được ({type(error).__name__}); sẽ tự thử lại.", at or timezone.now())
        return
    if problems:
        _park(paper, problems[0], at or timezone.now())
    else:
        _store(paper, pdf, lint.page_count(pdf), at or timezone.now())


def _held(paper: Paper) -> Paper | None:
    """The row, locked, if the lease is still ours."""
    fresh = Paper.objects.select_for_update().get(pk=paper.pk)
    return fresh if fresh.holds(paper.lease_no) else None


@transaction.atomic
def _store(paper: Paper, pdf: bytes, pages: int, now: datetime) -> None:
    fresh = _held(paper)
    if fresh is None:
        return
    PaperBytes.objects.create(paper=fresh, pdf=pdf)
    fresh.sha256, fresh.size, fresh.pages = hashlib.sha256(pdf).hexdigest(), len(pdf), pages
    fresh.template_version, fresh.printed_at = template_version(), now
    fresh.attempts += 1
    fresh.finish(now=now)
    fresh.save()


@transaction.atomic
def _wait(paper: Paper, cause: str, now: datetime) -> None:
    fresh = _held(paper)
    if fresh is not None:
        fresh.attempts += 1
        fresh.try_again_later(cause, now=now)
        fresh.save()


@transaction.atomic
def _park(paper: Paper, problem: str, now: datetime) -> None:
    """The same words would be printed wrong again: a person has to look at the template first."""
    fresh = _held(paper)
    if fresh is not None:
        logger.error("paper does not pass its lint", extra={"paper": paper.pk})
        fresh.attempts += 1
        fresh.parked_at, fresh.lease_until, fresh.last_cause = now, None, problem[:300]
        fresh.save()
