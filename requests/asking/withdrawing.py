"""What withdrawing a request means for the person who filed it, by where it stands. Words only."""

from django.utils.translation import gettext as _

from lltp_portal.wording import dong, full_day
from requests.models import CertificateRequest
from requests.states import State as S


def consequences(certificate_request: CertificateRequest) -> list[str]:
    """Fee, clock, and what was begun; in the order in which people ask."""
    return [
        _("Hồ sơ không được xử lý tiếp và không mở lại được. Nếu lại cần Phiếu, bạn gửi yêu cầu mới từ đầu."),
        _about_the_fee(certificate_request),
        *_about_the_clock(certificate_request),
    ]


def _about_the_fee(certificate_request: CertificateRequest) -> str:
    """What the office keeps is FeeAccount.fee_owed: nothing before receipt, the fee after it; all else goes back."""
    paid = certificate_request.fee_paid_amount
    if certificate_request.received_at is None:
        return _before_receipt(paid)
    if not paid:
        return _("Hồ sơ này không phải nộp phí nên không có khoản nào phải hoàn.")
    kept = min(paid, certificate_request.fee_amount or 0)
    if kept == paid:
        return _("Bạn đã nộp %(amount)s. Hồ sơ đã được tiếp nhận nên phí đã nộp không được hoàn.") % {
            "amount": dong(paid)
        }
    return _(
        "Bạn đã nộp %(paid)s. Hồ sơ đã được tiếp nhận nên phí %(kept)s không được hoàn; phần nộp thừa %(back)s được "
        "hoàn lại. Bạn không phải làm gì: bộ phận thu phí sẽ liên hệ theo điện thoại trong hồ sơ."
    ) % {"paid": dong(paid), "kept": dong(kept), "back": dong(paid - kept)}


def _before_receipt(paid: int) -> str:
    if not paid:
        return _(
            "Bạn chưa nộp phí nên không phải nộp nữa và không có khoản nào phải hoàn. Tiền bạn đã chuyển mà đến sau "
            "khi rút thì được hoàn lại toàn bộ."
        )
    return _(
        "Bạn đã nộp %(amount)s. Hồ sơ chưa được tiếp nhận nên phí được hoàn lại toàn bộ. Bạn không phải làm gì: bộ "
        "phận thu phí sẽ liên hệ theo điện thoại trong hồ sơ."
    ) % {"amount": dong(paid)}


def _about_the_clock(certificate_request: CertificateRequest) -> list[str]:
    state = certificate_request.state
    found = []
    if state == S.NEEDS_SUPPLEMENT:
        found.append(_("Bạn không phải bổ sung nữa. Phần bổ sung đã soạn mà chưa gửi thì không được xem."))
    if certificate_request.due_at is not None:
        day = full_day(certificate_request.due_at)
        found.append(_("Ngày hẹn %(day)s không còn hiệu lực.") % {"day": day})
    else:
        found.append(_("Thời hạn giải quyết chưa bắt đầu tính nên không có ngày hẹn nào mất đi."))
    if state in {S.CONSULTING, S.VERIFIED}:
        found.append(_("Kết quả kiểm tra đã có không được dùng để cấp Phiếu."))
    return found


def why_not(certificate_request: CertificateRequest) -> str:
    """Why it cannot be withdrawn, and what can be done instead."""
    state = certificate_request.state
    if state == S.SIGNING:
        return _("Lãnh đạo đã duyệt và hệ thống đang ký Phiếu nên không rút được nữa. Phiếu thường có trong vài phút.")
    if state in {S.ISSUED, S.DELIVERED}:
        return _("Phiếu đã được cấp nên không rút được nữa. Phiếu có chỗ sai thì bạn yêu cầu đính chính.")
    return _("Hồ sơ đã kết thúc (“%(state)s”) nên không còn gì để rút.") % {
        "state": certificate_request.get_state_display().lower()
    }
