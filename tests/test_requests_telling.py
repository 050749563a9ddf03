"""Telling people: which step is which event, once each, in words that give nothing away; channels and their order."""

import re
import smtplib
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import Error, transaction
from django.utils import timezone, translation

from lltp_portal import waiting
from requests import actions, machine, tasks, telling
from requests.messaging import channels, quiet, texts
from requests.messaging.channels import Outcome
from requests.models import Message, MessageChoice, SupplementRequest
from requests.states import State
from tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Viet Nam
FINGERPRINTS = {1: "482c8a528c385356", 2: "19092ce617220db8", 3: "f2fb516e2ea21f9d"}
DOMAIN = "lltp.vi-du.example"


def of(certificate_request, event, channel=None):
    found = Message.objects.filter(request=certificate_request, event=event).order_by("pk")
    return found.get(channel=channel) if channel else list(found)


def told(certificate_request):
    """(event, key) in the portal, in the order of telling."""
    return list(
        Message.objects.in_portal().filter(request=certificate_request).order_by("pk").values_list("event", flat=True)
    )


# --- Which step is which event --------------------------------------------------------------------------------------


def test_every_step_is_either_told_or_left_out_on_purpose():
    steps = set(machine.rights())
    assert set(telling.FOLLOWED) | telling.SILENT == steps
    assert not set(telling.FOLLOWED) & telling.SILENT
    assert set(telling.FOLLOWED.values()) <= set(texts.EVENTS)


@pytest.mark.parametrize(
    ("state", "events"),
    [
        (State.AWAITING_PAYMENT, ["payment_asked"]),
        (State.VERIFIED, ["payment_asked", "payment_received", "received"]),
        (State.NEEDS_SUPPLEMENT, ["payment_asked", "payment_received", "received", "needs_supplement"]),
        (State.REFUSED, ["payment_asked", "payment_received", "refused", "refund"]),  # refused before receipt
        (State.WITHDRAWN, ["payment_asked", "payment_received", "received", "withdrawn"]),
        (State.STOPPED, ["payment_asked", "payment_received", "received", "stopped"]),
        (State.DELIVERED, ["payment_asked", "payment_received", "received", "issued", "delivered"]),
    ],
)
def test_a_request_on_its_way_is_told_of_in_the_portal_and_by_the_first_channel(state, events):
    certificate_request = factories.request_in(state)
    assert told(certificate_request) == events
    for event in events:
        portal, outside = of(certificate_request, event)
        assert (portal.channel, portal.state, portal.recipient) == ("portal", "sent", certificate_request.account)
        assert (outside.channel, outside.state) == ("email", "waiting")
        assert portal.told_at == outside.told_at


def test_receipt_tells_the_promised_day_and_a_supplement_its_last_day():
    received = factories.request_in("received")
    due = timezone.localtime(received.due_at)
    assert f"{due:%d/%m/%Y}" in of(received, "received", "portal").text
    asked = factories.request_in("needs_supplement")
    until = timezone.localtime(SupplementRequest.objects.get(request=asked).answer_by)
    assert until.date() >= timezone.localtime(asked.history().last().at + timedelta(days=15)).date()  # a working day
    assert f"{until:%d/%m/%Y}" in of(asked, "needs_supplement", "portal").text


def test_an_unpaid_request_that_the_system_stops_is_told_that_it_lapsed():
    certificate_request = factories.request_in("awaiting_payment")
    actions.stop(certificate_request, by=telling_system(), reason="Quá hạn nộp phí.")
    assert told(certificate_request)[-1] == "payment_lapsed"


def telling_system():
    from requests.permissions import SYSTEM

    return SYSTEM


def test_a_step_that_is_rolled_back_was_never_told():
    journey = factories.journey()
    with pytest.raises(RuntimeError), transaction.atomic():
        journey.take("submit")
        raise RuntimeError
    assert not Message.objects.exists()


def test_an_event_is_told_once_however_often_it_is_told_of_and_again_under_another_key():
    certificate_request = factories.request_in("received")
    for key in ("1", "1", "2"):
        telling.tell(certificate_request, "supplement_reminder", at=NOON, key=key)
    assert len(of(certificate_request, "supplement_reminder")) == 4  # two keys, two channels


def test_facts_that_the_words_do_not_use_are_dropped():
    certificate_request = factories.request_in("received")
    facts = {"answer_by": "2026-03-20T17:00:00+07:00", "full_name": "Nguyễn Văn Thử", "open_items": 3}
    message = telling.tell(certificate_request, "supplement_reminder", at=NOON, facts=facts)
    assert set(message.facts) == {"answer_by"}
    assert "Thứ Sáu, 20/03/2026" in message.text


# --- Words that give nothing away -----------------------------------------------------------------------------------


def everything_declared(certificate_request) -> list[str]:
    declaration = certificate_request.declaration
    fields = ["full_name", "permanent_address", "father_name", "mother_name", "phone", "email", "place_of_birth"]
    words = [getattr(declaration, name) for name in fields]
    words += [document.number for document in declaration.identity_documents.all()]
    words += [stay.address for stay in declaration.residences.all()]
    words += [declaration.date_of_birth, "/".join(reversed(declaration.date_of_birth.split("-")))]
    words += [certificate_request.dossier_number or "", certificate_request.account.full_name]
    return [word for word in words if word]


RESULTS = ("án tích", "an tich", "từ chối", "tu choi", "không được", "dừng", "dung xu ly", "thu hồi", "bổ sung", "phí")


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_no_message_carries_a_personal_detail_and_none_that_leaves_the_house_a_result(state, settings):
    settings.PUBLIC_BASE_URL = f"https://{DOMAIN}"
    settings.MESSAGE_CHANNELS = ["email", "sms", "zalo"]
    certificate_request = factories.request_in(state)
    facts = {"ended": NOON, "due": NOON, "answer_by": NOON, "pay_by": NOON, "new_due": NOON, "count": 3}
    secrets = everything_declared(certificate_request)
    for event in texts.EVENTS:
        for cause in texts.CAUSES:
            kept = texts.kept_facts(event, {**facts, "cause": cause})
            for channel in Message.Channel.values:
                text = telling.words(event, channel, certificate_request.code, kept)
                folded = texts.without_marks(text).casefold()
                assert certificate_request.code in text
                for secret in secrets:
                    assert texts.without_marks(secret).casefold() not in folded
                said = text.replace(certificate_request.code, "")  # a code may have nine digits in a row
                assert not re.search(r"\d{9}|/c/|/requests/|https?:|%\(|\{", said)
                if channel != "portal":
                    assert DOMAIN in text
                    assert not [word for word in RESULTS if word in text.casefold()]
                    assert not re.search(r"\d\d/\d\d", text)


def test_what_leaves_the_house_is_the_same_for_every_result():
    ends = ("issued", "refused", "stopped", "payment_lapsed")
    for channel in ("email", "sms", "zalo"):
        assert len({telling.words(event, channel, "YC-0123456789ABCDEF", {}) for event in ends}) == 1


@pytest.mark.parametrize("event", texts.EVENTS)
def test_an_sms_is_one_part_without_marks(event):
    text = texts.for_sms(event, "YC-0123456789ABCDEF", DOMAIN)
    assert text.isascii() and len(text) <= texts.SMS_LENGTH
    assert text.startswith("Ho so YC-0123456789ABCDEF ")


def test_an_e_mail_says_the_same_in_vietnamese_and_in_english():
    paragraphs = texts.for_mail("issued", "YC-0123456789ABCDEF", DOMAIN).strip().split("\n\n")
    assert [part.split(" ")[0] for part in paragraphs] == ["Hồ", "Request", "Thư", "This"]
    assert all(DOMAIN in part for part in paragraphs)
    assert all("YC-0123456789ABCDEF" in part for part in paragraphs[:2])


def test_marks_are_taken_off_in_both_forms_of_unicode():
    for form in ("NFC", "NFD"):
        assert texts.without_marks(unicodedata.normalize(form, "Đăng nhập Ẫ Ỗ đỗ")) == "Dang nhap A O do"


def test_a_changed_word_needs_a_new_version():
    """Red? Raise texts.VERSION and add the new fingerprint here."""
    assert FINGERPRINTS[texts.VERSION] == texts.fingerprint()


def test_in_another_language_the_inbox_makes_the_words_anew_from_the_same_facts(monkeypatch):
    message = of(factories.request_in("received"), "received", "portal")
    monkeypatch.setattr(texts, "in_portal", lambda event, code, facts: f"{event} {code} {sorted(facts)}")
    assert message.words == message.text
    with translation.override("en"):
        assert message.words == f"received {message.request.code} ['due']"
        monkeypatch.setattr(texts, "VERSION", 99)
        assert message.words == message.text


@pytest.mark.parametrize("column", ["text", "event", "key", "facts", "told_at", "recipient"])
def test_the_database_keeps_the_words_as_they_were_said(column):
    message = of(factories.request_in("received"), "received", "email")
    other = {"text": "khác", "event": "issued", "key": "x", "facts": {}, "told_at": NOON, "recipient": None}
    with pytest.raises(Error, match="keeps its words"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**{column: other[column]})
    with pytest.raises(Error, match="are kept"), transaction.atomic():
        message.delete()


# --- Quiet hours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2026-03-04T20:59:59+07:00", "2026-03-04T20:59:59+07:00"),
        ("2026-03-04T21:00:00+07:00", "2026-03-05T07:00:00+07:00"),
        ("2026-03-05T00:30:00+07:00", "2026-03-05T07:00:00+07:00"),
        ("2026-03-05T06:59:59+07:00", "2026-03-05T07:00:00+07:00"),
        ("2026-03-05T07:00:00+07:00", "2026-03-05T07:00:00+07:00"),
        ("2026-03-04T15:00:00+00:00", "2026-03-05T07:00:00+07:00"),
    ],
)
def test_nobody_is_woken_between_nine_and_seven(at, goes):
    assert quiet.earliest(datetime.fromisoformat(at)) == datetime.fromisoformat(goes)


@pytest.mark.parametrize(("hours", "goes"), [((1, 5), "05:00"), ((0, 0), "01:30"), ((22, 2), "02:00")])
def test_the_quiet_hours_are_a_setting(settings, hours, goes):
    settings.MESSAGE_QUIET_HOURS = hours
    at = datetime.fromisoformat("2026-03-05T01:30:00+07:00")
    assert quiet.earliest(at) == datetime.fromisoformat(f"2026-03-05T{goes}:00+07:00")


def test_at_night_the_portal_tells_at_once_and_the_mail_in_the_morning():
    night = NOON + timedelta(hours=11)  # 23:00
    certificate_request = factories.request_in("received")
    telling.tell(certificate_request, "refund", at=night)
    assert of(certificate_request, "refund", "portal").sent_at == night
    outside = of(certificate_request, "refund", "email")
    assert not Message.objects.due(night).filter(pk=outside.pk).exists()
    actions.send_message(outside.pk, at=night)
    assert not mail.outbox
    morning = NOON + timedelta(hours=19)
    assert Message.objects.due(morning).filter(pk=outside.pk).exists()
    actions.send_message(outside.pk, at=morning)
    assert len(mail.outbox) == 1


def test_a_message_that_is_tried_at_night_for_whatever_reason_is_put_off_and_no_crash_is_counted():
    certificate_request = factories.request_in("received")
    telling.tell(certificate_request, "refund", at=NOON)
    outside = of(certificate_request, "refund", "email")
    night = NOON + timedelta(hours=11)
    actions.send_message(outside.pk, at=night)
    outside = of(certificate_request, "refund", "email")
    assert not mail.outbox
    assert (outside.next_try_at, outside.crashes, outside.lease_until) == (NOON + timedelta(hours=19), 0, None)


# --- Sending --------------------------------------------------------------------------------------------------------


@pytest.fixture
def message():
    """An e-mail that waits; only its own event's."""
    certificate_request = factories.request_in("received")
    telling.tell(certificate_request, "refund", at=NOON)
    return of(certificate_request, "refund", "email")


def test_a_mail_goes_to_the_account_once_however_often_the_bell_rings(message):
    for _ in range(3):
        actions.send_message(message.pk, at=NOON)
    (letter,) = mail.outbox
    assert letter.to == [message.recipient.email]
    assert letter.subject == f"Hồ sơ {message.request.code} / Request {message.request.code}"
    assert letter.body == message.text
    sent = Message.objects.get(pk=message.pk)
    assert (sent.state, sent.sent_at, sent.provider_id) == ("sent", NOON, letter.extra_headers["Message-ID"])
    assert message.send_key.hex in sent.provider_id


def test_the_address_is_looked_up_when_it_is_sent_and_stands_in_no_row(message):
    user = message.recipient
    user.email = "moi@vi-du.example"
    user.save()
    actions.send_message(message.pk, at=NOON)
    assert mail.outbox[0].to == ["moi@vi-du.example"]
    row = Message.objects.filter(pk=message.pk).values().get()
    assert not [value for value in row.values() if "moi@" in str(value) or "0900000001" in str(value)]


def outcomes(monkeypatch, *results):
    """The next talks end like this."""
    waiting, letters = list(results), []

    def send(letter):
        letters.append(letter)
        return waiting.pop(0) if waiting else Outcome(channels.SENT, "id")

    monkeypatch.setattr(channels, "send", send)
    return letters


def test_a_provider_that_is_away_is_asked_again_without_end_and_never_parked(message, monkeypatch):
    letters = outcomes(monkeypatch, *[Outcome(channels.AWAY, cause="Chưa gọi được.")] * 30)
    now, waits = NOON, []
    for _ in range(30):
        actions.send_message(message.pk, at=now)
        message = Message.objects.get(pk=message.pk)
        waits.append(message.next_try_at - now)
        assert (message.state, message.last_cause, message.parked_at) == ("waiting", "Chưa gọi được.", None)
        now = message.next_try_at
    assert max(waits) < timedelta(seconds=361)
    actions.send_message(message.pk, at=now)
    assert Message.objects.get(pk=message.pk).state == "sent"
    assert len({letter.key for letter in letters}) == 1


def test_the_first_answer_pulls_the_others_forward(monkeypatch):
    first, second = factories.request_in("received"), factories.request_in("received")
    for certificate_request in (first, second):
        telling.tell(certificate_request, "refund", at=NOON)
    outcomes(monkeypatch, Outcome(channels.AWAY, cause="x"))
    away, well = of(first, "refund", "email"), of(second, "refund", "email")
    actions.send_message(away.pk, at=NOON)
    assert Message.objects.get(pk=away.pk).next_try_at > NOON
    actions.send_message(well.pk, at=NOON)
    assert Message.objects.get(pk=away.pk).next_try_at == NOON


def test_what_is_refused_for_good_goes_by_the_next_channel_and_the_last_refusal_ends_it(message, monkeypatch, settings):
    settings.MESSAGE_CHANNELS, settings.MESSAGE_PROVIDER_URL = ["email", "sms", "zalo"], "http://127.0.0.1:9"
    letters = outcomes(monkeypatch, *[Outcome(channels.REFUSED, cause="Không có người này.")] * 3)
    for channel in ("email", "sms", "zalo"):
        actions.send_message(of(message.request, "refund", channel).pk, at=NOON)
        row = of(message.request, "refund", channel)
        assert (row.state, row.last_cause) == ("failed", "Không có người này.")
    assert [(letter.channel, letter.to) for letter in letters] == [
        ("email", message.recipient.email),
        ("sms", "84900000001"),
        ("zalo", "84900000001"),
    ]
    assert letters[1].text.isascii()
    assert len(of(message.request, "refund")) == 4


def test_a_request_of_the_counter_without_mail_goes_straight_to_the_phone(settings, monkeypatch):
    settings.MESSAGE_PROVIDER_URL = "http://127.0.0.1:9"
    letters = outcomes(monkeypatch)
    clerk = factories.make_staff("intake_clerk")
    draft = actions.create_draft(by=clerk, account=None, channel="counter", at=NOON)
    rows = factories.complete_rows()
    actions.save_declaration(draft, by=clerk, fields=factories.complete_fields(email=""), rows=rows)
    actions.submit(draft, by=clerk, at=NOON)
    assert of(draft, "payment_asked", "portal").recipient is None
    actions.send_message(of(draft, "payment_asked", "email").pk, at=NOON)
    assert of(draft, "payment_asked", "email").state == "suppressed"
    actions.send_message(of(draft, "payment_asked", "sms").pk, at=NOON)
    assert [letter.to for letter in letters] == ["84900000001"]


def test_what_is_no_longer_true_is_not_sent():
    journey = factories.journey(at=NOON - timedelta(days=1))
    journey.take("submit")
    asked = of(journey.request, "payment_asked", "email")
    journey.take("record_payment")
    actions.send_message(asked.pk, at=NOON)
    assert not mail.outbox
    assert of(journey.request, "payment_asked", "email").state == "suppressed"
    assert of(journey.request, "payment_asked", "portal").state == "sent"


def test_who_wants_only_the_essential_gets_lateness_and_result_and_no_more():
    citizen = factories.make_citizen()
    actions.choose_messages(by=citizen, only_essential=True)
    certificate_request = factories.request_in("stopped", by=citizen)
    assert of(certificate_request, "received", "email").state == "suppressed"
    assert of(certificate_request, "received", "portal").state == "sent"
    assert of(certificate_request, "stopped", "email").state == "waiting"
    telling.tell(certificate_request, "late_warning", at=NOON)
    assert of(certificate_request, "late_warning", "email").state == "waiting"
    essential = {name for name, event in texts.EVENTS.items() if event.essential}
    results = {"issued", "refused", "stopped", "payment_lapsed", "certificate_revoked", "certificate_replaced"}
    assert essential == results | {"late_warning", "late_apology", "term_extended"}
    assert MessageChoice.objects.get().only_essential


class Refusing:
    """A mail server's ways of saying no."""

    def __init__(self, error):
        self.error = error

    def __call__(self, *args, **kwargs):
        raise self.error


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (smtplib.SMTPRecipientsRefused({"ai@vi-du.example": (550, b"no such user ai@vi-du.example")}), "refused"),
        (smtplib.SMTPRecipientsRefused({"ai@vi-du.example": (451, b"greylisted")}), "away"),
        (smtplib.SMTPAuthenticationError(535, b"who are you"), "away"),
        (smtplib.SMTPServerDisconnected("gone"), "away"),
        (TimeoutError(), "away"),
        (ConnectionRefusedError(), "away"),
        (ValueError("bad header"), "refused"),
    ],
)
def test_a_mail_server_that_says_no_is_understood_and_never_quoted(monkeypatch, error, result):
    monkeypatch.setattr(channels.EmailMessage, "send", Refusing(error))
    outcome = channels.send(channels.Letter("email", "ai@vi-du.example", "Hồ sơ", "…", "k"))
    assert outcome.result == result
    assert outcome.cause and "ai@" not in outcome.cause


def test_the_digest_tells_once_a_week_who_looked(monkeypatch):
    from lltp_portal.audit.models import AuditEvent
    from requests.actions import looked

    certificate_request = factories.request_in("received")
    clerk = factories.make_staff("verifying_clerk")
    AuditEvent.objects.record("view_findings", actor=clerk, subject=certificate_request.code)
    next_week = timezone.now() + timedelta(days=7)
    assert looked.tell_who_looked(next_week).done >= 1
    assert looked.tell_who_looked(next_week + timedelta(hours=1)).done == 0
    assert "Số lần xem: 1." in of(certificate_request, "looked_at", "portal").text
    assert actions.tell_who_looked(next_week + timedelta(days=7)).done == 0


def test_everybody_is_told_who_looked_however_many_they_are(monkeypatch):
    """A task has some seconds: what one batch leaves is rung for at once, or the week would be over before its end."""
    morning = timezone.localtime().replace(hour=9)
    last_week = morning - timedelta(days=morning.weekday() + 5)  # its Wednesday
    looked_at = [factories.request_in("reviewing", at=last_week) for _ in range(5)]  # each was asked about
    monkeypatch.setattr(waiting, "AT_ONCE", 2)
    rung = []
    monkeypatch.setattr(tasks.doorbell, "ring", lambda task, pk: rung.append((task.name, pk)))
    tasks.tell_who_looked()
    assert Message.objects.in_portal().filter(event="looked_at").count() == 2
    while rings := [after for name, after in rung if name == tasks.tell_who_looked.name]:
        rung.clear()
        tasks.tell_who_looked(rings[0])
    assert all(of(one, "looked_at", "portal") for one in looked_at)
