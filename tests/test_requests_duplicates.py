"""What is there already is offered first: an open request of the same kind, a certificate still fit; nobody else's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from requests import actions, duplicates
from requests.models import CertificateRequest
from tests import factories

pytestmark = pytest.mark.django_db
NUMBER = factories.identity_number()


def filed(by, *, number=NUMBER, **fields):
    """A complete draft about the same person."""
    draft = actions.create_draft(by=by, account=None if by.is_staff_member else by)
    rows = factories.complete_rows(number=number)
    actions.save_declaration(draft, by=by, fields=factories.complete_fields(**fields), rows=rows)
    return CertificateRequest.objects.with_people().get(pk=draft.pk)


def sent(by, **fields):
    return actions.submit(filed(by, **fields), by=by)


def found_for(draft, by):
    return [one.certificate_request.pk for one in duplicates.of_declaration(draft.declaration, by, timezone.now())]


def test_an_open_request_of_the_same_kind_is_found_by_number_or_by_name_and_birth():
    citizen = factories.make_citizen()
    first = sent(citizen)
    assert found_for(filed(citizen, full_name="Nguyễn Văn Khác"), citizen) == [first.pk]
    assert found_for(filed(citizen, number=factories.identity_number()), citizen) == [first.pk]
    other = filed(citizen, number=factories.identity_number(), full_name="Nguyễn Văn Khác")
    assert found_for(other, citizen) == []
    assert found_for(filed(citizen, certificate_type=2), citizen) == []


def test_an_ended_request_and_a_draft_are_no_duplicates():
    citizen = factories.make_citizen()
    actions.withdraw(sent(citizen), by=citizen)
    filed(citizen)
    assert found_for(filed(citizen), citizen) == []


def test_another_accounts_requests_are_never_told_of():
    sent(factories.make_citizen())
    stranger = factories.make_citizen()
    assert found_for(filed(stranger), stranger) == []


def test_a_certificate_is_offered_while_it_is_fit(settings):
    citizen = factories.make_citizen()
    issued = factories.request_in("delivered", by=citizen, rows={"number": NUMBER})
    draft = filed(citizen)
    now = timezone.now()
    [offered] = duplicates.of_declaration(draft.declaration, citizen, now)
    assert (offered.certificate_request, offered.is_open) == (issued, False)
    assert offered.fit_until == (timezone.localtime(issued.issued_at) + timedelta(days=180)).date()
    assert duplicates.of_declaration(draft.declaration, citizen, now + timedelta(days=181)) == []


def test_what_there_is_stands_on_the_start_page_before_anything_is_filled_in(client):
    citizen = factories.make_citizen()
    client.force_login(citizen)
    assert "Bắt đầu khai" in client.get(reverse("start_request")).text
    first = sent(citizen)
    html = client.get(reverse("start_request")).text
    assert html.index("Bạn đang có một hồ sơ cùng loại chưa xong.") < html.index("Vẫn yêu cầu Phiếu mới")
    assert first.get_absolute_url() in html and "Bắt đầu khai" not in html


def test_a_child_of_the_reader_is_not_the_reader(client):
    citizen = factories.make_citizen()
    sent(citizen, filed_as="parent", proxy_name="Trần Thị Nộp", proxy_relation="mother", date_of_birth="2015-03-27")
    assert duplicates.of_reader(citizen, timezone.now()) == []


def test_a_clerk_is_told_of_the_offices_own_requests_only():
    clerk = factories.make_staff("intake_clerk")
    here = sent(factories.make_citizen())
    sent(factories.make_citizen(), permanent_province="36")
    draft = actions.create_draft(by=clerk, account=None, channel="counter")
    rows = factories.complete_rows(number=NUMBER)
    actions.save_declaration(draft, by=clerk, fields=factories.complete_fields(), rows=rows)
    draft = CertificateRequest.objects.with_people().get(pk=draft.pk)
    assert found_for(draft, clerk) == [here.pk]


# --- What an earlier request said ---


def test_an_earlier_declaration_is_filled_in_with_its_source(client):
    citizen = factories.make_citizen()
    client.force_login(citizen)
    earlier = sent(citizen)
    assert "Điền sẵn lời khai về tôi từ hồ sơ" in client.get(reverse("start_request")).text
    client.post(reverse("start_request"), {"reuse": "1"})
    draft = CertificateRequest.objects.with_people().exclude(pk=earlier.pk).get()
    declaration = draft.declaration
    assert (declaration.date_of_birth, declaration.identity_number) == ("1990-03-27", NUMBER)
    assert (declaration.purpose, declaration.declared_record, declaration.fee_category) == ("", "", "")
    assert declaration.answered == []
    assert declaration.prefilled["date_of_birth"]["reference"] == earlier.code
    for slug in ("person", "documents", "residences"):
        html = client.get(reverse("request_page", args=[draft.code, slug])).text
        assert f"Từ hồ sơ trước của bạn, mã {earlier.code}" in html
    check = client.get(reverse("request_check", args=[draft.code])).text
    assert f"Từ hồ sơ trước của bạn, mã {earlier.code}" in check and "Có chỗ sai?" in check


def test_without_the_tick_nothing_is_filled_in(client):
    citizen = factories.make_citizen()
    client.force_login(citizen)
    earlier = sent(citizen)
    client.post(reverse("start_request"))
    draft = CertificateRequest.objects.with_people().exclude(pk=earlier.pk).get()
    assert draft.declaration.date_of_birth == ""


def test_a_value_that_is_changed_loses_its_source_and_the_others_keep_it(client):
    citizen = factories.make_citizen(full_name="Nguyễn Văn Thử")
    draft = actions.create_draft(by=citizen, account=citizen)
    assert set(draft.declaration.prefilled) == {"full_name", "email"}
    actions.save_declaration(draft, by=citizen, fields={"full_name": "Nguyễn Văn Thử", "email": "khac@vi-du.example"})
    [declaration] = draft.declarations.all()
    assert set(declaration.prefilled) == {"full_name"}
