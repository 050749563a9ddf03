"""A declaration copied with its rows, to be changed: the next version, or the first one of a request that corrects."""

from django.utils import timezone

from requests import provenance
from requests.models import CertificateRequest, Declaration, DeclaredDocument, DeclaredName, DeclaredResidence

ROWS = {
    "other_names": DeclaredName,
    "identity_documents": DeclaredDocument,
    "residences": DeclaredResidence,
}
# What stays true of a person from one request to the next; kind, purpose, statement and fee are asked each time.
REUSED = (
    "full_name",
    "sex",
    "date_of_birth",
    "place_of_birth_country",
    "place_of_birth_province",
    "place_of_birth_district",
    "place_of_birth_ward",
    "place_of_birth",
    "nationality",
    "ethnicity",
    "former_resident_foreigner",
    "permanent_province",
    "permanent_district",
    "permanent_ward",
    "permanent_address",
    "temporary_province",
    "temporary_district",
    "temporary_ward",
    "temporary_address",
    "lives_abroad",
    "no_residence",
    "last_province",
    "last_address",
    "father_name",
    "father_birth_year",
    "mother_name",
    "mother_birth_year",
    "spouse_name",
    "spouse_birth_year",
    "phone",
    "email",
)


def copy_declaration(declaration: Declaration, *, into: CertificateRequest | None = None) -> Declaration:
    """The next version of the same request, or version 1 of another one; not frozen, sworn by nobody."""
    rows = {name: list(getattr(declaration, name).all()) for name in ROWS}
    copy = Declaration.objects.get(pk=declaration.pk)
    copy.pk, copy._state.adding = None, True
    copy.version = declaration.version + 1
    if into is not None:
        _begin_anew(copy, declaration, into)
    copy.frozen_at, copy.sworn_at = None, None
    copy.save()
    for name, old in rows.items():
        for row in old:
            row.pk, row._state.adding, row.declaration = None, True, copy
        ROWS[name].objects.bulk_create(old)
    if into is None:  # papers belong to their request; a correction begins with none
        declaration.attachments.all().copy_to(copy)
    return copy


def _begin_anew(copy: Declaration, declaration: Declaration, into: CertificateRequest) -> None:
    """What is true of the old request alone stays there: who agreed at the counter, how the fee was proved, which
    pages somebody has left as read. The values come from the old request, and say so."""
    copy.request, copy.version = into, 1
    copy.counter_consent, copy.fee_proof = "", ""
    copy.saves, copy.answered, copy.prefilled = 0, [], from_earlier(declaration)


def from_earlier(earlier: Declaration) -> dict[str, dict[str, str]]:
    """Declaration.prefilled for what is taken from this declaration of another request."""
    stamp = provenance.stamp(provenance.EARLIER, earlier.frozen_at or timezone.now(), earlier.request.code)
    told = [name for name in REUSED if getattr(earlier, name) not in (None, "", False)]
    told += [name for name in ROWS if getattr(earlier, name).all()]
    return dict.fromkeys(told, stamp)
