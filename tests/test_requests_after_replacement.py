"""What is learnt when the certificate it concerns was already replaced or revoked: never dropped, never said twice."""

import pytest
from django.urls import reverse

from lltp_portal.errors import StepNotAllowed
from records.models import RecordLookup
from records.register.living import IncomingInformation
from requests import actions, certified
from requests.actions.after_issue import on_screen
from requests.demo.journeys import Journey
from requests.models import AfterIssue, CertificateRequest, FlowBack, FoundAfterIssue
from requests.questions import question_about
from requests.states import State
from tests import factories
from tests.records_people import CONVICTION
from tests.test_requests_after_issue import ask_on, in_register
from tests.test_requests_told_after_issue import JUDGMENT, confirms, enters, tells, until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signs_here(settings):
    settings.TALK_SECONDS = 30
    with factories.signing_key():
        yield


@pytest.fixture
def journey():
    return until(factories.journey(), State.ISSUED)


def begin_correction(journey):
    old = journey.request
    new = actions.open_correction(old, by=old.filed_by, page="person", what_is_wrong="Sai năm sinh.")
    new = actions.submit(new, by=new.filed_by)
    new = actions.decide_fault(new, by=journey.office.intake_clerk, fault="office", reason="Lỗi in.")
    fresh = CertificateRequest.objects.with_people().get(pk=new.pk)
    return Journey(fresh, journey.office, at=new.history().last().at)


def finish(correction):
    for step in ("receive", "search", "verify", "approve", "prepare", "sign"):
        correction.take(step)
    assert correction.request.state == State.ISSUED
    return correction


def replace(journey):
    return finish(begin_correction(journey))


def revoke(journey):
    office = journey.office
    actions.propose_revocation(journey.request, by=office.verifying_clerk, ground="inaccurate", reason="Sai.")
    actions.decide_revocation(journey.request, by=office.approver, revoke=True)


def decide(journey, decision, **changes):
    task = FoundAfterIssue.objects.open().get()
    shown = on_screen(task, certified.in_force(journey.request))
    told = {"decision": decision, "reason": "Có bản án.", "shown": shown}
    return actions.decide_found_after_issue(task, by=journey.office.verifying_clerk, **told | changes)


def task_page(client, journey):
    client.force_login(journey.office.verifying_clerk)
    return client.get(reverse("found_after_issue_task", args=[journey.request.code])).text


def watched(journey):
    return AfterIssue.objects.select_related("request", "declaration").get(request=journey.request)


def test_an_answer_about_what_was_replaced_is_a_task_about_the_certificate_that_counts(journey, client):
    correction = replace(journey)
    tells(journey)
    enters(journey)
    confirms(journey)
    task = FoundAfterIssue.objects.get()
    assert (task.request, task.kind) == (journey.request, "told")
    page = task_page(client, journey)
    assert "Đã được thay thế" in page and correction.request.dossier_number in page
    assert reverse("clerk_request", args=[correction.request.code]) in page
    assert "Phiếu đã cấp không đúng vào ngày cấp" in page and CONVICTION["judgment_number"] in page
    assert decide(journey, "replace").decision == "replace"
    page = task_page(client, journey)
    assert "mở yêu cầu đính chính" in page and correction.request.dossier_number in page
    assert FlowBack.objects.count() == 1, "and the register hears of it once"


def test_the_correction_that_is_to_be_replaced_in_its_turn_stays_on_the_list_until_it_is(journey, client):
    correction = replace(journey)
    tells(journey, outcome="no_judgment")
    confirms(journey, convictions=0)
    decide(journey, "replace")
    client.force_login(journey.office.verifying_clerk)
    listed = client.get(reverse("found_after_issue")).text
    assert journey.request.dossier_number in listed and "Phiếu cũ vẫn đang có giá trị" in listed
    replace(correction)
    assert journey.request.dossier_number not in client.get(reverse("found_after_issue")).text


def test_what_the_certificate_that_counts_says_already_changes_nothing(journey, client):
    in_register(journey, convictions=[JUDGMENT])
    replaced = replace(journey)
    assert '"has_record"' in replaced.request.certificate.content
    tells(journey)
    assert FoundAfterIssue.objects.count() == 1, "until somebody has said whose it is, it is a doubt"
    enters(journey)
    confirms(journey)
    assert "không làm thay đổi nội dung Phiếu" in task_page(client, journey)
    assert decide(journey, "leave").decision == "leave"


def test_an_answer_that_changes_nothing_is_no_task_then_either(journey):
    replace(journey)
    tells(journey, outcome="none")
    assert not FoundAfterIssue.objects.exists()


def test_an_answer_about_what_was_revoked_is_read_once_and_nothing_is_offered_to_replace(journey, client):
    revoke(journey)
    tells(journey)
    enters(journey)
    confirms(journey)
    page = task_page(client, journey)
    assert "Đã thu hồi" in page and "Không có Phiếu nào đang được chấp nhận" in page
    assert 'name="decision"' not in page and "Thay Phiếu đã cấp" not in page
    with pytest.raises(StepNotAllowed, match="Không còn Phiếu"):
        decide(journey, "replace")
    address = reverse("found_after_issue_task", args=[journey.request.code])
    shown = on_screen(FoundAfterIssue.objects.get(), None)
    done = client.post(address, {"reason": "Phiếu đã thu hồi vì bản án này.", "shown": shown}, follow=True)
    assert "Ghi nhận, không còn Phiếu để thay" in done.text and "Thay Phiếu" not in done.text
    assert "Ghi nhận, không còn Phiếu" in client.get(reverse("found_after_issue") + "?decided=1").text
    assert FoundAfterIssue.objects.get().decision == "leave"
    actions.flow_back(FlowBack.objects.get().pk)
    assert IncomingInformation.objects.count() == 1
    tells(journey, 31, outcome="none")
    assert not FoundAfterIssue.objects.open().exists(), "what changes nothing is not asked about"


def test_a_correction_that_was_revoked_leaves_nobody_with_a_certificate(journey):
    correction = replace(journey)
    revoke(correction)
    tells(journey)
    assert certified.in_force(journey.request) is None
    assert certified.in_force(journey.request, at=correction.request.issued_at) == correction.request
    assert FoundAfterIssue.objects.get().request == journey.request


def test_a_decision_is_about_the_certificate_that_was_on_the_screen(journey):
    tells(journey, outcome="no_judgment")
    confirms(journey, convictions=0)
    before = FoundAfterIssue.objects.get().facts_digest
    replace(journey)
    with pytest.raises(StepNotAllowed, match="mới hơn"):
        decide(journey, "leave", shown=before)
    assert decide(journey, "leave").request == journey.request


def test_a_page_that_was_open_while_it_was_revoked_replaces_nothing(journey, client):
    tells(journey, outcome="no_judgment")
    confirms(journey, convictions=0)
    typed = {"decision": "replace", "reason": "Có án.", "shown": FoundAfterIssue.objects.get().facts_digest}
    revoke(journey)
    client.force_login(journey.office.verifying_clerk)
    refused = client.post(reverse("found_after_issue_task", args=[journey.request.code]), typed)
    assert refused.status_code == 409 and "mới hơn" in refused.text and "Có án." in refused.text
    assert "Không có Phiếu nào đang được chấp nhận" in refused.text
    assert FoundAfterIssue.objects.open().exists()


def test_while_a_correction_is_under_way_the_task_of_a_revoked_one_names_it(journey, client):
    correction = begin_correction(journey)
    revoke(journey)
    tells(journey)
    assert correction.request.code in task_page(client, journey)
    finish(correction)
    page = task_page(client, journey)
    assert correction.request.dossier_number in page and 'name="decision"' in page


def test_what_was_to_be_replaced_and_has_been_is_not_offered_again(journey, client):
    tells(journey, outcome="no_judgment")
    confirms(journey, convictions=0)
    decide(journey, "replace")
    assert "mở yêu cầu đính chính" in task_page(client, journey)
    replace(journey)
    page = task_page(client, journey)
    assert "Phiếu đã được thay thế lúc" in page and "mở yêu cầu đính chính" not in page


# --- The register ---------------------------------------------------------------------------------------------------


def test_the_registers_news_of_a_replaced_certificate_reach_the_one_that_counts(journey):
    correction = replace(journey)
    in_register(journey)
    ask_on(watched(journey), 1)
    assert not FoundAfterIssue.objects.exists() and watched(journey).done_at is not None
    ask_on(watched(correction), 1)
    assert FoundAfterIssue.objects.get().request == correction.request


def test_an_open_task_of_the_register_is_read_beside_the_certificate_that_counts_now(journey, client):
    in_register(journey)
    ask_on(watched(journey), 1)
    assert "R-NEW" in task_page(client, journey)
    replace(journey)
    page = task_page(client, journey)
    assert "không còn làm thay đổi nội dung Phiếu" in page, "it was looked for again, and decided on"
    assert decide(journey, "leave").decision == "leave"


@pytest.mark.parametrize("ends", [replace, revoke])
def test_an_answer_that_was_under_way_while_the_certificate_ended_is_not_lost(journey, monkeypatch, ends):
    in_register(journey)
    ask_for_real = actions.after_issue.registry.ask

    def ask_and_end(question, **how):
        found = ask_for_real(question, **how)
        if question.reference == watched_question:
            monkeypatch.setattr(actions.after_issue.registry, "ask", ask_for_real)
            ended.append(ends(journey))
        return found

    watched_question, ended = question_about(journey.request.declaration).reference, []
    monkeypatch.setattr(actions.after_issue.registry, "ask", ask_and_end)
    ask_on(watched(journey), 1)
    assert len(ended) == 1 and watched(journey).done_at is not None
    lookup = RecordLookup.objects.about(journey.request.code).filter(purpose=actions.after_issue.PURPOSE).get()
    if ends is revoke:
        assert (FoundAfterIssue.objects.get().kind, lookup.outcome) == ("candidate", "complete")
    else:
        assert (FoundAfterIssue.objects.count(), lookup.outcome) == (0, "superseded"), "its own search found it"
