"""A question to who files: asked once for everything, answered item by item, reminded of, and ended when none comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import Calendars, calendar_of
from lltp_portal.errors import Invalid, StepNotAllowed
from lltp_portal.waiting import each
from lltp_portal.wording import full_day
from requests import permissions
from requests.actions.fee_terms import tell_of_refund
from requests.asking import limits
from requests.asking.progress import Line, progress
from requests.asking.reasons import OWN_WORDS, REASONS, Asked, as_told
from requests.models import CertificateRequest, SupplementItem, SupplementReminder, SupplementRequest
from requests.permissions import SYSTEM
from requests.states import State
from requests.steps import locked, take_step
from requests.telling import tell

NOT_ASKED = gettext_lazy("Hồ sơ này hiện không chờ bạn bổ sung.")
LONGEST_ANSWER = 2000
MOST_ITEMS = 30


@transaction.atomic
def ask_supplement(
    certificate_request: CertificateRequest,
    *,
    by: User,
    items: Sequence[Asked] = (),
    reasons: str = "",
    at: datetime | None = None,
) -> CertificateRequest:
    """Ask the citizen, once, for all that is missing; the clock pauses.

    `items` come from the register of reasons; `reasons` is one more item in the clerk's own words. Both are kept as
    they are sent, before the step is taken, so that the paper and the message that follow it say the same.
    """
    asked = [*items, *([Asked(OWN_WORDS, reasons.strip())] if reasons.strip() else [])]
    _demand_something(asked)
    certificate_request = locked(certificate_request.pk)
    last = certificate_request.history().last()
    at = max(at or timezone.now(), last.at) if last else at or timezone.now()
    supplement = SupplementRequest.objects.create(
        request=certificate_request,
        step_seq=certificate_request.step_count + 1,
        asked_at=at,
        answer_by=limits.days_later(at, settings.SUPPLEMENT_DAYS, calendar_of(certificate_request.authority_id)),
        item_count=len(asked),
    )
    SupplementItem.objects.bulk_create(
        [
            SupplementItem(
                supplement=supplement,
                position=position,
                code=one.code,
                title=one.title,
                text=one.text,
                page=one.where,
                legal_basis=one.legal_basis,
            )
            for position, one in enumerate(asked, 1)
        ]
    )
    return take_step(certificate_request.ask_supplement, by=by, at=at, reason=as_told(asked))


def _demand_something(asked: Sequence[Asked]) -> None:
    """At least one thing, each known and with the words it needs. Raises Invalid."""
    if not asked:
        words = "Chọn ít nhất một lý do, hoặc nhập những gì người yêu cầu phải bổ sung và vì sao."
        raise Invalid(words, fields={"reason": [{"code": "required", "message": words}]})
    if len(asked) > MOST_ITEMS:
        words = f"Hỏi nhiều nhất {MOST_ITEMS} mục một lần."
        raise Invalid(words, fields={"items": [{"code": "max_length", "message": words}]})
    fields: dict[str, list[dict[str, str]]] = {}
    for number, one in enumerate(asked):
        if one.code != OWN_WORDS and one.code not in REASONS:
            words = "Lý do này không có trong danh mục."
            fields[f"items.{number}.code"] = [{"code": "invalid_choice", "message": words}]
        elif not one.detail.strip() and (one.code == OWN_WORDS or REASONS[one.code].needs_detail):
            words = f"Ghi chi tiết cho mục “{one.title}”."
            fields[f"items.{number}.detail"] = [{"code": "required", "message": words}]
    if fields:
        raise Invalid("Có mục cần ghi rõ trước khi gửi.", fields=fields)


# --- Answering ------------------------------------------------------------------------------------------------------


def open_question(certificate_request: CertificateRequest) -> SupplementRequest | None:
    """What who files is being asked now."""
    return SupplementRequest.objects.open().filter(request=certificate_request).prefetch_related("items").first()


def _asked_of(certificate_request: CertificateRequest, by: User) -> SupplementRequest:
    if not permissions.who_files(certificate_request, by):
        raise PermissionDenied
    supplement = open_question(certificate_request)
    if supplement is None:
        raise StepNotAllowed(NOT_ASKED)
    return supplement


def _item(supplement: SupplementRequest, position: int) -> SupplementItem:
    found = next((item for item in supplement.items.all() if item.position == position), None)
    if found is None:
        words = _("Không có mục này trong yêu cầu bổ sung.")
        raise Invalid(words, fields={"items": [{"code": "invalid_choice", "message": words}]})
    return found


@transaction.atomic
def answer_item(
    certificate_request: CertificateRequest, *, by: User, position: int, text: str, at: datetime | None = None
) -> SupplementItem:
    """Answer one item in words; kept, and may be changed until the whole is sent."""
    certificate_request = locked(certificate_request.pk)
    item = _item(_asked_of(certificate_request, by), position)
    text = text.strip()
    if not text or len(text) > LONGEST_ANSWER:
        words = _("Viết câu trả lời của bạn, nhiều nhất %(most)d ký tự.") % {"most": LONGEST_ANSWER}
        raise Invalid(words, fields={"answer": [{"code": "required", "message": words}]})
    return _done(item, at or timezone.now(), text)


def _done(item: SupplementItem, at: datetime, answer: str) -> SupplementItem:
    item.answer, item.done_at = answer, at
    item.save(update_fields=["answer", "done_at"])
    return item


def settle(
    certificate_request: CertificateRequest, *, by: User, note: str, answers: Mapping[int, str], at: datetime
) -> str:
    """Take in the last answers, demand that none is missing, and give all of it as one text for history.

    What was asked in one item only is answered by the note as well. Raises Invalid, naming every item left open.
    """
    supplement = _asked_of(certificate_request, by)
    for position, text in answers.items():
        answer_item(certificate_request, by=by, position=position, text=text, at=at)
    found = progress(certificate_request, supplement)
    if len(found.open) == len(found.lines) == 1 and note:
        _done(found.lines[0].item, at, note)
        found = progress(certificate_request, supplement)
    _demand_all_done(found.open)
    for line in found.lines:
        if line.item.done_at is None:  # mended on its page, without a word
            _done(line.item, at, line.item.answer)
    return _told(found.lines, note)


def _demand_all_done(missing: Sequence[Line]) -> None:
    if missing:
        words = _("Chưa trả lời mục %(number)d: %(title)s.")
        fields = {
            f"items.{line.item.position}": [
                {"code": "required", "message": words % {"number": line.item.position, "title": line.item.title}}
            ]
            for line in missing
        }
        raise Invalid(_("Còn %(count)d mục chưa trả lời.") % {"count": len(missing)}, fields=fields)


def _told(lines: Sequence[Line], note: str) -> str:
    """What was answered, as history keeps it: the citizen's own words, and which parts of the form were changed."""
    told = []
    for line in lines:
        item = line.item
        said = "" if len(lines) == 1 and item.answer == note else item.answer
        words = "; ".join(part for part in ("đã sửa tờ khai" if line.changed else "", said) if part)
        if words and len(lines) > 1:
            told.append(f"{item.position}. {item.title}: {words}")
        elif words:
            told.append(words[:1].upper() + words[1:])
    return "\n".join([*told, *([note] if note else [])])


# --- When no answer comes -------------------------------------------------------------------------------------------


def remind_of_supplements(now: datetime | None = None) -> int:
    """Remind who was asked, at half time and two days before the limit; returns how many were reminded.

    After a long silence of the machine only the latest reminder is sent; none once the limit has passed. Who need not
    be reminded now is not even read: this runs every few seconds.
    """
    now = now or timezone.now()
    waiting = SupplementRequest.objects.open().to_remind(now).order_by("answer_by", "pk")
    return each(waiting.values_list("pk", flat=True), lambda pk: _remind(pk, now), what="supplement reminder")


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    supplement = SupplementRequest.objects.select_related("request").get(pk=pk)
    certificate_request = locked(supplement.request_id)
    if not SupplementRequest.objects.open().filter(pk=pk).exists():  # answered in the meantime
        return False
    made = set(supplement.reminders.values_list("kind", flat=True))
    moments = limits.reminders(supplement.asked_at, supplement.answer_by)
    due = [kind for kind, moment in moments.items() if moment <= now and kind not in made]
    if not due:
        return False
    SupplementReminder.objects.bulk_create(
        [SupplementReminder(supplement=supplement, kind=kind, at=now) for kind in due]
    )
    if limits.LAST in made:  # half time noticed after the last reminder
        return False
    left = len(progress(certificate_request, supplement).open)
    tell(
        certificate_request,
        "supplement_reminder",
        at=now,
        key=f"{supplement.step_seq}-{due[-1]}",
        facts={
            "answer_by": supplement.answer_by,
            "open_items": left,
        },
    )
    return True


def stop_unanswered(now: datetime | None = None) -> int:
    """Stop what nobody answered within the limit and its day of grace; returns how many. Never on a day off."""
    now = now or timezone.now()
    late = SupplementRequest.objects.open().filter(answer_by__lt=now).order_by("answer_by", "pk")
    rows, calendars = list(late.values_list("pk", "answer_by", "request__authority_id")), Calendars.read()
    lapsed = [pk for pk, answer_by, office in rows if limits.has_lapsed(answer_by, now, calendars.of(office))]
    return each(lapsed, lambda pk: _stop(pk, now), what="unanswered supplement")


@transaction.atomic
def _stop(pk: int, now: datetime) -> bool:
    supplement = SupplementRequest.objects.get(pk=pk)
    certificate_request = locked(supplement.request_id)
    if certificate_request.state != State.NEEDS_SUPPLEMENT or certificate_request.step_count != supplement.step_seq:
        return False
    reason = (
        f"Bạn được yêu cầu bổ sung ngày {full_day(supplement.asked_at)}, trả lời trước hết ngày "
        f"{full_day(supplement.answer_by)}. Chúng tôi chưa nhận được phần bổ sung nên hồ sơ dừng xử lý. "
        "Nếu vẫn cần Phiếu, bạn gửi yêu cầu mới; những gì đã khai có thể dùng lại."
    )
    take_step(certificate_request.stop, by=SYSTEM, at=now, reason=reason)
    tell_of_refund(certificate_request, at=now)
    return True
