"""Many people press at once, over HTTP: one certificate, and a clear word to each of the others."""

import threading

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from lltp_portal.start import refuse_when_broken
from tests import factories
from tests.faults import stories

pytestmark = pytest.mark.processes
CROWD = 32
REFUSALS = range(400, 500)


@pytest.fixture(scope="module")
def office(world):
    return factories.make_office()


@pytest.fixture
def running(world):
    stories.ensure_running(world, "web")
    return world


def test_a_start_leaves_no_connection_behind_that_forked_processes_would_share(own_databases):
    """gunicorn loads the portal once and forks: two who shared a connection read each other's answers."""
    connections["default"].ensure_connection()
    refuse_when_broken()
    assert [alias for alias in connections if connections[alias].connection is not None] == []


def posted_together(world, presses) -> list:
    """Each press is (user, address, fields), on a connection of its own; all are let go at once."""
    barrier, answers = threading.Barrier(len(presses)), [None] * len(presses)
    sessions = [stories.browser(world.base_url, user) for user, _, _ in presses]

    def press(position: int) -> None:
        _, address, fields = presses[position]
        barrier.wait(60)
        answers[position] = sessions[position].post(address, data={**stories.CSRF, **fields})

    threads = [threading.Thread(target=press, args=(position,)) for position in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for session in sessions:
        session.close()
    return answers


def verified(office) -> factories.Journey:
    journey = factories.journey(office=office, at=timezone.now())
    journey.to("verified")
    return journey


def approval(world, journey) -> tuple:
    """The press of this office's approver on the page as it stands now."""
    address = reverse("approver_approve", args=[journey.request.code])
    return journey.office.approver, address, stories.approval_form(world.base_url, journey)


def test_of_32_approvals_at_once_one_becomes_a_certificate_and_31_are_clear_refusals(running, office):
    journey = verified(office)
    answers = posted_together(running, [approval(running, journey)] * CROWD)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(302) == 1
    refusals = [answer for answer in answers if answer.status_code in REFUSALS]
    assert len(refusals) == CROWD - 1, statuses
    assert all("Hãy tải lại trang" in answer.text or "đã thay đổi" in answer.text for answer in refusals)
    request = stories.fresh(journey.request)
    assert request.state == "signing"
    assert [step.step for step in request.history()].count("approve") == 1
    stories.ensure_running(running, "worker", "signer", "beat")
    stories.wait_for(request, "issued")
    stories.assert_issued_once(request)
    assert Certificate.objects.count() == 1


def test_approving_returning_and_withdrawing_at_once_leave_one_line_of_history(running, office):
    journey = verified(office)
    approver, address, fields = approval(running, journey)
    back = (approver, reverse("approver_return", args=[journey.request.code]), {**fields, "reason": "Xem lại họ tên."})
    withdrawal = (journey.request.filed_by, reverse("request_withdraw", args=[journey.request.code]), {})
    answers = posted_together(running, [(approver, address, fields), back, withdrawal] * 4)
    assert all(answer.status_code == 302 or answer.status_code in REFUSALS for answer in answers)
    taken = [step.step for step in stories.fresh(journey.request).history()][6:]
    assert taken in (["approve"], ["withdraw"], ["return_to_clerk", "withdraw"], ["approve", "issue"])
    stories.assert_history_is_linear(journey.request)


def test_a_double_click_on_receiving_draws_one_dossier_number(running, office):
    journey = factories.journey(office=office, at=timezone.now())
    journey.to("submitted")
    address = reverse("clerk_act", args=[journey.request.code, "receive"])
    press = (office.intake_clerk, address, {"version": str(journey.request.step_count)})
    answers = posted_together(running, [press] * 6)
    assert [answer.status_code for answer in answers].count(302) == 1
    assert all(answer.status_code == 302 or answer.status_code in REFUSALS for answer in answers)
    history = [step.step for step in stories.fresh(journey.request).history()]
    assert history.count("receive") == 1
    stories.assert_history_is_linear(journey.request)
