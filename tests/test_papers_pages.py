"""The pages that show papers: who opens them, what is written down, and what stands there until they are printed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from requests import actions
from requests.models import Paper
from requests.papers import printing
from requests.papers.content import Kind
from tests import factories
from tests.papers_samples import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.make_office()


@pytest.fixture
def received(office):
    request = factories.request_in("received", office=office)
    for paper in request.papers.all():
        printing.print_paper(paper.pk)
    return request


def address(request, kind="receipt"):
    return reverse("request_paper", args=[request.code, request.papers.filter(kind=kind).newest_first().first().seq])


def test_who_files_opens_their_receipt_as_it_was_stored(client, received):
    client.force_login(received.filed_by)
    response = client.get(address(received))
    paper = received.papers.get(kind="receipt")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content == bytes(paper.bytes.pdf)
    name = f"giay-tiep-nhan-ho-so-va-hen-tra-ket-qua-{received.code}-{paper.seq}.pdf"  # as the paper is called
    assert response["Content-Disposition"] == f'inline; filename="{name}"'
    assert "no-store" in response["Cache-Control"]
    assert received.dossier_number in text_of(response.content)
    assert not AuditEvent.objects.filter(verb="read_paper").exists()


def test_an_official_reads_it_too_and_the_citizen_sees_that(client, received, office):
    client.force_login(office.verifying_clerk)
    assert client.get(address(received)).status_code == 200
    event = AuditEvent.objects.get(verb="read_paper")
    assert (event.actor, event.subject, event.details["paper"]) == (office.verifying_clerk, received.code, "receipt")
    client.force_login(received.filed_by)
    page = client.get(reverse("request_detail", args=[received.code])).text
    assert "Xem giấy tờ của hồ sơ" in page and office.verifying_clerk.full_name not in page


def test_others_learn_nothing(client, received):
    elsewhere = factories.make_staff("intake_clerk", authority=factories.department("36"))
    for stranger in (factories.make_citizen(), elsewhere, factories.make_staff("national_administrator")):
        client.force_login(stranger)
        assert client.get(address(received)).status_code == 404
        assert client.post(reverse("request_letter", args=[received.code])).status_code == 404
    client.logout()
    assert client.get(address(received)).status_code == 302
    client.force_login(received.filed_by)
    assert client.get(reverse("request_paper", args=[received.code, 99])).status_code == 404


def test_the_status_page_lists_what_is_printed_and_says_of_the_rest_that_it_is_being_prepared(client, office):
    request = factories.request_in("received", office=office)
    client.force_login(request.filed_by)
    page = client.get(reverse("request_detail", args=[request.code])).text
    assert page.count("Đang chuẩn bị") == 3 and address(request) not in page
    waiting = client.get(address(request), follow=True)
    assert waiting.redirect_chain[-1][0] == request.get_absolute_url()
    assert "Giấy này đang được chuẩn bị" in waiting.text
    printing.print_paper(request.papers.get(kind="receipt").pk)
    page = client.get(reverse("request_detail", args=[request.code])).text
    assert page.count("Đang chuẩn bị") == 2
    assert f'href="{address(request)}"' in page and "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in page
    assert "1 trang" in page and "KB" in page


def test_the_confirmation_offers_slip_and_receipt_once_they_exist(client, received):
    client.force_login(received.filed_by)
    page = client.get(reverse("request_sent", args=[received.code])).text
    assert address(received) in page and address(received, "tracking_slip") in page
    assert address(received, "fee_receipt") not in page


def test_the_clerks_desk_lists_the_papers_for_printing(client, received, office):
    client.force_login(office.intake_clerk)
    page = client.get(reverse("clerk_request", args=[received.code])).text
    for kind in ("tracking_slip", "fee_receipt", "receipt"):
        assert f'href="{address(received, kind)}"' in page


def test_a_letter_for_an_employer_is_written_once_a_day_and_only_while_the_request_is_under_way(client, received):
    client.force_login(received.filed_by)
    ask = reverse("request_letter", args=[received.code])
    assert client.get(ask).status_code == 302 and not received.papers.filter(kind=Kind.PROCESSING_LETTER).exists()
    for _ in range(2):
        assert "Đã lập giấy xác nhận" in client.post(ask, follow=True).text
    letter = received.papers.get(kind=Kind.PROCESSING_LETTER)
    printing.print_paper(letter.pk)
    text = text_of(bytes(Paper.objects.get(pk=letter.pk).bytes.pdf))
    assert "đã tiếp nhận hồ sơ nói trên và đang giải quyết" in text and "không nói gì về án tích" in text
    actions.confirm_processing(received, by=received.filed_by, at=timezone.now() + timedelta(days=1))
    assert received.papers.filter(kind=Kind.PROCESSING_LETTER).count() == 2
    actions.withdraw(received, by=received.filed_by)
    assert "đã giải quyết xong nên không có giấy" in client.post(ask, follow=True).text
    assert "Lấy giấy xác nhận" not in client.get(received.get_absolute_url()).text


def test_an_official_of_the_office_asks_for_no_letter(client, received, office):
    client.force_login(office.intake_clerk)
    assert client.post(reverse("request_letter", args=[received.code])).status_code == 404


def test_a_parked_paper_stands_on_the_board_and_one_press_prints_it(client, office):
    request = factories.request_in("received", office=office)
    paper = request.papers.get(kind="receipt")
    Paper.objects.filter(pk=paper.pk).update(parked_at=timezone.now(), last_cause="Trang 1 có chữ ra ngoài lề giấy.")
    client.force_login(factories.make_staff("authority_administrator"))
    page = client.get(reverse("waiting_rows")).text
    assert "In giấy tờ của hồ sơ" in page and "Trang 1 có chữ ra ngoài lề giấy." in page
    retry = reverse("retry_parked", args=[request.code, "paper"])
    assert client.post(retry, {"source": "x"}).status_code == 404
    assert "chạy lại" in client.post(retry, {"source": paper.seq}, follow=True).text
    assert Paper.objects.get(pk=paper.pk).parked_at is None
    client.force_login(office.intake_clerk)
    assert "đang in" in client.get(reverse("clerk_request", args=[request.code])).text
