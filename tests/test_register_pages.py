"""Pages of the people of the register: who opens them, what the log says before they do, what each press does."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from records import quality_run, register_acts
from records.incoming import actions
from records.models import RegisterAct
from records.register import changing
from records.register.living import IncomingInformation, QualityIssue
from requests.register_views import access, acts, entering, incoming, quality
from tests import factories, paper_files
from tests.records_people import conviction, person_json
from tests.register_papers import paper, serving, updater
from tests.test_register_merging import ONE, OTHER

pytestmark = pytest.mark.django_db
LONG = "Công Tằng Tôn Nữ Hoàng Ngọc Phương Thảo Nguyên Anh Thư Mẫu Mực"


@pytest.fixture
def clerk(client):
    found = updater()
    client.force_login(found)
    return found


@pytest.fixture
def row(clerk):
    factories.register(serving())
    return actions.receive(paper(), by=clerk).row


def page_of(row):
    return reverse("incoming_paper", args=[row.code])


def addresses(row):
    quality_run.check_all()
    issue = QualityIssue.objects.first()
    act = register_acts.propose(
        "merge", by=updater(), reason="x", details={"surviving": "R-990001", "absorbed": "B", "expected": {}}
    )
    return [
        reverse("incoming_papers"),
        reverse("enter_incoming"),
        reverse("enter_incoming") + "?kind=judgment",
        page_of(row),
        reverse("register_acts"),
        reverse("register_act", args=[act.code]),
        reverse("register_issues"),
        reverse("register_issue", args=[issue.code]),
        reverse("register_split", args=[issue.code]),
    ]


def test_people_of_the_register_open_every_page_and_nobody_else(client, clerk, row):
    found = addresses(row)
    for url in found:
        assert client.get(url).status_code == 200, url
    for role in ("verifying_clerk", "approver", "national_administrator", "auditor", "intake_clerk"):
        client.force_login(factories.make_staff(role))
        assert {client.get(url).status_code for url in found} == {403}, role
    client.force_login(factories.make_citizen())
    assert {client.get(url).status_code for url in found} == {403}
    client.logout()
    assert {client.get(url).status_code for url in found} == {302}


def test_every_page_with_people_on_it_is_in_the_log_even_when_it_breaks(client, clerk, row, monkeypatch):
    found = [url for url in addresses(row) if "enter" not in url]
    client.raise_request_exception = False

    def broken(*args, **kwargs):
        raise RuntimeError

    for module in (acts, entering, incoming, quality):
        monkeypatch.setattr(module, "render", broken)
    for url in found:
        before = AuditEvent.objects.count()
        assert client.get(url).status_code == 500, url
        assert AuditEvent.objects.count() > before, url
        assert AuditEvent.objects.order_by("-pk").first().details["purpose"]


def test_without_the_line_in_the_log_there_is_no_page(client, clerk, row, monkeypatch):
    def no_log(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(access.AuditEvent.objects, "record", no_log)
    client.raise_request_exception = False
    for url in (reverse("incoming_papers"), page_of(row)):
        answer = client.get(url)
        assert answer.status_code == 500 and "Nguyễn Văn Thử" not in answer.text


def test_nobody_of_the_register_is_shown_before_somebody_works_on_the_paper(client, clerk, row):
    assert "R-990001" not in client.get(page_of(row)).text
    client.post(page_of(row), {"what": "take"})
    answer = client.get(page_of(row)).text
    assert "R-990001" in answer and 'Đối chiếu: <span class="num">1</span> hồ sơ' in answer
    assert AuditEvent.objects.get(verb="compare_incoming", subject=row.code) is not None
    client.force_login(updater())
    assert "R-990001" not in client.get(page_of(row)).text


def test_nothing_is_chosen_beforehand_and_the_four_outcomes_are_said(client, clerk, row):
    client.post(page_of(row), {"what": "take"})
    answer = client.get(page_of(row)).text
    assert not re.search(r'<input type="radio"[^>]*checked', answer)
    assert "= Trùng" in answer and "Không có" in answer
    refused = client.post(page_of(row), {"what": "work_in", "reason": "đã xem"})
    assert refused.status_code == 400
    assert refused.text.count("Chọn một hồ sơ, hoặc chọn người chưa có trong cơ sở dữ liệu.") == 2
    assert "đã xem" in refused.text


def test_a_press_works_the_paper_in(client, clerk, row):
    client.post(page_of(row), {"what": "take"})
    digest = re.search(r'name="digest:R-990001" value="(\w+)"', client.get(page_of(row)).text)[1]
    answer = client.post(page_of(row), {"what": "work_in", "whom": "R-990001", "digest:R-990001": digest}, follow=True)
    assert "Đã cập nhật vào cơ sở dữ liệu." in answer.text
    assert IncomingInformation.objects.get().state == "worked_in"
    act = RegisterAct.objects.get()
    shown = client.get(reverse("register_act", args=[act.code])).text
    assert "xong 10/03/2023" in shown and "12/GCN" in shown


def test_turning_away_without_words_keeps_the_choice(client, clerk, row):
    client.post(page_of(row), {"what": "take"})
    answer = client.post(page_of(row), {"what": "turn_away", "to": "sent_back"})
    assert answer.status_code == 400 and answer.text.count("Ghi lý do để nơi gửi biết phải làm gì.") == 2
    client.post(page_of(row), {"what": "turn_away", "to": "sent_back", "turned_reason": "Thiếu trang 2"})
    assert IncomingInformation.objects.get().state == "sent_back"
    assert "Thiếu trang 2" in client.get(page_of(row)).text


TYPED = {
    "number": "15/2021/HS-ST",
    "date_0": "10",
    "date_1": "9",
    "date_2": "2021",
    "sender": "Tòa án nhân dân huyện Mẫu",
    "full_name": LONG,
    "date_of_birth_2": "1980",
    "judgment_number": "15/2021/HS-ST",
    "court": "Tòa án nhân dân huyện Mẫu",
    "judgment_date_0": "10",
    "judgment_date_1": "9",
    "judgment_date_2": "2021",
    "title": "Trộm cắp tài sản",
    "code": "BLHS2015",
    "article": "173",
    "penalty": "imprisonment",
    "months": "12",
    "additional_penalties": "none",
    "obligations": "none",
}


def test_a_judgment_is_entered_by_hand(client, clerk):
    url = reverse("enter_incoming") + "?kind=judgment"
    names = dict(re.findall(r'name="((?:date|judgment_date|date_of_birth)_(\w+))"', client.get(url).text))
    typed = {_part(name, names): value for name, value in TYPED.items()}
    wrong = client.post(url, {**typed, "title": ""})
    assert wrong.status_code == 400 and "Nhập tội danh." in wrong.text and LONG in wrong.text
    answer = client.post(url, typed, follow=True)
    assert "Đã nhận vào hàng đợi." in answer.text
    row = IncomingInformation.objects.get()
    assert row.information.content.convictions[0].main_penalty.months == 12
    assert LONG in client.get(reverse("incoming_papers")).text
    assert "đã có trong hàng đợi" in client.post(url, typed, follow=True).text


def _part(name, names):
    """The box of a date, however the widget calls its parts."""
    match = re.fullmatch(r"(date|judgment_date|date_of_birth)_(\d)", name)
    if not match or name in names:
        return name
    return f"{match[1]}_{('day', 'month', 'year')[int(match[2])]}"


def test_a_join_is_proposed_from_the_work_list_agreed_to_by_another_and_undone(client, clerk):
    factories.register(ONE, OTHER | {"identity_documents": [*OTHER["identity_documents"], *ONE["identity_documents"]]})
    quality_run.check_all()
    issue = QualityIssue.objects.get(rule="same_person")
    url = reverse("register_issue", args=[issue.code])
    page = client.get(url).text
    assert "Đối chiếu hai hồ sơ" in page
    digests = dict(re.findall(r'name="(digest:\w)" value="(\w+)"', page))
    answer = client.post(
        url, {"what": "merge", "surviving": "A", "reason": "Cùng số định danh", **digests}, follow=True
    )
    assert "Một người khác có quyền cập nhật phải duyệt" in answer.text
    act = RegisterAct.objects.get()
    act_url = reverse("register_act", args=[act.code])
    assert "Duyệt và thực hiện" not in client.get(act_url).text
    client.post(act_url, {"what": "agree"})
    assert RegisterAct.objects.get().outcome is None
    client.force_login(updater())
    assert "Giữ số này" in client.get(act_url).text
    client.post(act_url, {"what": "agree"})
    assert RegisterAct.objects.get().outcome == "done"
    assert changing.resolve("B") == "A"
    client.post(act_url, {"what": "undo", "reason": "Hai người khác nhau"})
    undo = RegisterAct.objects.get(kind="undo_merge")
    client.force_login(clerk)
    client.post(reverse("register_act", args=[undo.code]), {"what": "agree"})
    assert changing.resolve("B") == "B" and len(changing.read(["A", "B"])) == 2


def test_a_division_is_proposed_by_ticking_what_is_the_other_ones(client, clerk):
    factories.register(
        person_json(conviction(offence_date=None), conviction(judgment_number="2/2015"), register_id="A")
    )
    quality_run.check_all()
    url = reverse("register_split", args=[QualityIssue.objects.first().code])
    digest = re.search(r'name="digest" value="(\w+)"', client.get(url).text)[1]
    client.post(url, {"convictions": ["1"], "name": "-1", "reason": "Hai bản án của hai người", "digest": digest})
    client.force_login(updater())
    client.post(reverse("register_act", args=[RegisterAct.objects.get().code]), {"what": "agree"})
    act = RegisterAct.objects.get()
    assert act.outcome == "done", act.outcome_words
    assert len(changing.read(["A"])["A"].record.convictions) == 1


def test_the_board_adds_up_and_names_nobody(client, clerk, row):
    actions.take(row.code, by=clerk)
    for number, to in (("1", "refused"), ("2", "sent_back")):
        other = actions.take(actions.receive(paper(number=number, sender="Tòa án khác"), by=clerk).row.code, by=clerk)
        actions.turn_away(other.code, by=clerk, to=to, reason="Sai nơi")
    actions.receive(paper(number="3"), by=clerk, at=timezone.now() - timedelta(days=40))
    client.force_login(factories.make_staff("national_administrator"))
    answer = client.get(reverse("board_incoming"))
    for line in [*answer.context["rows"], answer.context["total"]]:
        states = ("waiting", "working", "worked_in", "refused", "sent_back")
        assert line["received"] == sum(line[state] for state in states)
    assert sum(age["count"] for age in answer.context["ages"]) == 2
    assert [age["count"] for age in answer.context["ages"]] == [1, 0, 0, 1]
    assert "Nguyễn Văn Thử" not in answer.text and "R-990001" not in answer.text
    client.force_login(clerk)
    assert client.get(reverse("board_incoming")).status_code == 403


def test_long_lists_are_cut_into_pages_by_key(client, clerk):
    for number in range(55):
        actions.receive(paper(number=f"N{number:02}"), by=clerk)
    seen, url = [], reverse("incoming_papers")
    while url:
        text = client.get(url).text
        seen += re.findall(r">(N\d\d)</a>", text)
        following = re.search(r'href="(\?[^"]*after=[^"]*)"', text)
        url = reverse("incoming_papers") + following[1].replace("&amp;", "&") if following else None
    assert seen == [f"N{number:02}" for number in range(55)]


@pytest.mark.parametrize("query", ["?state=x", "?kind=x"])
def test_an_unknown_filter_is_404(client, clerk, query):
    assert client.get(reverse("incoming_papers") + query).status_code == 404
    assert client.get(reverse("register_issues") + "?kind=nope").status_code == 404


@pytest.mark.parametrize("name", ["incoming_paper", "register_act", "register_issue", "register_split"])
def test_an_unknown_code_is_404(client, clerk, name):
    assert client.get(reverse(name, args=["0" * 12])).status_code == 404


def test_a_scan_is_cleaned_kept_and_opened_by_people_of_the_register_alone(client, clerk):
    url = reverse("enter_incoming") + "?kind=judgment"
    names = dict(re.findall(r'name="((?:date|judgment_date|date_of_birth)_(\w+))"', client.get(url).text))
    typed = {_part(name, names): value for name, value in TYPED.items()}
    refused = client.post(url, {**typed, "document": SimpleUploadedFile("a.pdf", b"<html></html>", "application/pdf")})
    assert refused.status_code == 400 and not IncomingInformation.objects.exists()
    client.post(url, {**typed, "document": SimpleUploadedFile("ban-an.jpg", paper_files.photograph(), "image/jpeg")})
    found = reverse("incoming_document", args=[IncomingInformation.objects.get().code])
    answer = client.get(found)
    assert answer.content.startswith(b"\xff\xd8\xff") and "sandbox" in answer.headers["Content-Security-Policy"]
    assert AuditEvent.objects.filter(verb="open_incoming_document", actor=clerk).count() == 1
    client.force_login(factories.make_staff("national_administrator"))
    assert client.get(found).status_code == 403


def test_a_scan_that_comes_after_the_words_is_kept_with_them_and_a_second_one_is_said_to_be_not(client, clerk):
    url = reverse("enter_incoming") + "?kind=judgment"
    names = dict(re.findall(r'name="((?:date|judgment_date|date_of_birth)_(\w+))"', client.get(url).text))
    typed = {_part(name, names): value for name, value in TYPED.items()}
    client.post(url, typed)
    for said in ("Bản chụp bạn gửi được lưu cùng.", "Bản chụp bạn vừa gửi không được lưu."):
        scan = SimpleUploadedFile("ban-an.jpg", paper_files.photograph(), "image/jpeg")
        answer = client.post(url, {**typed, "document": scan}, follow=True)
        assert said in answer.text and "Mở bản chụp" in answer.text
    found = reverse("incoming_document", args=[IncomingInformation.objects.get().code])
    assert client.get(found).content.startswith(b"\xff\xd8\xff")
