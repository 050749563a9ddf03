"""The pages of a declaration: their order, what each asks, and which page a problem belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.urls import reverse

from lltp_portal.forms_look import Mistake
from requests import forms, rules
from requests.forms.base import today
from requests.models import CertificateRequest, Declaration

DOCUMENT_FIELDS = ("type", "number", "issued_on", "issued_by")
RESIDENCE_FIELDS = (
    "from_month",
    "to_month",
    "kind",
    "country",
    "province",
    "address",
    "occupation",
    "workplace",
    "military_service",
)


@dataclass(frozen=True)
class Page:
    """One step of the form. `slug` is its address, `title` how the step before announces it."""

    slug: str
    title: str
    heading: str
    form: type[django_forms.Form] | None = None

    @property
    def template(self) -> str:
        return f"requests/fill_{self.slug}.html"


@dataclass(frozen=True)
class RowsPage(Page):
    """A step that keeps a list: each entry is added, changed and removed by itself."""

    related_name: str = ""
    columns: tuple[str, ...] = ()
    thing: str = ""

    def rows(self, declaration: Declaration) -> list[dict[str, Any]]:
        """The list as it is kept, in its order."""
        return list(getattr(declaration, self.related_name).values(*self.columns))

    def problems(self, declaration: Declaration, rows: Sequence[dict[str, Any]]) -> list[str]:
        """What still stands between this list and the next page."""
        if self.related_name == "identity_documents":
            found = rules.documents_problems((row["type"], row["number"]) for row in rows)
        else:
            stays = [rules.Stay(row["from_month"], row["to_month"]) for row in rows]
            found = rules.residences_problems(stays, declaration.date_of_birth, today())
        return [problem.message for problem in found]


CHECK = Page("check", "Kiểm tra câu trả lời", "Kiểm tra câu trả lời")
PAGES: tuple[Page, ...] = (
    Page("who", "Cho ai", "Cho bạn hay cho người khác?", forms.WhoForm),
    Page("kind", "Loại Phiếu", "Loại Phiếu và mục đích", forms.KindForm),
    Page("person", "Người được cấp Phiếu", "Người được cấp Phiếu", forms.PersonForm),
    RowsPage(
        "documents",
        "Giấy tờ tùy thân",
        "Giấy tờ tùy thân",
        forms.DocumentForm,
        related_name="identity_documents",
        columns=DOCUMENT_FIELDS,
        thing="giấy tờ",
    ),
    Page("addresses", "Nơi thường trú, tạm trú", "Nơi thường trú, tạm trú", forms.AddressesForm),
    RowsPage(
        "residences",
        "Quá trình cư trú",
        "Bạn đã ở những đâu?",
        forms.ResidenceForm,
        related_name="residences",
        columns=RESIDENCE_FIELDS,
        thing="nơi ở",
    ),
    Page("family", "Cha, mẹ, vợ hoặc chồng", "Cha, mẹ, vợ hoặc chồng", forms.FamilyForm),
    Page("record", "Phần tự khai", "Bạn có điều gì muốn tự khai?", forms.RecordForm),
    Page("papers", "Giấy tờ kèm theo", "Giấy tờ kèm theo"),
    Page("contact", "Liên hệ, nhận kết quả", "Liên hệ và nhận kết quả", forms.ContactForm),
    Page("fee", "Phí", "Phí", forms.FeeForm),
    CHECK,
)
BY_SLUG = {page.slug: page for page in PAGES}
FIELD_PAGE = {
    **{name: page.slug for page in PAGES if page.form for name in page.form.base_fields},
    **{page.related_name: page.slug for page in PAGES if isinstance(page, RowsPage)},
    "other_names": "person",
    "papers": "papers",
}


@dataclass(frozen=True)
class Stepper:
    """Where the reader is in the form; the words carry it, the bars only repeat them."""

    number: int
    total: int
    following: str
    segments: tuple[str, ...]


def stepper(page: Page) -> Stepper:
    index = PAGES.index(page)
    segments = tuple("done" if n < index else "now" if n == index else "next" for n in range(len(PAGES)))
    following = PAGES[index + 1].title if index + 1 < len(PAGES) else ""
    return Stepper(index + 1, len(PAGES), following, segments)


def address(certificate_request: CertificateRequest, page: Page, position: int | None = None) -> str:
    """The URL of a page of this draft."""
    if page is CHECK:
        return reverse("request_check", args=[certificate_request.code])
    if position is not None:
        return reverse("request_row", args=[certificate_request.code, page.slug, position])
    return reverse("request_page", args=[certificate_request.code, page.slug])


def following(page: Page) -> Page:
    return PAGES[PAGES.index(page) + 1]


def preceding(page: Page) -> Page | None:
    index = PAGES.index(page)
    return PAGES[index - 1] if index else None


def mistakes_by_page(
    certificate_request: CertificateRequest, problems: dict[str, list[dict[str, str]]]
) -> list[Mistake]:
    """Problems of the whole declaration as lines that lead to the page and box where each is mended."""
    found = []
    for field, errors in problems.items():
        page = BY_SLUG[FIELD_PAGE.get(field, "check")]
        anchor = "" if isinstance(page, RowsPage) else f"#id_{field}"
        where = f"{address(certificate_request, page)}?check=1{anchor}"
        found += [Mistake(where, error["message"]) for error in errors]
    return found
