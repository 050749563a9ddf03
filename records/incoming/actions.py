"""Papers for the register: received, taken up, worked in, refused or sent back; each by somebody, each in the log.

The log is in our own database and is written first, so that nothing is ever done to the register unseen.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.codes import random_code
from lltp_portal.errors import Invalid, NotAllowed, StepNotAllowed
from records import matching, register_acts
from records.answers import Complete
from records.backends import OwnDatabase
from records.incoming import working
from records.incoming.contract import Information
from records.incoming.working import DoesNotFit
from records.matching import Matching
from records.models import RegisterAct
from records.reading import Refused
from records.register import changing
from records.register.living import IncomingDocument, IncomingInformation

State = IncomingInformation.State
NEW_PREFIX = "TT-"


@dataclass(frozen=True)
class Document:
    """The paper itself: bytes that somebody has cleaned, and what they are."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Received:
    """`document_kept`: the paper itself came with it, and is the one that is kept."""

    row: IncomingInformation
    is_new: bool
    document_kept: bool = False


def receive(
    information: Information, *, by: Any, at: datetime | None = None, document: Document | None = None
) -> Received:
    """Into the queue; the same paper about the same person is there once. Raises Refused for a paper of tomorrow.

    A scan that comes later than the words it belongs to is kept with them; a second scan changes nothing.
    """
    at = at or timezone.now()
    if information.date > timezone.localdate(at):
        raise Refused("date", "là ngày chưa đến")
    who = by if isinstance(by, str) else by.email
    written = information.to_json()
    with transaction.atomic(using="central"):
        known = IncomingInformation.objects.alive().filter(digest=information.digest).first()
        if known is not None:
            return Received(known, is_new=False, document_kept=_keep(known, document))
        row = IncomingInformation.objects.create(
            kind=information.kind,
            number=information.number,
            date=information.date,
            sender=information.sender,
            about=written["about"],
            content=written["content"],
            digest=information.digest,
            received_at=at,
            entered_by=who,
        )
        document_kept = _keep(row, document)
    AuditEvent.objects.record("receive_incoming", actor=None if isinstance(by, str) else by, subject=row.code)
    return Received(row, is_new=True, document_kept=document_kept)


def _keep(row: IncomingInformation, document: Document | None) -> bool:
    """The scan with its paper, where there is none yet; whether this one is kept."""
    if document is None or IncomingDocument.objects.filter(paper=row).exists():
        return False
    sha256 = hashlib.sha256(document.content).hexdigest()
    IncomingDocument.objects.create(paper=row, media_type=document.media_type, sha256=sha256, content=document.content)
    return True


def receive_once(
    information: Information, *, by: Any, at: datetime | None = None, document: Document | None = None
) -> Received:
    """As `receive`, when another may be taking in the same paper at this very moment."""
    try:
        return receive(information, by=by, at=at, document=document)
    except IntegrityError:
        return receive(information, by=by, at=at, document=document)


def arrived(information: Information, *, at: datetime) -> IncomingInformation | None:
    """The row of this very arrival, whatever became of it: who is not sure whether they brought a paper looks here."""
    return IncomingInformation.objects.filter(digest=information.digest, received_at=at).oldest_first().first()


def others_of_paper(row: IncomingInformation) -> Iterable[IncomingInformation]:
    """Other rows of the same paper: of other defendants, or the same one with another content."""
    same = IncomingInformation.objects.filter(sender=row.sender, number=row.number, date=row.date)
    return same.exclude(pk=row.pk).oldest_first()


# --- Who works on it ------------------------------------------------------------------------------------------------


def take(code: str, *, by: Any, at: datetime | None = None) -> IncomingInformation:
    """This person works on it now; taken over from a colleague it is logged with both."""
    _demand_right(by)
    with transaction.atomic(using="central"):
        row = _open_row(code)
        AuditEvent.objects.record("take_incoming", actor=by, subject=code, taken_from=row.taken_by)
        row.state, row.taken_by, row.taken_at = State.WORKING, by.email, at or timezone.now()
        row.save()
    return row


def put_back(code: str, *, by: Any) -> IncomingInformation:
    """Waiting again, for whoever comes next."""
    _demand_right(by)
    with transaction.atomic(using="central"):
        row = _open_row(code)
        AuditEvent.objects.record("put_back_incoming", actor=by, subject=code)
        row.state, row.taken_by, row.taken_at = State.WAITING, "", None
        row.save()
    return row


def turn_away(code: str, *, by: Any, to: str, reason: str, at: datetime | None = None) -> IncomingInformation:
    """Refused for good, or sent back to whoever sent it, to be mended and sent again; never without a reason."""
    _demand_right(by)
    if to not in (State.REFUSED, State.SENT_BACK):
        raise Invalid("Chọn từ chối hoặc trả lại nơi gửi.")
    if not reason.strip():
        words = "Ghi lý do để nơi gửi biết phải làm gì."
        raise Invalid(words, fields={"reason": [{"code": "required", "message": words}]})
    _demand_no_act(code)
    with transaction.atomic(using="central"):
        row = _open_row(code)
        AuditEvent.objects.record("turn_away_incoming", actor=by, subject=code, to=str(to))
        row.state, row.reason = to, reason.strip()
        row.settled_by, row.settled_at = by.email, at or timezone.now()
        row.save()
    return row


def _open_row(code: str) -> IncomingInformation:
    row: IncomingInformation = IncomingInformation.objects.locked().get(code=code)
    if not row.is_open:
        raise StepNotAllowed(f"Thông tin này đã xong: {row.get_state_display().lower()}. Mở lại trang để xem.")
    return row


def _demand_right(by: Any) -> None:
    if not register_acts.may_update(by):
        raise NotAllowed("Tài khoản này không có quyền cập nhật cơ sở dữ liệu.")


def _demand_no_act(code: str) -> None:
    if RegisterAct.objects.filter(subject=code, outcome=None).exists():
        raise StepNotAllowed("Thông tin này đang được ghi vào cơ sở dữ liệu. Đợi một lát rồi mở lại trang.")


# --- Into the register ----------------------------------------------------------------------------------------------


class RegisterSilent(StepNotAllowed):
    """The register cannot answer wholly now; who the paper is about cannot be decided."""

    code = "register_silent"


def compared(row: IncomingInformation) -> Matching:
    """Everybody whom the paper may be about, by the very search and matching of requests. Nobody is chosen by it."""
    question = row.information.about.question(f"incoming:{row.code}")
    answer = OwnDatabase(reads_everybody=True).ask(question)
    if not isinstance(answer, Complete):
        raise RegisterSilent(f"Chưa thể đối chiếu: {answer.cause} Thử lại khi nạp xong dữ liệu.")
    return matching.weigh(question, answer.candidates)


def work_in(
    code: str,
    *,
    by: Any,
    register_id: str,
    expected: str,
    reason: str,
    is_new: bool = False,
    correcting: bool = False,
    learn: bool = False,
    at: datetime | None = None,
) -> RegisterAct:
    """Somebody has said which person this is: one on file, or a new one. Tried here first, so that refusals have words.

    A new person beside one whom nothing excludes, and a person whom something excludes, need words of their own.
    """
    at = at or timezone.now()
    _demand_right(by)
    row = IncomingInformation.objects.get(code=code)
    if not row.is_open:
        raise StepNotAllowed("Thông tin này đã xong. Mở lại trang để xem.")
    if row.taken_by != by.email:
        raise StepNotAllowed("Bấm “Nhận xử lý” trước khi cập nhật, để hai người không làm cùng một việc.")
    _demand_ground(compared(row), register_id, is_new=is_new, reason=reason)
    _try_out(row, register_id, is_new=is_new, correcting=correcting)
    if is_new:
        register_id = f"{NEW_PREFIX}{random_code(16)}"
    details = {
        "register_id": register_id,
        "is_new": is_new,
        "correcting": correcting,
        "learn": learn,
        "expected": "" if is_new else expected,
    }
    words = reason.strip() or ("Người chưa có trong cơ sở dữ liệu." if is_new else "Đúng người theo đối chiếu.")
    act = register_acts.propose("work_in", by=by, reason=words, subject=code, details=details, at=at)
    return register_acts.carry_out(act.pk, now=at) or act


def _demand_ground(found: Matching, register_id: str, *, is_new: bool, reason: str) -> None:
    open_ids = {one.record.register_id for one in found.open}
    all_ids = {one.record.register_id for one in found.candidates}
    words = ""
    if is_new and open_ids:
        words = "Có hồ sơ chưa loại trừ được. Ghi rõ vì sao không phải những người đó."
    elif not is_new and register_id not in all_ids:
        raise StepNotAllowed("Hồ sơ đã chọn không còn trong danh sách đối chiếu. Mở lại trang và chọn lại.")
    elif not is_new and register_id not in open_ids:
        words = "Đối chiếu cho thấy không phải người này. Ghi rõ căn cứ nếu vẫn chọn."
    if words and not reason.strip():
        raise Invalid(words, fields={"reason": [{"code": "required", "message": words}]})


def _try_out(row: IncomingInformation, register_id: str, *, is_new: bool, correcting: bool) -> None:
    try:
        information = row.information
        if is_new:
            working.changed(information.about.record("-"), information)
            return
        found = changing.read([register_id])
        for on_file in found.values():
            working.changed(on_file.record, information, correcting=correcting)
    except DoesNotFit as error:
        raise Invalid(str(error), fields={"whom": [{"code": "does_not_fit", "message": str(error)}]}) from None
