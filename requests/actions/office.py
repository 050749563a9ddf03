"""What clerks do at the counter and at the desk, apart from deciding who somebody is."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lltp_portal.accounts.models import Authority, User
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import Invalid, StepNotAllowed
from lltp_portal.languages import kept_words
from requests import clock, policy
from requests.actions import correcting
from requests.actions.fee_terms import tell_of_refund
from requests.actions.searching import start_searches
from requests.models import CertificateRequest, DossierBook
from requests.states import State
from requests.steps import locked, may, take_step


def _demand_words(text: str, field: str, what: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(f"Nhập {what}.", fields={field: [{"code": "required", "message": f"Nhập {what}."}]})
    return text


def _draw_dossier_number(authority: Authority, at: datetime) -> str:
    """{office}-{yyMMdd}-{NNNN}: a counter a day and office, locked until the receipt is committed."""
    day = clock.local_day(at)
    DossierBook.objects.bulk_create([DossierBook(authority=authority, day=day)], ignore_conflicts=True)
    book = DossierBook.objects.select_for_update().get(authority=authority, day=day)
    DossierBook.objects.filter(pk=book.pk).update(last_number=F("last_number") + 1)
    return f"{authority.dossier_identifier}-{day:%y%m%d}-{book.last_number + 1:04d}"


@transaction.atomic
def receive(certificate_request: CertificateRequest, *, by: User, at: datetime | None = None) -> CertificateRequest:
    """Take the valid dossier in: number, due date, and the search begins."""
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    if certificate_request.state != State.SUBMITTED:  # before a number is drawn; a draft has no office to draw it from
        raise StepNotAllowed(
            f"Hồ sơ đang ở bước “{certificate_request.get_state_display()}” nên không tiếp nhận được. "
            "Hãy tải lại trang."
        )
    correcting.demand_decided(certificate_request)
    if not certificate_request.authority.is_in_force_on(policy.law_day(at)):  # the sweeper moves it in a moment
        raise StepNotAllowed(
            f"{certificate_request.authority.name} không còn thẩm quyền cấp Phiếu. Hồ sơ đang được chuyển sang cơ quan "
            "có thẩm quyền; cán bộ của cơ quan đó sẽ tiếp nhận."
        )
    with kept_words():  # kept with the request as the office writes it
        deadline = policy.deadline(certificate_request.declaration, policy.law_day(at))
    take_step(
        certificate_request.receive,
        by=by,
        at=at,
        dossier_number=_draw_dossier_number(certificate_request.authority, at),
        due_at=clock.due_at(at, deadline.term, calendar_of(certificate_request.authority)),
        deadline=deadline,
    )
    start_searches(certificate_request, at=at)
    return certificate_request


@transaction.atomic
def refuse(
    certificate_request: CertificateRequest, *, by: User, ground: str, at: datetime | None = None
) -> CertificateRequest:
    """Not taken up, on a ground of Art. 49; the citizen reads the ground."""
    ground = _demand_words(ground, "reason", "căn cứ từ chối để người yêu cầu biết")
    certificate_request = locked(certificate_request.pk)
    at = at or timezone.now()
    take_step(certificate_request.refuse, by=by, at=at, reason=ground)
    tell_of_refund(certificate_request, at=at)
    return certificate_request


@transaction.atomic
def finish_consulting(
    certificate_request: CertificateRequest, *, by: User, answer: str, at: datetime | None = None
) -> CertificateRequest:
    """The other agency has answered: of a request that waits with no letter unanswered, as after a supplement."""
    answer = _demand_words(answer, "reason", "nội dung trả lời của cơ quan được hỏi")
    certificate_request = locked(certificate_request.pk)
    if may(certificate_request.finish_consulting, by) and certificate_request.inquiries.open().exists():
        raise StepNotAllowed("Còn công văn chưa có trả lời. Ghi trả lời của từng cơ quan, hoặc thôi hỏi.")
    return take_step(certificate_request.finish_consulting, by=by, at=at or timezone.now(), reason=answer)


@transaction.atomic
def search_again(
    certificate_request: CertificateRequest, *, by: User, reason: str, at: datetime | None = None
) -> CertificateRequest:
    """Ask the sources anew; what was verified falls."""
    at = at or timezone.now()
    reason = _demand_words(reason, "reason", "lý do tra cứu lại")
    certificate_request = locked(certificate_request.pk)
    take_step(certificate_request.search_again, by=by, at=at, reason=reason)
    start_searches(certificate_request, at=at)
    return certificate_request


@transaction.atomic
def stop(certificate_request: CertificateRequest, *, by, reason: str, at: datetime | None = None) -> CertificateRequest:
    """It cannot be finished; the citizen reads why."""
    reason = _demand_words(reason, "reason", "lý do dừng xử lý để người yêu cầu biết")
    certificate_request = locked(certificate_request.pk)
    at = at or timezone.now()
    take_step(certificate_request.stop, by=by, at=at, reason=reason)
    tell_of_refund(certificate_request, at=at)
    return certificate_request
