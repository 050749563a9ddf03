"""Messages and real processes: killed between sending and recording, a provider that is away, refuses or mumbles."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from requests import telling
from requests.messaging import quiet
from requests.models import Message
from script.local import processes
from script.local.places import wait_until
from tests import factories
from tests.faults import stories

pytestmark = pytest.mark.processes
REFUSES_MAIL = "tests.refusing_mail.RefusingBackend"
ADDRESS = "cong-dan-thu@vi-du.example"


@pytest.fixture
def awake(monkeypatch):
    """Workers have a clock of their own, so at night these tests let them work by day: quiet hours are tried elsewhere."""
    if quiet.earliest(timezone.now()) > timezone.now():
        pytest.skip("Between 21:00 and 7:00 in Viet Nam nothing is sent; that is tried in test_requests_telling.")


def switch(world, how: str | None) -> None:
    mark = world.home.run / "messenger.mode"
    mark.write_text(how) if how else mark.unlink(missing_ok=True)


def taken(world) -> list[dict]:
    """What the provider has taken, one row a message."""
    path = world.home.run / "messenger.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def letters(world) -> list[str]:
    """What went out as mail: one file a connection."""
    return [path.read_text() for path in sorted((world.home.path / "mail").glob("*.log"))]


def outside(certificate_request, channel: str, event: str = "refund") -> Message:
    return Message.objects.get(request=certificate_request, event=event, channel=channel)


def wait_until_decided(message: Message, seconds: float = 60) -> Message:
    def decided():
        return Message.objects.filter(pk=message.pk).exclude(state="waiting").first()

    return wait_until(decided, seconds, f"message {message.pk} to be decided")


def ready(world, **env: str) -> None:
    switch(world, None)
    for name in ("worker", "beat"):
        if world.is_running(name):
            processes.kill(world.home, name)
    for mark in world.home.run.glob("failpoint.*"):
        mark.unlink()
    stories.ensure_running(world, "messenger")
    stories.ensure_running(world, "worker", "beat", **env)


def told_by_sms(world) -> Message:
    """A request told of something while mail refuses everybody: the phone's turn comes."""
    certificate_request = factories.file_request()
    telling.tell(certificate_request, "refund", at=timezone.now())
    return certificate_request


def test_a_worker_that_dies_between_sending_and_recording_sends_again_under_the_same_key_and_one_arrives(
    world, awake
):
    ready(world, LLTP_FAILPOINT="after_send", EMAIL_BACKEND=REFUSES_MAIL, PYTHONPATH=".")
    certificate_request = told_by_sms(world)
    wait_until(lambda: world.failpoint_pid("after_send"), 60, "the worker to die after sending")
    wait_until(
        lambda: Message.objects.filter(request=certificate_request, event="refund", channel="sms").exists(), 60, "SMS"
    )
    sent = wait_until_decided(outside(certificate_request, "sms"))
    assert sent.state == "sent"
    (row,) = [row for row in taken(world) if row["key"] == sent.send_key.hex]
    assert row["id"] == sent.provider_id
    assert (row["to"], row["channel"]) == ("84900000001", "sms")
    assert row["text"] == sent.text
    assert outside(certificate_request, "email").state == "failed"


def test_killed_at_the_sms_itself_one_message_arrives(world, awake):
    """The mail is refused at once, so the first thing that is really sent is the SMS; the worker dies right after."""
    ready(world, EMAIL_BACKEND=REFUSES_MAIL, PYTHONPATH=".")
    certificate_request = told_by_sms(world)
    first = wait_until_decided(outside(certificate_request, "email"))
    assert first.state == "failed"
    sms = wait_until_decided(outside(certificate_request, "sms"))
    message = outside(certificate_request, "sms")
    assert len([row for row in taken(world) if row["key"] == sms.send_key.hex]) == 1
    # The same message, as a worker that knows nothing of the first would send it: the provider answers the same id.
    from requests.messaging import channels

    with world.provider_settings():
        again = channels.send(channels.Letter("sms", "84900000001", "", message.text, message.send_key.hex))
    assert (again.result, again.provider_id) == ("sent", sms.provider_id)
    assert len([row for row in taken(world) if row["key"] == sms.send_key.hex]) == 1


def test_a_mail_may_come_twice_after_a_kill_but_not_more_and_under_one_message_id(world, awake):
    ready(world, LLTP_FAILPOINT="after_send")
    certificate_request = factories.file_request()
    wait_until(lambda: world.failpoint_pid("after_send"), 60, "the worker to die after sending")
    message = wait_until_decided(outside(certificate_request, "email", "payment_asked"))
    assert (message.state, message.crashes) == ("sent", 0)
    mine = [letter for letter in letters(world) if certificate_request.code in letter]
    assert 1 <= len(mine) <= 2
    assert all(message.send_key.hex in letter for letter in mine)


@pytest.mark.parametrize("how", ["away", "garbage", "stopped"])
def test_a_provider_that_is_not_there_or_mumbles_is_asked_again_until_it_answers(world, awake, how):
    ready(world, EMAIL_BACKEND=REFUSES_MAIL, PYTHONPATH=".")
    if how == "stopped":
        processes.kill(world.home, "messenger")
    else:
        switch(world, how)
    certificate_request = told_by_sms(world)
    wait_until(
        lambda: Message.objects.filter(
            request=certificate_request, event="refund", channel="sms", attempts__gte=2
        ).first(),
        60,
        "two attempts",
    )
    waiting = outside(certificate_request, "sms")
    assert waiting.state == "waiting" and waiting.last_cause and "8490" not in waiting.last_cause
    if how == "stopped":
        stories.ensure_running(world, "messenger")
    switch(world, None)
    sent = wait_until_decided(waiting)
    assert sent.state == "sent"
    assert len([row for row in taken(world) if row["key"] == sent.send_key.hex]) == 1


def test_a_number_that_is_refused_for_good_ends_it_and_says_so(world, awake):
    ready(world, EMAIL_BACKEND=REFUSES_MAIL, PYTHONPATH=".")
    switch(world, "refuse")
    certificate_request = told_by_sms(world)
    wait_until(
        lambda: Message.objects.filter(request=certificate_request, event="refund", channel="sms").first(), 60, "SMS"
    )
    failed = wait_until_decided(outside(certificate_request, "sms"))
    assert (failed.state, failed.provider_id) == ("failed", "")
    assert "từ chối" in failed.last_cause


def test_no_log_carries_an_address_or_a_name(world, awake):
    """After everything above: what the processes wrote names nobody."""
    ready(world)
    citizen = factories.make_citizen(email=ADDRESS, full_name="Vũ Thị Không Được Ghi")
    certificate_request = factories.file_request(by=citizen)
    wait_until_decided(outside(certificate_request, "email", "payment_asked"))
    for name in ("worker", "beat", "messenger"):
        log = world.log(name)
        assert ADDRESS not in log and "84900000001" not in log and "Không Được Ghi" not in log
    assert any(ADDRESS in letter for letter in letters(world))
    assert Message.objects.filter(told_at__gte=timezone.now() - timedelta(hours=1)).exists()
