"""The statutory fee: the rows of Thông tư 244/2016, Thông tư 16/2025 and Nghị quyết 66.22/2026 (domain 6)."""

from datetime import date

import pytest

from lltp_portal.errors import Invalid
from requests import policy
from requests.fees import statutory_fee

pytestmark = pytest.mark.django_db

F0 = (date(2024, 6, 21), "online")
F1 = (date(2025, 5, 5), "online")
F1_COUNTER = (date(2025, 5, 5), "counter")
F2 = (date(2026, 11, 21), "online")


@pytest.mark.parametrize(
    ("when", "category", "copies", "amount"),
    [
        (F0, "standard", 1, 200_000),
        (F0, "standard", 3, 205_000),
        (F0, "standard", 5, 215_000),
        (F0, "student", 2, 100_000),
        (F0, "student", 4, 110_000),
        (F0, "merit", 1, 100_000),
        (F0, "martyr_family", 1, 100_000),
        (F0, "pupil", 1, 200_000),  # reduced only since Thông tư 16/2025
        (F0, "poor", 1, 0),
        (F0, "child", 2, 0),
        (F0, "elderly", 1, 0),
        (F0, "disabled", 1, 0),
        (F0, "disadvantaged_area", 1, 0),
        (F0, "poor", 3, 5_000),  # Q10: exempt people pay the further copies
        (F0, "agency", 4, 0),
        (F0, "proceedings_agency", 1, 0),
        (F1, "standard", 1, 170_000),
        (F1, "standard", 3, 175_000),
        (F1, "pupil", 1, 80_000),
        (F1, "student", 4, 90_000),
        (F1, "poor", 1, 0),
        (F1, "digital_citizen", 1, 170_000),
        (F1_COUNTER, "standard", 1, 200_000),
        (F1_COUNTER, "pupil", 1, 100_000),
        (F2, "digital_citizen", 1, 0),
        (F2, "digital_citizen", 5, 0),
        (F2, "standard", 1, 200_000),
        (F2, "student", 3, 105_000),
    ],
)
def test_the_fee_of_each_category(when, category, copies, amount):
    assert statutory_fee(policy.fee_rules(*when), category, copies).amount == amount


@pytest.mark.parametrize(
    ("on", "channel", "code"),
    [
        (date(2017, 1, 1), "online", "F0"),
        (date(2025, 4, 23), "online", "F0"),
        (date(2025, 4, 23), "post", "F0"),
        (date(2025, 4, 24), "online", "F1"),
        (date(2025, 4, 24), "counter", "F1'"),
        (date(2025, 12, 31), "online", "F1"),
        (date(2026, 1, 1), "online", "F1'"),
        (date(2026, 8, 14), "online", "F1'"),
        (date(2026, 8, 15), "online", "F2"),
        (date(2026, 8, 15), "counter", "F1'"),
        (date(2027, 2, 28), "online", "F2"),
        (date(2027, 3, 1), "online", "F1'"),
    ],
)
def test_each_table_holds_on_its_days_and_channels(on, channel, code):
    assert policy.fee_rules(on, channel).code == code


def test_before_the_first_table_there_is_no_fee_to_name():
    with pytest.raises(Invalid, match="Chưa có biểu phí"):
        policy.fee_rules(date(2016, 12, 31), "online")


def test_the_reason_names_the_circular_and_the_copies():
    fee = statutory_fee(policy.fee_rules(*F0), "standard", 3)
    assert fee.reason == "Mức chung 200.000 đồng, cộng 1 bản thêm (Thông tư 244/2016/TT-BTC)"
