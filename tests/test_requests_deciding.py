"""Who somebody is, what would be printed, and who may answer for it: nothing doubtful goes through."""

import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from certificates.models import Certificate, IssuingStop, NumberBook
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from records import matching
from records.determination import Determination, Undetermined
from records.models import RecordLookup
from requests import actions, clock, drafting, findings
from requests.models import CertificateRequest, Issuance
from tests import factories

pytestmark = pytest.mark.django_db
NUMBER = "001090990777"
ME = {
    "register_id": "R-1",
    "full_name": "Nguyễn Văn Thử",
    "sex": "male",
    "date_of_birth": "1990-03-27",
    "identity_documents": [{"type": "cccd", "number": NUMBER}],
    "convictions": [
        {
            "judgment_number": "12/2026/HS-ST",
            "court": "Tòa án nhân dân quận Ví Dụ",
            "judgment_date": "2026-03-02",
            "effective_date": "2026-04-02",
            "offence_date": "2025-05-05",
            "age_at_offence": 35,
            "offence": {
                "title": "Trộm cắp tài sản",
                "code": "BLHS2015",
                "article": 173,
                "clause": 2,
                "chapter": "XVI",
                "severity": "serious",
                "negligent": False,
            },
            "main_penalty": {"kind": "imprisonment", "months": 30},
            "main_penalty_completed_on": None,
            "additional_penalties": [],
            "obligations": [],
        }
    ],
}
SERVED = {
    "judgment_date": "2018-03-02",
    "effective_date": "2018-04-02",
    "offence_date": "2017-05-05",
    "age_at_offence": 27,
    "main_penalty_completed_on": "2020-05-05",
}


NAMESAKE = {**ME, "register_id": "R-2", "identity_documents": [], "convictions": []}
INCOMPLETE = {
    **ME,
    "convictions": [
        {
            **{k: v for k, v in ME["convictions"][0].items() if k not in ("obligations", "additional_penalties")},
            "main_penalty_completed_on": "2020-01-01",
            "offence_date": "2018-01-01",
            "age_at_offence": 27,
            "judgment_date": "2018-06-01",
            "effective_date": "2018-07-01",
        }
    ],
}


def register_holds(tmp_path, *people):
    file = tmp_path / "register.jsonl"
    file.write_text("".join(json.dumps(person) + "\n" for person in people), encoding="utf-8")
    call_command("import_register", str(file), stdout=io.StringIO(), stderr=io.StringIO())


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def reviewing(office):
    def walked(**changes):
        rows = {"identity_documents": [{"type": "cccd", "number": NUMBER}], **changes.pop("rows", {})}
        return factories.request_in("reviewing", office=office, rows=rows, **changes)

    return walked


def found(request):
    return findings.current(request, as_of=clock.local_day(timezone.now()))


def decide(request, office, register_id, decision, **changes):
    return actions.decide_candidate(
        request,
        by=office.verifying_clerk,
        register_id=register_id,
        decision=decision,
        ground="Trùng số và tên.",
        **{"findings_digest": found(request).answer.findings_digest, **changes},
    )


def draft_of(request, office):
    request = CertificateRequest.objects.get(pk=request.pk)
    return drafting.draft(request, found(request).result, signatory=office.approver)


def test_nobody_found_is_verified_with_one_press(reviewing, office):
    request = reviewing()
    assert found(request).matching.decision == "clear"
    verified = actions.verify(request, by=office.verifying_clerk)
    assert "Không có án tích" in verified.verified_content


def test_a_match_waits_until_a_person_has_confirmed_it(reviewing, office, tmp_path):
    register_holds(tmp_path, ME)
    request = reviewing()
    assert found(request).matching.decision == "match"
    with pytest.raises(StepNotAllowed, match="chưa được kết luận"):
        actions.verify(request, by=office.verifying_clerk)
    decide(request, office, "R-1", "same")
    assert found(request).result.status == "has_record"
    actions.verify(request, by=office.verifying_clerk)
    draft = draft_of(request, office)
    assert draft.status_text == "Có án tích"
    assert [judgment.judgment_number for judgment in draft.judgments] == ["12/2026/HS-ST"]


def test_every_candidate_needs_a_word_and_doubt_is_no_word(reviewing, office, tmp_path):
    register_holds(tmp_path, ME, NAMESAKE)
    request = reviewing()
    assert found(request).matching.decision == "review"
    decide(request, office, "R-1", "different")
    with pytest.raises(StepNotAllowed):
        actions.verify(request, by=office.verifying_clerk)
    decide(request, office, "R-2", "ask")
    with pytest.raises(StepNotAllowed):
        actions.verify(request, by=office.verifying_clerk)
    decide(request, office, "R-2", "different")
    assert actions.verify(request, by=office.verifying_clerk).state == "verified"


def test_the_newest_word_counts(reviewing, office, tmp_path):
    register_holds(tmp_path, ME)
    request = reviewing()
    decide(request, office, "R-1", "different")
    decide(request, office, "R-1", "same")
    assert found(request).result.status == "has_record"


def test_missing_facts_never_give_a_text(reviewing, office, tmp_path):
    register_holds(tmp_path, INCOMPLETE)
    request = reviewing()
    decide(request, office, "R-1", "same")
    assert isinstance(found(request).result, Undetermined)
    with pytest.raises(StepNotAllowed, match="Chưa xác định được"):
        actions.verify(request, by=office.verifying_clerk)
    assert CertificateRequest.objects.get(pk=request.pk).state == "reviewing"


def test_a_decision_says_why_about_a_candidate_that_is_there_as_the_page_showed_it(reviewing, office, tmp_path):
    register_holds(tmp_path, ME)
    request = reviewing()
    with pytest.raises(Invalid):
        decide(request, office, "R-9", "same")
    with pytest.raises(Invalid):
        decide(request, office, "R-1", "perhaps")
    with pytest.raises(Stale):
        decide(request, office, "R-1", "same", findings_digest="0" * 64)
    with pytest.raises(PermissionDenied):
        actions.decide_candidate(
            request,
            by=office.intake_clerk,
            register_id="R-1",
            decision="same",
            ground="x",
            findings_digest=found(request).answer.findings_digest,
        )


class TestApproving:
    @pytest.fixture
    def verified(self, reviewing, office):
        return actions.verify(reviewing(at=timezone.now() - timedelta(hours=8)), by=office.verifying_clerk)

    def approve(self, request, office, **changes):
        told = {"by": office.approver, "draft_sha256": draft_of(request, office).draft_sha256}
        return actions.approve(request, **(told | changes))

    def test_the_draft_on_the_screen_is_what_is_approved(self, verified, office):
        approved = self.approve(verified, office)
        issuance = Issuance.objects.get(pk=verified.pk)
        assert approved.state == "signing"
        assert issuance.draft_sha256 == draft_of(verified, office).draft_sha256

    def test_another_draft_is_refused(self, verified, office):
        with pytest.raises(Stale):
            self.approve(verified, office, draft_sha256="0" * 64)
        assert CertificateRequest.objects.get(pk=verified.pk).state == "verified"
        assert not Issuance.objects.exists()

    def test_who_verified_does_not_approve(self, verified, office):
        office.verifying_clerk.groups.add(*office.approver.groups.all())
        clerk = type(office.verifying_clerk).objects.get(pk=office.verifying_clerk.pk)
        with pytest.raises(PermissionDenied):
            self.approve(verified, office, by=clerk)

    def test_an_approver_of_another_office_does_not_approve(self, verified, office):
        elsewhere = factories.make_staff("approver", authority=factories.department("36"))
        with pytest.raises(PermissionDenied):
            self.approve(verified, office, by=elsewhere)

    def test_an_answer_older_than_a_day_is_asked_again_first(self, verified, office):
        later = timezone.now() + settings.ANSWER_MAX_AGE + timedelta(minutes=1)
        with pytest.raises(Stale, match="quá 24 giờ"):
            self.approve(verified, office, at=later)
        search = verified.searches.get()
        assert (search.done_at, search.is_renewal) == (None, True)

    def test_the_same_findings_renew_the_answer_without_a_step(self, verified):
        old = verified.searches.get().lookup_id
        actions.ask_for_renewal(verified)
        actions.search(verified.searches.get().pk)
        search = verified.searches.get()
        assert search.lookup_id != old
        assert search.done_at
        assert CertificateRequest.objects.get(pk=verified.pk).step_count == verified.step_count

    def test_other_findings_take_it_back_to_the_clerk(self, verified, tmp_path):
        register_holds(tmp_path, ME)
        actions.ask_for_renewal(verified)
        actions.search(verified.searches.get().pk)
        again = CertificateRequest.objects.get(pk=verified.pk)
        assert (again.state, again.verified_by, again.verified_content) == ("reviewing", None, "")
        assert [step.step for step in again.history()][-2:] == ["search_again", "finish_search"]
        assert found(again).to_decide

    def test_the_sweeper_renews_what_is_older_than_twelve_hours_and_nothing_else(self, verified):
        actions.renew_old_answers()
        assert verified.searches.get().done_at
        actions.renew_old_answers(timezone.now() + settings.ANSWER_RENEW_AFTER + timedelta(minutes=1))
        assert verified.searches.get().done_at is None

    def test_who_was_set_aside_by_other_rules_is_asked_for_again(self, reviewing, office, tmp_path, monkeypatch):
        """A release later somebody who was set aside may be open: neither a clerk nor a leader decides without them."""
        stranger = ME | {"register_id": "R-9", "date_of_birth": "1990", "identity_documents": [], "convictions": []}
        register_holds(tmp_path, stranger | {"father_name": "Lý Bảy", "mother_name": "Hồ Én"})
        request = reviewing()
        assert request.searches.get().lookup.answer["set_aside"] == [["R-9", matching.PARENTS]]
        actions.renew_old_answers()
        assert CertificateRequest.objects.get(pk=request.pk).state == "reviewing"
        monkeypatch.setattr("records.matching.RULES_VERSION", "999")
        with pytest.raises(StepNotAllowed, match="Quy tắc đối chiếu"):
            actions.verify(request, by=office.verifying_clerk)
        actions.renew_old_answers()
        again = CertificateRequest.objects.get(pk=request.pk)
        assert again.state == "received" and "Quy tắc đối chiếu" in again.history().last().reason
        actions.search(again.searches.get().pk)
        assert CertificateRequest.objects.get(pk=request.pk).state == "reviewing"
        actions.renew_old_answers()
        assert CertificateRequest.objects.get(pk=request.pk).state == "reviewing", "once"
        assert actions.verify(again, by=office.verifying_clerk).state == "verified"

    def test_returned_to_the_clerk_nobody_has_verified_it(self, verified, office):
        with pytest.raises(Invalid):
            actions.return_to_clerk(verified, by=office.approver, reason=" ")
        returned = actions.return_to_clerk(verified, by=office.approver, reason="Xem lại tên mẹ.")
        assert (returned.state, returned.verified_by) == ("reviewing", None)


class TestClockSetBack:
    """Three days ago the judgment was not in effect yet: on that day nothing would be printed."""

    @pytest.fixture
    def request_with_judgment(self, reviewing, office, tmp_path):
        yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
        register_holds(tmp_path, ME | {"convictions": [ME["convictions"][0] | {"effective_date": yesterday}]})
        request = reviewing(at=timezone.now() - timedelta(hours=8))
        decide(request, office, "R-1", "same")
        return request

    def test_nobody_verifies_or_approves_by_it(self, request_with_judgment, office):
        request = request_with_judgment
        with time_machine.travel(timezone.now() - timedelta(days=3)), pytest.raises(StepNotAllowed, match="Đồng hồ"):
            actions.verify(request, by=office.verifying_clerk)
        actions.verify(request, by=office.verifying_clerk)
        with time_machine.travel(timezone.now() - timedelta(days=3)):
            draft = draft_of(request, office)
            assert draft.status == "no_record"
            with pytest.raises(StepNotAllowed, match="Đồng hồ"):
                actions.approve(request, by=office.approver, draft_sha256=draft.draft_sha256)
        assert CertificateRequest.objects.get(pk=request.pk).state == "verified"

    def test_no_paper_bears_a_day_before_its_approval(self, request_with_judgment, office):
        request = actions.verify(request_with_judgment, by=office.verifying_clerk)
        actions.approve(request, by=office.approver, draft_sha256=draft_of(request, office).draft_sha256)
        with time_machine.travel(timezone.now() - timedelta(days=3)):
            Issuance.objects.update(next_try_at=timezone.now())
            actions.prepare_certificate(request.pk)
        assert not Certificate.objects.exists() and not NumberBook.objects.exists()
        issuance = Issuance.objects.get(pk=request.pk)
        assert "Đồng hồ" in issuance.last_cause and issuance.done_at is None
        Issuance.objects.update(next_try_at=timezone.now())
        actions.prepare_certificate(request.pk)
        assert Certificate.objects.get().frozen.status == "has_record"


class TestSupplement:
    """What was decided about a person stands as long as the same person is declared, and not a moment longer."""

    def answered(self, request, office, *, fields=None, rows=None):
        request = actions.ask_supplement(request, by=office.verifying_clerk, reasons="Bổ sung.")
        actions.open_supplement(request, by=request.filed_by)
        actions.save_declaration(request, by=request.filed_by, fields=fields, rows=rows)
        actions.answer_supplement(request, by=request.filed_by, note="Đã bổ sung.")
        return CertificateRequest.objects.with_people().get(pk=request.pk)

    def test_decisions_and_the_renewed_answer_stand_when_nobody_else_is_declared(self, reviewing, office, tmp_path):
        register_holds(tmp_path, ME)
        documents = [{"type": "cccd", "number": NUMBER}, {"type": "passport", "number": "C1234567"}]
        names = [{"name": "Thử Lớn"}, {"name": "An Thử"}]
        request = reviewing(rows={"identity_documents": documents, "other_names": names})
        decide(request, office, "R-1", "same")
        rows = {"identity_documents": documents[::-1], "other_names": names[::-1]}
        request = self.answered(request, office, fields={"phone": "0912345678"}, rows=rows)
        assert request.state == "reviewing"
        assert found(request).person_is_settled
        verified = actions.verify(request, by=office.verifying_clerk)
        actions.ask_for_renewal(verified)
        actions.search(verified.searches.get().pk)
        again = CertificateRequest.objects.get(pk=verified.pk)
        assert (again.state, again.step_count) == ("verified", verified.step_count)
        assert found(again).can_verify

    def test_an_answer_about_somebody_else_is_no_answer(self, reviewing, office):
        request = reviewing()
        other = actions.search_again(reviewing(rows=factories.complete_rows()), by=office.verifying_clerk, reason="?")
        actions.search(other.searches.get().pk)
        request.searches.update(lookup=other.searches.get().lookup)
        assert found(request) is None
        with pytest.raises(StepNotAllowed, match="Chưa có trả lời đầy đủ"):
            actions.verify(request, by=office.verifying_clerk)

    def test_a_clerk_does_not_handle_their_own_request_after_the_number_was_put_right(self, office):
        number = factories.identity_number()
        clerk = factories.make_staff("verifying_clerk", number=number)
        request = factories.request_in("reviewing", office=office)
        request = self.answered(request, office, rows={"identity_documents": [{"type": "cccd", "number": number}]})
        actions.search(request.searches.get().pk)
        with pytest.raises(PermissionDenied):
            actions.verify(request, by=clerk)
        assert actions.verify(request, by=office.verifying_clerk).state == "verified"


class TestTooLate:
    """An approval is about today's answer and today's paper."""

    def signing(self, office):
        return factories.request_in("signing", office=office, at=timezone.now() - timedelta(hours=8))

    def test_what_waited_a_day_for_its_number_goes_back_to_the_approver(self, office):
        request = self.signing(office)
        later = request.approved_at + settings.ANSWER_MAX_AGE + timedelta(minutes=1)
        actions.prepare_certificate(request.pk, at=later)
        again = CertificateRequest.objects.get(pk=request.pk)
        assert (again.state, again.approved_by) == ("verified", None)
        assert "quá 24 giờ" in again.history().last().reason
        assert not Certificate.objects.exists()
        assert not NumberBook.objects.exists()

    def test_what_waited_a_day_for_its_signature_goes_back_and_its_number_stays_spent(self, office):
        """The facts are those of the approval: nobody has asked the central database since."""
        requests = [self.signing(office) for _ in range(3)]
        for request in requests:
            actions.prepare_certificate(request.pk)
            later = request.approved_at + settings.ANSWER_MAX_AGE + timedelta(minutes=1)
            with factories.signing_key():
                actions.sign_certificate(request.pk, at=later)
            again = CertificateRequest.objects.get(pk=request.pk)
            assert (again.state, again.approved_by) == ("verified", None)
            assert "quá 24 giờ" in again.history().last().reason
        assert set(Certificate.objects.values_list("status", flat=True)) == {"void"}
        assert not IssuingStop.objects.exists()  # nothing has failed

    @pytest.mark.parametrize(("days_left", "state"), [(0, "verified"), (1, "signing")])
    def test_a_term_that_ends_at_midnight_is_not_printed_the_day_after(self, office, tmp_path, days_left, state):
        """Approved on the last day of the term, printed on the next: “Có án tích” would be false (domain C3, C4)."""
        approved_at = timezone.now()
        ends = timezone.localdate(approved_at) + timedelta(days=days_left)
        ban = {"kind": "office_ban", "until": ends.isoformat(), "completed_on": ends.isoformat()}
        register_holds(
            tmp_path, ME | {"convictions": [ME["convictions"][0] | SERVED | {"additional_penalties": [ban]}]}
        )
        rows = {"identity_documents": [{"type": "cccd", "number": NUMBER}]}
        request = factories.request_in("reviewing", office=office, rows=rows, at=approved_at - timedelta(hours=8))
        decide(request, office, "R-1", "same")
        actions.verify(request, by=office.verifying_clerk)
        draft = draft_of(request, office)
        assert draft.status == "has_record"
        actions.approve(request, by=office.approver, draft_sha256=draft.draft_sha256)
        midnight = timezone.localtime(approved_at).replace(hour=0, minute=0, second=1) + timedelta(days=1)
        actions.prepare_certificate(request.pk, at=midnight)
        again = CertificateRequest.objects.get(pk=request.pk)
        assert again.state == state
        assert Certificate.objects.count() == days_left
        if state == "verified":
            assert "ngày khác" in again.history().last().reason

    def test_what_the_day_does_not_change_is_printed_after_midnight_as_it_was_approved(self, office, settings):
        request = self.signing(office)
        approved_at = request.approved_at
        settings.PUBLIC_BASE_URL = "https://lltp.vi-du.example"
        midnight = timezone.localtime(approved_at).replace(hour=0, minute=0, second=1) + timedelta(days=1)
        actions.prepare_certificate(request.pk, at=midnight)
        assert Certificate.objects.get().frozen.issued_on == timezone.localdate(midnight)
        assert CertificateRequest.objects.get(pk=request.pk).state == "signing"

    def test_another_template_spends_no_number(self, office, monkeypatch):
        request = self.signing(office)
        monkeypatch.setattr(actions.issuing, "template_version", lambda: "khác")
        actions.prepare_certificate(request.pk)
        assert CertificateRequest.objects.get(pk=request.pk).state == "verified"
        assert not NumberBook.objects.exists()


@pytest.mark.parametrize("kind", [{"certificate_type": 2}, {"want_ban_info": True}])
def test_what_cannot_be_printed_yet_goes_as_far_as_verified_and_says_so(reviewing, office, kind):
    request = actions.verify(reviewing(fields=kind), by=office.verifying_clerk)
    assert (request.state, request.verified_content) == ("verified", "")
    with pytest.raises(drafting.NotPrintedYet):
        actions.approve(request, by=office.approver, draft_sha256="0" * 64)
    assert CertificateRequest.objects.get(pk=request.pk).state == "verified"


def test_issued_once_with_one_number_however_often_the_tasks_come(office):
    request = factories.request_in("issued", office=office)
    with factories.signing_key():
        for _ in range(3):
            actions.prepare_certificate(request.pk)
            actions.sign_certificate(request.pk)
    certificate = Certificate.objects.get(authority=request.authority, pk=request.certificate_id)
    assert certificate.status == "issued"
    assert NumberBook.objects.get(authority=request.authority).last_number == certificate.number
    assert CertificateRequest.objects.get(pk=request.pk).step_count == request.step_count


def test_only_who_filed_fetches_the_paper_and_the_second_fetch_takes_no_step():
    request = factories.request_in("issued")
    with pytest.raises(PermissionDenied):
        actions.fetch_signed_pdf(request, by=factories.make_citizen())
    first = actions.fetch_signed_pdf(request, by=request.filed_by)
    assert first.startswith(b"%PDF-")
    assert actions.fetch_signed_pdf(request, by=request.filed_by) == first
    assert [step.step for step in request.steps.all()].count("deliver") == 1


def test_every_question_is_in_the_ledger_with_its_outcome():
    request = factories.request_in("reviewing")
    lookup = RecordLookup.objects.get(request_code=request.code)
    assert (lookup.outcome, lookup.purpose) == ("complete", "Cấp Phiếu lý lịch tư pháp")
    assert isinstance(found(request).result, Determination)


def test_an_open_import_keeps_the_request_waiting(tmp_path):
    file = tmp_path / "register.jsonl"
    file.write_text(json.dumps(ME) + "\n{broken\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_register", str(file), stdout=io.StringIO(), stderr=io.StringIO())
    request = factories.request_in("received")
    search = request.searches.get()
    actions.search(search.pk)
    search = request.searches.get()
    assert CertificateRequest.objects.get(pk=request.pk).state == "received"
    assert search.attempts == 1
    assert "thiếu 1 dòng" in search.last_cause
    assert search.next_try_at > timezone.now()
