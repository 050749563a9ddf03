"""A certificate found wrong: proposed by one person of the office, revoked by the leader, told to whoever checks it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, Ending, Revocation
from certificates.verification import Answer, verify_signed
from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, StepNotAllowed
from requests import actions
from requests.actions import revoking
from tests import factories

pytestmark = pytest.mark.django_db
WHY = "Phiếu ghi bản án của người trùng tên."


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def issued(office):
    return factories.request_in("issued", office=office)


@pytest.fixture
def proposed(issued, office):
    actions.propose_revocation(issued, by=office.verifying_clerk, ground="inaccurate", reason=WHY)
    return issued


def decide(request, by, **how):
    return actions.decide_revocation(request, by=by, **{"revoke": True, **how})


def status(request) -> str:
    return Certificate.objects.get(pk=request.certificate_id).status


def test_until_the_leader_has_decided_it_counts(client, proposed):
    assert status(proposed) == "issued"
    assert "Hợp lệ" in client.get(f"/c/{proposed.certificate.code}").text
    assert not Ending.objects.exists()


def test_revoked_it_says_so_everywhere_and_why_only_to_who_filed(client, proposed, office):
    decide(proposed, office.approver)
    ending = Ending.objects.get(certificate=proposed.certificate)
    assert (status(proposed), ending.kind, ending.replaced_by) == ("revoked", "revoked", None)
    page = client.get(f"/c/{proposed.certificate.code}").text
    assert "Đã thu hồi" in page and f"{timezone.localdate(ending.at):%d/%m/%Y}" in page and "đừng nhận" in page
    assert WHY not in page and "không chính xác" not in page and "Hợp lệ" not in page
    with factories.signing_key():
        verdict = verify_signed(bytes(Certificate.objects.get(pk=proposed.certificate_id).signed_pdf))
    assert (verdict.answer, "bị thu hồi" in verdict.reasons[0]) == (Answer.ENDED, True)
    assert proposed.messages.in_portal().filter(event="certificate_revoked").count() == 1
    client.force_login(proposed.filed_by)
    html = client.get(proposed.get_absolute_url()).text
    assert WHY in html and "đã bị thu hồi" in html and "Tải Phiếu (PDF)" not in html
    assert reverse("request_correction", args=[proposed.code]) in html
    with pytest.raises(StepNotAllowed, match="thu hồi"):
        actions.fetch_signed_pdf(proposed, by=proposed.filed_by)
    verbs = ["propose_revocation", "revoke_certificate"]
    assert list(AuditEvent.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", "actor")) == [
        ("propose_revocation", office.verifying_clerk.pk),
        ("revoke_certificate", office.approver.pk),
    ]


def test_left_as_it_is_with_a_reason_and_may_be_proposed_again(client, proposed, office):
    with pytest.raises(Invalid):
        decide(proposed, office.approver, revoke=False, reason=" ")
    decide(proposed, office.approver, revoke=False, reason="Đã đối chiếu, Phiếu ghi đúng.")
    assert (status(proposed), Revocation.objects.get().outcome) == ("issued", "declined")
    assert not proposed.messages.filter(event="certificate_revoked").exists()
    assert revoking.may_propose(proposed, office.intake_clerk)


def test_who_may_propose_and_who_decides(issued, office):
    for stranger in (
        issued.filed_by,
        factories.make_staff("intake_clerk", authority=factories.department("36")),
        factories.make_staff("authority_administrator", authority=office.approver.authority),
    ):
        with pytest.raises(PermissionDenied):
            actions.propose_revocation(issued, by=stranger, ground="inaccurate", reason=WHY)
    actions.propose_revocation(issued, by=office.approver, ground="unlawful", reason=WHY)
    for nobody in (office.approver, office.verifying_clerk, office.intake_clerk, issued.filed_by):
        with pytest.raises(PermissionDenied):
            decide(issued, nobody)
    assert status(issued) == "issued"
    decide(issued, factories.make_staff("approver", authority=office.approver.authority))
    assert status(issued) == "revoked"


def test_each_of_it_once_and_only_of_what_counts(issued, office):
    reviewing = factories.request_in("reviewing", office=office)
    with pytest.raises(StepNotAllowed):
        actions.propose_revocation(reviewing, by=office.verifying_clerk, ground="inaccurate", reason=WHY)
    with pytest.raises(StepNotAllowed):
        decide(issued, office.approver)
    for ground, reason in (("", WHY), ("inaccurate", " "), ("inaccurate", "x" * 2001)):
        with pytest.raises(Invalid):
            actions.propose_revocation(issued, by=office.verifying_clerk, ground=ground, reason=reason)
    actions.propose_revocation(issued, by=office.verifying_clerk, ground="inaccurate", reason=WHY)
    with pytest.raises(StepNotAllowed):
        actions.propose_revocation(issued, by=office.intake_clerk, ground="inaccurate", reason=WHY)
    decide(issued, office.approver)
    with pytest.raises(StepNotAllowed):
        decide(issued, office.approver)
    with pytest.raises(StepNotAllowed):
        actions.propose_revocation(issued, by=office.intake_clerk, ground="inaccurate", reason=WHY)


# --- What the database refuses ---------------------------------------------------------------------------------------


def refused(sql: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return str(error)
    return ""


def test_no_certificate_ends_without_its_row_and_no_row_without_it(issued, office):
    pk = issued.certificate_id
    for state in ("replaced", "revoked"):
        assert "no longer changes" in refused(f"UPDATE certificates_certificate SET status = '{state}' WHERE id = {pk}")
    insert = "INSERT INTO certificates_ending (certificate_id, kind, at, replaced_by_id, revocation_id) VALUES "
    assert "another_certificate" in refused(f"{insert} ({pk}, 'replaced', now(), {pk}, NULL)")
    assert "names_its_cause" in refused(f"{insert} ({pk}, 'revoked', now(), NULL, NULL)") or "by a decision" in refused(
        f"{insert} ({pk}, 'revoked', now(), NULL, NULL)"
    )
    other = factories.request_in("issued", office=office).certificate_id
    assert "says so" in refused(f"{insert} ({pk}, 'replaced', now(), {other}, NULL)")
    proposal = actions.propose_revocation(issued, by=office.verifying_clerk, ground="inaccurate", reason=WHY)
    assert "by a decision" in refused(f"{insert} ({pk}, 'revoked', now(), NULL, {proposal.pk})")


def test_one_person_never_revokes_alone_and_what_was_decided_stays(proposed, office):
    revocation = Revocation.objects.get()
    by = "UPDATE certificates_revocation SET outcome = 'revoked', decided_at = now(), decided_by_id = "
    assert "two people" in refused(f"{by} {office.verifying_clerk.pk}")
    assert "is revoked" in refused(f"{by} {office.approver.pk}")
    assert refused("UPDATE certificates_revocation SET reason = 'khác'")
    assert refused("DELETE FROM certificates_revocation")
    decide(proposed, office.approver)
    for change in (
        "UPDATE certificates_ending SET at = now() - interval '1 day'",
        "DELETE FROM certificates_ending",
        "UPDATE certificates_revocation SET outcome = 'declined', decision_reason = 'x'",
        f"UPDATE certificates_certificate SET status = 'issued' WHERE id = {proposed.certificate_id}",
        f"UPDATE certificates_certificate SET content = '' WHERE id = {proposed.certificate_id}",
    ):
        assert refused(change), change
    assert revocation.certificate_id == proposed.certificate_id


# --- The pages -------------------------------------------------------------------------------------------------------


def test_from_the_desk_to_the_leaders_press(client, issued, office):
    page = reverse("revocation", args=[issued.code])
    client.force_login(office.intake_clerk)
    assert page in client.get(reverse("clerk_request", args=[issued.code])).text
    assert "trang kiểm tra công khai nói Phiếu đã thu hồi" in client.get(page).text
    wrong = client.post(page, {"ground": "inaccurate", "reason": " "})
    assert wrong.status_code == 422 and "Ghi rõ Phiếu sai ở đâu" in wrong.text
    assert client.post(page, {"ground": "inaccurate", "reason": WHY}).status_code == 302
    waiting = client.get(page).text
    assert WHY in waiting and "khác người đề nghị" in waiting and "Ghi quyết định" not in waiting
    client.force_login(office.approver)
    assert page in client.get(reverse("approver_queue")).text
    assert page in client.get(reverse("approver_request", args=[issued.code])).text
    undecided = client.post(page, {"decision": "decline", "reason": ""})
    assert undecided.status_code == 422 and "Ghi vì sao không thu hồi." in undecided.text
    assert client.post(page, {"decision": "revoke", "reason": ""}).status_code == 302
    assert "Không còn gì để quyết định" in client.get(page).text
    assert page not in client.get(reverse("approver_queue")).text
    assert status(issued) == "revoked"


def test_the_page_is_for_people_of_the_office_alone(client, issued, office):
    page = reverse("revocation", args=[issued.code])
    client.force_login(issued.filed_by)
    assert client.get(page).status_code == 404
    client.force_login(factories.make_staff("approver", authority=factories.department("36")))
    assert client.get(page).status_code == 404
    client.force_login(office.approver)
    reviewing = factories.request_in("reviewing", office=office)
    assert client.get(reverse("revocation", args=[reviewing.code])).status_code == 404
