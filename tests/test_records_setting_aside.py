"""Whom a search need not read: never somebody whom the matching would leave open, whoever is asked about."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import population
from benchmarks.population import slips
from records import comparing, keys, weighing
from records.matching import NAMES, NUMBERS, PARENTS, weigh
from records.register.rows import NAME_COLUMNS, name_rows
from records.setting_aside import OTHERS, TOO_LITTLE, Beside, Name, Sought
from tests.pace import examples
from tests.records_people import person
from tests.test_records_finding import question_of
from tests.test_records_matching import ask, cccd


def beside(record):
    """What stands beside each of the names, as the register's rows say it."""
    for row in name_rows(record):
        said = dict(zip(NAME_COLUMNS, row, strict=True))
        yield Beside(**said | {"person_id": 1, "born": said["born"].isoformat()})


def set_aside(question, record, weights=None):
    """The reason by which the search sets this person aside; None: they are read."""
    if set(keys.probes_of(question).numbers) & {key for key, _ in keys.keys_of(record)}:
        return None
    sought = Sought(question, weights)
    reasons = [sought.sets_aside(one) for one in beside(record)]
    return None if None in reasons or not reasons else reasons[0]


def excluded(question, record, weights=None):
    return weigh(question, [record], weights=weights).candidates[0].excluded


# --- One by one -----------------------------------------------------------------------------------------------------

HUNG = {"full_name": "Nguyễn Văn Hùng", "identity_documents": [], "date_of_birth": "1980"}
NO_PARENTS = {"father_name": None, "mother_name": None}


@pytest.mark.parametrize(
    ("on_file", "reason"),
    [
        ({"father_name": "Lý Bảy", "mother_name": "Hồ Én"}, PARENTS),
        ({"father_name": "Lý Bảy", "mother_name": None, "identity_documents": cccd("079080990777")}, NUMBERS),
        ({"full_name": "Trịnh Hoài Đức", "father_name": "Lý Bảy", "mother_name": None}, NAMES),
        (NO_PARENTS | {"full_name": "Nguyễn Văn Hùgn", "place_of_birth_province": "79"}, TOO_LITTLE),
    ],
)
def test_each_reason(on_file, reason):
    question, record = ask(full_name="Nguyễn Văn Hùng", place_of_birth_province="01"), person(**HUNG | on_file)
    assert set_aside(question, record) == reason
    assert excluded(question, record)


@pytest.mark.parametrize(
    "on_file",
    [
        {},
        NO_PARENTS,
        {"father_name": "Lý Bảy"},
        {"father_name": "Trần Thị Mẹ", "mother_name": "Nguyễn Văn Cha"},  # written into each other's field
        {"father_name": "Nguyễn Văn Hca", "mother_name": "Hồ Én"},  # a slip
        {"father_name": "Cha Văn Nguyễn", "mother_name": "Hồ Én"},  # another order
        {"father_name": "Lý Bảy", "mother_name": "Hồ Én", "identity_documents": cccd("001080990001")},  # the number
        NO_PARENTS | {"identity_documents": cccd("001080990010")},  # a slip in it
        NO_PARENTS | {"place_of_birth_province": None},
    ],
)
def test_whoever_may_be_the_person_is_read(on_file):
    question = ask(full_name="Nguyễn Văn Hùng")
    assert set_aside(question, person(**HUNG | on_file)) is None


def test_one_name_that_fits_is_enough():
    question = ask(full_name="Nguyễn Văn Hùng", **NO_PARENTS)
    record = person(**HUNG | NO_PARENTS | {"full_name": "Trịnh Hoài Đức", "other_names": ["Nguyễn Văn Hùng"]})
    sought = Sought(question)
    assert {sought.sets_aside(one) for one in beside(record)} == {None, NAMES}
    assert set_aside(question, record) is None


def test_two_birth_provinces_that_were_merged_set_nobody_aside():
    question = ask(full_name="Nguyễn Văn Hùng", place_of_birth_province="37", **NO_PARENTS)
    for code, reason in (("35", None), ("79", TOO_LITTLE)):
        record = person(**HUNG | NO_PARENTS | {"full_name": "Nguyễn Văn Hùgn", "place_of_birth_province": code})
        assert set_aside(question, record) == reason


@pytest.mark.parametrize("field", ["full_name", "other_names", "place_of_birth_province"])
def test_nobody_is_set_aside_who_is_written_too_long_for_an_index(field):
    written = "ữ" * 500 + "ự" * 500  # three bytes a letter in a province, one in a name without marks
    record = person(**HUNG | {"father_name": "Lý Bảy", "mother_name": "Hồ Én"})
    assert set_aside(ask(full_name="Nguyễn Văn Hùng"), record) == PARENTS
    assert not list(beside(replace(record, **{field: (written * 3,) if field == "other_names" else written * 3})))


# Each was set aside by earlier rules here, though the matching leaves it open.
LEFT_OPEN = {
    "a mother who is not declared takes nothing away": (
        {"full_name": "Lê Hồng Sơn", "date_of_birth": "1980-05-17", "sex": "female", "father_name": "Lý Bảy",
         "mother_name": None, "spouse_name": "Hà Công Hùng", "identity_documents": cccd("001180990001")},
        {"father_name": "Nguyễn Văn Nam", "mother_name": "Hồ Én", "identity_documents": cccd("079180990777")},
    ),
    "y and i beside a marked vowel": (
        {"full_name": "Nguyễn Thị Mây", "date_of_birth": "1980-05-17", "sex": "female", "mother_name": "Hồ Én",
         "father_name": None, "identity_documents": []},
        {"full_name": "Nguyễn Thị Mâi", "date_of_birth": "1980", "sex": "male", "mother_name": "Lý Tám"},
    ),
    "another parent, or the other one": (
        {"full_name": "Nguyễn Văn Hùng", "date_of_birth": "1980-05-17", "father_name": "Trần Thị Hoa",
         "mother_name": "Nguyễn Thị Lan", "identity_documents": []},
        {"date_of_birth": "1980-01-01", "sex": "female", "father_name": "Nguyễn Thị Lan",
         "mother_name": "Nguyễn Thúy Lan"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "otherwise"), LEFT_OPEN.values(), ids=LEFT_OPEN)
def test_whoever_the_matching_leaves_open_is_read(asked, otherwise):
    facts = {"other_names": [], "sex": "male", "place_of_birth_province": "01", "nationality": "VN", "ethnicity": None}
    asked = facts | {"spouse_name": None} | asked
    question, record = ask(**asked), person(**asked | otherwise)
    assert excluded(question, record) is None, "the example shows nothing any more"
    assert set_aside(question, record) is None


def test_a_dash_for_both_parents_says_nothing():
    dashes = {"father_name": "-", "mother_name": "-"}
    question = ask(full_name="Nguyễn Văn Hùng", **dashes | {"identity_documents": cccd("001080990001")})
    record = person(**HUNG | dashes | {"identity_documents": cccd("079080990777")})
    assert set_aside(question, record) == NUMBERS and excluded(question, record)


def test_weights_by_which_nothing_is_certain_set_nobody_aside():
    """`doubt_from` so low that whatever excludes is doubted."""
    doubting = replace(weighing.current(), doubt_from=-1000.0)
    record = person(**HUNG | {"father_name": "Lý Bảy", "mother_name": "Hồ Én"})
    assert set_aside(ask(full_name="Nguyễn Văn Hùng"), record) == PARENTS
    assert set_aside(ask(full_name="Nguyễn Văn Hùng"), record, doubting) is None
    assert excluded(ask(full_name="Nguyễn Văn Hùng"), record, doubting) is None


# --- Held against the matching ----------------------------------------------------------------------------------------

MANY = examples(5000, otherwise=400)
WRITTEN = [
    *("Nguyễn Văn Hùng", "Nguyễn Văn Hung", "Nguyễn Văn Hưng", "Nguyễn Hùng", "Hùng Nguyễn Văn", "Nguyễn Vna Hùng"),
    *("Nguyễn Vă nHùng", "Nguyễn Đức Hùng", "Nguyễn Văn Hùgn", "Nguyễn Van Hùn", "Trần Thị Mỹ", "Trần Thị Mĩ"),
    *("Trần Thị yM", "Trần Mỹ", "Lý Bảy", "Lí Bảy", "Hồ Én", "Y Moan Ênuôl", "Lò Tâm", "Lò âTm"),
    *("Đỗ Thị Phương Thảo", "Đỗ Thị Phuơng Tháo", "Trần Thị Mây", "Trần Thị Mâi", "Trần Thị Lan", "Trần Thúy Lan"),
]
NAMES_WRITTEN = st.sampled_from(WRITTEN)
NUMBERS_WRITTEN = [
    [],
    *([{"type": "cccd", "number": n}] for n in ("001080990001", "001080990010", "001080909901", "079080990777")),
    cccd("001080990001", "079080990777"),
    *([{"type": "cmnd", "number": n}] for n in ("011990001", "011990010")),
    [{"type": "other", "number": "790801234567"}],
]
BORN = ["1980-05-17", "1980-05-18", "1980-01-01", "1980", "1980-05", "1980-05-07", "1986-05-17"]
DETAILS = {
    "full_name": NAMES_WRITTEN,
    "other_names": st.lists(NAMES_WRITTEN, max_size=1),
    "date_of_birth": st.sampled_from(BORN),
    "sex": st.sampled_from(["male", "female", None]),
    "place_of_birth_province": st.sampled_from(["01", "35", "36", "37", "79", None]),
    "father_name": NAMES_WRITTEN | st.sampled_from(["-", None]),
    "mother_name": NAMES_WRITTEN | st.sampled_from(["-", None]),
    "spouse_name": NAMES_WRITTEN | st.none(),
    "ethnicity": st.sampled_from(["Kinh", "Mông", None]),
    "identity_documents": st.sampled_from(NUMBERS_WRITTEN),
}


@MANY
@given(st.fixed_dictionaries(DETAILS), st.fixed_dictionaries(DETAILS))
def test_whoever_is_set_aside_would_have_been_excluded(asked, on_file):
    question, record = ask(**asked), person(**on_file)
    assert set_aside(question, record) is None or excluded(question, record)


@MANY
@given(st.fixed_dictionaries(DETAILS), st.fixed_dictionaries(DETAILS), st.sets(st.sampled_from(sorted(DETAILS))))
def test_nor_is_anybody_who_shares_some_of_the_facts(asked, on_file, shared):
    question, record = ask(**asked), person(**on_file | {field: asked[field] for field in shared})
    assert set_aside(question, record) is None or excluded(question, record)


@MANY
@given(st.integers(0, 3_000), st.integers(0, 3_000), st.randoms(use_true_random=False))
def test_nor_is_anybody_whose_facts_are_mixed_from_the_applicant_and_a_stranger(index, other, random):
    question = question_of(population.asked(index, seed=11))
    own, stranger = population.truth(index, seed=11), population.truth(other, seed=11)
    mixed = {field: (own if random.random() < 0.5 else stranger)[field] for field in own}
    if random.random() < 0.5:
        mixed["full_name"] = slips.one_typo(mixed["full_name"], random)
    if random.random() < 0.3:
        mixed["date_of_birth"] = mixed["date_of_birth"][:4]
    record = person(**{field: mixed[field] for field in mixed if field not in ("register_id", "residences")})
    assert set_aside(question, record) is None or excluded(question, record)


@MANY
@given(NAMES_WRITTEN, NAMES_WRITTEN, st.randoms(use_true_random=False))
def test_another_name_is_another_name_to_the_matching_as_well(asked, found, random):

    for _ in range(random.randrange(3)):
        found = slips.one_typo(found, random)
    level = Name(asked).level(comparing.spelled(found).bare)
    if level in OTHERS:
        assert comparing.name_level(comparing.spelled(asked), comparing.spelled(found)) == level


def test_of_the_people_met_under_common_names_nearly_all_are_set_aside():
    """Or the setting aside would be true and idle."""
    random = Random(5)
    people = [population.truth(index, seed=5) for index in range(300)]
    reasons = Counter()
    for index in range(0, 300, 3):
        question = question_of(population.asked(index, seed=5))
        for one in random.sample(people, 20):
            facts = {field: one[field] for field in FACTS}
            record = person(**facts, full_name=question.full_name, date_of_birth=question.date_of_birth.text[:4])
            reasons[set_aside(question, record)] += 1
    assert reasons.total() == 2_000 and reasons[None] < 400, reasons


FACTS = (
    "sex",
    "place_of_birth_province",
    "ethnicity",
    "father_name",
    "mother_name",
    "spouse_name",
    "identity_documents",
)
