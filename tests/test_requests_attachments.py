"""Papers of a request: which a case needs, the page that takes them, versions that keep theirs, and who may look."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid
from requests import actions, attached, evidence
from requests.actions.attaching import AttachmentRefused
from requests.attachments import limits, receiving
from requests.models import Attachment, AttachmentContent, CertificateRequest, attachments_of
from requests.readers import readers
from tests import attached_papers, factories, paper_files
from tests.attached_papers import attach, posted

pytestmark = pytest.mark.django_db
PROXY = {
    "filed_as": "proxy",
    "proxy_name": "Trần Thị Nộp",
    "proxy_relation": "other",
    "proxy_mandate_on": date(2024, 10, 15),
    "proxy_mandate_place": "Phòng công chứng số 1",
}


@pytest.fixture
def draft():
    return factories.journey().request


@pytest.fixture
def page(client, draft):
    """The page of papers of `draft`, for the one who files it: GET, and POST with what a browser sends."""
    client.force_login(draft.filed_by)
    url = reverse("request_attachments", args=[draft.code])

    def post(*files, **typed):
        return client.post(url, {"kind": "other", "files": list(files), "whole": "1", **typed})

    return SimpleNamespace(url=url, get=lambda: client.get(url).text, post=post)


def papers_of(certificate_request) -> list[Attachment]:
    declaration = certificate_request.declarations.order_by("-version")[0]
    return list(Attachment.objects.of_declaration(declaration))


# --- Which papers a case needs ----------------------------------------------------------------------------------------

SELF = {
    "online": True,
    "proxy_name": "",
    "relation": "",
    "date_of_birth": "1990-03-27",
    "fee_category": "standard",
    "today": date(2025, 2, 28),
    "minor_under": 18,
}


@pytest.mark.parametrize(
    ("case", "kinds"),
    [
        ({}, []),
        ({"online": False}, [("identity_copy", True, False)]),
        ({"proxy_name": "A", "relation": "other"}, [("mandate", False, True)]),
        ({"proxy_name": "A", "relation": "spouse"}, [("proof_of_relation", True, False)]),
        ({"proxy_name": "A", "relation": "mother"}, [("proof_of_relation", True, False)]),
        (
            {"proxy_name": "A", "relation": "mother", "date_of_birth": "2007-03-01"},
            [("birth_certificate", True, False)],
        ),
        (
            {"proxy_name": "A", "relation": "mother", "date_of_birth": "2007-02-28"},
            [("proof_of_relation", True, False)],
        ),
        ({"fee_category": "poor"}, [("fee_proof", True, True)]),
        ({"fee_category": "elderly"}, []),
        ({"fee_category": "child"}, []),
        (
            {"online": False, "proxy_name": "A", "relation": "other", "fee_category": "student"},
            [("mandate", True, True), ("fee_proof", True, True), ("identity_copy", True, False)],
        ),
    ],
)
def test_a_case_needs_what_the_law_wants_and_nothing_else(case, kinds):
    needs = evidence.needed(**{**SELF, **case})
    assert [(need.kind, need.at_counter, need.stops) for need in needs] == kinds
    assert all(need.why.endswith(".") for need in needs)


def test_every_category_that_lowers_the_fee_has_its_proof_or_is_seen_from_the_age():
    from requests.models import Declaration

    assert set(evidence.PROOFS) == evidence.CATEGORIES_WITH_PROOF
    seen = {"standard", "child", "elderly", "agency", "proceedings_agency"}  # an agency's letter says what it is
    assert set(Declaration.FeeCategory.values) == evidence.CATEGORIES_WITH_PROOF | seen


def test_a_mandate_is_attached_before_an_online_request_is_sent():
    draft = factories.journey(fields=PROXY).request
    with pytest.raises(Invalid) as refused:
        actions.submit(draft, by=draft.filed_by)
    assert refused.value.fields["papers"][0]["code"] == "proof"
    attach(draft, paper_files.pdf(), kind="mandate", name="uỷ quyền.pdf")
    assert actions.submit(draft, by=draft.filed_by).state == "awaiting_payment"


def test_a_lower_fee_needs_its_proof_or_the_promise_to_show_it_at_the_counter():
    draft = factories.journey(fields={"fee_category": "student"}).request
    actions.show_at_counter(draft, by=draft.filed_by, kinds=[])
    with pytest.raises(Invalid, match="1 chỗ"):
        actions.submit(draft, by=draft.filed_by)
    actions.show_at_counter(draft, by=draft.filed_by, kinds=["fee_proof"])
    assert [one.is_there for one in attached.standing(draft.declaration, timezone.localdate())] == [True]
    assert actions.submit(draft, by=draft.filed_by).state == "awaiting_payment"


# --- The page -------------------------------------------------------------------------------------------------------


def test_the_page_of_a_plain_request_asks_for_nothing_and_goes_on(page):
    assert "Hồ sơ của bạn không cần kèm giấy tờ nào." in page.get() and "Chưa có tệp nào." in page.get()
    assert page.post().status_code == 302


def test_several_files_come_in_one_go_and_are_listed(page, draft):
    response = page.post(
        posted(paper_files.photograph()), posted(paper_files.pdf(), "giấy khai sinh.pdf"), add="1", kind="identity_copy"
    )
    assert (response.status_code, response.url) == (302, page.url)
    html = page.get()
    assert "Đã nhận 2 tệp." in html and "giấy khai sinh.pdf" in html and "Bản chụp giấy tờ tùy thân" in html
    assert [paper.media_type for paper in papers_of(draft)] == ["image/jpeg", "application/pdf"]
    assert html.count("<image ") == 2 and len(re.findall(r'<image href="([^"]+)"', html)) == 2
    assert len(set(re.findall(r'<image href="([^"]+)"', html))) == 1  # one fetch, however long the list


def test_a_bad_file_is_explained_beside_the_field_and_holds_up_no_other(page, draft):
    response = page.post(posted(paper_files.photograph()), posted(b"MZ", "thư mời.exe"), add="1")
    html = response.text
    assert response.status_code == 422 and "<title>Lỗi: " in html
    words = "thư mời.exe: Tệp này không phải ảnh JPEG, PNG, WebP hay tệp PDF."
    summary = re.search(r'<div class="error-summary".*?</div>', html, re.S)[0]
    assert words in summary and 'href="#id_files"' in summary and html.count(words) == 2
    assert "1 tệp khác đã được nhận." in html
    assert len(papers_of(draft)) == 1


def test_a_byte_over_ten_megabytes_is_said_in_words_and_everything_else_is_kept(page, draft):
    """E08: also the tick on the same page, and the file that came after the large one."""
    actions.save_declaration(draft, by=draft.filed_by, fields={"fee_category": "poor"})
    large = posted(b"%PDF-" + bytes(limits.MOST_BYTES - 4), "lớn.pdf")
    response = page.post(large, posted(paper_files.photograph()), at_counter="fee_proof", add="1")
    assert response.status_code == 422
    assert "lớn.pdf: Tệp lớn hơn 10 MB." in response.text
    assert [paper.original_name for paper in papers_of(draft)] == ["giấy tờ.jpg"]
    assert re.search(r'value="fee_proof" checked', response.text)


def test_an_empty_file_and_no_file_are_said_in_words(page):
    assert "Tệp không có nội dung." in page.post(posted(b"", "a.pdf"), add="1").text
    response = page.post(add="1")
    assert response.status_code == 422 and "Chọn tệp hoặc chụp ảnh" in response.text


def test_a_body_beyond_all_measure_is_not_kept(page, draft, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_BODY", 1000)
    response = page.post(posted(paper_files.photograph(size=(300, 300), quality=95)), add="1")
    assert response.status_code == 422 and "cộng lại lớn hơn" in response.text
    assert papers_of(draft) == []


def test_a_full_disk_is_said_honestly_and_nothing_is_half_kept(page, draft, monkeypatch):
    def no_room(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(receiving, "TemporaryUploadedFile", no_room)
    response = page.post(posted(paper_files.photograph()), add="1")
    assert response.status_code == 422 and "Hệ thống tạm hết chỗ nhận tệp." in response.text
    assert papers_of(draft) == []


def test_a_list_is_full_at_its_limit(page, draft, monkeypatch):
    monkeypatch.setattr("requests.actions.attaching.MOST_FILES", 2)
    for corner in ("red", "green"):
        attach(draft, paper_files.photograph(corner=corner))
    response = page.post(posted(paper_files.photograph(corner="blue")), add="1")
    assert "nhiều nhất 12 tệp" in response.text and len(papers_of(draft)) == 2


def test_papers_together_have_a_limit(draft, monkeypatch):
    monkeypatch.setattr("requests.actions.attaching.MOST_TOTAL", 1000)
    with pytest.raises(AttachmentRefused, match="cộng lại"):
        attach(draft, paper_files.photograph())


def test_the_same_file_twice_is_one_paper(page, draft):
    for _ in range(2):
        page.post(posted(paper_files.photograph()), add="1")
    assert len(papers_of(draft)) == 1


def test_going_on_takes_chosen_files_along_and_saving_for_later_never_complains(page, draft):
    actions.save_declaration(draft, by=draft.filed_by, fields=PROXY)
    stopped = page.post(posted(paper_files.photograph()))
    assert stopped.status_code == 422 and "Tải lên văn bản ủy quyền" in stopped.text
    assert len(papers_of(draft)) == 1
    assert page.post(later="1").status_code == 302
    assert page.post(posted(paper_files.pdf(), "uq.pdf"), kind="mandate").status_code == 302


def test_a_promise_that_the_law_does_not_allow_is_not_taken(page, draft):
    actions.save_declaration(draft, by=draft.filed_by, fields={**PROXY, "fee_category": "poor"})
    page.post(at_counter=["mandate", "fee_proof", "x"], later="1")
    declared = draft.declarations.get().attachments.filter(attachment__isnull=True)
    assert [link.kind for link in declared] == ["fee_proof"]


def test_a_kind_that_nobody_offered_is_another_paper(page, draft):
    page.post(posted(paper_files.photograph()), kind="<script>", add="1")
    assert [paper.kind for paper in papers_of(draft)] == ["other"]


def test_a_paper_is_removed_with_its_bytes(client, page, draft):
    paper = attach(draft, paper_files.photograph())
    url = reverse("request_remove_attachment", args=[draft.code, paper.code])
    assert client.get(url).status_code == 302 and len(papers_of(draft)) == 1
    assert client.post(url).status_code == 302
    assert papers_of(draft) == [] and AttachmentContent.objects.count() == 0
    assert client.post(url).status_code == 404


def test_the_name_that_was_sent_is_data_only(client, page, draft):
    """E07: shown without what deceives, escaped; never in an address, a header, a log line."""
    page.post(posted(paper_files.photograph(), '..\\x"><script>\u202egpj%0d%0a' + "a" * 300 + ".jpg"), add="1")
    [paper] = papers_of(draft)
    assert "\u202e" not in paper.original_name and len(paper.original_name) <= 100
    assert "<script>" not in page.get()
    response = client.get(reverse("request_attachment", args=[draft.code, paper.code]))
    assert response.headers["Content-Disposition"] == f'inline; filename="other-{paper.code}.jpg"'


def test_no_other_address_takes_files(client, page, draft):
    came = posted(paper_files.photograph())
    client.post(reverse("request_page", args=[draft.code, "record"]), {"declared_record": "x", "f": came})
    assert client.post(reverse("account_login"), {"login": "x", "f": came}).status_code in {200, 302}
    request = SimpleNamespace(path="/accounts/login/")
    handler = receiving.PaperUpload(request)
    with pytest.raises(receiving.SkipFile):
        handler.new_file("f", "a.jpg", "image/jpeg", 1)


# --- Versions -------------------------------------------------------------------------------------------------------


def refused(sql: str, *parameters) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError:
        return True
    return False


def test_what_was_sent_keeps_its_papers_whatever_is_tried():
    journey = factories.journey()
    paper, other = attach(journey.request, paper_files.photograph()), factories.journey().request
    foreign = attach(other, paper_files.photograph(corner="blue"))
    request = journey.take("submit")
    link = "requests_declaredattachment"
    assert refused(f"DELETE FROM {link} WHERE attachment_id = %s", paper.pk)
    assert refused(f"UPDATE {link} SET kind = 'mandate' WHERE attachment_id = %s", paper.pk)
    assert refused(f"INSERT INTO {link} (declaration_id, kind) VALUES (%s, 'other')", request.declaration_id)
    assert refused("DELETE FROM requests_attachmentcontent WHERE attachment_id = %s", paper.pk)
    assert refused("UPDATE requests_attachmentcontent SET content = ''::bytea WHERE attachment_id = %s", paper.pk)
    assert refused("UPDATE requests_attachment SET sha256 = 'x' WHERE id = %s", paper.pk)
    assert not refused("UPDATE requests_attachment SET state = 'quarantined' WHERE id = %s", paper.pk)
    assert refused("UPDATE requests_attachment SET state = 'clean' WHERE id = %s", paper.pk)
    another = f"INSERT INTO {link} (declaration_id, attachment_id, kind) VALUES (%s, %s, 'other')"
    assert refused(another, other.declaration_id, paper.pk) and foreign.request_id == other.pk


def test_a_supplement_begins_with_the_papers_there_were_and_changes_only_its_own_version(client):
    journey = factories.journey()
    old = attach(journey.request, paper_files.photograph())
    journey.to("needs_supplement")
    request = journey.request
    copy = actions.open_supplement(request, by=request.filed_by)
    assert list(attachments_of(copy)) == [old]
    new = attach(request, paper_files.pdf(), kind="proof_of_relation", name="mới.pdf")
    assert actions.detach(request, by=request.filed_by, code=old.code)
    actions.answer_supplement(request, by=request.filed_by, note="Đã thay ảnh bằng bản PDF.", at=timezone.now())
    request = CertificateRequest.objects.with_people().get(pk=request.pk)
    first = request.declarations.get(version=1)
    assert (list(attachments_of(first)), list(attachments_of(request.declaration))) == ([old], [new])
    assert list(attachments_of(request.declaration, "proof_of_relation")) == [new]
    assert list(attachments_of(request.declaration, "mandate")) == []
    client.force_login(journey.office.verifying_clerk)
    for paper in (old, new):  # the clerk may look at what any version had
        assert client.get(reverse("clerk_attachment", args=[request.code, paper.code])).status_code == 200


def test_a_draft_is_thrown_away_with_its_papers(draft):
    attach(draft, paper_files.photograph())
    actions.show_at_counter(draft, by=draft.filed_by, kinds=["fee_proof"])
    actions.delete_draft(draft, by=draft.filed_by)
    assert Attachment.objects.count() == AttachmentContent.objects.count() == 0


def test_what_was_sent_takes_no_more_papers(client):
    request = factories.file_request()
    client.force_login(request.filed_by)
    url = reverse("request_attachments", args=[request.code])
    assert client.post(url, {"files": posted(paper_files.photograph()), "whole": "1"}).status_code == 302
    assert Attachment.objects.count() == 0


# --- Who may look ---------------------------------------------------------------------------------------------------


def test_a_paper_is_handed_out_as_what_it_is_and_never_as_a_page(client, draft):
    picture, document = attach(draft, paper_files.photograph()), attach(draft, paper_files.pdf(), name="a.pdf")
    client.force_login(draft.filed_by)
    for paper, kind, how in ((picture, "image/jpeg", "inline"), (document, "application/pdf", "attachment")):
        response = client.get(reverse("request_attachment", args=[draft.code, paper.code]))
        assert response.headers["Content-Type"] == kind
        assert response.headers["Content-Disposition"].startswith(f"{how}; filename=")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in response.headers["Cache-Control"]
        assert bytes(paper.stored.content) == response.content


def test_another_account_finds_none_of_it(client):
    journey = factories.journey()
    paper = attach(journey.request, paper_files.photograph())
    request = journey.take("submit")
    elsewhere = factories.make_staff("intake_clerk", "approver", authority=factories.department("36"))
    addresses = [
        reverse("request_attachments", args=[request.code]),
        reverse("request_attachment_previews", args=[request.code]),
        reverse("request_attachment", args=[request.code, paper.code]),
        reverse("request_remove_attachment", args=[request.code, paper.code]),
        reverse("clerk_attachment_previews", args=[request.code]),
        reverse("clerk_attachment", args=[request.code, paper.code]),
        reverse("api_attachments", args=[request.code]),
        reverse("api_attachment", args=[request.code, paper.code]),
    ]
    for user in (factories.make_citizen(), elsewhere, factories.make_staff("national_administrator")):
        client.force_login(user)
        found = {client.get(url).status_code for url in addresses} | {client.post(url).status_code for url in addresses}
        assert found <= {404, 405}
    client.force_login(factories.make_citizen())
    mine = factories.journey(by=factories.make_citizen()).request
    client.force_login(mine.filed_by)
    assert client.get(reverse("request_attachment", args=[mine.code, paper.code])).status_code == 404
    assert client.get(reverse("clerk_attachment", args=[request.code, paper.code])).status_code == 404


def test_every_look_of_the_office_is_a_line_that_the_citizen_can_read(client):
    journey = factories.journey()
    paper = attach(journey.request, paper_files.photograph())
    in_a_draft = attach(factories.journey().request, paper_files.photograph(corner="blue"))
    request = journey.take("submit")
    client.force_login(journey.office.intake_clerk)
    assert client.get(reverse("clerk_attachment", args=[request.code, paper.code])).status_code == 200
    assert client.get(reverse("clerk_attachment_previews", args=[request.code])).status_code == 200
    assert client.get(reverse("clerk_attachment", args=[request.code, in_a_draft.code])).status_code == 404
    events = AuditEvent.objects.about(request.code).filter(verb__startswith="view_attachment")
    assert {(event.verb, event.actor) for event in events} == {
        ("view_attachment", journey.office.intake_clerk),
        ("view_attachment_previews", journey.office.intake_clerk),
    }
    assert "giấy tờ.jpg" not in str([event.details for event in events])
    seen, count = readers(request, most=5)
    assert count == 2 and {reader.purpose for reader in seen} == {
        "Thẩm tra giấy tờ kèm theo hồ sơ",
        "Xem giấy tờ kèm theo",
    }


def test_one_who_looks_at_their_own_leaves_no_line_and_a_list_reads_no_bytes(client, draft):
    paper = attached_papers.attach(draft, paper_files.photograph())
    client.force_login(draft.filed_by)
    client.get(reverse("request_attachment", args=[draft.code, paper.code]))
    assert not AuditEvent.objects.about(draft.code).filter(verb="view_attachment").exists()
    with connection.execute_wrapper(_refuse_bytes):
        assert "giấy tờ.jpg" in client.get(reverse("request_attachments", args=[draft.code])).text


def _refuse_bytes(execute, sql, params, many, context):
    assert "attachmentcontent" not in sql
    return execute(sql, params, many, context)
