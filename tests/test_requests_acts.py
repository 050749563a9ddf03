"""The table of acts: each may be taken in its own states and is refused in every other, and to every stranger."""

import pytest
from django.core.exceptions import PermissionDenied

from lltp_portal.errors import StepNotAllowed
from requests import actions
from requests.machine import triples
from requests.models import CertificateRequest
from requests.states import State
from tests import factories

pytestmark = pytest.mark.django_db

# Act → the states in which it may be taken (decisions, section 1); in every other state it must be refused.
ACTS = {
    "submit": {State.DRAFT},
    "record_payment": {State.AWAITING_PAYMENT},
    "receive": {State.SUBMITTED},
    "refuse": {State.SUBMITTED},
    "ask_agency": {State.REVIEWING, State.CONSULTING},  # the first letter is the step `consult`, others take none
    "finish_consulting": {State.CONSULTING},
    "ask_supplement": {State.SUBMITTED, State.REVIEWING, State.CONSULTING},
    "answer_supplement": {State.NEEDS_SUPPLEMENT},
    "search_again": {State.REVIEWING, State.VERIFIED},
    "verify": {State.REVIEWING},
    "return_to_clerk": {State.VERIFIED},
    "approve": {State.VERIFIED},
    "deliver": {State.ISSUED, State.DELIVERED},  # a second fetch takes no step and is no error
    "withdraw": {
        *(State.SUBMITTED, State.AWAITING_PAYMENT, State.RECEIVED, State.REVIEWING, State.CONSULTING),
        *(State.NEEDS_SUPPLEMENT, State.VERIFIED),
    },
    "stop": {State.RECEIVED, State.REVIEWING, State.CONSULTING, State.NEEDS_SUPPLEMENT, State.AWAITING_PAYMENT},
}
WORDS = {
    "refuse": {"ground": "Điều 49."},
    "ask_agency": {"source": "court", "agency": "Tòa án Mẫu", "question": "Hỏi Tòa án."},
    "finish_consulting": {"answer": "Đã trả lời."},
    "ask_supplement": {"reasons": "Thiếu giấy tờ."},
    "answer_supplement": {"note": "Đã bổ sung."},
    "search_again": {"reason": "Nghi ngờ."},
    "return_to_clerk": {"reason": "Xem lại."},
    "approve": {"draft_sha256": "0" * 64},
    "stop": {"reason": "Không làm được."},
}


@pytest.fixture(scope="module")
def _actors():
    return {
        "verifying_clerk": {"ask_agency", "finish_consulting", "ask_supplement", "search_again", "verify", "stop"},
        "intake_clerk": {"record_payment", "receive", "refuse", "deliver"},
        "approver": {"return_to_clerk", "approve"},
    }


@pytest.mark.parametrize("state", list(State))
def test_an_act_out_of_its_turn_is_refused_and_changes_nothing(state, _actors):
    office = factories.make_office()
    request = factories.request_in(state, office=office)
    for act in (name for name, states in ACTS.items() if state not in states):
        actor = next((getattr(office, role) for role, acts in _actors.items() if act in acts), request.filed_by)
        with pytest.raises(StepNotAllowed):
            getattr(actions, act)(request, by=actor, **WORDS.get(act, {}))
    unchanged = CertificateRequest.objects.get(pk=request.pk)
    assert (unchanged.state, unchanged.step_count) == (request.state, request.step_count)


STRANGERS_TRY = [(act, state) for act, states in ACTS.items() for state in sorted(states)]
STRANGERS_TRY.remove(("deliver", State.DELIVERED))  # takes no step; to a stranger the page does not exist


@pytest.mark.parametrize(("act", "state"), STRANGERS_TRY)
def test_a_stranger_may_take_no_act_in_any_state(act, state):
    request = factories.request_in(state)
    with pytest.raises(PermissionDenied):
        getattr(actions, act)(request, by=factories.make_citizen(), **WORDS.get(act, {}))


def test_every_pair_of_the_machine_is_in_the_table_of_acts():
    by_system = {"ask_payment", "finish_search", "abandon_signing", "issue"}
    pairs = {(step, source) for step, source, _ in triples() if step not in by_system}
    tabled = {(act, state) for act, states in ACTS.items() for state in states} - {("deliver", State.DELIVERED)}
    tabled = tabled - {("ask_agency", state) for state in State} | {("consult", State.REVIEWING)}
    assert pairs == tabled
