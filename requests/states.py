"""The states of a request: the word shown, the national code, and who holds it (docs/flow.md draws them)."""

from django.db.models import TextChoices


class State(TextChoices):
    """What is true of a request now."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Mới đăng ký"
    AWAITING_PAYMENT = "awaiting_payment", "Yêu cầu thực hiện nghĩa vụ tài chính"
    RECEIVED = "received", "Được tiếp nhận"
    REVIEWING = "reviewing", "Đang xử lý"
    CONSULTING = "consulting", "Đang xác minh"
    NEEDS_SUPPLEMENT = "needs_supplement", "Yêu cầu bổ sung giấy tờ"
    VERIFIED = "verified", "Đã xác minh, chờ ký"
    SIGNING = "signing", "Đang ký"
    ISSUED = "issued", "Đã có kết quả"
    DELIVERED = "delivered", "Đã trả kết quả"
    REFUSED = "refused", "Không được tiếp nhận"
    WITHDRAWN = "withdrawn", "Đã rút"
    STOPPED = "stopped", "Dừng xử lý"


class Holder(TextChoices):
    """Whose turn it is."""

    CITIZEN = "citizen", "Người yêu cầu"
    OFFICE = "office", "Cơ quan tiếp nhận"
    CENTRAL = "central", "Cơ sở dữ liệu trung ương"
    AGENCY = "agency", "Cơ quan khác"
    APPROVER = "approver", "Lãnh đạo ký"
    SYSTEM = "system", "Hệ thống"
    NOBODY = "nobody", "-"


# State → (national status code, domain 4.2; holder).
NATIONAL_CODE: dict[str, int | None] = {
    State.DRAFT: None,
    State.SUBMITTED: 1,
    State.AWAITING_PAYMENT: 6,
    State.RECEIVED: 2,
    State.REVIEWING: 4,
    State.CONSULTING: 4,
    State.NEEDS_SUPPLEMENT: 5,
    State.VERIFIED: 4,
    State.SIGNING: 4,
    State.ISSUED: 9,
    State.DELIVERED: 10,
    State.REFUSED: 3,
    State.WITHDRAWN: 7,
    State.STOPPED: 8,
}
HOLDER: dict[str, Holder] = {
    State.DRAFT: Holder.CITIZEN,
    State.SUBMITTED: Holder.OFFICE,
    State.AWAITING_PAYMENT: Holder.CITIZEN,
    State.RECEIVED: Holder.CENTRAL,
    State.REVIEWING: Holder.OFFICE,
    State.CONSULTING: Holder.AGENCY,
    State.NEEDS_SUPPLEMENT: Holder.CITIZEN,
    State.VERIFIED: Holder.APPROVER,
    State.SIGNING: Holder.SYSTEM,
    State.ISSUED: Holder.NOBODY,
    State.DELIVERED: Holder.NOBODY,
    State.REFUSED: Holder.NOBODY,
    State.WITHDRAWN: Holder.NOBODY,
    State.STOPPED: Holder.NOBODY,
}
# In these the clock of the law has started, so a dossier number and a time of receipt exist (a CHECK says so).
AFTER_RECEIPT = [
    State.RECEIVED,
    State.REVIEWING,
    State.CONSULTING,
    State.VERIFIED,
    State.SIGNING,
    State.ISSUED,
    State.DELIVERED,
]
ENDED = [State.ISSUED, State.DELIVERED, State.REFUSED, State.WITHDRAWN, State.STOPPED]
OPEN = [state for state in State if state not in ENDED and state != State.DRAFT]
