"""The stop switch: pulled by an administrator or by three failures in a row, released by a person."""

import datetime
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from certificates import actions
from certificates.failures import IssuingStopped
from certificates.models import IssuingStop
from lltp_portal.audit.models import AuditEvent
from tests.certificates_samples import MOMENT, intend, staff, with_unsigned

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act(*args, **kwargs)
    return str(error.value)


def test_three_failures_in_a_row_pull_the_stop_switch():
    for _ in range(2):
        actions.void(intend().pk, "Không in được.")
    assert not IssuingStop.objects.exists()
    good = with_unsigned(intend())
    actions.record_signed(good.pk, b"%PDF-unsigned and a signature")
    for _ in range(2):
        actions.void(intend().pk, "Không in được.")
    assert not IssuingStop.objects.exists()
    actions.void(intend().pk, "Không in được.")
    assert "3 phiếu liên tiếp" in IssuingStop.objects.pulled().get().reason


def test_while_stopped_nothing_is_numbered_printed_or_recorded():
    made, printed = intend(), with_unsigned(intend())
    admin = staff("quan-tri", "001060990003")
    assert actions.stop_issuing("Kiểm tra máy in.", by=admin) is True
    assert actions.stop_issuing("Lần nữa.", by=admin) is False
    for act in (
        intend,
        lambda: actions.store_unsigned(made.pk),
        lambda: actions.record_signed(printed.pk, b"%PDF-unsigned and a signature"),
    ):
        with pytest.raises(IssuingStopped, match="tạm dừng"):
            act()
    assert actions.resume_issuing(by=admin) is True
    assert actions.resume_issuing(by=admin) is False
    assert intend().number == 3
    assert list(AuditEvent.objects.filter(verb__endswith="_issuing").order_by("pk").values_list("verb", "actor")) == [
        ("stop_issuing", admin.pk),
        ("resume_issuing", admin.pk),
    ]


def test_failures_before_the_switch_was_released_do_not_pull_it_again():
    for minute in range(3):
        actions.void(intend(at=MOMENT + datetime.timedelta(minutes=minute)).pk, "Không in được.")
    actions.resume_issuing(at=MOMENT + datetime.timedelta(hours=1))
    actions.void(intend(at=MOMENT + datetime.timedelta(hours=2)).pk, "Không in được.")
    assert not IssuingStop.objects.pulled().exists()


def test_a_stop_is_released_once_and_kept():
    actions.stop_issuing("Kiểm tra.")
    stop = IssuingStop.objects.get()
    assert "never rewritten" in refused(IssuingStop.objects.filter(pk=stop.pk).update, reason="khác")
    actions.resume_issuing(at=MOMENT)
    assert "never rewritten" in refused(IssuingStop.objects.filter(pk=stop.pk).update, released_at=None)
    assert "are kept" in refused(stop.delete)


def test_the_command_shows_pulls_and_releases_the_switch(capsys):
    intend()
    for words in (["status"], ["stop", "--reason", "Đổi mẫu in."], ["stop", "--reason", "Lần nữa."], ["resume"]):
        call_command("issuing", *words)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[3] == "Đang cấp phiếu. Phiếu đang lập: 1."
    assert re.fullmatch(r"Tạm dừng từ \d\d:\d\d \d\d/\d\d/\d{4}: Đổi mẫu in. Phiếu đang lập: 1.", said[1])
    assert said[2] == said[1]
    with pytest.raises(CommandError, match="lý do"):
        call_command("issuing", "stop")
