"""The pages of a declaration: which ones a case is asked, in which order, and which page a problem belongs to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lltp_portal.forms_look import Mistake
from requests import cases, completeness, forms, rules
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


def _everybody(declaration: Declaration) -> bool:
    return True


def _not_an_agency(declaration: Declaration) -> bool:
    return not declaration.by_agency


def _an_agency(declaration: Declaration) -> bool:
    return declaration.by_agency


def _old_enough(declaration: Declaration) -> bool:
    """A child below the age of the law has neither a residence history nor a record to state."""
    return completeness.history_is_asked(declaration, today())


def _family_matters(declaration: Declaration) -> bool:
    """Parents and spouse stand on số 2 and tell namesakes apart; an agency's số 1 needs neither."""
    return declaration.filed_as != cases.AGENCY


@dataclass(frozen=True)
class Page:
    """One step of the form. `slug` is its address, `title` how the step before announces it."""

    slug: str
    title: Any
    heading: Any
    form: type[django_forms.Form] | None = None
    asked: Callable[[Declaration], bool] = _everybody
    heading_for_another: Any = ""

    @property
    def template(self) -> str:
        return f"requests/fill_{self.slug}.html"

    def heading_of(self, declaration: Declaration) -> str:
        """“Bạn đã ở những đâu?” asks the reader; who files for another is asked about them."""
        another = declaration.filed_as != cases.SELF
        return str(self.heading_for_another if another and self.heading_for_another else self.heading)

    def standing(self, declaration: Declaration) -> dict[str, Any]:
        """What this page holds at the moment: by it a page that was opened earlier is told from one that is current."""
        return dict(self.form(declaration=declaration).initial) if self.form else {}


@dataclass(frozen=True)
class RowsPage(Page):
    """A step that keeps a list: each entry is added, changed and removed by itself."""

    related_name: str = ""
    columns: tuple[str, ...] = ()
    thing: Any = ""

    def rows(self, declaration: Declaration) -> list[dict[str, Any]]:
        """The list as it is kept, in its order."""
        return list(getattr(declaration, self.related_name).values(*self.columns))

    def standing(self, declaration: Declaration) -> dict[str, Any]:
        return {self.related_name: self.rows(declaration)}

    def problems(self, declaration: Declaration, rows: Sequence[dict[str, Any]]) -> list[str]:
        """What still stands between this list and the next page."""
        if self.related_name == "identity_documents":
            found = rules.documents_problems((row["type"], row["number"]) for row in rows)
        else:
            stays = [rules.Stay(row["from_month"], row["to_month"]) for row in rows]
            found = rules.residences_problems(stays, declaration.date_of_birth, today())
        return [problem.message for problem in found]


CHECK = Page("check", _("Kiểm tra câu trả lời"), _("Kiểm tra câu trả lời"))
# Every page that any case is asked, in its order. A new page is an entry here, its form and its template.
PAGES: tuple[Page, ...] = (
    Page("who", _("Cho ai"), _("Cho bạn hay cho người khác?"), forms.WhoForm, _not_an_agency),
    Page("agency", _("Văn bản yêu cầu"), _("Văn bản yêu cầu của cơ quan, tổ chức"), forms.AgencyForm, _an_agency),
    Page("kind", _("Loại Phiếu"), _("Loại Phiếu và mục đích"), forms.KindForm, _not_an_agency),
    Page("person", _("Người được cấp Phiếu"), _("Người được cấp Phiếu"), forms.PersonForm),
    RowsPage(
        "documents",
        _("Giấy tờ tùy thân"),
        _("Giấy tờ tùy thân"),
        forms.DocumentForm,
        related_name="identity_documents",
        columns=DOCUMENT_FIELDS,
        thing=_("giấy tờ"),
    ),
    Page("addresses", _("Nơi thường trú, tạm trú"), _("Nơi thường trú, tạm trú"), forms.AddressesForm),
    RowsPage(
        "residences",
        _("Quá trình cư trú"),
        _("Bạn đã ở những đâu?"),
        forms.ResidenceForm,
        _old_enough,
        heading_for_another=_("Người được cấp Phiếu đã ở những đâu?"),
        related_name="residences",
        columns=RESIDENCE_FIELDS,
        thing=_("nơi ở"),
    ),
    Page("family", _("Cha, mẹ, vợ hoặc chồng"), _("Cha, mẹ, vợ hoặc chồng"), forms.FamilyForm, _family_matters),
    Page(
        "record",
        _("Phần tự khai"),
        _("Bạn có điều gì muốn tự khai?"),
        forms.RecordForm,
        _old_enough,
        heading_for_another=_("Phần tự khai"),
    ),
    Page("papers", _("Giấy tờ kèm theo"), _("Giấy tờ kèm theo")),
    Page("contact", _("Liên hệ, nhận kết quả"), _("Liên hệ và nhận kết quả"), forms.ContactForm),
    Page("fee", _("Phí"), _("Phí"), forms.FeeForm, _not_an_agency),
    CHECK,
)
BY_SLUG = {page.slug: page for page in PAGES}
# Where a field is mended, and by which box, when the page's own boxes have other names.
FIELD_PAGE = {
    **{name: page.slug for page in reversed(PAGES) if page.form for name in page.form.base_fields},
    **{page.related_name: page.slug for page in PAGES if isinstance(page, RowsPage)},
    "other_names": "person",
    "lives_abroad": "addresses",
    "no_residence": "addresses",
    "former_resident_foreigner": "addresses",
    "papers": "papers",
}
BOX = dict.fromkeys(("lives_abroad", "no_residence", "former_resident_foreigner"), "living_0") | {
    name: f"{name}_0"
    for name in (
        "filed_as",
        "certificate_type",
        "purpose",
        "sex",
        "delivery",
        "fee_category",
        "date_of_birth",
        "proxy_relation",
        "proxy_mandate_on",
        "agency_document_on",
    )
}


def pages_for(declaration: Declaration) -> list[Page]:
    """The pages that this case is asked, the check last."""
    return [page for page in PAGES if page.asked(declaration)]


@dataclass(frozen=True)
class Stepper:
    """Where the reader is in the form; the words carry it, the bars only repeat them."""

    number: int
    total: int
    following: str
    segments: tuple[str, ...]


def stepper(page: Page, declaration: Declaration) -> Stepper:
    """Counted over what this case has."""
    pages = pages_for(declaration)
    index = pages.index(page)
    segments = tuple("done" if n < index else "now" if n == index else "next" for n in range(len(pages)))
    following = str(pages[index + 1].title) if index + 1 < len(pages) else ""
    return Stepper(index + 1, len(pages), following, segments)


def address(certificate_request: CertificateRequest, page: Page, position: int | None = None) -> str:
    """The URL of a page of this draft."""
    if page is CHECK:
        return reverse("request_check", args=[certificate_request.code])
    if position is not None:
        return reverse("request_row", args=[certificate_request.code, page.slug, position])
    return reverse("request_page", args=[certificate_request.code, page.slug])


def following(page: Page, declaration: Declaration) -> Page:
    """The next page of this case; an answer may just have changed which pages there are."""
    return next(later for later in PAGES[PAGES.index(page) + 1 :] if later.asked(declaration))


def preceding(page: Page, declaration: Declaration) -> Page | None:
    return next((earlier for earlier in reversed(PAGES[: PAGES.index(page)]) if earlier.asked(declaration)), None)


def first_unanswered(declaration: Declaration) -> Page:
    """Where to go on: the first page not left with “Tiếp tục”. What came over the API is looked over at the check."""
    pages = pages_for(declaration)
    if declaration.request.corrects_id is not None:  # all of it was declared before; what is wrong is seen at the check
        return CHECK
    if not declaration.answered and declaration.saves and not declaration.prefilled:
        return CHECK
    return next((page for page in pages if page.slug not in declaration.answered and page is not CHECK), CHECK)


def passed_over(declaration: Declaration) -> Page | None:
    """The first page that was not answered although a later one was: another answer has only now called for it.

    So it is when a draft turns from oneself to somebody else, or a child becomes an adult by another day of birth.
    What a program filled in was never answered page by page.
    """
    pages, first = pages_for(declaration), first_unanswered(declaration)
    later = pages[pages.index(first) + 1 :]
    by_pages = pages[0].slug in declaration.answered
    return first if by_pages and any(page.slug in declaration.answered for page in later) else None


def mistakes_by_page(
    certificate_request: CertificateRequest, declaration: Declaration, problems: dict[str, list[dict[str, str]]]
) -> list[Mistake]:
    """Problems of the whole declaration as lines that lead to the page and box where each is mended."""
    found = []
    for field, errors in problems.items():
        page = BY_SLUG["agency" if declaration.by_agency and field in forms.AgencyForm.base_fields else _slug(field)]
        anchor = "" if isinstance(page, RowsPage) or page is CHECK else f"#id_{BOX.get(field, field)}"
        where = f"{address(certificate_request, page)}{'' if page is CHECK else '?check=1'}{anchor}"
        found += [Mistake(where, error["message"]) for error in errors]
    return found


def _slug(field: str) -> str:
    return FIELD_PAGE.get(field, "check")
