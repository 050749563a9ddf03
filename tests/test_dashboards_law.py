"""The law for administrators: what holds, what changes when, what offices add; and who may see and add."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from requests.models import LocalRule
from tests import factories

pytestmark = pytest.mark.django_db
LAW, OFFICE, ADD = "/board/law/", "/board/law/office/", "/board/law/office/add/"


def day_parts(name, day):
    return {f"{name}_day": f"{day:%d}", f"{name}_month": f"{day:%m}", f"{name}_year": f"{day:%Y}"}


def typed(**changes):
    day = timezone.localdate() + timedelta(days=1)
    return {
        "kind": "subsidy",
        "channel": "online",
        "percent": "50",
        "text": "",
        "legal_basis": "Nghị quyết 05/2026/NQ-HĐND",
        **day_parts("valid_from", day),
        "valid_to_day": "",
        "valid_to_month": "",
        "valid_to_year": "",
        **changes,
    }


@pytest.fixture
def administrator(client):
    user = factories.make_staff("authority_administrator")
    client.force_login(user)
    return user


@pytest.mark.parametrize("role", ["authority_administrator", "national_administrator", "auditor"])
def test_those_who_read_the_boards_read_the_law(client, role):
    client.force_login(factories.make_staff(role))
    assert client.get(LAW).status_code == client.get(OFFICE).status_code == 200


@pytest.mark.parametrize("role", ["intake_clerk", "verifying_clerk", "approver"])
@pytest.mark.parametrize("page", [LAW, OFFICE, ADD])
def test_clerks_do_not(client, role, page):
    client.force_login(factories.make_staff(role))
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", [LAW, OFFICE, ADD])
def test_nor_do_citizens(client, page):
    client.force_login(factories.make_citizen())
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("role", ["national_administrator", "auditor"])
def test_only_an_offices_own_administrator_adds(client, role):
    client.force_login(factories.make_staff(role))
    assert client.post(ADD, typed()).status_code == 403
    assert "Thêm quy định</a>" not in client.get(OFFICE).text


def test_the_page_tells_what_holds_now_what_changes_when_and_from_which_article(client, administrator):
    page = client.get(LAW).text
    assert "Sở Tư pháp cấp Phiếu, biểu mẫu năm 2024" in page
    assert "LLTP_REGIME=P2" in page
    assert "10 ngày làm việc" in page and "Luật Lý lịch tư pháp 2009, Điều 48 khoản 1" in page
    assert "F0: mức chung 200.000" in page and "Thông tư 244/2016/TT-BTC" in page
    coming = page.split("Sắp thay đổi sau ngày này")[1].split("Thẩm quyền cấp Phiếu</h2>")[0]
    assert "01/03/2025" in coming and "P3. Công an cấp tỉnh" in coming
    assert "01/07/2026" in coming and "05 ngày làm việc" in coming
    assert "F1: mức chung" not in page.split("Thẩm quyền cấp Phiếu</h2>")[1]


def test_another_days_law_can_be_looked_at(client, administrator, settings):
    page = client.get(f"{LAW}?on=2026-11-22").text
    assert "Công an cấp Phiếu, theo Luật số 107/2025/QH15" in page
    assert "F2: mức chung" in page
    assert client.get(f"{LAW}?on=2009-01-01").status_code == client.get(f"{LAW}?on=x").status_code == 404
    settings.LLTP_REGIME = "calendar"
    assert "LLTP_REGIME=calendar" in client.get(LAW).text


def test_past_and_future_rows_are_told_apart(client, administrator):
    page = client.get(f"{LAW}?on=2025-06-01&rows=all").text
    for words in ("Đã hết hiệu lực", "Đang có hiệu lực", "Sắp có hiệu lực"):
        assert words in page
    assert "Đã hết hiệu lực" not in client.get(f"{LAW}?on=2025-06-01").text


def test_rows_from_memory_are_marked(client, administrator):
    page = client.get(LAW).text
    line = next(part for part in page.split("<tr>") if "Bổ nhiệm thừa phát lại" in part)
    assert "Chưa đối chiếu" in line and "trí nhớ" not in page


def test_an_administrator_adds_a_subsidy_and_sees_how_the_office_differs(client, administrator):
    assert client.post(ADD, typed()).status_code == 302
    rule = LocalRule.objects.get(added_by=administrator)
    assert (rule.authority, rule.percent, rule.channel) == (administrator.authority, 50, "online")
    page = client.get(OFFICE).text
    assert "Hỗ trợ 50 % phí" in page and "Không hỗ trợ" in page and administrator.full_name in page
    assert "Sắp có hiệu lực" in page and "Đã hết hiệu lực" in page  # the new one, and Hà Nội's of 2024
    assert AuditEvent.objects.filter(verb="add_local_rule", actor=administrator).count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Chọn loại"),
        ({"percent": "nửa"}, "bằng số từ 0 đến 100"),
        ({"percent": "120"}, "bằng số từ 0 đến 100"),
        ({"percent": "0", "channel": "post"}, "Không có dòng nào để kết thúc"),
        ({"legal_basis": " "}, "Nhập văn bản làm căn cứ"),
        (day_parts("valid_from", date(2024, 1, 1)), "không sửa quy định của ngày đã qua"),
        ({"valid_from_day": "31", "valid_from_month": "4"}, "không có ngày 31/04"),
        (day_parts("valid_to", date(2024, 1, 1)), "Ngày kết thúc phải từ ngày bắt đầu"),
        ({"text": "Nghỉ"}, "đây là hỗ trợ phí"),
        ({"kind": "notice", "text": "Nghỉ"}, "đây là thông báo riêng"),
    ],
)
def test_what_cannot_be_taken_is_explained_beside_the_field_and_kept(client, administrator, changes, words):
    page = client.post(ADD, typed(**changes)).text
    assert page.count(words) >= 2  # the summary and the field
    assert "error-summary" in page
    if "legal_basis" not in changes:
        assert "Nghị quyết 05/2026/NQ-HĐND" in page
    assert not LocalRule.objects.filter(added_by=administrator).exists()


def test_an_administrator_sees_only_their_own_offices_rules_and_the_nation_all(client, administrator):
    assert client.post(ADD, typed()).status_code == 302
    client.force_login(factories.make_staff("authority_administrator", authority=factories.department("36")))
    assert "Không khác mặc định toàn quốc" in client.get(OFFICE).text
    client.force_login(factories.make_staff("national_administrator"))
    assert "Sở Tư pháp thành phố Hà Nội" in client.get(OFFICE).text


def test_a_notice_is_read_by_those_who_filed_with_the_office(client, administrator):
    today = {**day_parts("valid_from", timezone.localdate())}
    client.post(ADD, typed(kind="notice", percent="", channel="all", text="Quầy đóng <b>ngày 30/11</b>.", **today))
    filed = factories.file_request()
    client.force_login(filed.filed_by)
    for page in (f"/requests/{filed.code}/", f"/requests/{filed.code}/sent/"):
        text = client.get(page).text
        assert "Quầy đóng &lt;b&gt;ngày 30/11&lt;/b&gt;." in text
        assert "Thông báo của" in text
