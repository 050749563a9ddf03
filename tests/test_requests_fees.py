"""The statutory fee, F0: the rows of Thông tư 244/2016/TT-BTC."""

import pytest

from requests.fees import statutory_fee


@pytest.mark.parametrize(
    ("category", "copies", "amount"),
    [
        ("standard", 1, 200_000),
        ("standard", 3, 205_000),
        ("standard", 5, 215_000),
        ("student", 2, 100_000),
        ("student", 4, 110_000),
        ("merit", 1, 100_000),
        ("poor", 1, 0),
        ("child", 2, 0),
        ("poor", 3, 5_000),
    ],
)
def test_the_fee_of_each_category(category, copies, amount):
    assert statutory_fee(category, copies).amount == amount


def test_the_reason_names_the_circular():
    assert "Thông tư 244/2016/TT-BTC" in statutory_fee("standard", 3).reason
