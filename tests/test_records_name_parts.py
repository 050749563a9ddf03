"""Họ, đệm and tên, as well as they can be told."""

import pytest

from records.name_parts import given_name, parts_of, sorting_key


@pytest.mark.parametrize(
    ("name", "family", "middle", "given", "certain"),
    [
        ("Nguyễn Văn An", "Nguyễn", "Văn", "An", True),
        ("NGUYỄN THỊ THU HÀ", "NGUYỄN", "THỊ THU", "HÀ", True),
        ("Lê Hoa", "Lê", "", "Hoa", True),
        ("Rơ Châm Phước", "Rơ Châm", "", "Phước", True),
        ("Tôn Nữ Thị Ninh", "Tôn Nữ", "Thị", "Ninh", True),
        ("Y Moan Ênuôl", "Ênuôl", "Y", "Moan", True),
        ("H'Hen Niê", "Niê", "", "H'Hen", True),
        ("H’Wiên Byă", "Byă", "", "H’Wiên", True),
        ("K'Brèo", "", "", "K'Brèo", True),
        ("Thạch Sô Phát", "Thạch", "Sô", "Phát", True),
        ("Ksor Phước", "Ksor", "", "Phước", False),
        ("John Smith", "John", "", "Smith", False),
        ("An", "", "", "An", True),
        ("Nguyễn", "", "", "Nguyễn", False),
        ("", "", "", "", False),
        # As a key is written: no marks, y as i.
        ("nguyen van an", "nguyen", "van", "an", True),
        ("i moan enuol", "enuol", "i", "moan", True),
    ],
)
def test_the_parts_of_a_name(name, family, middle, given, certain):
    parts = parts_of(name)
    assert (parts.family, parts.middle, parts.given, parts.certain) == (family, middle, given, certain)
    assert given_name(name) == given


def test_lists_stand_by_given_name_then_middle_then_surname():
    names = ["Nguyễn Văn Bình", "Trần Thị An", "Lê Văn An", "Y Moan Ênuôl", "Đỗ Thị An"]
    assert sorted(names, key=sorting_key) == [
        "Đỗ Thị An",
        "Trần Thị An",
        "Lê Văn An",
        "Nguyễn Văn Bình",
        "Y Moan Ênuôl",
    ]
