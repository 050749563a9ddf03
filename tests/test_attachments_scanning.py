"""The virus scanner (E02): found, clean, away, slow, lying; the citizen never waits, the clerk never opens a virus."""

import socket
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from requests import actions, attached, tasks
from requests.actions import scanning
from requests.attachments import clamav
from requests.models import Attachment, AttachmentScan, Message
from tests import attached_papers, factories, fake_clamd, paper_files

pytestmark = pytest.mark.django_db
State = Attachment.State


@pytest.fixture
def clamd(settings):
    with fake_clamd.running() as running:
        settings.CLAMD_ADDRESS = running.address
        yield running


@pytest.fixture
def draft(db):
    return factories.journey().request


def sent(draft, content: bytes | None = None) -> Attachment:
    """A paper of the draft, cleaned and kept as the pages do it."""
    return attached_papers.attach(draft, content or paper_files.photograph())


def scanned(attachment: Attachment) -> str:
    actions.scan_attachment(attachment.scan.pk)
    return Attachment.objects.get(pk=attachment.pk).state


def infected() -> bytes:
    return paper_files.pdf_with(paper_files.EICAR)


def test_a_virus_is_quarantined_and_a_clean_paper_is_clean(clamd, draft):
    bad, good = sent(draft, infected()), sent(draft)
    assert (bad.state, good.state) == (State.WAITING, State.WAITING)
    assert (scanned(bad), scanned(good)) == (State.QUARANTINED, State.CLEAN)
    assert Attachment.objects.get(pk=good.pk).scanned_at is not None
    event = AuditEvent.objects.about(draft.code).get(verb="quarantine_paper")
    assert event.details == {"paper": bad.code, "found": "Eicar-Test-Signature"}
    assert AttachmentScan.objects.waiting().count() == 0


def test_a_quarantined_paper_is_opened_by_nobody_and_keeps_the_draft_from_being_sent(clamd, draft, client):
    bad = sent(draft, infected())
    scanned(bad)
    client.force_login(draft.filed_by)
    assert client.get(reverse("request_attachment", args=[draft.code, bad.code])).status_code == 404
    page = client.get(reverse("request_attachments", args=[draft.code])).text
    assert "Tệp có vi-rút nên không dùng được. Xóa tệp này rồi gửi tệp khác." in page
    assert [problem.code for problem in attached.problems(draft.declaration, timezone.localdate())] == ["quarantined"]
    assert client.post(reverse("request_attachments", args=[draft.code]), {"whole": "1"}).status_code == 422
    client.post(reverse("request_remove_attachment", args=[draft.code, bad.code]))
    assert attached.problems(draft.declaration, timezone.localdate()) == []


def test_who_sent_a_virus_is_told_once_it_is_found_and_a_draft_can_still_be_deleted(clamd):
    journey = factories.journey()
    bad, own_draft = sent(journey.request, infected()), factories.journey().request
    in_draft = sent(own_draft, infected())
    journey.take("submit")
    assert (scanned(bad), scanned(in_draft)) == (State.QUARANTINED, State.QUARANTINED)
    told = Message.objects.get(request=journey.request, event="attachment_quarantined", channel="portal")
    assert told.key == bad.code and "có vi-rút nên đã được cách ly" in told.text
    actions.scan_attachment(bad.scan.pk)
    assert Message.objects.in_portal().filter(event="attachment_quarantined").count() == 1
    actions.delete_draft(own_draft, by=own_draft.filed_by)


def test_the_clerk_opens_what_is_clean_not_what_waits_and_never_a_virus(clamd, client):
    journey = factories.journey()
    papers = {"clean": sent(journey.request), "virus": sent(journey.request, infected())}
    papers["waiting"] = sent(journey.request, paper_files.photograph(corner="blue"))
    scanned(papers["clean"])
    journey.take("submit")
    scanned(papers["virus"])  # the answer came after the request was sent
    client.force_login(journey.office.intake_clerk)

    def status(name):
        return client.get(reverse("clerk_attachment", args=[journey.request.code, papers[name].code])).status_code

    assert {name: status(name) for name in papers} == {"clean": 200, "virus": 404, "waiting": 404}
    desk = client.get(reverse("clerk_request", args=[journey.request.code])).text
    for words in ("Có vi-rút, đã cách ly.", "Đang chờ quét vi-rút.", "Đã quét, không thấy vi-rút"):
        assert words in desk
    assert desk.count("Mở ảnh") == 1


def test_without_a_scanner_a_paper_is_unscanned_and_the_clerk_is_told_before_opening(settings, client, db):
    settings.CLAMD_ADDRESS = ""
    journey = factories.journey()
    paper = sent(journey.request)
    assert (paper.state, AttachmentScan.objects.count()) == (State.UNSCANNED, 0)
    journey.take("submit")
    client.force_login(journey.office.intake_clerk)
    desk = client.get(reverse("clerk_request", args=[journey.request.code])).text
    assert "Chưa quét vi-rút." in desk and "Mở ảnh (chưa quét vi-rút)" in desk
    assert client.get(reverse("clerk_attachment", args=[journey.request.code, paper.code])).status_code == 200


@pytest.mark.parametrize(
    ("mood", "cause"),
    [
        ("blind", "không nhận ra tệp thử"),
        ("babble", "không rõ"),
        ("cut", "không đầy đủ"),
        ("rude", ""),
        ("mute", "quá chậm"),
    ],
)
def test_whatever_is_not_a_clear_answer_is_none(clamd, draft, settings, mood, cause):
    settings.TALK_SECONDS = 0.5
    paper = sent(draft)
    clamd.mood = mood
    assert scanned(paper) == State.WAITING
    waiting = AttachmentScan.objects.get()
    assert cause in waiting.last_cause and waiting.last_cause and waiting.crashes == 0 and waiting.parked_at is None
    assert waiting.next_try_at > timezone.now() and waiting.attempts == 1
    clamd.mood = "honest"
    AttachmentScan.objects.update(next_try_at=timezone.now())
    assert scanned(paper) == State.CLEAN


def test_a_scanner_that_is_away_delays_the_answer_and_not_the_citizen(settings, draft, client):
    with socket.socket() as taken:  # a port where nobody listens
        taken.bind(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"127.0.0.1:{taken.getsockname()[1]}"
        paper = sent(draft)
        client.force_login(draft.filed_by)
        assert client.post(reverse("request_submit", args=[draft.code]), {"sworn": "1"}).status_code == 302
        assert scanned(paper) == State.WAITING
    assert "Không kết nối được" in AttachmentScan.objects.get().last_cause


def test_a_scanner_that_is_taken_away_for_good_leaves_nothing_waiting(clamd, draft, settings):
    paper = sent(draft)
    settings.CLAMD_ADDRESS = ""
    assert scanned(paper) == State.UNSCANNED


def test_a_verdict_of_a_lost_lease_says_nothing(clamd, draft):
    paper = sent(draft)
    first = AttachmentScan.objects.claim(paper.scan.pk)
    AttachmentScan.objects.claim(paper.scan.pk, timezone.now() + timedelta(hours=1))
    scanning._record(paper.scan.pk, first.lease_no, clamav.Verdict(), None)
    assert Attachment.objects.get(pk=paper.pk).state == State.WAITING


def test_the_sweeper_rings_for_what_waits(clamd, draft, monkeypatch):
    paper, rung = sent(draft), []
    monkeypatch.setattr(tasks.doorbell, "ring", lambda task, pk: rung.append((task.name, pk)))
    tasks.resume_scans()
    assert rung == [("requests.tasks.scan_attachment", paper.scan.pk)]
    scanned(paper)
    rung.clear()
    tasks.resume_scans()
    assert rung == []


def test_the_scanner_speaks_over_a_socket_in_the_file_system_too(tmp_path):
    with pytest.raises(clamav.NoAnswer, match="Không kết nối được"):
        clamav.scan(b"x", f"unix:{tmp_path}/clamd.ctl", seconds=1)


def test_an_administrator_sees_what_waits_and_lets_a_parked_scan_run_again(clamd, client):
    journey = factories.journey()
    paper = sent(journey.request)
    request = journey.take("submit")
    clamd.mood = "babble"
    scanned(paper)
    client.force_login(factories.make_staff("authority_administrator"))
    assert "Máy quét vi-rút trả lời không rõ." in client.get(reverse("waiting_rows")).text
    AttachmentScan.objects.update(parked_at=timezone.now())
    url = reverse("retry_parked", args=[request.code, "scan"])
    assert client.post(url, {"source": "0" * 12}).status_code == 404
    assert client.post(url, {"source": paper.code}).status_code == 302
    clamd.mood = "honest"
    assert scanned(paper) == State.CLEAN


# --- Papers kept while there was no scanner ---------------------------------------------------------------------------


def test_what_was_kept_without_a_scanner_is_scanned_once_there_is_one(settings, client):
    settings.CLAMD_ADDRESS = ""
    journey = factories.journey()
    papers = {"good": sent(journey.request), "bad": sent(journey.request, infected())}
    journey.take("submit")
    assert actions.scan_what_was_not() == 0, "switched off, nothing waits"
    client.force_login(journey.office.intake_clerk)
    desk = reverse("clerk_request", args=[journey.request.code])
    assert client.get(desk).text.count("máy chủ này chưa có máy quét") == 2
    with fake_clamd.running() as running:
        settings.CLAMD_ADDRESS = running.address
        assert actions.scan_what_was_not() == 2
        assert actions.scan_what_was_not() == 0, "they wait already"
        page = client.get(desk).text
        assert page.count("đang chờ máy quét trả lời") == 2 and page.count("(chưa quét vi-rút)") == 2
        states = {name: scanned(paper) for name, paper in papers.items()}
    assert states == {"good": State.CLEAN, "bad": State.QUARANTINED}
    page = client.get(desk).text
    assert "Đã quét, không thấy vi-rút" in page and "Có vi-rút, đã cách ly." in page
    told = Message.objects.in_portal().get(request=journey.request, event="attachment_quarantined")
    assert told.key == papers["bad"].code


def test_a_scanner_that_was_taken_away_and_came_back_is_asked_again(clamd, draft, settings):
    paper, address = sent(draft), settings.CLAMD_ADDRESS
    settings.CLAMD_ADDRESS = ""
    assert scanned(paper) == State.UNSCANNED
    settings.CLAMD_ADDRESS = address
    assert actions.scan_what_was_not() == 1
    assert scanned(paper) == State.CLEAN


def test_the_sweeper_looks_for_old_papers_by_itself(settings, draft, monkeypatch, django_capture_on_commit_callbacks):
    settings.CLAMD_ADDRESS = ""
    paper = sent(draft)
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    rung = []
    monkeypatch.setattr(tasks.scan_attachment, "apply_async", lambda args, **_: rung.append(args[0]))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.resume_scans()
    assert set(rung) == {AttachmentScan.objects.get(attachment=paper).pk}
    scanned(paper)
    assert Attachment.objects.get(pk=paper.pk).state == State.UNSCANNED, "no answer: it stays to be opened, and waits"
