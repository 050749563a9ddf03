"""What another agency tells after issue: a task for a clerk until it is settled, and the register hears of it."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import StepNotAllowed
from records.register.living import IncomingInformation
from requests import actions
from requests.models import AfterIssue, AnsweredConviction, CertificateRequest, FlowBack, FoundAfterIssue, InquiryAnswer
from requests.states import State
from tests import factories
from tests.agencies import answer, ask
from tests.records_people import CONVICTION
from tests.test_requests_after_issue import SERVED, ask_on, in_register, told_by_an_agency

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
JUDGMENT = {**CONVICTION, **SERVED}


@pytest.fixture(autouse=True)
def signs_here(settings):
    settings.TALK_SECONDS = 30
    with factories.signing_key():
        yield


def until(journey, state):
    """A request of which the court, asked, had nothing to tell, on its way to the certificate."""
    journey.to(State.REVIEWING)
    ask(journey.request, journey.office, "court", at=journey.at)
    answer(journey.request, journey.office, at=journey.at)
    journey.request = CertificateRequest.objects.with_people().get(pk=journey.request.pk)
    for step in ("verify", "approve", "prepare", "sign"):
        if journey.request.state != state:
            journey.take(step)
    assert journey.request.state == state
    return journey


@pytest.fixture
def journey():
    return until(factories.journey(), State.ISSUED)


def later(journey, hours=1):
    return journey.request.issued_at + hours * HOUR


def tells(journey, hours=1, outcome="judgment"):
    answer(journey.request, journey.office, outcome=outcome, at=later(journey, hours))


def enters(journey, hours=2, **changes):
    actions.add_conviction(
        journey.request,
        1,
        by=journey.office.verifying_clerk,
        conviction={**JUDGMENT, **changes},
        at=later(journey, hours),
    )


def confirms(journey, hours=3, same=True, convictions=1):
    told = {"same_person": same, "ground": "Trùng số giấy tờ.", "convictions": convictions}
    return actions.decide_answer(
        journey.request, 1, by=journey.office.verifying_clerk, at=later(journey, hours), **told
    )


def decide(journey, **changes):
    task = FoundAfterIssue.objects.get()
    told = {"decision": "replace", "reason": "Có bản án.", "shown": task.facts_digest, "at": later(journey, 9)}
    return actions.decide_found_after_issue(task, by=journey.office.verifying_clerk, **told | changes)


@pytest.mark.parametrize("state", [State.ISSUED, State.DELIVERED])
def test_a_judgment_that_is_confirmed_after_issue_is_a_task_and_reaches_the_register(journey, state):
    if state == State.DELIVERED:
        journey.take("deliver")
    assert journey.request.state == state
    tells(journey)
    enters(journey)
    confirms(journey)
    task = FoundAfterIssue.objects.get()
    assert (task.kind, task.lookup, task.findings_digest, task.decision) == ("told", None, "", "")
    assert AuditEvent.objects.filter(verb="found_after_issue", subject=journey.request.code).count() == 1
    actions.flow_back(FlowBack.objects.get().pk)
    (conviction,) = IncomingInformation.objects.get().information.content.convictions
    assert conviction.judgment_number == CONVICTION["judgment_number"]
    assert decide(journey).decision == "replace"
    with pytest.raises(StepNotAllowed, match="đã được quyết định"):
        decide(journey)


def test_the_task_is_there_as_soon_as_something_was_told_and_waits_for_whose_it_is(journey):
    tells(journey)
    first = FoundAfterIssue.objects.get()
    with pytest.raises(StepNotAllowed, match="chưa được xác nhận là của ai"):
        decide(journey, decision="leave")
    enters(journey)
    confirms(journey)
    with pytest.raises(StepNotAllowed, match="mới hơn"):
        decide(journey, shown=first.facts_digest)
    assert FoundAfterIssue.objects.get().pk == first.pk, "one open task a request"
    decide(journey)


def test_somebody_elses_judgment_leaves_a_task_that_says_so(journey, client):
    tells(journey)
    enters(journey)
    confirms(journey, same=False)
    client.force_login(journey.office.verifying_clerk)
    page = client.get(reverse("found_after_issue_task", args=[journey.request.code])).text
    assert "không làm thay đổi nội dung Phiếu" in page and "Không phải người yêu cầu" in page
    assert decide(journey, decision="leave").decision == "leave"
    assert not FlowBack.objects.exists()


def test_an_arrest_without_a_judgment_is_a_task_too(journey):
    tells(journey, outcome="no_judgment")
    confirms(journey, convictions=0)
    assert FoundAfterIssue.objects.get().kind == "told"
    assert decide(journey).decision == "replace"


@pytest.mark.parametrize("outcome", ["none", "cannot", "more"])
def test_what_changes_nothing_is_no_task(journey, outcome):
    tells(journey, outcome=outcome)
    assert InquiryAnswer.objects.count() == 2 and not FoundAfterIssue.objects.exists()


def test_a_judgment_taken_back_after_issue_is_a_task():
    journey = factories.journey()
    told_by_an_agency(journey, **SERVED)
    assert '"has_record"' in journey.request.certificate.content
    tells(journey, outcome="none")
    assert FoundAfterIssue.objects.get().kind == "told"


def test_what_was_decided_on_is_not_raised_again_and_more_is(journey):
    tells(journey)
    enters(journey)
    confirms(journey)
    decide(journey)
    tells(journey, 10, outcome="none")
    assert FoundAfterIssue.objects.count() == 1, "the agency says again what it had said at issue"
    tells(journey, 11)
    assert FoundAfterIssue.objects.open().count() == 1


def test_one_task_for_what_the_register_and_an_agency_say(journey):
    in_register(journey)
    ask_on(AfterIssue.objects.select_related("request", "declaration").get(request=journey.request), 1)
    before = FoundAfterIssue.objects.get()
    tells(journey, 30)
    both = FoundAfterIssue.objects.get()
    assert (both.pk, both.kind, both.findings_digest) == (before.pk, "candidate", before.findings_digest)
    assert both.told_digest and both.facts_digest != before.facts_digest
    assert "; cơ quan khác trả lời sau khi cấp Phiếu" in both.what


def test_the_registers_news_keep_what_an_agency_told_in_an_open_task(journey):
    tells(journey)
    in_register(journey)
    ask_on(AfterIssue.objects.select_related("request", "declaration").get(request=journey.request), 1)
    task = FoundAfterIssue.objects.get()
    assert task.kind == "candidate" and task.lookup and task.told_digest


def test_it_needs_no_watch(journey, settings):
    AfterIssue.objects.all().delete()
    tells(journey)
    assert FoundAfterIssue.objects.get().kind == "told"


def test_what_is_told_while_the_leader_has_it_is_not_signed_over(journey, client):
    journey = until(factories.journey(office=journey.office), State.VERIFIED)
    answer(journey.request, journey.office, outcome="judgment", at=journey.at)
    with pytest.raises(StepNotAllowed, match="chưa cho phép ký"):
        actions.approve(journey.request, by=journey.office.approver, draft_sha256="0" * 64, at=journey.at)
    client.force_login(journey.office.approver)
    page = client.get(reverse("approver_request", args=[journey.request.code]))
    assert page.status_code == 200 and "trả lời có thông tin" in page.text


def test_while_the_certificate_is_signed_nothing_is_entered(journey):
    journey = until(factories.journey(office=journey.office), State.SIGNING)
    with pytest.raises(StepNotAllowed, match="đang được ký"):
        answer(journey.request, journey.office, outcome="judgment", at=journey.at)
    with pytest.raises(StepNotAllowed, match="đang được ký"):
        actions.add_conviction(journey.request, 1, by=journey.office.verifying_clerk, conviction=JUDGMENT)
    assert not AnsweredConviction.objects.exists()


def test_a_request_that_was_stopped_still_gives_its_judgment_to_the_register():
    journey = factories.journey()
    journey.to(State.REVIEWING)
    ask(journey.request, journey.office, "court", at=journey.at)
    fresh = CertificateRequest.objects.with_people().get(pk=journey.request.pk)
    actions.stop(fresh, by=journey.office.verifying_clerk, reason="Không bổ sung.", at=journey.at)
    journey.request = CertificateRequest.objects.with_people().get(pk=journey.request.pk)
    assert journey.request.state == "stopped"
    told = {"by": journey.office.verifying_clerk, "at": journey.at + HOUR}
    answer(journey.request, journey.office, outcome="judgment", at=told["at"])
    actions.add_conviction(journey.request, 1, conviction=JUDGMENT, **told)
    actions.decide_answer(journey.request, 1, same_person=True, ground="Trùng số.", convictions=1, **told)
    assert FlowBack.objects.count() == 1 and not FoundAfterIssue.objects.exists()


def test_the_pages_lead_from_the_answer_to_the_task_and_back(journey, client):
    tells(journey)
    client.force_login(journey.office.verifying_clerk)
    inquiry = reverse("clerk_inquiry", args=[journey.request.code, 1])
    task = reverse("found_after_issue_task", args=[journey.request.code])
    assert task in client.get(inquiry).text
    assert "Cơ quan khác trả lời sau khi cấp Phiếu" in client.get(reverse("found_after_issue")).text
    page = client.get(task).text
    assert inquiry in page and "Chưa xác nhận thông tin này là của ai" in page
    typed = {"decision": "leave", "reason": "Không phải.", "shown": FoundAfterIssue.objects.get().facts_digest}
    refused = client.post(task, typed)
    assert refused.status_code == 409 and "chưa được xác nhận là của ai" in refused.text
    assert "Không phải." in refused.text, "what was typed is kept"
    stale = client.post(task, typed | {"shown": "0" * 64})
    assert stale.status_code == 409 and "mới hơn" in stale.text and typed["shown"] in stale.text
    enters(journey)
    confirms(journey)
    page = client.get(task).text
    assert "Phiếu đã cấp không đúng vào ngày cấp" in page and CONVICTION["judgment_number"] in page
    assert "Án phí, bồi thường và nghĩa vụ khác: " in page
    told = {"decision": "replace", "reason": "Có bản án.", "shown": FoundAfterIssue.objects.get().facts_digest}
    assert client.post(task, told).status_code == 302
    assert FoundAfterIssue.objects.get().decision == "replace" and task not in client.get(inquiry).text


def test_the_database_lets_nobody_decide_on_another_thing_than_was_read(journey):
    tells(journey)
    tasks = FoundAfterIssue.objects.filter(request=journey.request)
    for change in (
        {"told_digest": ""},
        {"told_digest": "0" * 64, "decision": "leave", "reason": "x", "decided_at": later(journey)}
        | {"decided_by": journey.office.verifying_clerk},
    ):
        with pytest.raises(Error), transaction.atomic():
            tasks.update(**change)
