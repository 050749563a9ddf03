"""Issuing that is doubled, early, stopped, impossible, or done by the wrong process."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.test import override_settings
from django.utils import timezone

import certificates.actions
from certificates import lint
from certificates.models import Certificate, IssuingStop, NumberBook
from lltp_portal.accounts.models import User
from lltp_portal.errors import PortalError
from requests import actions, tasks
from requests.models import CertificateRequest, Issuance
from tests import certificates_samples, factories
from tests.faults import stories

LEASE = timedelta(seconds=settings.LEASE_SECONDS)


@pytest.fixture
def office(own_databases):
    return factories.make_office()


def verified(office):
    journey = factories.journey(office=office, at=timezone.now() - timedelta(hours=8))
    journey.to("verified")
    return journey


def approved(office) -> CertificateRequest:
    return factories.request_in("signing", office=office, at=timezone.now() - timedelta(hours=8))


def issuance_of(request) -> Issuance:
    return Issuance.objects.get(pk=request.pk)


def make(request, at=None) -> CertificateRequest:
    with factories.signing_key():
        actions.prepare_certificate(request.pk, at=at)
        actions.sign_certificate(request.pk, at=at)
    return stories.fresh(request)


def all_at_once(*acts) -> list[Exception | None]:
    """Each act in a thread of its own, let go together; what each raised."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(position, act):
        try:
            barrier.wait(60)
            act()
        except Exception as error:
            outcomes[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


# --- Crowds --------------------------------------------------------------------------------------------------------


def test_of_32_approvals_at_once_one_wins_and_31_are_told_why_not(office):
    journey = verified(office)
    sha = stories.draft_sha256(journey)

    def approve():
        actions.approve(stories.fresh(journey.request), by=office.approver, draft_sha256=sha)

    refusals = [error for error in all_at_once(*[approve] * 32) if error is not None]
    assert len(refusals) == 31
    assert all(isinstance(error, PortalError) and 400 <= error.status < 500 and error.message for error in refusals)
    assert stories.fresh(journey.request).state == "signing"
    make(journey.request)
    stories.assert_issued_once(journey.request)


def decisions_on(journey) -> dict[str, Callable[[], object]]:
    """What three people may do to a verified request, each from a page that they all opened before."""
    sha, request, approver = stories.draft_sha256(journey), journey.request, journey.office.approver
    return {
        "approve": lambda: actions.approve(request, by=approver, draft_sha256=sha),
        "return": lambda: actions.return_to_clerk(request, by=approver, reason="Xem lại họ tên."),
        "withdraw": lambda: actions.withdraw(request, by=request.filed_by),
    }


@pytest.mark.parametrize(("rival", "state"), [("return", "reviewing"), ("withdraw", "withdrawn")])
def test_of_approving_and_a_rival_exactly_one_wins(office, rival, state):
    for _ in range(4):
        journey = verified(office)
        acts = decisions_on(journey)
        outcomes = all_at_once(acts["approve"], acts[rival], acts[rival])
        assert sum(error is None for error in outcomes) == 1
        assert all(error is None or isinstance(error, PortalError) for error in outcomes)
        assert stories.fresh(journey.request).state in {"signing", state}
        stories.assert_history_is_linear(journey.request)


def test_of_approving_returning_and_withdrawing_the_history_stays_one_line(office):
    """Withdrawing may follow a return; nothing may follow both, and nothing happens twice."""
    journey = verified(office)
    outcomes = all_at_once(*decisions_on(journey).values(), *decisions_on(journey).values())
    assert all(error is None or isinstance(error, PortalError) for error in outcomes)
    taken = [step.step for step in stories.fresh(journey.request).history()][-2:]
    assert taken in (["verify", "approve"], ["verify", "withdraw"], ["return_to_clerk", "withdraw"])
    stories.assert_history_is_linear(journey.request)


def test_workers_that_prepare_and_sign_the_same_request_at_once_make_one_certificate(office):
    request = approved(office)
    with factories.signing_key():
        assert all_at_once(*[lambda: actions.prepare_certificate(request.pk)] * 4) == [None] * 4
        assert all_at_once(*[lambda: actions.sign_certificate(request.pk)] * 4) == [None] * 4
    stories.assert_issued_once(request)


def _issue_or_die(people: dict[str, User], dies: bool) -> None:
    """One issuer in a process of its own: draws a number and commits, or is killed with the number drawn."""
    connections.close_all()
    with transaction.atomic():
        certificates_samples.intend(**people)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_32_issuers_on_one_number_book_a_fifth_of_them_killed_leave_no_gap_and_no_double(office):
    """A number that a killed process had drawn is drawn again by the next."""
    people = {"verified_by": office.verifying_clerk, "approved_by": office.approver}
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    issuers = [fork.Process(target=_issue_or_die, args=(people, turn % 5 == 0)) for turn in range(32)]
    for issuer in issuers:
        issuer.start()
    for issuer in issuers:
        issuer.join(120)
    assert sorted(issuer.exitcode for issuer in issuers) == [-signal.SIGKILL] * 7 + [0] * 25
    assert Certificate.objects.count() == 25
    assert NumberBook.objects.get().last_number == 25
    stories.assert_numbers_are_gapless()


# --- Doubled, early, late --------------------------------------------------------------------------------------------


def test_messages_in_the_wrong_order_and_too_often_make_one_certificate(office):
    journey = verified(office)
    with factories.signing_key():
        for task in (tasks.sign_certificate, tasks.prepare_certificate):
            task(journey.request.pk)  # before anybody approved
        request = journey.take("approve")
        tasks.sign_certificate(request.pk)  # before anything is printed
        for _ in range(3):
            tasks.prepare_certificate(request.pk)
        for _ in range(5):
            tasks.sign_certificate(request.pk)
            tasks.prepare_certificate(request.pk)
            tasks.resume_signing()
    stories.assert_issued_once(request)


def test_a_printer_whose_lease_was_taken_over_hands_nothing_on(office, monkeypatch):
    """The slower of two finds the bytes stored and the lease gone; the bytes stay the first ones."""
    request, done = approved(office), []
    render = certificates.actions.rendering.render

    def overtaken(content):
        pdf = render(content)
        if not done:
            done.append(True)
            assert all_at_once(lambda: make(request, at=timezone.now() + LEASE)) == [None]
        return pdf

    monkeypatch.setattr(certificates.actions.rendering, "render", overtaken)
    actions.prepare_certificate(request.pk)
    stories.assert_issued_once(request)


def test_a_signer_whose_lease_was_taken_over_issues_nothing(office, monkeypatch):
    request, done = approved(office), []
    actions.prepare_certificate(request.pk)
    sign = actions.issuing.signing.sign

    def overtaken(certificate_id):
        signed = sign(certificate_id)
        if not done:
            done.append(signed)
            later = timezone.now() + LEASE
            assert all_at_once(lambda: actions.sign_certificate(request.pk, at=later)) == [None]
        return signed

    monkeypatch.setattr(actions.issuing.signing, "sign", overtaken)
    with factories.signing_key():
        actions.sign_certificate(request.pk)
    certificate = stories.assert_issued_once(request)
    assert bytes(certificate.signed_pdf) != done[0]


# --- What cannot be made, and what may not be made now -------------------------------------------------------------


def fail_lint(monkeypatch):
    monkeypatch.setattr(lint, "problems", lambda *arguments, **more: ["chữ ngoài khung."])


def test_what_can_never_be_printed_is_void_with_its_number_spent_and_goes_back_to_the_approver(office, monkeypatch):
    request = approved(office)
    with monkeypatch.context() as broken:
        fail_lint(broken)
        make(request)
    (certificate,) = stories.certificates_of(request)
    assert (certificate.status, certificate.number) == ("void", 1)
    assert "chữ ngoài khung" in certificate.void_reason
    request = stories.fresh(request)
    assert (request.state, request.approved_by, request.certificate) == ("verified", None, None)
    assert "chữ ngoài khung" in request.history().last().reason
    journey = verified(office)
    journey.request = request
    again = journey.take("approve")
    make(again)
    first, second = stories.certificates_of(again)
    assert (first.status, second.status, second.number) == ("void", "issued", 2)
    assert stories.fresh(again).certificate == second
    stories.assert_numbers_are_gapless()
    stories.assert_history_is_linear(again)


def test_a_signature_that_does_not_verify_is_void_too(office, monkeypatch):
    request = approved(office)
    actions.prepare_certificate(request.pk)
    sign = actions.issuing.signing.sign
    monkeypatch.setattr(actions.issuing.signing, "sign", lambda pk: sign(pk)[:-40] + b"0" * 40)
    with factories.signing_key():
        actions.sign_certificate(request.pk)
    (certificate,) = stories.certificates_of(request)
    assert (certificate.status, certificate.signed_pdf) == ("void", None)
    assert stories.fresh(request).state == "verified"
    stories.assert_history_is_linear(request)


def test_three_failures_in_a_row_pull_the_stop_and_what_waits_goes_on_after_the_release(office, monkeypatch):
    doomed, waiting = [approved(office) for _ in range(3)], approved(office)
    with monkeypatch.context() as broken:
        fail_lint(broken)
        for request in doomed:
            make(request)
    assert IssuingStop.objects.pulled().count() == 1
    for _ in range(3):
        make(waiting, at=issuance_of(waiting).next_try_at)
    row = issuance_of(waiting)
    assert (row.certificate, row.parked_at, row.crashes, row.done_at) == (None, None, 0, None)
    assert "tạm dừng" in row.last_cause
    assert stories.fresh(waiting).state == "signing"
    assert (row.next_try_at - timezone.now()).total_seconds() <= settings.BACKOFF_SECONDS[0] * 1.2 * 4
    certificates.actions.resume_issuing(by=factories.make_staff("national_administrator"))
    make(waiting, at=issuance_of(waiting).next_try_at)
    assert stories.assert_issued_once(waiting).number == 4


@pytest.mark.parametrize("moment", ["printed", "signed"])
def test_a_stop_that_is_pulled_half_way_holds_the_certificate_and_loses_nothing(office, monkeypatch, moment):
    request = approved(office)
    target, name = {"printed": (lint, "problems"), "signed": (actions.issuing.signing, "sign")}[moment]
    original = getattr(target, name)

    def stop_first(*arguments, **more):
        certificates.actions.stop_issuing("Kiểm tra khẩn.")
        return original(*arguments, **more)

    with monkeypatch.context() as half_way:
        half_way.setattr(target, name, stop_first)
        make(request)
    assert stories.fresh(request).state == "signing"
    (certificate,) = stories.certificates_of(request)
    assert certificate.status == "intended"
    row = issuance_of(request)
    assert (row.crashes, row.parked_at, row.lease_until) == (0, None, None)
    certificates.actions.resume_issuing()
    make(request, at=row.next_try_at)
    assert stories.assert_issued_once(request).pk == certificate.pk


def test_a_worker_without_the_key_says_so_and_the_signer_finishes(office):
    request = approved(office)
    actions.prepare_certificate(request.pk)
    with override_settings(SIGNING_KEY_FILE=""):
        actions.sign_certificate(request.pk)
        row = issuance_of(request)
        for _ in range(8):
            actions.sign_certificate(request.pk, at=row.next_try_at)
            row = issuance_of(request)
    assert "không giữ khóa ký" in row.last_cause
    assert (row.parked_at, row.crashes, row.done_at) == (None, 0, None)
    assert row.attempts == 9
    with factories.signing_key():
        actions.sign_certificate(request.pk, at=row.next_try_at)
    stories.assert_issued_once(request)


def test_a_printer_that_breaks_waits_longer_each_time_and_keeps_its_number(office, monkeypatch):
    request, waits = approved(office), []

    def breaks(content):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(certificates.actions.rendering, "render", breaks)
        now = timezone.now()
        for _ in range(8):
            actions.prepare_certificate(request.pk, at=now)
            row = issuance_of(request)
            waits.append((row.next_try_at - now).total_seconds())
            now = row.next_try_at
    assert row.attempts == 8
    assert waits[0] <= settings.BACKOFF_SECONDS[0] * 1.2
    assert waits[-1] >= settings.BACKOFF_SECONDS[-1] * 0.8
    assert (row.parked_at, row.crashes) == (None, 0)
    make(request, at=now)
    assert stories.assert_issued_once(request).number == 1


def test_an_approved_draft_that_no_certificate_can_be_begun_from_is_parked_and_freed_by_one_press(office, monkeypatch):
    """Poison: each lease ends in an exception before there is a number. Others go on beside it."""
    request, healthy, now = approved(office), approved(office), timezone.now()

    def poison(*arguments, **more):
        raise DatabaseError("poison")

    with monkeypatch.context() as broken:
        broken.setattr(certificates.actions, "intend", poison)
        for _ in range(settings.CRASHES_BEFORE_PARKED):
            with pytest.raises(DatabaseError):
                actions.prepare_certificate(request.pk, at=now)
            now += LEASE
        actions.prepare_certificate(request.pk, at=now)
    assert Issuance.objects.parked().get().pk == request.pk
    make(healthy)
    stories.assert_issued_once(healthy)
    actions.retry_parked(issuance_of(request), by=factories.make_staff("national_administrator"))
    make(request)
    assert stories.assert_issued_once(request).number == 2


@pytest.mark.parametrize("moment", ["sign", "verify_signed"])
def test_a_certificate_that_was_voided_behind_its_request_is_not_issued_and_the_approver_decides_anew(
    office, monkeypatch, moment
):
    request = approved(office)
    actions.prepare_certificate(request.pk)
    module = actions.issuing.signing if moment == "sign" else actions.issuing.verification
    original = getattr(module, moment)
    (certificate,) = stories.certificates_of(request)

    def void_after(*arguments):
        result = original(*arguments)
        with transaction.atomic():
            certificates.actions.void(certificate.pk, "Hủy bởi người khác.")
        return result

    with monkeypatch.context() as patched, factories.signing_key():
        patched.setattr(module, moment, void_after)
        if moment == "verify_signed":
            with pytest.raises(RuntimeError, match="decided without its request"):
                actions.sign_certificate(request.pk)
            assert stories.fresh(request).state == "signing"
        actions.sign_certificate(request.pk, at=timezone.now() + LEASE)
    request = stories.fresh(request)
    assert (request.state, request.certificate) == ("verified", None)
    stories.assert_history_is_linear(request)
