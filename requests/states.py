"""The states of a request: the word shown, the national code, and who holds it (docs/flow.md draws them)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class State(TextChoices):
    """What is true of a request now."""

    DRAFT = "draft", gettext_lazy("Đang soạn")
    SUBMITTED = "submitted", gettext_lazy("Mới đăng ký")
    AWAITING_PAYMENT = "awaiting_payment", gettext_lazy("Yêu cầu thực hiện nghĩa vụ tài chính")
    RECEIVED = "received", gettext_lazy("Được tiếp nhận")
    REVIEWING = "reviewing", gettext_lazy("Đang xử lý")
    CONSULTING = "consulting", gettext_lazy("Đang xác minh")
    NEEDS_SUPPLEMENT = "needs_supplement", gettext_lazy("Yêu cầu bổ sung giấy tờ")
    VERIFIED = "verified", gettext_lazy("Đã xác minh, chờ ký")
    SIGNING = "signing", gettext_lazy("Đang ký")
    ISSUED = "issued", gettext_lazy("Đã có kết quả")
    DELIVERED = "delivered", gettext_lazy("Đã trả kết quả")
    REFUSED = "refused", gettext_lazy("Không được tiếp nhận")
    WITHDRAWN = "withdrawn", gettext_lazy("Đã rút")
    STOPPED = "stopped", gettext_lazy("Dừng xử lý")


class Holder(TextChoices):
    """Whose turn it is."""

    CITIZEN = "citizen", gettext_lazy("Người yêu cầu")
    OFFICE = "office", gettext_lazy("Cơ quan tiếp nhận")
    CENTRAL = "central", gettext_lazy("Cơ sở dữ liệu trung ương")
    AGENCY = "agency", gettext_lazy("Cơ quan khác")
    APPROVER = "approver", gettext_lazy("Lãnh đạo ký")
    SYSTEM = "system", gettext_lazy("Hệ thống")
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
