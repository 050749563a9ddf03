"""After issue: asked again on set days, quietly while nothing is new; what is new is a task that a clerk decides."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.celery import HOURLY
from lltp_portal.errors import Invalid, StepNotAllowed
from records.answers import Complete, Failed
from records.matching import PARENTS
from records.models import RecordLookup
from records.register.models import RegisterImport
from requests import actions, tasks
from requests.demo import cast
from requests.found_after_issue import news
from requests.models import AfterIssue, CertificateRequest, FoundAfterIssue
from requests.states import State
from tests import factories
from tests.agencies import answer, ask
from tests.records_people import CONVICTION
from tests.test_records_registry import load

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NO_ANSWER = "Không kết nối được."


class Away:
    def ask(self, question):
        return Failed(NO_ANSWER)


@pytest.fixture(autouse=True)
def signs_here(settings):
    settings.TALK_SECONDS = 30  # a busy machine is no register that does not answer
    with factories.signing_key():
        yield


@pytest.fixture
def journey():
    found = factories.journey()
    found.to(State.ISSUED)
    return found


@pytest.fixture
def watched(journey):
    return AfterIssue.objects.select_related("request", "declaration").get(request=journey.request)


def fresh(watched):
    return AfterIssue.objects.get(pk=watched.pk)


def found_now(watched):
    answer = Complete.from_json(watched.lookup.answer)
    return news(watched.request, answer, today=watched.issued_at.date())


def in_register(journey, **changes):
    """The person of this request enters the register after issue; `changes` make it somebody alike."""
    declaration = journey.request.declaration
    row = {
        "register_id": "R-NEW",
        "full_name": declaration.full_name,
        "date_of_birth": declaration.date_of_birth,
        "sex": declaration.sex,
        "identity_documents": [{"type": "cccd", "number": declaration.identity_number}],
        "convictions": [CONVICTION],
    }
    run = load({**row, **changes})
    assert RegisterImport.objects.get(pk=run.pk).state == "closed"


def ask_on(watched, day):
    actions.ask_after_issue(watched.pk, at=watched.issued_at + day * DAY + timedelta(minutes=1))


def test_issuing_begins_the_watch_and_the_days_are_those_of_the_setting(watched, settings):
    assert watched.next_try_at == watched.issued_at + DAY
    asked = []
    for day in settings.REASK_DAYS:
        assert fresh(watched).done_at is None
        assert fresh(watched).next_try_at == watched.issued_at + day * DAY
        ask_on(watched, day)
        asked.append(day)
    assert fresh(watched).done_at is not None
    lookups = RecordLookup.objects.filter(request_code=watched.request.code, purpose=actions.after_issue.PURPOSE)
    assert [row.outcome for row in lookups] == ["complete"] * len(asked)
    assert not FoundAfterIssue.objects.exists()


def test_days_that_passed_unasked_are_not_made_up_for(watched):
    ask_on(watched, 10)
    assert fresh(watched).next_try_at == watched.issued_at + 14 * DAY


def test_before_its_day_nobody_asks_and_the_sweeper_rings_on_it(watched, monkeypatch):
    actions.ask_after_issue(watched.pk, at=watched.issued_at + timedelta(hours=1))
    assert RecordLookup.objects.filter(purpose=actions.after_issue.PURPOSE).count() == 0
    rung = []
    monkeypatch.setattr("lltp_portal.doorbell.ring", lambda task, pk: rung.append((task.name, pk)))
    AfterIssue.objects.update(next_try_at=watched.issued_at)
    tasks.resume_after_issue()
    assert rung == [("requests.tasks.ask_after_issue", watched.pk)]


def test_without_days_nobody_is_watched(settings):
    settings.REASK_DAYS = []
    factories.journey().to(State.ISSUED)
    assert not AfterIssue.objects.exists()


def test_while_nobody_answers_it_waits_and_is_asked_again_later(watched, settings):
    good = settings.LLTP_REGISTRY_BACKEND
    settings.LLTP_REGISTRY_BACKEND = f"{__name__}.Away"
    ask_on(watched, 1)
    row = fresh(watched)
    assert (row.last_cause, row.done_at, row.parked_at) == (NO_ANSWER, None, None)
    wait = row.next_try_at - (watched.issued_at + DAY + timedelta(minutes=1))
    assert timedelta(seconds=settings.REASK_PATIENCE * 0.8) <= wait <= timedelta(seconds=settings.REASK_PATIENCE * 1.2)
    settings.LLTP_REGISTRY_BACKEND = good
    actions.ask_after_issue(watched.pk, at=row.next_try_at)
    assert fresh(watched).next_try_at == watched.issued_at + 3 * DAY


def test_somebody_new_who_may_be_the_person_is_a_task(journey, watched):
    in_register(journey)
    ask_on(watched, 1)
    task = FoundAfterIssue.objects.get()
    assert (task.kind, task.decision, task.request) == ("candidate", "", watched.request)
    assert AuditEvent.objects.filter(verb="found_after_issue", subject=watched.request.code).count() == 1
    ask_on(watched, 3)
    assert FoundAfterIssue.objects.count() == 1, "the same news is one task"
    in_register(journey, register_id="R-NEWER")
    ask_on(watched, 7)
    again = FoundAfterIssue.objects.get()
    assert again.pk == task.pk and again.findings_digest != task.findings_digest


def test_somebody_who_is_excluded_is_no_news(journey, watched):
    in_register(
        journey,
        date_of_birth="1955-01-09",
        identity_documents=[{"type": "cccd", "number": "001055990009"}],
    )
    ask_on(watched, 1)
    assert fresh(watched).lookup is not None
    assert not FoundAfterIssue.objects.exists()


def test_a_new_conviction_of_whom_the_clerk_called_this_person_is_a_task():
    journey = factories.journey()
    in_register(journey, register_id="R-KNOWN")
    journey.to(State.ISSUED)
    watched = AfterIssue.objects.get(request=journey.request)
    ask_on(watched, 1)
    assert not FoundAfterIssue.objects.exists()
    later = {**CONVICTION, "judgment_number": "99/2023/HS-ST", "judgment_date": "2023-09-10"}
    in_register(journey, register_id="R-KNOWN", convictions=[CONVICTION, later])
    ask_on(watched, 3)
    assert FoundAfterIssue.objects.get().kind == "text"
    found = found_now(fresh(watched))
    assert found.unknown == () and found.before != found.now and found.was_wrong_at_issue


def test_whom_the_clerk_called_this_person_and_the_register_now_sets_aside_has_not_lost_the_record(client):
    """Nobody read the record again: that says neither that it is gone nor that the certificate was wrong."""
    journey = factories.journey()
    (judged,) = cast.convicted_in_register()["convictions"]
    in_register(journey, register_id="R-KNOWN", convictions=[judged | {"age_at_offence": 27}])
    journey.to(State.ISSUED)
    watched = AfterIssue.objects.get(request=journey.request)
    parents = {"father_name": "Lò Văn Khác", "mother_name": "Quàng Thị Lạ"}
    in_register(journey, register_id="R-KNOWN", identity_documents=[], date_of_birth="1990", **parents)
    ask_on(watched, 1)
    found = found_now(fresh(watched))
    assert found.set_aside == (("R-KNOWN", PARENTS),) and found.unknown == ()
    assert found.before == found.now and found.now.text == "Có án tích" and not found.was_wrong_at_issue
    task = FoundAfterIssue.objects.get()
    assert task.kind == "set_aside"
    client.force_login(journey.office.verifying_clerk)
    text = client.get(reverse("found_after_issue_task", args=[journey.request.code])).text
    assert f"<h2>{task.get_kind_display()}</h2>" in text
    assert "R-KNOWN" in text and PARENTS in text and "tính như lúc cấp Phiếu" in text
    assert "không đúng vào ngày cấp" not in text
    ask_on(watched, 3)
    assert FoundAfterIssue.objects.count() == 1


def test_what_was_called_somebody_else_stays_so_until_it_is_described_otherwise():
    journey = factories.journey()
    alike = {"register_id": "R-ALIKE", "identity_documents": []}
    in_register(journey, **alike)
    journey.to(State.REVIEWING)
    found = journey.found()
    (candidate,) = found.to_decide
    actions.decide_candidate(
        journey.request,
        by=journey.office.verifying_clerk,
        register_id=candidate.record.register_id,
        findings_digest=found.answer.findings_digest,
        decision="different",
        ground="Người khác theo hồ sơ.",
        at=journey.at,
    )
    journey.request = CertificateRequest.objects.with_people().get(pk=journey.request.pk)
    for step in ("verify", "approve", "prepare", "sign"):
        journey.take(step)
    watched = AfterIssue.objects.get(request=journey.request)
    in_register(journey, **alike, convictions=[])
    ask_on(watched, 1)
    assert not FoundAfterIssue.objects.exists(), "somebody else's convictions are not this person's news"
    in_register(journey, register_id="R-ALIKE", convictions=[])
    ask_on(watched, 3)
    assert FoundAfterIssue.objects.get().kind == "candidate", "now it carries this person's number"


# --- What other agencies had told, and what was issued before ---------------------------------------------------------


def told_by_an_agency(journey, **changes):
    """The police, asked by the clerk, tell of a judgment; it is confirmed as this person's, and the paper is issued."""
    journey.to(State.REVIEWING)
    office = journey.office
    ask(journey.request, office, at=journey.at)
    answer(journey.request, office, outcome="judgment", at=journey.at)
    actions.add_conviction(
        journey.request, 1, by=office.verifying_clerk, conviction={**CONVICTION, **changes}, at=journey.at
    )
    actions.decide_answer(
        journey.request,
        1,
        by=office.verifying_clerk,
        same_person=True,
        ground="Trùng họ tên, ngày sinh, cha mẹ.",
        convictions=1,
        at=journey.at,
    )
    journey.request = CertificateRequest.objects.with_people().get(pk=journey.request.pk)
    assert journey.request.state == "reviewing"
    for step in ("verify", "approve", "prepare", "sign"):
        journey.take(step)
    return AfterIssue.objects.get(request=journey.request)


# Served so lately that nothing is expunged yet.
SERVED = {"main_penalty_completed_on": (timezone.localdate() - 60 * DAY).isoformat()}


def test_what_an_agency_had_told_is_no_news_when_the_register_learns_it():
    journey = factories.journey()
    in_register(journey, register_id="R-KNOWN", convictions=[])
    watched = told_by_an_agency(journey, **SERVED)
    assert '"has_record"' in journey.request.certificate.content
    known = {**CONVICTION, **SERVED}
    in_register(journey, register_id="R-KNOWN", convictions=[known])
    ask_on(watched, 1)
    in_register(journey, register_id="R-FROM-AGENCY", convictions=[known])
    ask_on(watched, 3)
    assert fresh(watched).lookup is not None and not FoundAfterIssue.objects.exists()
    more = {**known, "judgment_number": "99/2023/HS-ST", "judgment_date": "2023-09-10"}
    in_register(journey, register_id="R-FROM-AGENCY", convictions=[known, more])
    ask_on(watched, 7)
    assert FoundAfterIssue.objects.get().kind == "candidate", "one judgment more is news"


def test_the_comparison_shows_what_agencies_had_told_on_both_sides():
    journey = factories.journey()
    in_register(journey, register_id="R-KNOWN", convictions=[])
    watched = told_by_an_agency(journey, **SERVED)
    days = {"judgment_date": "2023-09-10", "effective_date": "2023-10-11"}
    later = {**CONVICTION, **SERVED, **days, "judgment_number": "99/2023/HS-ST"}
    in_register(journey, register_id="R-KNOWN", convictions=[later])
    ask_on(watched, 1)
    found = found_now(fresh(watched))
    told = CONVICTION["judgment_number"]
    assert [row.judgment_number for row in found.before.convictions] == [told]
    assert {row.judgment_number for row in found.now.convictions} == {told, "99/2023/HS-ST"}
    clerk = Client()
    clerk.force_login(journey.office.verifying_clerk)
    page = clerk.get(reverse("found_after_issue_task", args=[journey.request.code])).content.decode()
    assert "tính 1 tội danh do cơ quan khác cung cấp" in page and page.count(f"Bản án {told}") == 2


def test_what_an_agency_says_after_issue_does_not_change_what_the_certificate_rested_on():
    journey = factories.journey()
    in_register(journey, register_id="R-KNOWN", convictions=[])
    watched = told_by_an_agency(journey, **SERVED)
    later = watched.issued_at + timedelta(hours=1)
    answer(journey.request, journey.office, outcome="judgment", at=later)
    task = FoundAfterIssue.objects.get()
    in_register(journey, register_id="R-KNOWN", convictions=[{**CONVICTION, **SERVED}])
    ask_on(watched, 1)
    assert fresh(watched).lookup is not None
    again = FoundAfterIssue.objects.get()
    assert (again.kind, again.lookup, again.facts_digest) == ("told", None, task.facts_digest), (
        "no news of the register"
    )


def test_what_was_issued_before_there_was_a_watch_is_watched_for_the_days_that_are_left(watched, settings):
    AfterIssue.objects.all().delete()
    assert actions.watch_issued_before(watched.issued_at + 30 * DAY).done == 0, "the last day has passed"
    settings.REASK_DAYS = []
    assert actions.watch_issued_before(watched.issued_at + DAY).done == 0
    settings.REASK_DAYS = [1, 3, 7]
    factories.request_in("verified")
    assert actions.watch_issued_before(watched.issued_at + 4 * DAY).done == 1
    row = AfterIssue.objects.get()
    assert (row.pk, row.declaration_id) == (watched.pk, watched.declaration_id)
    assert (row.issued_at, row.next_try_at) == (watched.issued_at, watched.issued_at + 7 * DAY)
    assert actions.watch_issued_before(watched.issued_at + 4 * DAY).done == 0, "once"


def test_a_certificate_that_counts_no_more_is_not_watched(journey, watched):
    AfterIssue.objects.all().delete()
    actions.propose_revocation(journey.request, by=journey.office.verifying_clerk, ground="inaccurate", reason="Sai.")
    actions.decide_revocation(journey.request, by=journey.office.approver, revoke=True)
    assert actions.watch_issued_before(watched.issued_at + DAY).done == 0 and not AfterIssue.objects.exists()


def test_a_beat_looks_for_what_is_not_watched():
    assert tasks.watch_issued_before.name in HOURLY


# --- Deciding -------------------------------------------------------------------------------------------------------


@pytest.fixture
def task(journey, watched):
    in_register(journey)
    ask_on(watched, 1)
    return FoundAfterIssue.objects.get()


def decide(task, by, **changes):
    told = {"decision": "leave", "reason": "Người khác trùng tên.", "shown": task.findings_digest} | changes
    return actions.decide_found_after_issue(task, by=by, **told)


def test_a_verifying_clerk_of_the_office_decides_once(journey, watched, task):
    for stranger in (
        journey.office.intake_clerk,
        journey.request.filed_by,
        factories.make_staff("verifying_clerk", authority=factories.department("79")),
    ):
        with pytest.raises(PermissionDenied):
            decide(task, stranger)
    clerk = journey.office.verifying_clerk
    for wrong in ({"decision": "x"}, {"reason": "  "}, {"reason": "x" * 2001}):
        with pytest.raises(Invalid):
            decide(task, clerk, **wrong)
    with pytest.raises(StepNotAllowed, match="mới hơn"):
        decide(task, clerk, shown="0" * 64)
    decided = decide(task, clerk)
    assert (decided.decision, decided.decided_by) == ("leave", clerk)
    with pytest.raises(StepNotAllowed):
        decide(task, clerk, decision="replace")
    ask_on(watched, 3)
    assert FoundAfterIssue.objects.get() == decided, "what was decided on is not raised again"
    in_register(journey, register_id="R-NEWER")
    ask_on(watched, 7)
    assert FoundAfterIssue.objects.open().count() == 1, "what is newer still is"


def test_what_is_to_be_replaced_stays_on_the_list_while_it_still_counts(journey, task):
    """Decided and forgotten, the check page would call it genuine for ever."""
    clerk, leader = journey.office.verifying_clerk, journey.office.approver
    actions.decide_found_after_issue(task, by=clerk, decision="replace", reason="Án mới.", shown=task.facts_digest)
    browser = Client()
    browser.force_login(clerk)

    def listed():
        return browser.get(reverse("found_after_issue")).content.decode()

    assert journey.request.dossier_number in listed() and "Phiếu cũ vẫn đang có giá trị" in listed()
    actions.propose_revocation(journey.request, by=clerk, ground="inaccurate", reason="Có bản án.")
    actions.decide_revocation(journey.request, by=leader, revoke=True)
    assert journey.request.dossier_number not in listed()


def test_a_decision_is_written_once_and_never_goes_away(journey, task):
    for change in (
        lambda: FoundAfterIssue.objects.update(found_at=task.found_at + DAY),
        lambda: FoundAfterIssue.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
    decide(task, journey.office.verifying_clerk)
    with pytest.raises(Error, match="decided once"), transaction.atomic():
        FoundAfterIssue.objects.update(reason="x")


def test_the_pages_show_what_is_new_to_who_verifies_here_and_log_it(journey, task):
    clerk = Client()
    clerk.force_login(journey.office.verifying_clerk)
    listed = clerk.get(reverse("found_after_issue"))
    address = reverse("found_after_issue_task", args=[journey.request.code])
    assert address in listed.content.decode()
    page = clerk.get(address).content.decode()
    assert "R-NEW" in page and "Có hồ sơ mới có thể là của người này" in page
    assert "Nếu đúng là người này, hôm nay Phiếu ghi:" in page
    assert AuditEvent.objects.filter(verb="view_findings", subject=journey.request.code).last().details["purpose"]
    refused = clerk.post(address, {"decision": "replace", "reason": "", "shown": task.findings_digest})
    assert refused.status_code == 400 and "Ghi lý do" in refused.content.decode()
    done = clerk.post(
        address, {"decision": "replace", "reason": "Có bản án mới.", "shown": task.findings_digest}, follow=True
    )
    assert "Mở hồ sơ" in done.content.decode() and "R-NEW" not in done.content.decode()
    assert FoundAfterIssue.objects.get().decision == "replace"
    assert "Có bản án mới" in done.content.decode()
    assert address in clerk.get(reverse("found_after_issue") + "?decided=1").content.decode()


def test_what_somebody_wrote_stays_beside_what_a_colleague_has_decided(journey, task):
    decide(task, factories.make_staff("verifying_clerk", authority=journey.request.authority))
    clerk = Client()
    clerk.force_login(journey.office.verifying_clerk)
    typed = {"decision": "replace", "reason": "Điều tôi vừa viết", "shown": task.findings_digest}
    answer = clerk.post(reverse("found_after_issue_task", args=[journey.request.code]), typed)
    assert answer.status_code == 409
    assert "Điều tôi vừa viết" in answer.text and "Người khác trùng tên." in answer.text


@pytest.mark.parametrize("role", ["intake_clerk", "approver"])
def test_others_of_the_office_are_refused(journey, task, role):
    other = Client()
    other.force_login(getattr(journey.office, role))
    assert other.get(reverse("found_after_issue")).status_code == 403
    assert other.get(reverse("found_after_issue_task", args=[journey.request.code])).status_code == 403


def test_strangers_and_other_offices_find_nothing(journey, task):
    address = reverse("found_after_issue_task", args=[journey.request.code])
    for user in (
        factories.make_citizen(),
        factories.make_staff("verifying_clerk", authority=factories.department("79")),
    ):
        stranger = Client()
        stranger.force_login(user)
        assert stranger.get(address).status_code == 404
    other = Client()
    other.force_login(factories.make_staff("verifying_clerk", authority=factories.department("79")))
    assert journey.request.code not in other.get(reverse("found_after_issue")).content.decode()
