"""A supplement that shows facts of a longer class of the law: the term grows with its reason, and never silently."""

from datetime import datetime, timedelta

import pytest

from lltp_portal.audit.models import AuditEvent
from requests import actions, clock
from requests.clock import Term
from requests.models import CertificateRequest, Message
from requests.papers import Kind
from tests import factories
from tests.papers_samples import frozen

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 10, 5, 8, 10, tzinfo=clock.LOCAL)
DUE = datetime(2026, 10, 19, 17, tzinfo=clock.LOCAL)


def stays(*provinces: str) -> dict:
    """From the 14th birthday until now: a stay in each of these provinces, one after the other."""
    (one,) = factories.complete_rows()["residences"]
    if len(provinces) == 1:
        return {"residences": [{**one, "province": provinces[0]}]}
    first = {**one, "province": provinces[0], "to_month": "2012-05", "kind": "temporary"}
    return {"residences": [first, {**one, "province": provinces[1], "from_month": "2012-06"}]}


def asked(**rows) -> CertificateRequest:
    return factories.request_in("needs_supplement", at=SENT, rows=rows)


def answered(request: CertificateRequest, rows=None, **fields) -> CertificateRequest:
    """The citizen changes these parts and answers on the day of asking, which costs no day."""
    at = request.history().last().at + timedelta(hours=1)
    actions.open_supplement(request, by=request.filed_by)
    actions.save_declaration(request, by=request.filed_by, fields=fields, rows=rows)
    actions.answer_supplement(request, by=request.filed_by, note="Đã bổ sung.", at=at)
    return CertificateRequest.objects.get(pk=request.pk)


def test_facts_of_a_longer_class_lengthen_the_term_with_history_message_and_receipt():
    request = asked()
    assert (request.deadline_class, request.due_at) == ("normal", DUE)
    after = answered(request, stays("48", "01"))
    assert (after.deadline_class, after.deadline_term) == ("extended", Term(15))
    assert after.due_at == datetime(2026, 10, 26, 17, tzinfo=clock.LOCAL)
    assert after.deadline_reason == "đã cư trú tại 2 tỉnh, thành phố"
    step = after.history().get(step="answer_supplement")
    assert "Thời hạn tính lại thành 15 ngày làm việc: đã cư trú tại 2 tỉnh, thành phố." in step.reason
    told = Message.objects.in_portal().get(request=after, event="term_extended")
    assert "Ngày hẹn cũ: Thứ Hai, 19/10/2026. Ngày hẹn mới: Thứ Hai, 26/10/2026." in told.text
    assert "tỉnh" not in told.text, "no detail of the dossier stands in a message"
    event = AuditEvent.objects.about(after.code).get(verb="extend_term")
    assert (event.details["old"], event.details["new"]) == ("2026-10-19T17:00:00+07:00", "2026-10-26T17:00:00+07:00")
    assert frozen(after, Kind.RECEIPT).due_at == after.due_at


def test_the_nightly_run_leaves_the_longer_term():
    after = answered(asked(), stays("48", "01"))
    actions.recompute_due()
    assert CertificateRequest.objects.get(pk=after.pk).due_at == after.due_at


def test_facts_that_change_nothing_are_silent():
    after = answered(asked(), phone="0912345678")
    assert (after.deadline_class, after.due_at) == ("normal", DUE)
    assert not Message.objects.filter(request=after, event="term_extended").exists()
    assert "Thời hạn" not in after.history().get(step="answer_supplement").reason


def test_a_promise_is_not_taken_back_by_facts_of_a_shorter_class():
    request = asked(**stays("48", "01"))
    before = (request.deadline_class, request.due_at)
    after = answered(request, stays("01"))
    assert (
        (after.deadline_class, after.due_at) == before == ("extended", datetime(2026, 10, 26, 17, tzinfo=clock.LOCAL))
    )
