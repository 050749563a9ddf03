"""A declaration copied with its rows, to be changed: the next version, or the first one of a request that corrects."""

from requests.models import CertificateRequest, Declaration, DeclaredDocument, DeclaredName, DeclaredResidence

ROWS = {
    "other_names": DeclaredName,
    "identity_documents": DeclaredDocument,
    "residences": DeclaredResidence,
}


def copy_declaration(declaration: Declaration, *, into: CertificateRequest | None = None) -> Declaration:
    """The next version of the same request, or version 1 of another one; not frozen, sworn by nobody."""
    rows = {name: list(getattr(declaration, name).all()) for name in ROWS}
    copy = Declaration.objects.get(pk=declaration.pk)
    copy.pk, copy._state.adding = None, True
    copy.version = declaration.version + 1
    if into is not None:
        copy.request, copy.version = into, 1
    copy.frozen_at, copy.sworn_at = None, None
    copy.save()
    for name, old in rows.items():
        for row in old:
            row.pk, row._state.adding, row.declaration = None, True, copy
        ROWS[name].objects.bulk_create(old)
    if into is None:  # papers belong to their request; a correction begins with none
        declaration.attachments.all().copy_to(copy)
    return copy
