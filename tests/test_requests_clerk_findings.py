"""What a clerk reads of the findings and decides on them: doubt, silence and lack of data never look like “none”."""

import pytest
from django.utils import timezone

from records.models import RecordLookup
from records.setting_aside import PARENTS, TOO_LITTLE
from requests import actions, inquiries
from requests.findings import BY_OTHER_RULES
from requests.models import CandidateDecision, SourceSearch
from tests import agencies, factories, staff_register
from tests.clerk_desk import NAME, NO_RECORD, NOBODY, act, alike, decide, now, page, reviewing, shown, the_same, verify
from tests.records_people import conviction, person_json
from tests.staff_register import strangers

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def verifying(client, office):
    client.force_login(office.verifying_clerk)
    return client


# --- While the sources have not answered ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tell", "cause"),
    [
        (staff_register.keeps_silent, staff_register.CAUSE),
        (staff_register.answers_partly, staff_register.PARTLY),
    ],
)
def test_no_answer_never_looks_like_nothing_found(verifying, office, settings, tell, cause):
    tell(settings)
    request = factories.request_in("received", office=office)
    for _ in range(2):
        search = SourceSearch.objects.get(request=request)
        actions.search(search.pk, at=max(search.next_try_at, timezone.now()))
    text = verifying.get(page(request)).text
    assert cause in text and "Đã hỏi" in text and "Chưa kết luận gì về người này" in text
    assert RecordLookup.objects.about(request.code).count() == 2
    for word in (NO_RECORD, NOBODY, "Kết quả dự kiến", "note done"):
        assert word not in text
    assert act(verifying, request, "verify").status_code == 409
    assert now(request).state == "received"


def test_a_parked_search_says_who_has_to_press(verifying, office):
    journey = factories.journey(office=office)
    journey.to("received")
    journey.park()
    text = verifying.get(page(journey.request)).text
    assert "đang dừng" in text and "Luồng việc" in text and NO_RECORD not in text


# --- Findings ---------------------------------------------------------------------------------------------------------


def test_nobody_found_is_said_and_confirmed_with_one_press(verifying, office):
    request = reviewing(office)
    text = verifying.get(page(request)).text
    assert NOBODY in text and "Kết quả dự kiến" in text and NO_RECORD in text
    assert verify(verifying, request).status_code == 302
    verified = now(request)
    assert (verified.state, verified.verified_by) == ("verified", office.verifying_clerk)
    after = verifying.get(page(request)).text
    assert office.verifying_clerk.full_name in after and "chờ lãnh đạo ký" in after


def test_an_excluded_row_is_listed_with_its_reason(verifying, office, settings):
    stranger = the_same(register_id="R-9", date_of_birth="1961-07-01", identity_documents=[])
    staff_register.answers_with(settings, stranger)
    request = reviewing(office)
    text = verifying.get(page(request)).text
    assert NOBODY in text and "R-9" in text and "Hai ngày sinh đầy đủ khác nhau" in text
    assert verify(verifying, request).status_code == 302


def test_those_whom_the_register_set_aside_are_counted_and_listed_by_reason(verifying, office, settings):
    staff_register.answers_with(settings, set_aside=strangers(45))
    request = reviewing(office)
    text = verifying.get(page(request)).text
    assert f"<b>{NOBODY}.</b> 45 hồ sơ gần giống đã được loại, lý do ở dưới." in text
    assert "<details><summary>Đã loại: 45</summary>" in text and "Hồ sơ có thể trùng" not in text
    fold = text.split("<summary>Đã loại: 45</summary>")[1].split("</details>")[0]
    assert 'đã loại ngay khi tìm <span class="num">45</span> hồ sơ; án của những người này không được đọc' in fold
    assert fold.index(f"30</b> hồ sơ: {TOO_LITTLE}") < fold.index(f"15</b> hồ sơ: {PARENTS}")
    assert all(fold.count(f">{register_id}") == 1 for register_id, _ in strangers(45))
    assert "<a " not in fold and "candidate=" not in text
    assert verify(verifying, request).status_code == 302


def test_excluded_ones_and_those_set_aside_are_counted_together(verifying, office, settings):
    stranger = the_same(register_id="R-9", date_of_birth="1961-07-01", identity_documents=[])
    staff_register.answers_with(settings, alike("R-2"), alike("R-3"), stranger, set_aside=strangers(12))
    request = reviewing(office)
    text = verifying.get(page(request)).text
    assert "Hồ sơ có thể trùng: 2" in text and NOBODY not in text
    fold = text.split("<summary>Đã loại: 13</summary>")[1].split("</details>")[0]
    assert "?candidate=3#candidate" in fold and "Hai ngày sinh đầy đủ khác nhau" in fold
    assert f"8</b> hồ sơ: {TOO_LITTLE}" in fold and "R-8012" in fold


def test_the_register_itself_sets_strangers_aside_and_their_convictions_are_nowhere(verifying, office):
    stranger = {"full_name": NAME, "date_of_birth": "1990", "identity_documents": [], "register_id": "R-7"}
    parents = {"father_name": "Lò Văn Khác", "mother_name": "Quàng Thị Khác"}
    factories.register(person_json(conviction(judgment_number="77/2020/HS-ST"), **stranger, **parents))
    request = reviewing(office)
    text = verifying.get(page(request)).text
    assert "<summary>Đã loại: 1</summary>" in text and PARENTS in text and ">R-7</span>" in text
    assert "Lò Văn Khác" not in text and "77/2020/HS-ST" not in text
    assert "77/2020/HS-ST" not in str(RecordLookup.objects.get(request_code=request.code).answer)


def test_nobody_set_aside_is_not_spoken_of(verifying, office, settings):
    staff_register.answers_with(settings, alike())
    assert "Đã loại" not in verifying.get(page(reviewing(office))).text
    staff_register.answers_with(settings)
    text = verifying.get(page(reviewing(office))).text
    assert f"<b>{NOBODY}.</b></div>" in text and "đã loại" not in text.lower()


def test_whoever_was_set_aside_is_not_decided_on_and_the_refusal_says_what_to_do(verifying, office, settings):
    staff_register.answers_with(settings, alike(), set_aside=strangers(1))
    request = reviewing(office)
    for decision in CandidateDecision.Decision.values:
        refused = decide(verifying, request, "R-8001", decision)
        assert refused.status_code == 400
        for words in ("đã loại hồ sơ này ngay khi tìm", "yêu cầu bổ sung", "đề nghị cơ quan quản lý", "tra cứu lại"):
            assert words in refused.text
        chosen = refused.context["desk"].chosen
        assert chosen.register_id == "R-2" and not chosen.form.is_bound, "what was typed is about somebody else"
    assert "Không có hồ sơ trung ương này" in decide(verifying, request, "R-8002", "same").text
    assert not CandidateDecision.objects.exists()


def test_what_other_rules_set_aside_is_said_before_anybody_reads_on(verifying, office, settings, monkeypatch):
    staff_register.answers_with(settings, set_aside=strangers(2))
    with monkeypatch.context() as earlier:
        earlier.setattr("records.matching.RULES_VERSION", "1")
        request = reviewing(office)
    text = verifying.get(page(request)).text
    assert BY_OTHER_RULES in text and NOBODY not in text and "Xác nhận, chuyển ký" not in text
    assert BY_OTHER_RULES not in verifying.get(page(reviewing(office))).text


def test_a_full_match_is_prefilled_and_one_press_confirms_person_and_text(verifying, office, settings):
    staff_register.answers_with(settings, the_same(conviction()))
    request = reviewing(office)
    response = verifying.get(page(request))
    desk = response.context["desk"]
    form = desk.one_press.form
    assert form["decision"].value() == "same" and form["ground"].value()
    assert desk.expected.is_preview and "15/2021/HS-ST" in response.text
    assert "Đúng người, chuyển ký" in response.text
    pressed = decide(verifying, request, "R-1", "same", form["ground"].value(), name="confirm")
    assert pressed.status_code == 302
    assert now(request).state == "verified"
    assert CandidateDecision.objects.get(request=request).decision == "same"


def test_an_expunged_conviction_is_explained_and_not_printed(verifying, office, settings):
    staff_register.answers_with(settings, the_same(conviction()))
    request = reviewing(office)
    text = verifying.get(page(request)).text
    assert "Đã được xóa án tích" in text and "Không in trên Phiếu này" in text and "Điều 70" in text


def test_what_agencies_said_is_read_once_a_page_also_where_an_expungement_has_to_be_asked_about(
    verifying, office, settings, monkeypatch
):
    agencies.switch_on(office, "commune")
    staff_register.answers_with(settings, the_same(conviction()))
    request = reviewing(office)
    assert decide(verifying, request, "R-1", "same").status_code == 302
    reads = []
    read = inquiries.asked
    monkeypatch.setattr(inquiries, "asked", lambda *told, **how: reads.append(1) or read(*told, **how))
    shown_page = verifying.get(page(request))
    (need,) = shown_page.context["agencies"]["needs"]
    assert need.required.source == "commune" and "đương nhiên được xóa án tích" in need.required.reason
    assert len(reads) == 1


def test_confirming_with_another_choice_writes_nothing(verifying, office, settings):
    staff_register.answers_with(settings, the_same(conviction()))
    request = reviewing(office)
    refused = decide(verifying, request, "R-1", "different", name="confirm")
    assert refused.status_code == 400 and "Ghi quyết định" in refused.text
    assert not CandidateDecision.objects.exists() and now(request).state == "reviewing"


def test_one_press_counts_only_for_the_text_that_was_shown(verifying, office, settings):
    staff_register.answers_with(settings, the_same(conviction()))
    request = reviewing(office)
    refused = decide(verifying, request, "R-1", "same", name="confirm", shown="0" * 64)
    assert refused.status_code == 409
    assert not CandidateDecision.objects.exists() and now(request).state == "reviewing"


def test_doubt_shows_no_result_and_is_not_verified_until_every_row_is_decided(verifying, office, settings):
    staff_register.answers_with(settings, alike("R-2"), alike("R-3", date_of_birth="1990-03-28"))
    request = reviewing(office)
    response = verifying.get(page(request))
    assert "Đã quyết 0 trong 2" in response.text and NO_RECORD not in response.text
    assert "chuyển ký</button>" not in response.text
    assert verify(verifying, request).status_code == 409
    assert decide(verifying, request, "R-2", "ask", "Thiếu thông tin để kết luận").status_code == 302
    assert decide(verifying, request, "R-3", "different").status_code == 302
    assert verify(verifying, request).status_code == 409
    assert decide(verifying, request, "R-2", "different", "other", note="Khác quê quán").status_code == 302
    response = verifying.get(page(request))
    assert "Đã quyết 2 trong 2" in response.text and "Khác quê quán" in response.text and NO_RECORD in response.text
    assert verify(verifying, request).status_code == 302


def test_a_decision_needs_a_ground_and_keeps_what_was_chosen(verifying, office, settings):
    staff_register.answers_with(settings, alike())
    request = reviewing(office)
    response = decide(verifying, request, "R-2", "same", ground="", note="tên cha trùng")
    assert response.status_code == 400
    assert "Chọn căn cứ của quyết định" in response.text and "tên cha trùng" in response.text
    assert decide(verifying, request, "R-77", "same", "Ngày sinh khác").status_code == 400
    assert not CandidateDecision.objects.exists()


def test_a_colleagues_new_decision_stops_a_press_on_the_old_page(verifying, office, settings):
    staff_register.answers_with(settings, alike())
    request = reviewing(office)
    decide(verifying, request, "R-2", "different")
    old = shown(verifying.get(page(request)))
    decide(verifying, request, "R-2", "same", "Họ tên, ngày sinh và cha mẹ trùng")
    refused = verify(verifying, request, shown=old)
    assert refused.status_code == 409 and "Kết quả dự kiến đã thay đổi" in refused.text
    assert now(request).state == "reviewing"


def test_undetermined_says_what_is_missing_and_is_not_verified(verifying, office, settings):
    open_case = the_same(conviction(main_penalty_completed_on=None))
    staff_register.answers_with(settings, open_case)
    request = reviewing(office)
    response = verifying.get(page(request))
    assert "Chưa xác định được tình trạng án tích" in response.text
    assert "chấp hành xong" in response.text and NO_RECORD not in response.text
    assert "chuyển ký</button>" not in response.text
    assert decide(verifying, request, "R-1", "same", "Số định danh và họ tên trùng", name="confirm").status_code == 409
    assert not CandidateDecision.objects.exists()
    decide(verifying, request, "R-1", "same", "Số định danh và họ tên trùng")
    assert verify(verifying, request).status_code == 409
    assert now(request).state == "reviewing"


def test_a_number_2_goes_as_far_as_verified_and_says_so(verifying, office):
    request = reviewing(office, fields={"certificate_type": 2})
    assert "chưa in được Phiếu số 2" in verifying.get(page(request)).text
    assert verify(verifying, request).status_code == 302
    assert "chưa in được Phiếu số 2" in verifying.get(page(request)).text
