"""The clerk frame's menu: who sees which entry, in one table."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse


class Entry(NamedTuple):
    url_name: str
    label: str
    roles: frozenset[str]


class Item(NamedTuple):
    url: str
    label: str
    current: bool


ENTRIES = (
    Entry("clerk_queue", "Hàng đợi", frozenset({"intake_clerk", "verifying_clerk"})),
    Entry("late_notices", "Trễ hẹn", frozenset({"intake_clerk", "verifying_clerk"})),
    Entry("found_after_issue", "Thông tin mới", frozenset({"verifying_clerk"})),
    Entry("clerk_inquiries", "Cơ quan được hỏi", frozenset({"verifying_clerk"})),
    Entry("clerk_payments", "Đối soát phí", frozenset({"intake_clerk"})),
    Entry("approver_queue", "Chờ ký", frozenset({"approver"})),
    Entry("free_searches", "Tra cứu", frozenset({"register_searcher", "approver"})),
    Entry("incoming_papers", "Thông tin đến", frozenset({"register_updater"})),
    Entry("register_issues", "Cần sửa", frozenset({"register_updater"})),
    Entry("register_acts", "Gộp, tách", frozenset({"register_updater"})),
    Entry("board", "Thời hạn", frozenset({"authority_administrator", "national_administrator", "auditor"})),
    Entry("complaints", "Khiếu nại", frozenset({"authority_administrator"})),
    Entry("calendar", "Lịch", frozenset({"authority_administrator", "national_administrator", "auditor"})),
    Entry("board_incoming", "Cập nhật", frozenset({"authority_administrator", "national_administrator", "auditor"})),
    Entry("waiting_rows", "Luồng việc", frozenset({"authority_administrator", "national_administrator"})),
    Entry("delegations", "Ủy quyền tra cứu", frozenset({"national_administrator", "auditor"})),
    Entry(
        "odd_looks",
        "Lượt xem",
        frozenset({"approver", "authority_administrator", "national_administrator", "auditor"}),
    ),
    Entry("law", "Pháp luật", frozenset({"authority_administrator", "national_administrator", "auditor"})),
)


def menu(request) -> list[Item]:
    """This person's entries; the one whose pages are being looked at is current."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    found = [(_address(entry), entry.label) for entry in ENTRIES if user.has_role(*entry.roles)]
    known = [(url, label) for url, label in found if url]
    current = max((url for url, _ in known if request.path.startswith(url)), key=len, default=None)
    return [Item(url, label, url == current) for url, label in known]


def _address(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:  # a page that this installation leaves out
        return ""
