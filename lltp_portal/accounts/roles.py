"""The roles, in one table: who works here as what. Rights of each step name these (requests/permissions)."""

from typing import NamedTuple


class Role(NamedTuple):
    """`label` is how the role is called on pages; `office` says whether it belongs to one authority."""

    label: str
    office: bool


ROLES = {
    "citizen": Role("Công dân", office=False),
    "intake_clerk": Role("Cán bộ tiếp nhận", office=True),
    "verifying_clerk": Role("Chuyên viên thẩm tra", office=True),
    "approver": Role("Lãnh đạo ký", office=True),
    "register_searcher": Role("Người tra cứu ngoài hồ sơ", office=True),
    "authority_administrator": Role("Quản trị đơn vị", office=True),
    "national_administrator": Role("Quản trị toàn quốc", office=False),
    "register_updater": Role("Cập nhật cơ sở dữ liệu", office=False),
    "auditor": Role("Kiểm tra, giám sát", office=False),
}
OFFICE_ROLES = frozenset(name for name, role in ROLES.items() if role.office)
STAFF_ROLES = frozenset(ROLES) - {"citizen"}
