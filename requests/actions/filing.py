"""What the person who files does: draft, send, answer, withdraw."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lltp_portal.accounts.models import User, person_key
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from lltp_portal.languages import kept_words
from lltp_portal.waiting import Swept, sweep
from requests import cases, clock, completeness, fee_facts, permissions, policy, provenance
from requests.actions import asking, correcting, terms
from requests.actions.copying import ROWS, copy_declaration
from requests.actions.fee_terms import ask_for_fee, tell_of_refund
from requests.actions.searching import start_searches
from requests.models import (
    CertificateRequest,
    Declaration,
)
from requests.questions import question_about
from requests.states import State
from requests.steps import locked, take_step

# Pages of the form that say something of the person whom the certificate is about.
ABOUT_THE_PERSON = frozenset({"person", "documents", "addresses", "residences", "family", "record"})
FILLED_IN = frozenset({State.DRAFT, State.NEEDS_SUPPLEMENT})


@transaction.atomic
def create_draft(
    *,
    by: User,
    account: User | None,
    channel: str = CertificateRequest.Channel.ONLINE,
    filed_as: str = Declaration.FiledAs.SELF,
    at: datetime | None = None,
) -> CertificateRequest:
    """Open a draft: a citizen for themselves or another, an intake clerk for somebody at the counter or from the
    written request of an agency (account empty).
    """
    if account is None and not (by.works_at_office and by.has_role("intake_clerk")):
        raise PermissionDenied
    at = at or timezone.now()
    certificate_request = CertificateRequest.objects.create(
        filed_by=by, account=account, channel=channel, created_at=at
    )
    known = {"full_name": account.full_name, "email": account.email} if account else {}
    _refuse_what_only_a_clerk_enters(certificate_request, filed_as)
    certificate_request.declaration = Declaration.objects.create(
        request=certificate_request,
        filed_as=filed_as,
        certificate_type=cases.TYPE_OF_AGENCY.get(filed_as, 1),
        fee_category=filed_as if filed_as in cases.AGENCIES else "",
        prefilled={name: provenance.stamp(provenance.ACCOUNT, at) for name, value in known.items() if value},
        **known,
    )
    certificate_request.save()
    return certificate_request


def _refuse_what_only_a_clerk_enters(certificate_request: CertificateRequest, filed_as: str) -> None:
    """An agency asks in writing and has no account: its request is entered by a clerk (Q20: no self-registration)."""
    if filed_as in cases.AGENCIES and certificate_request.account_id is not None:
        message = _("Yêu cầu của cơ quan, tổ chức gửi bằng văn bản; cán bộ tiếp nhận nhập vào hệ thống.")
        raise Invalid(message, fields={"filed_as": [{"code": "agency", "message": message}]})


def open_declaration(certificate_request: CertificateRequest) -> Declaration:
    """The version that may still be changed. Raises StepNotAllowed when all are frozen, or nobody waits for one."""
    declaration = certificate_request.declarations.filter(frozen_at__isnull=True).last()
    if declaration is None or certificate_request.state not in FILLED_IN:
        raise StepNotAllowed(_("Hồ sơ đã gửi nên không sửa được nữa. Xem trạng thái hồ sơ để biết việc cần làm."))
    return declaration


def changeable(certificate_request: CertificateRequest, *, by: User) -> Declaration:
    """The version that this person may change: the draft, or the copy on which they answer what they are asked.

    The copy is made when it is first needed. Raises StepNotAllowed, PermissionDenied.
    """
    if certificate_request.state == State.NEEDS_SUPPLEMENT:
        return open_supplement(certificate_request, by=by)
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    return open_declaration(certificate_request)


@transaction.atomic
def save_declaration(
    certificate_request: CertificateRequest,
    *,
    by: User,
    fields: Mapping[str, Any] | None = None,
    rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    page: str = "",
    prefilled: Mapping[str, Mapping[str, str]] | None = None,
    still: Callable[[Declaration], bool] | None = None,
) -> Declaration:
    """Keep what one page of the form says: plain fields, and whole lists of rows (replaced as given).

    `page` is then answered. `prefilled` says where values come from that nobody typed; a value that changes loses it.
    Where the certificate turns out to be for somebody else, what was said of the person counts as answered no more.
    `still` is asked on the locked row whether the page stands as its reader saw it; if not, Stale, and nothing is kept.
    """
    certificate_request = locked(certificate_request.pk)
    declaration = changeable(certificate_request, by=by)
    if still is not None and not still(declaration):
        raise Stale(_("Trang này đã được lưu ở nơi khác từ khi bạn mở. Xem lại rồi lưu."))
    fields, rows = fields or {}, {name: list(new) for name, new in (rows or {}).items()}
    _refuse_what_only_a_clerk_enters(certificate_request, fields.get("filed_as", ""))
    changed = {name for name, value in fields.items() if getattr(declaration, name) != value}
    changed |= {name for name, new in rows.items() if not _same_rows(declaration, name, new)}
    was_for = declaration.filed_as
    for name, value in fields.items():
        setattr(declaration, name, value)
    for name in rows.keys() & changed:
        getattr(declaration, name).all().delete()
        ROWS[name].objects.bulk_create([ROWS[name](declaration=declaration, **row) for row in rows[name]])
    kept = {name: stamp for name, stamp in declaration.prefilled.items() if name not in changed}
    declaration.prefilled = {**kept, **(prefilled or {})}
    declaration.saves += 1
    if "filed_as" in changed and cases.SELF in {was_for, declaration.filed_as}:
        declaration.answered = [slug for slug in declaration.answered if slug not in ABOUT_THE_PERSON]
    if page and page not in declaration.answered:
        declaration.answered = [*declaration.answered, page]
    declaration.save(update_fields=[*fields, "prefilled", "saves", "answered"])
    return declaration


def _same_rows(declaration: Declaration, name: str, new: list[Mapping[str, Any]]) -> bool:
    """Whether the list stands already as it is to be: nothing is deleted and written again then."""
    names = [field.name for field in ROWS[name]._meta.concrete_fields if field.name not in {"id", "declaration"}]
    empty = {field: ROWS[name]._meta.get_field(field).get_default() for field in names}
    standing = list(getattr(declaration, name).order_by("pk").values(*names))
    return standing == [{**empty, **row} for row in new]


def _freeze(declaration: Declaration, at: datetime, consent: str) -> Declaration:
    """Check the whole and freeze it; from here on a trigger refuses every change.

    `consent`: how somebody at the counter agreed to this very version; of another version it says nothing.
    """
    _forget_what_is_not_asked(declaration, clock.local_day(at))
    completeness.demand(declaration, clock.local_day(at))
    at_counter = declaration.request.channel == CertificateRequest.Channel.COUNTER
    declaration.counter_consent = consent if at_counter and consent in Declaration.Consent.values else ""
    declaration.frozen_at = declaration.sworn_at = at
    declaration.save(update_fields=["frozen_at", "sworn_at", "counter_consent", "declared_record"])
    return declaration


def _forget_what_is_not_asked(declaration: Declaration, today: date) -> None:
    """Of a small child no history is asked: what stands there is left from another case, and no page shows it."""
    if not declaration.by_agency and not completeness.history_is_asked(declaration, today):
        declaration.declared_record = ""
        declaration.residences.all().delete()


def _office_and_fee(certificate_request: CertificateRequest, declaration: Declaration, at: datetime) -> dict[str, Any]:
    """Whose it is and what it costs, by the law of the day; a correction by what it corrects."""
    with kept_words():  # kept with the request as the office writes it
        competence = policy.competent_authority(declaration, policy.law_day(at))
    channel, authority, reason = declaration.request.channel, competence.authority, competence.reason
    if (issued_by := correcting.office(certificate_request, at)) is not None:
        authority, reason = issued_by, f"{issued_by.name}: {correcting.ISSUED_IT}"
    fee = fee_facts.of_declaration(declaration, channel=channel, authority=authority, at=at)
    before = fee_facts.shown(certificate_request)
    if before and before.refused_because and before.claimed == declaration.fee_category:
        # The office found another category right and said why; the same claim does not bring the lower fee back.
        found = fee_facts.of_declaration(
            declaration, channel=channel, authority=authority, at=at, category=before.category
        )
        fee = replace(found, claimed=before.claimed, refused_because=before.refused_because)
    return {
        "authority": authority,
        "authority_reason": reason,
        "fee_amount": fee.to_pay,
        "fee_reason": fee.reason,
        "fee_breakdown": fee.to_json(),
        "applicant_person_key": _applicant_person_key(declaration),
        **correcting.fee_by_fault(certificate_request, fee),
    }


def _applicant_person_key(declaration: Declaration) -> str | None:
    """Under which nobody who works here handles their own request; it follows a number that is put right later."""
    number = declaration.identity_number
    return person_key(number) if number else None


@transaction.atomic
def submit(
    certificate_request: CertificateRequest, *, by: User, consent: str = "", at: datetime | None = None
) -> CertificateRequest:
    """Send the request: freeze version 1, choose the office, and ask for the fee when one is due.

    `consent` is how somebody at the counter agreed to what the clerk wrote down. Raises Invalid with every problem by
    field; nothing is changed then.
    """
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    if certificate_request.state != State.DRAFT:
        raise StepNotAllowed(_("Hồ sơ này đã được gửi. Xem trạng thái hồ sơ để biết việc tiếp theo."))
    declaration = _freeze(open_declaration(certificate_request), at, consent)
    take_step(certificate_request.submit, by=by, at=at, **_office_and_fee(certificate_request, declaration, at))
    if not certificate_request.fee_settled:
        ask_for_fee(certificate_request, at=at)
    return certificate_request


@transaction.atomic
def withdraw(
    certificate_request: CertificateRequest, *, by: User, reason: str = "", at: datetime | None = None
) -> CertificateRequest:
    """The citizen takes the request back; a running search ends as superseded."""
    certificate_request = locked(certificate_request.pk)
    at = at or timezone.now()
    take_step(certificate_request.withdraw, by=by, at=at, reason=reason)
    tell_of_refund(certificate_request, at=at)
    return certificate_request


@transaction.atomic
def delete_draft(certificate_request: CertificateRequest, *, by: User) -> None:
    """Throw away a draft that was never sent."""
    certificate_request = locked(certificate_request.pk)
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    if certificate_request.step_count:
        raise StepNotAllowed(_("Hồ sơ đã gửi thì không xóa được. Bạn có thể rút hồ sơ."))
    _delete(certificate_request)


def _delete(certificate_request: CertificateRequest) -> None:
    certificate_request.declaration = None
    certificate_request.save()
    certificate_request.delete()


def draft_kept_until(certificate_request: CertificateRequest) -> date:
    """The last day on which one can go on with a draft, as it is told to who fills it in."""
    return clock.local_day(certificate_request.created_at) + timedelta(days=settings.DRAFT_KEPT_DAYS)


def drop_old_drafts(now: datetime | None = None, *, after: int = 0) -> Swept:
    """Delete drafts that nobody sent until the end of their last day: one batch, those behind primary key `after`."""
    today = datetime.combine(clock.local_day(now or timezone.now()), time(), clock.LOCAL)
    before = today - timedelta(days=settings.DRAFT_KEPT_DAYS)
    old = CertificateRequest.objects.filter(state=State.DRAFT, step_count=0, created_at__lt=before)
    return sweep(old, _drop, what="drop old draft", after=after)


@transaction.atomic
def _drop(pk: int) -> bool:
    certificate_request = CertificateRequest.objects.locked().filter(pk=pk, step_count=0).first()
    if certificate_request is None:  # sent or thrown away in the meantime
        return False
    _delete(certificate_request)
    return True


@transaction.atomic
def open_supplement(certificate_request: CertificateRequest, *, by: User) -> Declaration:
    """The next version of the declaration, a copy to be changed, while the citizen is being asked."""
    certificate_request = locked(certificate_request.pk)
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    if certificate_request.state != State.NEEDS_SUPPLEMENT:
        raise StepNotAllowed(asking.NOT_ASKED)
    copy = certificate_request.declarations.filter(frozen_at__isnull=True).last()
    return copy or copy_declaration(certificate_request.declaration)


@transaction.atomic
def answer_supplement(
    certificate_request: CertificateRequest,
    *,
    by: User,
    note: str = "",
    answers: Mapping[int, str] | None = None,
    consent: str = "",
    at: datetime | None = None,
) -> CertificateRequest:
    """Send the answer to everything that was asked; `answers` are words for items not yet answered, by position.

    `consent` is as in submit. The request goes back to where it came from; to the search when identity data changed.
    """
    at = at or timezone.now()
    certificate_request = locked(certificate_request.pk)
    asked = certificate_request.history().filter(step="ask_supplement").last()
    if certificate_request.state != State.NEEDS_SUPPLEMENT or asked is None:
        raise StepNotAllowed(asking.NOT_ASKED)
    told = asking.settle(certificate_request, by=by, note=note, answers=answers or {}, at=at)
    before = certificate_request.declaration
    copy = certificate_request.declarations.filter(frozen_at__isnull=True).last() or copy_declaration(before)
    if certificate_request.received_at is not None:
        _demand_same_order(before, copy)
    declaration = _freeze(copy, at, consent)
    back_to, changes = asked.from_state, {"applicant_person_key": _applicant_person_key(declaration)}
    if back_to == State.SUBMITTED:
        changes = _office_and_fee(certificate_request, declaration, at)
    elif question_about(before) != question_about(declaration):
        back_to = State.RECEIVED
    extension = terms.extend_by_new_facts(certificate_request, declaration)
    take_step(
        certificate_request.answer_supplement,
        by=by,
        at=at,
        reason=extension.with_reason(told),
        back_to=back_to,
        declaration=declaration,
        due_at=_due_after_pauses(certificate_request, answered_at=at),
        changes=changes,
    )
    extension.tell(certificate_request, at=at)
    if back_to == State.SUBMITTED and not certificate_request.fee_settled:
        ask_for_fee(certificate_request, at=at)
    tell_of_refund(certificate_request, at=at)
    if back_to == State.RECEIVED:
        start_searches(certificate_request, at=at)
    elif back_to in {State.REVIEWING, State.CONSULTING}:
        certificate_request.searches.update(declaration=declaration)
    return certificate_request


def _demand_same_order(before: Declaration, after: Declaration) -> None:
    """Fee and term were settled for this type and so many copies; once received neither is asked for again."""
    changed = [name for name in ("certificate_type", "copies") if getattr(before, name) != getattr(after, name)]
    if changed:
        words = _(
            "Hồ sơ đã được tiếp nhận nên không đổi được loại Phiếu và số bản. Cần thêm Phiếu thì gửi yêu cầu mới."
        )
        raise Invalid(words, fields={name: [{"code": "fixed", "message": words}] for name in changed})


def _due_after_pauses(certificate_request: CertificateRequest, *, answered_at: datetime) -> datetime | None:
    """The due moment, worked out anew from the history with the pause that ends now."""
    if certificate_request.received_at is None or certificate_request.deadline_term is None:
        return None
    return clock.due_at(
        certificate_request.received_at,
        certificate_request.deadline_term,
        calendar_of(certificate_request.authority),
        clock.pauses(certificate_request.history(), until=answered_at),
    )
