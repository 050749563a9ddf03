"""A decision is kept with what was on the screen, and is read later as it was then."""

import json
from dataclasses import replace

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse

from records import weighing
from requests import comparison
from requests.models import ShownComparison
from tests import factories, staff_register
from tests.clerk_desk import alike, decide, page
from tests.records_people import conviction
from tests.two_clerks import found, in_doubt, say, say_all

pytestmark = pytest.mark.django_db


def test_the_kept_comparison_holds_declared_values_evidence_and_versions(settings):
    case = in_doubt(settings, alike("R-2"), percent=0)
    row = say(case, case.first)
    kept = json.loads(row.shown.content)
    assert kept["declared"]["full_name"] == "Nguyễn Văn Thử"
    assert kept["matching"]["version"] == row.shown.version and weighing.current().version in row.shown.version
    candidate = kept["matching"]["candidates"][0]
    assert candidate["evidence"] and candidate["outcomes"] and candidate["register_id"] == "R-2"
    assert kept["records"]["R-2"]["date_of_birth"] == "1990-03-27"
    assert comparison.digest_of(row.shown.content) == row.shown.sha256


def test_decisions_on_one_screen_share_its_copy(settings):
    case = in_doubt(settings, percent=0)
    say_all(case, case.first)
    assert ShownComparison.objects.count() == 1
    assert ShownComparison.objects.get().decisions.count() == 2


def test_those_set_aside_are_kept_and_shown_with_what_was_on_the_screen(settings, client):
    case = in_doubt(settings, alike("R-2"), percent=0, set_aside=staff_register.strangers(12))
    row = say(case, case.first)
    kept = json.loads(row.shown.content)
    assert kept["set_aside"] == [list(pair) for pair in staff_register.strangers(12)]
    client.force_login(case.first)
    text = client.get(reverse("kept_comparison", args=[case.request.code, row.shown.sha256[:16], 1])).text
    fold = text.split("<summary>Đã loại ngay khi tìm: 12</summary>")[1].split("</details>")[0]
    assert "án của những người này không được đọc" in fold
    assert all(f">{register_id}" in fold for register_id, _ in staff_register.strangers(12))


def test_another_stranger_is_another_screen_but_no_other_finding(settings):
    case = in_doubt(settings, alike("R-2"), percent=0, set_aside=staff_register.strangers(2))
    current = found(case.request)
    other = replace(current, answer=replace(current.answer, set_aside=tuple(staff_register.strangers(3))))
    assert other.answer.findings_digest == current.answer.findings_digest
    assert other.shown_sha256 != current.shown_sha256


def test_what_was_kept_before_anybody_was_set_aside_is_read_as_it_was(settings, client):
    case = in_doubt(settings, alike("R-2"), percent=0)
    row = say(case, case.first)
    keys = {"format", "declaration", "declared", "matching", "records"}
    assert set(json.loads(row.shown.content)) == keys, "no new key, so that the digest of old ones is theirs"
    client.force_login(case.first)
    text = client.get(reverse("kept_comparison", args=[case.request.code, row.shown.sha256[:16], 1])).text
    assert "không còn khớp" not in text and "ngay khi tìm" not in text


@pytest.mark.parametrize("table", ["showncomparison", "candidatedecision", "candidatecase", "settlement"])
@pytest.mark.parametrize("change", ["UPDATE public.requests_{} SET id = id", "DELETE FROM public.requests_{}"])
def test_nothing_of_it_is_changed_or_taken_away(settings, table, change):
    case = in_doubt(settings)
    say_all(case, case.first)
    say_all(case, case.second)
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_it_is_read_later_as_it_was_although_weights_and_words_have_changed(settings, client, monkeypatch):
    case = in_doubt(settings, alike("R-2", full_name="Nguyễn Văn Thừ"), percent=0)
    client.force_login(case.first)
    assert decide(client, case.request, "R-2", "different", "other", note="Khác vân tay").status_code == 302
    before = client.get(page(case.request)).context["desk"].chosen
    monkeypatch.setattr("records.evidence_words.signed", lambda bits: "bây giờ khác")
    monkeypatch.setattr("records.field_outcomes.OUTCOMES", {})
    listing = client.get(reverse("kept_decisions", args=[case.request.code])).text
    assert "Khác vân tay" in listing
    shown = ShownComparison.objects.get()
    address = reverse("kept_comparison", args=[case.request.code, shown.sha256[:16], 1])
    assert address in listing
    shorter = reverse("kept_comparison", args=[case.request.code, shown.sha256[:2], 1])
    assert client.get(shorter).status_code == 404  # it may name several
    response = client.get(address)
    assert "bây giờ khác" not in response.text and "Khác vân tay" in response.text
    assert response.context["candidate"].lines == before.lines
    assert response.context["candidate"].candidate.waterfall == before.candidate.waterfall
    assert shown.version in response.text and "không còn khớp" not in response.text
    for wrong in ((shown.sha256[:16], 2), ("f" * 16, 1), (shown.sha256[:16], 0)):
        assert client.get(reverse("kept_comparison", args=[case.request.code, *wrong])).status_code == 404


def test_it_is_read_by_who_works_on_it_at_the_office_and_by_nobody_else(settings, client):
    case = in_doubt(settings, alike("R-2"), percent=0)
    say(case, case.first)
    address = reverse("kept_decisions", args=[case.request.code])
    elsewhere = factories.make_staff("verifying_clerk", authority=factories.department("36"))
    expected = {case.first: 200, case.leader: 200, case.office.intake_clerk: 403, elsewhere: 404}
    expected[case.request.filed_by] = 404
    for user, status in expected.items():
        client.force_login(user)
        assert client.get(address).status_code == status, user


def test_need_to_ask_leads_to_a_question_that_tells_the_applicant_nothing_of_the_record(settings, client):
    settings.TWO_PEOPLE_PERCENT = 0
    record = alike("R-2", place_of_birth_province="36", other_names=["Nguyễn Bí Danh"])
    case = in_doubt(settings, record, percent=0, fields={"father_name": "", "mother_name": ""})
    client.force_login(case.first)
    desk = client.get(page(case.request)).context["desk"]
    answer = decide(client, case.request, "R-2", "ask", "Thiếu thông tin để kết luận", position=desk.chosen.position)
    assert answer.url.endswith("?candidate=1#candidate")
    text = client.get(answer.url).text
    supplement = reverse("clerk_act", args=[case.request.code, "ask_supplement"]) + "?candidate=1"
    consult = reverse("clerk_act", args=[case.request.code, "consult"]) + "?candidate=1"
    assert supplement in text and consult in text
    form = client.get(supplement).context["act_form"]
    assert form.initial["ask_old_identity_card"] is True and "cha" in form.initial["detail_family"]
    assert "Bí Danh" not in str(form.initial)


def test_the_other_agency_is_asked_about_its_judgment(settings, client):
    case = in_doubt(settings, alike("R-2", convictions=[conviction()]), percent=0)
    client.force_login(case.first)
    decide(client, case.request, "R-2", "ask", "Thiếu thông tin để kết luận")
    form = client.get(reverse("clerk_act", args=[case.request.code, "consult"]) + "?candidate=1").context["act_form"]
    assert form.initial["agency"] == "Tòa án nhân dân huyện Mẫu"
    assert "15/2021/HS-ST" in form.initial["question"] and "Nguyễn Văn Thử" in form.initial["question"]
    assert found(case.request).in_doubt
