"""The main job at the level of acts, in one process: from the form to the signed PDF, and all that must stop it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

import certificates.actions
from certificates.failures import PermanentFailure
from certificates.models import Certificate
from certificates.verification import verify_signed
from lltp_portal.errors import Invalid, Stale, StepNotAllowed
from records import registry
from records.answers import Complete, Failed, Partial
from records.backends import OwnDatabase
from records.models import RecordLookup
from requests import actions, drafting
from requests.actions.deciding import AnswerTooOld
from requests.demo.cast import CONVICTED, convicted_in_register
from requests.models import CertificateRequest, Issuance, SourceSearch
from requests.states import State
from tests import factories

pytestmark = pytest.mark.django_db


def eight_hours_ago():
    """Early enough for a whole journey, and approved within the last 24 hours."""
    return timezone.now() - timedelta(hours=8)


def again(request: CertificateRequest) -> CertificateRequest:
    return CertificateRequest.objects.with_people().get(pk=request.pk)


def steps_of(request: CertificateRequest) -> list[str]:
    return [step.step for step in request.history()]


@pytest.fixture
def convicted():
    """A journey of the person whom the register knows by number, name and day of birth."""
    factories.register(convicted_in_register())
    fields = {
        name: getattr(CONVICTED, name) for name in ("full_name", "sex", "date_of_birth", "father_name", "mother_name")
    }
    return factories.journey(fields=fields, rows={"number": CONVICTED.number, "from_month": "1998-08"})


class TestFromFormToHand:
    def test_a_person_without_a_record(self):
        with factories.signing_key():
            request = factories.journey().to(State.DELIVERED)
        assert steps_of(request) == [
            *("submit", "ask_payment", "record_payment", "receive", "finish_search"),
            *("verify", "approve", "issue", "deliver"),
        ]
        certificate = request.certificate
        assert (certificate.frozen.status_text, certificate.frozen.judgments) == ("Không có án tích", ())
        assert certificate.status == Certificate.Status.ISSUED
        assert verify_signed(bytes(certificate.signed_pdf)).genuine
        assert request.verified_by != request.approved_by

    def test_a_person_with_a_record(self, convicted):
        with factories.signing_key():
            request = convicted.to(State.ISSUED)
        content = request.certificate.frozen
        assert content.status_text == "Có án tích"
        assert [judgment.judgment_number for judgment in content.judgments] == ["145/2018/HS-ST"]
        assert request.candidate_decisions.get().by == convicted.office.verifying_clerk
        assert verify_signed(bytes(request.certificate.signed_pdf)).genuine

    def test_every_question_is_in_the_ledger_with_who_for_which_request_and_what_came(self, convicted):
        request = convicted.to(State.REVIEWING)
        lookup = RecordLookup.objects.get(request_code=request.code)
        assert (lookup.outcome, lookup.asked_by, lookup.source) == ("complete", None, "central")
        assert lookup.asked_at <= lookup.answered_at
        assert len(Complete.from_json(lookup.answer).candidates) == 1

    def test_numbers_run_on_within_an_office_and_year(self):
        office = factories.make_office()
        with factories.signing_key():
            made = [factories.journey(office=office).to(State.ISSUED).certificate for _ in range(2)]
        assert made[1].number == made[0].number + 1


class TestWhoThePersonIs:
    def decide(self, journey, decision, ground="Trùng số căn cước."):
        found = journey.found()
        return actions.decide_candidate(
            journey.request,
            by=journey.office.verifying_clerk,
            register_id=found.matching.candidates[0].record.register_id,
            decision=decision,
            ground=ground,
            findings_digest=found.answer.findings_digest,
        )

    def verify(self, journey):
        return actions.verify(journey.request, by=journey.office.verifying_clerk)

    def test_an_open_candidate_stops_the_clerk(self, convicted):
        convicted.to(State.REVIEWING)
        with pytest.raises(StepNotAllowed, match="Còn 1 hồ sơ"):
            self.verify(convicted)

    def test_a_candidate_in_doubt_stops_the_clerk(self, convicted):
        convicted.to(State.REVIEWING)
        self.decide(convicted, "ask")
        with pytest.raises(StepNotAllowed, match="Còn 1 hồ sơ"):
            self.verify(convicted)

    def test_somebody_else_leaves_the_person_without_a_record(self, convicted):
        convicted.to(State.REVIEWING)
        self.decide(convicted, "different", "Khác cha, mẹ; số căn cước do nhập nhầm.")
        self.verify(convicted)
        assert convicted.found().result.text == "Không có án tích"

    def test_the_newest_decision_counts(self, convicted):
        convicted.to(State.REVIEWING)
        self.decide(convicted, "different", "Nhầm.")
        self.decide(convicted, "same")
        assert convicted.found().result.text == "Có án tích"

    def test_a_decision_needs_its_ground(self, convicted):
        convicted.to(State.REVIEWING)
        with pytest.raises(Invalid, match="căn cứ"):
            self.decide(convicted, "same", "  ")

    def test_an_intake_clerk_does_not_decide_who_somebody_is(self, convicted):
        convicted.to(State.REVIEWING)
        convicted.office = replace(convicted.office, verifying_clerk=convicted.office.intake_clerk)
        with pytest.raises(PermissionDenied):
            self.decide(convicted, "same")

    def test_a_missing_paper_is_named_and_stops_the_clerk(self, convicted):
        row = convicted_in_register()
        row["convictions"][0] |= {"main_penalty_completed_on": None, "additional_penalties": []}
        factories.register(row)
        convicted.to(State.REVIEWING)
        self.decide(convicted, "same")
        with pytest.raises(StepNotAllowed, match="ngày chấp hành xong hình phạt chính"):
            self.verify(convicted)
        assert convicted.take("consult").state == State.CONSULTING


class Misbehaving(OwnDatabase):
    """The real answer, spoilt."""

    def ask(self, question):
        return self.spoil(question, super().ask(question))


class AnswersPartially(Misbehaving):
    def spoil(self, question, answer):
        return Partial("Đang nạp dữ liệu.", answer.as_of, question.digest())


class AnswersAboutSomebodyElse(Misbehaving):
    def spoil(self, question, answer):
        return replace(answer, question_digest=replace(question, full_name="Người Khác").digest())


class AnswersLate(Misbehaving):
    def spoil(self, question, answer):
        return replace(answer, as_of=answer.as_of - timedelta(hours=2))


class AnswersFromTheFuture(Misbehaving):
    def spoil(self, question, answer):
        return replace(answer, as_of=answer.as_of + timedelta(hours=2))


class Breaks(Misbehaving):
    def spoil(self, question, answer):
        raise ConnectionResetError("the words of an exception may carry 001090990000")


class SaysItFailed(Misbehaving):
    def spoil(self, question, answer):
        return Failed("Không kết nối được.")


class TestTheSearch:
    @pytest.mark.parametrize(
        "backend",
        [AnswersPartially, AnswersAboutSomebodyElse, AnswersLate, AnswersFromTheFuture, Breaks, SaysItFailed],
    )
    def test_a_bad_answer_is_never_nothing_found_and_the_search_goes_on_when_it_is_over(self, settings, backend):
        journey = factories.journey()
        for step in ("submit", "record_payment", "receive"):
            journey.take(step)
        good = settings.LLTP_REGISTRY_BACKEND
        settings.LLTP_REGISTRY_BACKEND = f"{__name__}.{backend.__name__}"
        for _ in range(8):
            journey.at += timedelta(minutes=10)
            actions.search(journey.request.searches.get().pk, at=journey.at)
        search = journey.request.searches.get()
        assert again(journey.request).state == State.RECEIVED
        assert (search.attempts, search.lookup, search.parked_at) == (8, None, None)
        assert search.last_cause and "990000" not in search.last_cause
        assert search.next_try_at - journey.at < timedelta(minutes=6.5)
        settings.LLTP_REGISTRY_BACKEND = good
        journey.at += timedelta(minutes=10)
        assert journey.take("search").state == State.REVIEWING

    def test_a_message_that_comes_twice_asks_once(self):
        journey = factories.journey()
        request = journey.to(State.REVIEWING)
        actions.search(request.searches.get().pk)
        assert RecordLookup.objects.filter(request_code=request.code).count() == 1
        assert again(request).step_count == request.step_count

    def test_withdrawing_wins_over_a_running_search(self, monkeypatch):
        journey = factories.journey()
        for step in ("submit", "record_payment", "receive"):
            journey.take(step)
        ask = registry.ask

        def withdrawn_meanwhile(question, **told):
            actions.withdraw(journey.request, by=journey.request.filed_by)
            return ask(question, **told)

        monkeypatch.setattr(registry, "ask", withdrawn_meanwhile)
        journey.take("search")
        assert journey.request.state == State.WITHDRAWN
        lookup = RecordLookup.objects.get(request_code=journey.request.code)
        assert (lookup.outcome, lookup.answer) == ("superseded", None)
        assert journey.request.searches.get().done_at

    def test_the_first_good_answer_pulls_the_others_forward(self, settings):
        waiting, answered = factories.journey(), factories.journey()
        for journey in (waiting, answered):
            for step in ("submit", "record_payment", "receive"):
                journey.take(step)
        good = settings.LLTP_REGISTRY_BACKEND
        settings.LLTP_REGISTRY_BACKEND = f"{__name__}.SaysItFailed"
        waiting.take("search")
        later = SourceSearch.objects.get(request=waiting.request).next_try_at
        settings.LLTP_REGISTRY_BACKEND = good
        answered.take("search")
        assert answered.at < later
        assert SourceSearch.objects.get(request=waiting.request).next_try_at == answered.at


class TestTheSignature:
    def draft_sha256(self, journey):
        draft = drafting.draft(journey.request, journey.found().result, signatory=journey.office.approver)
        return draft.draft_sha256

    def test_only_the_draft_on_the_screen_is_approved(self):
        journey = factories.journey(at=eight_hours_ago())
        journey.to(State.VERIFIED)
        with pytest.raises(Stale, match="Nội dung Phiếu đã thay đổi"):
            actions.approve(journey.request, by=journey.office.approver, draft_sha256="0" * 64)
        assert again(journey.request).state == State.VERIFIED

    def test_who_verified_does_not_approve_under_another_account(self):
        number = factories.identity_number()
        clerk, twin = (factories.make_staff(role, number=number) for role in ("verifying_clerk", "approver"))
        journey = factories.journey(office=replace(factories.make_office(), verifying_clerk=clerk))
        journey.to(State.VERIFIED)
        with pytest.raises(PermissionDenied):
            actions.approve(journey.request, by=twin, draft_sha256=self.draft_sha256(journey))

    def test_an_answer_older_than_a_day_is_not_signed_on_and_is_asked_for_again(self):
        journey = factories.journey(at=eight_hours_ago())
        journey.to(State.VERIFIED)
        tomorrow = timezone.now() + timedelta(hours=25)
        with pytest.raises(AnswerTooOld):
            actions.approve(
                journey.request, by=journey.office.approver, draft_sha256=self.draft_sha256(journey), at=tomorrow
            )
        search = journey.request.searches.get()
        assert (search.is_renewal, search.done_at, again(journey.request).state) == (True, None, State.VERIFIED)

    def test_the_same_findings_renew_the_answer_without_a_step(self):
        journey = factories.journey(at=eight_hours_ago())
        request = journey.to(State.VERIFIED)
        before = request.searches.get().lookup.as_of
        actions.ask_for_renewal(request)
        actions.search(request.searches.get().pk)
        assert again(request).step_count == request.step_count
        assert request.searches.get().lookup.as_of > before

    def test_other_findings_take_a_verified_request_back_to_the_clerk(self, convicted):
        convicted.to(State.REVIEWING)
        convicted.take("verify")
        row = convicted_in_register()
        row["other_names"] = ["Đạt Lớn"]
        factories.register(row)
        actions.ask_for_renewal(convicted.request)
        actions.search(convicted.request.searches.get().pk)
        request = again(convicted.request)
        assert (request.state, request.verified_by) == (State.REVIEWING, None)
        assert steps_of(request)[-2:] == ["search_again", "finish_search"]
        assert len(convicted.found().to_decide) == 1  # the old decision was about other findings

    def test_kind_2_goes_as_far_as_verified_and_says_so(self):
        journey = factories.journey(fields={"certificate_type": 2})
        journey.to(State.VERIFIED)
        with pytest.raises(drafting.NotPrintedYet, match="Phiếu số 2"):
            journey.take("approve")

    def test_work_that_comes_twice_makes_one_certificate(self):
        journey = factories.journey(at=eight_hours_ago())
        request = journey.to(State.SIGNING)
        with factories.signing_key():
            for _ in range(2):
                actions.prepare_certificate(request.pk)
            for _ in range(2):
                actions.sign_certificate(request.pk)
            actions.prepare_certificate(request.pk)
        assert again(request).state == State.ISSUED
        assert Certificate.objects.filter(
            content__contains=journey.found().search.declaration.full_name.upper()
        ).count()
        assert Certificate.objects.count() == 1

    def test_a_passing_failure_keeps_the_number_and_is_tried_again(self, monkeypatch):
        request = factories.request_in(State.SIGNING, at=eight_hours_ago())

        def token_away(certificate_id):
            raise OSError("the token is away")

        with monkeypatch.context() as broken:
            broken.setattr(certificates.actions, "store_unsigned", token_away)
            actions.prepare_certificate(request.pk)
        issuance = Issuance.objects.get(pk=request.pk)
        number = issuance.certificate.number
        assert "sẽ tự thử lại" in issuance.last_cause
        later = issuance.next_try_at
        with factories.signing_key():
            actions.prepare_certificate(request.pk, at=later)
            actions.sign_certificate(request.pk, at=later)
        assert again(request).certificate.number == number

    def test_a_permanent_failure_spends_the_number_and_gives_the_request_back(self, monkeypatch):
        journey = factories.journey(at=eight_hours_ago())
        request = journey.to(State.SIGNING)

        def never(certificate_id):
            raise PermanentFailure("Bản in không đạt kiểm tra.")

        with monkeypatch.context() as broken:
            broken.setattr(certificates.actions, "store_unsigned", never)
            actions.prepare_certificate(request.pk)
        journey.request = again(request)
        assert (journey.request.state, journey.request.approved_by) == (State.VERIFIED, None)
        spent = Certificate.objects.get()
        assert (spent.status, spent.void_reason) == ("void", "Bản in không đạt kiểm tra.")
        with factories.signing_key():
            for step in ("approve", "prepare", "sign"):
                journey.take(step)
        assert journey.request.certificate.number == spent.number + 1

    def test_without_the_key_nothing_is_issued_and_the_request_waits(self, settings):
        settings.SIGNING_KEY_FILE = ""
        request = factories.journey(at=eight_hours_ago()).to(State.SIGNING)
        actions.prepare_certificate(request.pk)
        actions.sign_certificate(request.pk)
        assert again(request).state == State.SIGNING
        assert "khóa ký" in Issuance.objects.get(pk=request.pk).last_cause
