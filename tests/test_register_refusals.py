"""What somebody wrote on a page of the register is not lost because a colleague was there first; nor is a proposal."""

import re

import pytest
from django.urls import reverse

from records import quality_run, register_acts
from records.incoming import actions
from records.models import RegisterAct
from records.register.living import IncomingInformation, QualityIssue
from tests import factories
from tests.records_people import conviction, person_json
from tests.register_papers import paper, serving, updater
from tests.test_register_merging import ONE, OTHER, factories_again

pytestmark = pytest.mark.django_db
WRITTEN = "Trang 2 của văn bản không có dấu"
STILL_HERE = "Những gì bạn đã viết vẫn còn ở đây, nhưng chưa được ghi."
ALIKE = OTHER | {"identity_documents": [*OTHER["identity_documents"], *ONE["identity_documents"]]}


@pytest.fixture
def clerk(client):
    found = updater()
    client.force_login(found)
    return found


@pytest.fixture
def colleague():
    return updater()


@pytest.fixture
def paper_page(client, clerk):
    factories.register(serving())
    page = reverse("incoming_paper", args=[actions.receive(paper(), by=clerk).row.code])
    client.post(page, {"what": "take"})
    return page


@pytest.fixture
def issue(clerk):
    factories.register(ONE, ALIKE)
    quality_run.check_all()
    return QualityIssue.objects.get(rule="same_person")


def code_of(page):
    return page.rstrip("/").split("/")[-1]


def digests(client, page, name=r"digest:[\w-]+"):
    return dict(re.findall(rf'name="({name})" value="(\w+)"', client.get(page).text))


def merge(client, page, reason, **changed):
    typed = {"what": "merge", "surviving": "A", "reason": reason, **digests(client, page), **changed}
    return client.post(page, typed, follow=True)


def text_of(client, page, field):
    """What stands in this box of the page that is opened now."""
    found = re.search(rf'<textarea name="{field}"[^>]*>\s*([^<]*)</textarea>', client.get(page).text)
    return found and found[1].strip()


# --- A paper ---


def test_a_reason_for_turning_away_waits_for_who_takes_the_paper_up_again(client, paper_page, colleague):
    actions.take(code_of(paper_page), by=colleague)
    writing = RegisterAct.objects.create(
        kind="work_in",
        subject=code_of(paper_page),
        proposed_by=colleague,
        proposed_at=IncomingInformation.objects.get().received_at,
        reason="Đúng người",
    )
    typed = {"what": "turn_away", "to": "sent_back", "turned_reason": WRITTEN}
    answer = client.post(paper_page, typed, follow=True)
    assert "đang được ghi vào cơ sở dữ liệu" in answer.text and STILL_HERE in answer.text and WRITTEN in answer.text
    assert IncomingInformation.objects.get().state == "working"
    client.post(paper_page, {"what": "take"})
    page = client.get(paper_page)
    assert text_of(client, paper_page, "turned_reason") == WRITTEN and "checked" in page.text
    register_acts.decline(writing.code, by=colleague, reason="Chưa ghi được")
    client.post(paper_page, typed)
    assert IncomingInformation.objects.get().state == "sent_back"
    assert STILL_HERE not in client.get(paper_page).text


def test_a_ground_for_a_person_waits_and_the_person_is_chosen_anew(client, paper_page, colleague):
    actions.take(code_of(paper_page), by=colleague)
    typed = {"what": "work_in", "whom": "R-990001", "reason": WRITTEN, "learn": "on"}
    answer = client.post(paper_page, typed, follow=True)
    assert "Bấm “Nhận xử lý” trước khi cập nhật" in answer.text
    assert WRITTEN in answer.text and "R-990001" not in answer.text, (
        "nobody of the register is shown to who does not work"
    )
    client.post(paper_page, {"what": "take"})
    page = client.get(paper_page).text
    assert text_of(client, paper_page, "reason") == WRITTEN
    assert not re.search(r'<input type="radio" name="whom"[^>]*checked', page)
    assert re.search(r'name="learn"[^>]*checked', page)


def test_a_person_who_has_changed_since_is_refused_with_the_ground_kept(client, paper_page):
    factories_again(serving(father_name="Nguyễn Văn Bác"))
    typed = {"what": "work_in", "whom": "R-990001", "digest:R-990001": "0" * 64, "reason": WRITTEN}
    answer = client.post(paper_page, typed, follow=True)
    assert "Hồ sơ đã thay đổi từ lúc việc này được đề nghị" in answer.text
    assert text_of(client, paper_page, "reason") == WRITTEN


def test_somebody_else_at_the_same_page_reads_none_of_it(client, paper_page, clerk, colleague):
    actions.turn_away(code_of(paper_page), by=colleague, to="refused", reason="Sai nơi")
    answer = client.post(paper_page, {"what": "turn_away", "to": "refused", "turned_reason": WRITTEN}, follow=True)
    assert WRITTEN in answer.text, "to be copied: there is nothing left to fill in"
    client.logout()
    client.force_login(colleague)
    assert WRITTEN not in client.get(paper_page).text


# --- An act that waits for a second person ---


@pytest.fixture
def proposed(client, issue, colleague):
    details = {"surviving": "A", "absorbed": "B", "expected": {}}
    return register_acts.propose("merge", by=colleague, reason="Cùng số", subject=issue.code, details=details)


def test_a_reason_against_waits_when_a_third_one_has_agreed(client, proposed):
    page = reverse("register_act", args=[proposed.code])
    register_acts.agree(proposed.code, by=updater())
    answer = client.post(page, {"what": "decline", "reason": WRITTEN}, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert "đã có kết quả" in answer.text and STILL_HERE in answer.text and WRITTEN in answer.text


def test_a_second_undoing_leads_to_the_first_with_its_reason_kept(client, proposed):
    page = reverse("register_act", args=[proposed.code])
    register_acts.agree(proposed.code, by=updater())
    undo = register_acts.propose("undo_merge", by=updater(), reason="Hai người", subject=proposed.code)
    answer = client.post(page, {"what": "undo", "reason": WRITTEN}, follow=True)
    assert answer.redirect_chain[-1][0] == page and WRITTEN in answer.text
    assert reverse("register_act", args=[undo.code]) in answer.text
    register_acts.decline(undo.code, by=updater(), reason="Không")
    assert text_of(client, page, "reason") == WRITTEN


# --- Something that is to be mended ---


def test_a_proposal_that_waits_is_on_the_page_and_not_offered_again(client, issue):
    page = reverse("register_issue", args=[issue.code])
    merge(client, page, "Cùng số định danh")
    act = RegisterAct.objects.get()
    shown = client.get(page).text
    assert reverse("register_act", args=[act.code]) in shown and "đang chờ người thứ hai" in shown
    assert "Đề nghị gộp" not in shown and reverse("register_split", args=[issue.code]) not in shown


def test_who_proposes_the_same_a_moment_later_keeps_the_reason(client, issue, proposed):
    page = reverse("register_issue", args=[issue.code])
    known = {"digest:A": "0" * 64, "digest:B": "0" * 64}
    answer = client.post(page, {"what": "merge", "surviving": "A", "reason": WRITTEN, **known}, follow=True)
    assert RegisterAct.objects.count() == 1
    assert STILL_HERE in answer.text and WRITTEN in answer.text and proposed.code in answer.text
    register_acts.decline(proposed.code, by=updater(), reason="Chưa đủ căn cứ")
    assert text_of(client, page, "reason") == WRITTEN


def test_what_is_joined_already_is_not_offered_to_be_joined(client, issue, proposed):
    register_acts.agree(proposed.code, by=updater())
    page = reverse("register_issue", args=[issue.code])
    shown = client.get(page).text
    assert "Hai hồ sơ này đã là một người." in shown and "Đề nghị gộp" not in shown
    assert "hoàn tác việc gộp" in shown and reverse("register_split", args=[issue.code]) not in shown
    quality_run.check_all()
    assert QualityIssue.objects.get(pk=issue.pk).state == "closed", "as the page says"


def test_that_it_is_no_fault_waits_with_its_reason(client, issue):
    QualityIssue.objects.filter(pk=issue.pk).update(state="closed")
    page = reverse("register_issue", args=[issue.code])
    answer = client.post(page, {"what": "dismiss", "away-reason": WRITTEN}, follow=True)
    assert "không còn mở" in answer.text and WRITTEN in answer.text


# --- One row that is two ---


@pytest.fixture
def split_page(clerk):
    factories.register(
        person_json(conviction(offence_date=None), conviction(judgment_number="2/2015"), register_id="A")
    )
    quality_run.check_all()
    return reverse("register_split", args=[QualityIssue.objects.first().code])


def split(client, page, **changed):
    digest = digests(client, page, "digest")
    return client.post(page, {"convictions": ["1"], "name": "-1", "reason": WRITTEN, **digest, **changed}, follow=True)


def test_a_division_in_which_nothing_moves_is_refused_to_who_ticks(client, split_page):
    answer = split(client, split_page, convictions=[])
    assert answer.status_code == 400 and WRITTEN in answer.text
    assert answer.text.count("Chọn ít nhất một tội danh hoặc quyết định cấm thuộc về người kia.") == 2
    assert not RegisterAct.objects.exists()


def test_a_row_that_has_changed_is_ticked_anew_with_the_reason_kept(client, split_page):
    answer = split(client, split_page, digest="0" * 64)
    assert "Hồ sơ đã thay đổi" in answer.text and not RegisterAct.objects.exists()
    assert text_of(client, split_page, "reason") == WRITTEN
    assert not re.search(r'name="convictions"[^>]*checked', client.get(split_page).text)
