"""The page on which candidates are compared: none, one, thirty; most plausible first; as quick with all."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, staff_register
from tests.clerk_desk import NOBODY, alike, decide, page, reviewing, the_same
from tests.records_people import conviction

pytestmark = pytest.mark.django_db
MANY = 30


def many(count=MANY):
    """Namesakes of the same day; every third one nearer, by its parents."""
    parents = {"father_name": "Nguyễn Văn Mẫu", "mother_name": "Trần Thị Ví Dụ"}
    return [
        alike(f"R-{number:02}", convictions=[conviction(judgment_number=f"{number}/2021/HS-ST")])
        if number % 3
        else alike_with(f"R-{number:02}", **parents)
        for number in range(1, count + 1)
    ]


def alike_with(register_id, **changes):
    return the_same(register_id=register_id, identity_documents=[], **changes)


@pytest.fixture
def office():
    return factories.make_office()


def opened(client, office, settings, *candidates, query=""):
    staff_register.answers_with(settings, *candidates)
    request = reviewing(office)
    client.force_login(office.verifying_clerk)
    client.get(page(request))  # what is read once a process is read
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page(request) + query)
    return request, response, len(queries)


def test_none_one_and_thirty_cost_the_same_queries(client, office, settings):
    costs = {len(found): opened(client, office, settings, *found)[2] for found in ([alike()], many(2), many())}
    assert len(set(costs.values())) == 1, costs
    _, response, none = opened(client, office, settings)
    assert NOBODY in response.text and none <= costs[1]


def test_thirty_are_a_list_and_one_of_them_in_full(client, office, settings):
    request, response, _ = opened(client, office, settings, *many())
    desk = response.context["desk"]
    assert len(desk.open) == MANY and desk.chosen.position == 1
    assert response.text.count("<article") == 1 and response.text.count('name="register_id"') == 1
    assert len(response.content) < 150_000
    weights = [one.candidate.weighed["weight"] for one in desk.open]
    assert weights == sorted(weights, reverse=True)
    for number in range(1, MANY + 1):
        assert f"?candidate={number}#candidate" in response.text
    second = client.get(page(request) + "?candidate=17")
    assert second.context["desk"].chosen.position == 17
    assert 'accesskey="j"' in second.text and 'accesskey="k"' in second.text
    for nonsense in ("0", "31", "x", "-1", "9" * 50, "²"):
        assert client.get(page(request), {"candidate": nonsense}).context["desk"].chosen.position == 1


def test_what_the_page_itself_sends_is_taken(client, office, settings):
    """Every hidden field as it stands in the form, with what a clerk chooses."""
    request, response, _ = opened(client, office, settings, *many(2))
    form = response.text.split('<form id="decide-1"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    typed = {**hidden, "decision": "different", "ground": "Ngày sinh khác", "note": ""}
    assert client.post(reverse("clerk_act", args=[request.code, "decide"]), typed).status_code == 302
    assert request.candidate_decisions.count() == 1


def test_after_a_decision_the_next_most_plausible_one_is_shown(client, office, settings):
    request, response, _ = opened(client, office, settings, *many(3))
    first = response.context["desk"].chosen.register_id
    assert decide(client, request, first, "different").url.endswith("#candidate")
    desk = client.get(page(request)).context["desk"]
    assert desk.chosen.position == 2 and desk.decided == 1


def test_evidence_is_a_waterfall_that_ends_at_the_sum(client, office, settings):
    _, response, _ = opened(client, office, settings, alike())
    candidate = response.context["desk"].chosen.candidate
    bits = [row["bits"] for row in candidate.weighed["evidence"] if row["bits"]]
    assert round(sum(bits), 1) == round(candidate.weighed["weight"], 1)
    bars = candidate.waterfall
    assert len(bars) == len(bits) and all(0 <= bar.left <= 99 and 1 <= bar.width <= 100 for bar in bars)
    assert [bar.speaks for bar in bars] == ["for" if bit > 0 else "against" for bit in bits]
    for bar in bars:
        assert bar.words in response.text
    assert candidate.bits in response.text


def test_what_hangs_on_the_decision_is_said_in_short(client, office, settings):
    _, response, _ = opened(client, office, settings, alike("R-2", convictions=[conviction()]), alike("R-3"))
    texts = [client.get(response.request["PATH_INFO"], {"candidate": n}).text for n in (1, 2)]
    with_record = next(text for text in texts if "15/2021/HS-ST" in text)
    without = next(text for text in texts if "15/2021/HS-ST" not in text)
    assert "Trộm cắp tài sản" in with_record and "10/09/2021" in with_record
    assert "không có bản án nào" in without


def test_excluded_ones_are_folded_with_their_reason_and_can_be_read(client, office, settings):
    stranger = alike("R-9", date_of_birth="1961-07-01")
    request, response, _ = opened(client, office, settings, alike("R-2"), stranger)
    assert "Đã loại: 1" in response.text and "Hai ngày sinh đầy đủ khác nhau" in response.text
    assert "<details><summary>Đã loại" in response.text
    other = client.get(page(request), {"candidate": "2"})
    assert other.context["desk"].chosen.register_id == "R-9" and other.context["desk"].chosen.form is None
    assert "Hệ thống đã loại" in other.text


def test_no_tag_says_more_than_is_known(client, office, settings):
    """An old number beside a 12-digit one was shown red as different, a bare year as the same birthday."""
    record = the_same(
        register_id="R-2", date_of_birth="1990", identity_documents=[{"type": "cmnd", "number": "990999051"}]
    )
    _, response, _ = opened(client, office, settings, record)
    by_label = {line.label: line for line in response.context["desk"].chosen.lines}
    assert by_label["Số giấy tờ"].tag == "apart" and "Không so được" in response.text
    assert by_label["Ngày sinh"].tag == "partly" and "Khớp một phần" in response.text
    assert response.context["desk"].chosen.differing == 0
