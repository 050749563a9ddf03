"""Documents of the office (agencies' answers, papers for the register) go to the scanner as citizens' papers do."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.celery import HOURLY
from records.register.living import IncomingInformation
from requests import actions, tasks
from requests.models import AnswerDocument, Attachment, AttachmentScan
from tests import factories, fake_clamd, paper_files
from tests.agencies import ask, reviewing
from tests.test_register_pages import TYPED, _part
from tests.test_requests_inquiry_pages import act, page, typed_answer

pytestmark = pytest.mark.django_db
State = Attachment.State
CLEAN, INFECTED = paper_files.photograph, lambda: paper_files.pdf_with(paper_files.EICAR)


@pytest.fixture
def clamd(settings):
    with fake_clamd.running() as running:
        settings.CLAMD_ADDRESS = running.address
        yield running


class Answered:
    """What an agency answered, with its document, as a clerk enters it."""

    subject = property(lambda self: self.request.code)

    def __init__(self, client):
        self.client, self.office = client, factories.make_office()
        client.force_login(self.office.verifying_clerk)
        self.request = reviewing(self.office)
        ask(self.request, self.office)

    def send(self, content):
        file = SimpleUploadedFile("van-ban", content)
        assert act(self.client, self.request, "answer", **typed_answer(document=file)).status_code == 302
        return self

    def page(self):
        return self.client.get(page(self.request)).text

    def open(self):
        return self.client.get(reverse("clerk_inquiry_document", args=[self.request.code, 1])).status_code


class Entered:
    """A judgment for the register, with its scan, as a person of the register enters it."""

    subject = property(lambda self: IncomingInformation.objects.get().code)

    def __init__(self, client):
        self.client = client
        client.force_login(factories.make_staff("register_updater"))

    def send(self, content):
        url = reverse("enter_incoming") + "?kind=judgment"
        names = dict(re.findall(r'name="((?:date|judgment_date|date_of_birth)_(\w+))"', self.client.get(url).text))
        typed = {_part(name, names): value for name, value in TYPED.items()}
        sent = self.client.post(url, {**typed, "document": SimpleUploadedFile("van-ban", content)})
        assert sent.status_code == 302, sent.text
        return self

    def page(self):
        return self.client.get(reverse("incoming_paper", args=[self.subject])).text

    def open(self):
        return self.client.get(reverse("incoming_document", args=[self.subject])).status_code


@pytest.fixture(params=[Answered, Entered])
def document(request, client):
    return request.param(client)


def scanned():
    (row,) = AttachmentScan.objects.all()
    actions.scan_attachment(row.pk)
    return AttachmentScan.objects.get().state


def test_a_clean_document_is_opened_once_the_scanner_has_spoken(clamd, document):
    document.send(CLEAN())
    assert "Đang chờ quét vi-rút." in document.page() and document.open() == 404
    assert scanned() == State.CLEAN
    assert "Đã quét, không thấy vi-rút" in document.page() and document.open() == 200
    assert clamd.scanned == 2, "the test file and this one"


def test_a_virus_is_quarantined_for_good_and_opened_by_nobody(clamd, document):
    document.send(INFECTED())
    assert scanned() == State.QUARANTINED
    assert "Có vi-rút, đã cách ly." in document.page() and document.open() == 404
    event = AuditEvent.objects.get(verb="quarantine_paper")
    assert (event.subject, event.details["found"]) == (document.subject, "Eicar-Test-Signature")
    for change in (lambda: AttachmentScan.objects.update(state=State.CLEAN), AttachmentScan.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_without_a_scanner_it_is_kept_unscanned_says_so_and_is_scanned_once_there_is_one(settings, document):
    settings.CLAMD_ADDRESS = ""
    document.send(INFECTED())
    assert not AttachmentScan.objects.exists() and actions.scan_old_documents() is None
    assert "máy chủ này chưa có máy quét" in document.page() and "chưa quét vi-rút)" in document.page()
    assert document.open() == 200
    with fake_clamd.running() as running:
        settings.CLAMD_ADDRESS = running.address
        assert actions.scan_old_documents() is None
        assert AttachmentScan.objects.due(timezone.now()).count() == 1
        assert "đang chờ máy quét trả lời" in document.page() and document.open() == 200
        actions.scan_old_documents()
        assert scanned() == State.QUARANTINED
        actions.scan_old_documents()
    assert AttachmentScan.objects.get().done_at is not None and document.open() == 404


def test_a_scanner_that_is_away_is_asked_again_and_one_taken_away_lets_the_document_be_opened(settings, document):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    document.send(CLEAN())
    assert scanned() == State.WAITING and document.open() == 404
    waiting = AttachmentScan.objects.get()
    assert "Không kết nối được" in waiting.last_cause and waiting.done_at is None
    settings.CLAMD_ADDRESS = ""
    AttachmentScan.objects.update(next_try_at=timezone.now())
    assert scanned() == State.UNSCANNED and document.open() == 200
    with fake_clamd.running() as running:
        settings.CLAMD_ADDRESS = running.address
        actions.scan_old_documents()
        assert scanned() == State.CLEAN


def test_what_waits_of_an_agencys_answer_stands_on_the_page_of_waiting_rows(settings, client):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    document = Answered(client).send(CLEAN())
    AttachmentScan.objects.update(parked_at=timezone.now())
    client.force_login(factories.make_staff("national_administrator"))
    code = AnswerDocument.objects.get().code
    assert code in client.get(reverse("waiting_rows")).text
    address = reverse("retry_parked", args=[document.request.code, "scan"])
    assert client.post(address, {"source": code}).status_code == 302
    assert AttachmentScan.objects.get().parked_at is None


def test_what_waits_of_a_paper_for_the_register_stands_before_the_nations_administrator(settings, client):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    Entered(client).send(CLEAN())
    AttachmentScan.objects.update(parked_at=timezone.now())
    row = AttachmentScan.objects.get()
    address = reverse("retry_parked", args=[row.document_code, "scan"])
    client.force_login(factories.make_staff("authority_administrator"))
    assert row.document_code not in client.get(reverse("waiting_rows")).text
    assert client.post(address).status_code == 404
    administrator = factories.make_staff("national_administrator")
    client.force_login(administrator)
    page = client.get(reverse("waiting_rows")).text
    assert f"Văn bản {row.document_code}" in page and address in page and "Bị dừng" in page
    done = client.post(address, follow=True)
    assert f"Đã cho văn bản {row.document_code} chạy lại." in done.text
    assert AttachmentScan.objects.get().parked_at is None
    told = AuditEvent.objects.get(verb="retry_parked")
    assert (told.actor, told.subject) == (administrator, row.document_code)


def test_old_documents_are_looked_for_every_hour_batch_by_batch(settings, client, monkeypatch):
    assert tasks.scan_old_documents.name in HOURLY
    settings.CLAMD_ADDRESS = ""
    Entered(client).send(CLEAN())
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    monkeypatch.setattr("requests.actions.scanning.AT_ONCE", 1)
    after, rounds = 0, 0
    while after is not None:
        after, rounds = actions.scan_old_documents(after=after), rounds + 1
    assert rounds >= 1 and AttachmentScan.objects.count() == 1
