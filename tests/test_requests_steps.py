"""take_step(): the one way in which a state changes; and the acts around it, as the people whose acts they are."""

import itertools
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from lltp_portal.errors import Invalid, StepNotAllowed
from requests import actions, permissions
from requests.clock import Term
from requests.models import CertificateRequest, Declaration
from requests.permissions import SYSTEM
from requests.states import ENDED, State
from requests.steps import take_step
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_by_real_acts_with_a_row_of_history_for_each_step(state):
    request = factories.request_in(state)
    steps = list(request.history())
    assert [step.seq for step in steps] == list(range(1, request.step_count + 1))
    assert all(before.to_state == after.from_state for before, after in itertools.pairwise(steps))
    assert all(before.at <= after.at for before, after in itertools.pairwise(steps))
    assert (steps[-1].to_state if steps else "draft") == state


def test_a_step_needs_a_transaction_and_a_state_it_may_start_from():
    request = factories.request_in("reviewing")
    with pytest.raises(StepNotAllowed, match="Đang xử lý"):
        take_step(request.receive, by=SYSTEM, at=timezone.now())
    assert CertificateRequest.objects.get(pk=request.pk).state == "reviewing"


def test_the_system_is_asked_like_any_actor():
    request = factories.request_in("reviewing")
    with pytest.raises(PermissionDenied):
        take_step(request.verify, by=SYSTEM, at=timezone.now(), verified_by=None, content="")


def test_history_reads_forward_even_when_a_clock_runs_behind():
    request = factories.request_in("submitted")
    last = request.history().last()
    step = actions.withdraw(request, by=request.filed_by, at=last.at - timedelta(hours=1)).history().last()
    assert step.at == last.at


def test_nobody_handles_their_own_request_under_any_account():
    number = factories.identity_number()
    clerk = factories.make_staff("intake_clerk", number=number)
    rows = factories.complete_rows(number=number)
    request = factories.journey(rows=rows).to("submitted")
    assert permissions.concerns(request, clerk)
    with pytest.raises(PermissionDenied):
        actions.receive(request, by=clerk)


def test_a_clerk_of_another_office_may_not_receive():
    elsewhere = factories.make_staff("intake_clerk", authority=factories.department("36"))
    with pytest.raises(PermissionDenied):
        actions.receive(factories.request_in("submitted"), by=elsewhere)


def test_submitting_freezes_chooses_the_office_and_asks_for_the_fee():
    request = factories.file_request()
    assert request.state == "awaiting_payment"
    assert request.declaration.frozen_at
    assert request.authority == factories.department("01")
    assert "nơi bạn thường trú" in request.authority_reason
    assert request.fee_amount == 200_000


def test_who_is_exempt_goes_straight_to_the_counter():
    request = factories.file_request(fields={"fee_category": "poor"})
    assert (request.state, request.fee_amount) == ("submitted", 0)


def test_an_incomplete_declaration_is_refused_whole_and_stays_a_draft():
    request = factories.request_in("draft", fields={"full_name": "", "purpose": ""}, rows={"identity_documents": []})
    with pytest.raises(Invalid) as refusal:
        actions.submit(request, by=request.filed_by)
    assert {"full_name", "purpose", "identity_documents"} <= set(refusal.value.fields)
    again = CertificateRequest.objects.get(pk=request.pk)
    assert (again.state, again.step_count, again.authority) == ("draft", 0, None)
    assert not Declaration.objects.filter(request=again, frozen_at__isnull=False).exists()


def test_a_second_submit_is_refused():
    request = factories.file_request()
    with pytest.raises(StepNotAllowed):
        actions.submit(request, by=request.filed_by)


def test_receiving_draws_the_next_dossier_number_of_the_office_and_day():
    office = factories.make_office()
    at = timezone.localtime().replace(hour=9) - timedelta(days=3)  # the steps that follow stay on that day
    numbers = [factories.request_in("received", office=office, at=at).dossier_number for _ in range(2)]
    day = timezone.localtime(at).strftime("%y%m%d")
    assert [number.rsplit("-", 1)[0] for number in numbers] == [f"H26.12-{day}"] * 2
    assert int(numbers[1][-4:]) == int(numbers[0][-4:]) + 1


def test_the_deadline_is_ten_days_or_fifteen_and_says_why():
    assert factories.request_in("received").deadline_term == Term(10)
    stays = factories.complete_rows()["residences"]
    second = {**stays[0], "from_month": "2015-01", "province": "79"}
    request = factories.request_in("received", rows={"residences": [{**stays[0], "to_month": "2015-01"}, second]})
    assert request.deadline_term == Term(15)
    assert "2 tỉnh" in request.deadline_reason


class TestSupplement:
    def asked(self, **changes):
        return factories.request_in("needs_supplement", **changes)

    def test_goes_back_to_where_it_came_from_and_the_due_date_moves(self):
        request = self.asked(at=timezone.now() - timedelta(days=20))
        due = request.due_at
        answered = actions.answer_supplement(request, by=request.filed_by, note="Đã bổ sung.")
        assert answered.state == "reviewing"
        assert answered.due_at > due
        assert answered.declaration.version == 2

    def test_changed_identity_data_is_searched_for_anew(self):
        request = self.asked()
        actions.open_supplement(request, by=request.filed_by)
        actions.save_declaration(request, by=request.filed_by, fields={"mother_name": "Lê Thị Khác"})
        answered = actions.answer_supplement(request, by=request.filed_by, note="Sửa tên mẹ.")
        search = answered.searches.get()
        assert answered.state == "received"
        assert (search.lookup, search.declaration) == (None, answered.declaration)

    def test_from_the_counter_the_office_is_chosen_again(self):
        office = factories.make_office()
        request = factories.request_in("submitted", office=office)
        request = actions.ask_supplement(request, by=office.intake_clerk, reasons="Ghi rõ nơi thường trú.")
        actions.open_supplement(request, by=request.filed_by)
        actions.save_declaration(request, by=request.filed_by, fields={"permanent_province": "36"})
        answered = actions.answer_supplement(request, by=request.filed_by, note="Đã sửa.")
        assert answered.authority == factories.department("36")
        assert answered.state == "submitted"

    def test_the_frozen_version_stays_as_it_was(self):
        request = self.asked()
        before = request.declaration
        actions.open_supplement(request, by=request.filed_by)
        actions.save_declaration(request, by=request.filed_by, fields={"ethnicity": "Tày"})
        actions.answer_supplement(request, by=request.filed_by, note="Sửa dân tộc.")
        assert Declaration.objects.get(pk=before.pk).ethnicity == "Kinh"


def test_what_has_ended_takes_no_step():
    for state in ENDED:
        request = factories.request_in(state)
        with pytest.raises(StepNotAllowed):
            actions.withdraw(request, by=request.filed_by)


def test_acts_that_need_words_say_so():
    office = factories.make_office()
    request = factories.request_in("reviewing", office=office)
    for act, word in (
        (actions.ask_supplement, "reasons"),
        (actions.search_again, "reason"),
        (actions.stop, "reason"),
    ):
        with pytest.raises(Invalid):
            act(request, by=office.verifying_clerk, **{word: "  "})


def test_a_draft_is_deleted_by_its_owner_and_old_ones_by_the_sweeper():
    own = factories.request_in("draft")
    actions.delete_draft(own, by=own.filed_by)
    old = factories.request_in("draft", at=timezone.now() - timedelta(days=91))
    young = factories.request_in("draft")
    sent = factories.file_request(at=timezone.now() - timedelta(days=91))
    assert actions.drop_old_drafts().done == 1
    left = set(CertificateRequest.objects.values_list("pk", flat=True))
    assert left & {own.pk, old.pk, young.pk, sent.pk} == {young.pk, sent.pk}


def test_a_stranger_sees_nothing_and_an_office_only_its_own():
    office = factories.make_office()
    request = factories.request_in("reviewing", office=office)
    draft = factories.request_in("draft")
    seen = CertificateRequest.objects.visible_to
    assert request in seen(request.filed_by)
    assert request in seen(office.verifying_clerk)
    assert request not in seen(factories.make_citizen())
    assert request not in seen(factories.make_staff("verifying_clerk", authority=factories.department("36")))
    assert request not in seen(factories.make_staff("national_administrator"))
    assert draft not in seen(office.intake_clerk)


def test_a_supplement_that_raises_the_fee_unsettles_it_and_the_rest_is_asked_for():
    office = factories.make_office()
    request = factories.request_in("submitted", office=office, fields={"fee_category": "student"})
    assert (request.fee_amount, request.fee_paid_amount) == (100_000, 100_000)
    request = actions.ask_supplement(request, by=office.intake_clerk, reasons="Giấy tờ sinh viên không hợp lệ.")
    actions.open_supplement(request, by=request.filed_by)
    actions.save_declaration(request, by=request.filed_by, fields={"fee_category": "standard"})
    answered = actions.answer_supplement(request, by=request.filed_by, note="Đã sửa.")
    assert (answered.state, answered.fee_amount, answered.fee_settled) == ("awaiting_payment", 200_000, False)
    paid = actions.record_payment(answered, by=office.intake_clerk)
    assert (paid.state, paid.fee_paid_amount, paid.fee_settled) == ("submitted", 200_000, True)
