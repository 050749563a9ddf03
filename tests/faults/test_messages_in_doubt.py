"""Messages and real processes: killed between sending and recording, a provider that is away, refuses or mumbles."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from requests import telling
from requests.models import CertificateRequest, Message
from script.local import processes
from script.local.places import wait_until
from tests import factories
from tests.faults import stories

pytestmark = pytest.mark.processes
REFUSES_MAIL = "tests.refusing_mail.RefusingBackend"
ADDRESS = "cong-dan-thu@vi-du.example"


NO_QUIET = {"MESSAGE_QUIET_HOURS": "0-0"}  # these tests may run at night


@pytest.fixture(autouse=True)
def by_day_and_night(settings):
    settings.MESSAGE_QUIET_HOURS = (0, 0)


RUNNING_UNDER: dict[str, str] = {}  # starting a worker takes longer than most of what is tried


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


def ready(world, settings, **env: str) -> None:
    """Workers under this environment, a provider in good order that this process knows too."""
    for name in ("worker", "beat"):
        if world.is_running(name) and env != RUNNING_UNDER:
            processes.kill(world.home, name)
    RUNNING_UNDER.clear()
    RUNNING_UNDER.update(env)
    for mark in world.home.run.glob("failpoint.*"):
        mark.unlink()
    switch(world, None)
    stories.ensure_running(world, "messenger")
    port = world.home.remembered()["messenger"]["port"]
    settings.MESSAGE_PROVIDER_URL = f"http://127.0.0.1:{port}"
    settings.MESSAGE_PROVIDER_KEY = world.home.secret("messenger.key")
    settings.MESSAGE_CHANNELS = env.get("MESSAGE_CHANNELS", "email,sms").split(",")
    stories.ensure_running(world, "worker", "beat", **NO_QUIET, **env)


def told() -> CertificateRequest:
    """A request with an event of its own, beside those of its steps."""
    certificate_request = factories.file_request()
    telling.tell(certificate_request, "refund", at=timezone.now())
    return certificate_request


BY_SMS = {"MESSAGE_CHANNELS": "sms"}


def test_a_worker_killed_between_sending_and_recording_sends_again_under_the_same_key_and_one_arrives(world, settings):
    ready(world, settings, LLTP_FAILPOINT="after_send", **BY_SMS)
    certificate_request = factories.file_request()
    wait_until(lambda: world.failpoint_pid("after_send"), 60, "a worker to die after sending")
    (row,) = [row for row in taken(world) if certificate_request.code in row["text"]]
    sent = wait_until_decided(outside(certificate_request, "sms", "payment_asked"))
    assert (sent.state, sent.attempts) == ("sent", 2)
    assert [row for row in taken(world) if certificate_request.code in row["text"]] == [row]
    assert (row["id"], row["key"]) == (sent.provider_id, sent.send_key.hex)
    assert (row["to"], row["channel"], row["text"]) == ("84900000001", "sms", sent.text)


def test_killed_before_sending_it_is_sent_once(world, settings):
    ready(world, settings, LLTP_FAILPOINT="before_send", **BY_SMS)
    certificate_request = factories.file_request()
    sent = wait_until_decided(outside(certificate_request, "sms", "payment_asked"))
    assert world.failpoint_pid("before_send")
    assert sent.state == "sent"
    assert len([row for row in taken(world) if certificate_request.code in row["text"]]) == 1


@pytest.mark.parametrize("how", ["away", "garbage", "stopped"])
def test_a_provider_that_is_not_there_or_mumbles_is_asked_again_until_it_answers(world, settings, how):
    ready(world, settings, **BY_SMS)
    if how == "stopped":
        processes.kill(world.home, "messenger")
    else:
        switch(world, how)
    certificate_request = told()
    wait_until(lambda: outside(certificate_request, "sms").attempts >= 2, 60, "two attempts")
    waiting = outside(certificate_request, "sms")
    assert waiting.state == "waiting" and waiting.last_cause and "8490" not in waiting.last_cause
    if how == "stopped":
        stories.ensure_running(world, "messenger")
    switch(world, None)
    sent = wait_until_decided(waiting)
    assert sent.state == "sent"
    assert len([row for row in taken(world) if row["key"] == sent.send_key.hex]) == 1


def test_a_number_that_is_refused_for_good_ends_it_and_says_so(world, settings):
    ready(world, settings, **BY_SMS)
    switch(world, "refuse")
    certificate_request = told()
    failed = wait_until_decided(outside(certificate_request, "sms"))
    assert (failed.state, failed.provider_id) == ("failed", "")
    assert "từ chối" in failed.last_cause


def test_what_no_mail_server_takes_goes_to_the_phone(world, settings):
    ready(world, settings, EMAIL_BACKEND=REFUSES_MAIL)
    certificate_request = told()
    assert wait_until_decided(outside(certificate_request, "email")).state == "failed"
    sms = wait_until_decided(outside(certificate_request, "sms"))
    assert sms.state == "sent"
    assert [row["text"] for row in taken(world) if row["key"] == sms.send_key.hex] == [sms.text]


@pytest.mark.slow
def test_a_mail_may_come_twice_after_a_kill_but_not_more_and_under_one_message_id(world, settings):
    ready(world, settings, LLTP_FAILPOINT="after_send")
    certificate_request = factories.file_request()
    wait_until(lambda: world.failpoint_pid("after_send"), 60, "the worker to die after sending")
    message = wait_until_decided(outside(certificate_request, "email", "payment_asked"))
    assert (message.state, message.crashes) == ("sent", 0)
    mine = [letter for letter in letters(world) if certificate_request.code in letter]
    assert 1 <= len(mine) <= 2
    assert all(message.send_key.hex in letter for letter in mine)


def test_no_log_carries_an_address_or_a_name(world, settings):
    """After everything above: what the processes wrote names nobody."""
    ready(world, settings, LLTP_FAILPOINT="after_send")
    citizen = factories.make_citizen(email=ADDRESS, full_name="Vũ Thị Không Được Ghi")
    certificate_request = factories.file_request(by=citizen)
    wait_until_decided(outside(certificate_request, "email", "payment_asked"))
    for name in ("worker", "beat", "messenger"):
        log = world.log(name)
        assert ADDRESS not in log and "84900000001" not in log and "Không Được Ghi" not in log
    assert any(ADDRESS in letter for letter in letters(world))
    assert Message.objects.filter(told_at__gte=timezone.now() - timedelta(hours=1)).exists()
