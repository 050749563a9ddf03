"""A declaration's papers: which it needs, which it has, and what a page shows of them. `evidence` over the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from requests import ages, evidence
from requests.attachments import sheet
from requests.attachments.wording import size
from requests.evidence import Need
from requests.models import (
    Attachment,
    AttachmentContent,
    CertificateRequest,
    Declaration,
    attachments_of,
    shown_at_counter,
)
from requests.rules import Problem


@dataclass(frozen=True)
class Needed:
    """A kind of paper that the case needs, and how it stands."""

    need: Need
    files: int
    at_counter: bool

    @property
    def label(self) -> str:
        return Attachment.Kind(self.need.kind).label

    @property
    def is_there(self) -> bool:
        return self.files > 0 or (self.need.at_counter and self.at_counter)


@dataclass(frozen=True)
class Shown:
    """One paper as a list shows it; `top` is where its preview begins in the one picture of them all."""

    attachment: Attachment
    position: int
    of: int

    @property
    def top(self) -> int:
        return (self.position - 1) * sheet.HEIGHT

    @property
    def awaits_scanner(self) -> bool:
        """Kept while no scanner was set; there is one now, and a sweeper has asked it, or will in a moment."""
        return self.attachment.state == Attachment.State.UNSCANNED and bool(settings.CLAMD_ADDRESS)

    @property
    def sheet_height(self) -> int:
        return self.of * sheet.HEIGHT

    @property
    def facts(self) -> str:
        """“412 KB”, “1,2 MB, 3 trang”."""
        told = {"size": size(self.attachment.size), "pages": self.attachment.pages}
        return _("%(size)s, %(pages)d trang") % told if self.attachment.pages > 1 else told["size"]


def needs(declaration: Declaration, today: date) -> list[Need]:
    """Which papers the law wants in this case."""
    return evidence.needed(
        online=declaration.request.channel == CertificateRequest.Channel.ONLINE,
        proxy_name=declaration.proxy_name,
        relation=declaration.proxy_relation,
        date_of_birth=declaration.date_of_birth,
        fee_category=declaration.fee_category,
        today=today,
        minor_under=ages.minor_under(today),
        by_agency=declaration.by_agency,
    )


def standing(declaration: Declaration, today: date) -> list[Needed]:
    """Each needed kind with what is there of it."""
    kinds = list(attachments_of(declaration).values_list("kind", flat=True))
    promised = set(shown_at_counter(declaration))
    if declaration.fee_proof == Declaration.FeeProof.COUNTER:  # said on the fee's page
        promised.add(Attachment.Kind.FEE)
    return [Needed(need, kinds.count(need.kind), need.kind in promised) for need in needs(declaration, today)]


def problems(declaration: Declaration, today: date) -> list[Problem]:
    """V7, V11, V12: what keeps this declaration from being sent."""
    papers = list(Attachment.objects.of_declaration(declaration))
    return evidence.problems(
        needs(declaration, today),
        attached={paper.kind for paper in papers if paper.state != Attachment.State.QUARANTINED},
        at_counter=shown_at_counter(declaration),
        infected=sum(paper.state == Attachment.State.QUARANTINED for paper in papers),
    )


def listed(declaration: Declaration) -> list[Shown]:
    """The papers of this version in their order, without their bytes."""
    papers = list(Attachment.objects.of_declaration(declaration))
    return [Shown(paper, position, len(papers)) for position, paper in enumerate(papers, 1)]


def previews(papers: Sequence[Attachment]) -> bytes:
    """One picture of all previews, in the order given; the cell of a quarantined paper stays empty."""
    kept = AttachmentContent.objects.filter(attachment__in=papers).values_list("attachment_id", "preview")
    by_paper = {pk: bytes(preview) for pk, preview in kept}
    return sheet.sheet([b"" if paper.state == Attachment.State.QUARANTINED else by_paper[paper.pk] for paper in papers])
