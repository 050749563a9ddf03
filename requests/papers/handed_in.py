"""What was handed in with a request, as the receipt lists it: the form of the law of the day, and every paper."""

from datetime import datetime

from requests import policy
from requests.models import Attachment, CertificateRequest, Declaration, attachments_of, shown_at_counter
from requests.papers.content import Enclosure

ELECTRONIC, ORIGINAL, COPY, AT_COUNTER = "Bản điện tử", "Bản chính", "Bản chụp", "Xuất trình tại quầy"


def enclosures(certificate_request: CertificateRequest, at: datetime) -> tuple[Enclosure, ...]:
    """The form first, then each kind of paper once: what was uploaded, then what is shown at the counter."""
    online = certificate_request.channel == CertificateRequest.Channel.ONLINE
    declaration = certificate_request.declaration
    form = Enclosure(name=form_name(certificate_request, at), form=ELECTRONIC if online else ORIGINAL)
    sent = list(attachments_of(declaration).values_list("kind", flat=True))
    uploaded = [
        Enclosure(name=_name(kind, sent.count(kind)), form=ELECTRONIC if online else COPY)
        for kind in dict.fromkeys(sent)
    ]
    shown = [Enclosure(name=_name(kind, 1), form=AT_COUNTER) for kind in sorted(_shown(declaration) - set(sent))]
    return (form, *uploaded, *shown)


def form_name(certificate_request: CertificateRequest, at: datetime) -> str:
    """“Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp (mẫu 12/2024/LLTP)”; a number that is not confirmed is not printed."""
    declaration = certificate_request.declaration
    regime = policy.regime_on(policy.law_day_of(certificate_request, at))
    form = regime.declaration_form(declaration.filed_as, certificate_request.channel)
    if declaration.by_agency:
        name = f"Văn bản yêu cầu số {declaration.agency_document_number}"
    else:
        name = "Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp"
    return f"{name} (mẫu {form.number})" if form.confirmed else name


def _name(kind: str, files: int) -> str:
    label = str(Attachment.Kind(kind).label)
    return f"{label} ({files} tệp)" if files > 1 else label


def _shown(declaration: Declaration) -> set[str]:
    """Said on the page of papers, or of the fee's proof on the page of the fee."""
    said = set(shown_at_counter(declaration))
    if declaration.fee_proof == Declaration.FeeProof.COUNTER:
        said.add(Attachment.Kind.FEE.value)
    return said
