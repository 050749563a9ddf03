"""From a verified request to the words of a certificate: declaration, determination, office, signatory → content."""

from django.conf import settings

from certificates.content import CertificateContent, Judgment
from lltp_portal import provinces
from lltp_portal.accounts.models import User
from lltp_portal.errors import PortalError
from records.determination import Determination
from requests import countries, policy
from requests.models import CertificateRequest, Declaration, DeclaredDocument

NOTHING = "//"
SIGNATORY_TO_COME = "……"


class NotPrintedYet(PortalError):
    """A kind of certificate that this version cannot print; the request waits as verified."""

    code = "not_printed_yet"
    status = 409


def refuse_what_cannot_be_printed(declaration: Declaration) -> None:
    """Số 2 and the ban section come with a later version: such a request goes as far as verified, and says so."""
    if declaration.certificate_type == 2:
        raise NotPrintedYet("Phiên bản này chưa in được Phiếu số 2. Hồ sơ giữ ở bước đã xác minh.")
    if declaration.want_ban_info:
        raise NotPrintedYet(
            "Phiên bản này chưa in được mục cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã. "
            "Hồ sơ giữ ở bước đã xác minh."
        )


def place(*, province: str, district: str, ward: str, detail: str, certificate_request: CertificateRequest) -> str:
    """An address from the small to the large, as printed with a capital first letter; empty parts left out."""
    on = policy.law_day_of(certificate_request, certificate_request.received_at)
    found = provinces.resolved(province, on)
    words = ", ".join(part for part in (detail, ward, district, found.full_name if found else "") if part)
    return words[:1].upper() + words[1:]


def _place_of_birth(certificate_request: CertificateRequest) -> str:
    declaration = certificate_request.declaration
    words = place(
        province=declaration.place_of_birth_province,
        district=declaration.place_of_birth_district,
        ward=declaration.place_of_birth_ward,
        detail=declaration.place_of_birth,
        certificate_request=certificate_request,
    )
    if declaration.place_of_birth_country not in {"", "VN"}:
        words = ", ".join(part for part in (words, countries.name(declaration.place_of_birth_country)) if part)
    return words or NOTHING


def _permanent_residence(certificate_request: CertificateRequest) -> str:
    declaration = certificate_request.declaration
    return (
        place(
            province=declaration.permanent_province,
            district=declaration.permanent_district,
            ward=declaration.permanent_ward,
            detail=declaration.permanent_address,
            certificate_request=certificate_request,
        )
        or NOTHING
    )


def identity_on_paper(declaration: Declaration) -> tuple[str, str]:
    """The document printed: the 12-digit number before all others."""
    documents = sorted(
        declaration.identity_documents.all(),
        key=lambda row: (row.type != DeclaredDocument.Type.CCCD, row.type != DeclaredDocument.Type.CMND, row.pk),
    )
    chosen = documents[0]
    labels = {"cccd": "Số định danh cá nhân", "cmnd": "Số chứng minh nhân dân", "passport": "Số hộ chiếu"}
    return labels.get(chosen.type, "Số giấy tờ"), chosen.number


def judgments(result: Determination) -> tuple[Judgment, ...]:
    """The convictions as the table of the certificate prints them."""
    return tuple(
        Judgment(
            judgment_number=row.judgment_number,
            judgment_date=row.judgment_date,
            court=row.court,
            offences="; ".join(row.offences),
            main_penalty=row.main_penalty,
            additional_penalties=row.additional_penalties or NOTHING,
        )
        for row in result.convictions
    )


def draft(
    certificate_request: CertificateRequest, result: Determination, *, signatory: User | None
) -> CertificateContent:
    """Every word that would be printed if this person signed now. Raises NotPrintedYet, ContentRefused."""
    declaration = certificate_request.declaration
    refuse_what_cannot_be_printed(declaration)
    authority = certificate_request.authority
    regime = policy.regime_on(policy.law_day_of(certificate_request, certificate_request.received_at))
    form = regime.certificate_form(declaration.certificate_type)
    identity_label, identity_number = identity_on_paper(declaration)
    title = (signatory.signature_title if signatory else "") or authority.signatory_title
    return CertificateContent(
        certificate_type=declaration.certificate_type,
        form_number=form.heading,
        form_basis=form.basis,
        parent_body=authority.parent_body,
        authority_heading=authority.short_name,
        authority_name=authority.name,
        number_suffix=authority.number_suffix,
        place=authority.place,
        legal_basis=regime.legal_basis,
        full_name=declaration.full_name.upper(),
        sex=declaration.sex,
        date_of_birth=declaration.date_of_birth,
        place_of_birth=_place_of_birth(certificate_request),
        nationality=countries.name(declaration.nationality),
        identity_label=identity_label,
        identity_number=identity_number,
        permanent_residence=_permanent_residence(certificate_request),
        status=result.status,
        status_text=result.text,
        judgments=judgments(result),
        signatory_title=tuple(title.splitlines()),
        signatory_name=signatory.full_name if signatory else SIGNATORY_TO_COME,
        public_base_url=settings.PUBLIC_BASE_URL,
    )


def draft_or_none(
    certificate_request: CertificateRequest, result: Determination, *, signatory: User | None
) -> CertificateContent | None:
    """The draft, or None for a kind that cannot be printed yet."""
    try:
        return draft(certificate_request, result, signatory=signatory)
    except NotPrintedYet:
        return None
