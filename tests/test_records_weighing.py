"""What agreement is worth: levels, bits, common and rare names, and versions that are never edited."""

import hashlib
import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import comparing, evidence_words, frequencies, weighing
from records.comparing import birth_level, spelled
from records.names import PartialDate, is_one_slip
from tests.records_people import person
from tests.test_records_matching import ask, cccd


def bits_of(asked, record):
    levels, bits = weighing.levels_and_bits(asked, record, weighing.current())
    return {field: (levels[field], bits[field]) for field in levels}


@pytest.mark.parametrize(
    ("asked", "found", "level"),
    [
        ("Nguyễn Văn Thử", "Nguyễn Văn Thử", "exact"),
        ("NGUYỄN VĂN HOÀ", "Nguyễn Văn Hòa", "levelled"),
        ("Nguyễn Thị Lí", "Nguyễn Thị Lý", "levelled"),
        ("Nguyen Van Thu", "Nguyễn Văn Thử", "unmarked"),
        ("Nguyễn Văn Thửa", "Nguyễn Văn Thử", "slip"),
        ("Nguyễn Văn Thử", "Nguyễn Văm Thử", "slip"),
        ("Văn Thử Nguyễn", "Nguyễn Văn Thử", "parts"),
        ("Nguyễn Thử", "Nguyễn Văn Thử", "parts"),
        ("Nguyễm Văn Phươg", "Nguyễn Văn Phương", "close"),
        ("Nguyễn Thanh Hương", "Nguyễn Thị Hương", "middle"),
        ("Nguyễn Văn An", "Nguyễn Văn Hà", "different"),
        ("Lê Bình", "Nguyễn Văn Thử", "different"),
        ("Y Moan Ênuôl", "Y Moan Ê nuôl", "slip"),
    ],
)
def test_two_spellings_of_a_name_have_one_level(asked, found, level):
    assert comparing.name_level(spelled(asked), spelled(found)) == level
    assert comparing.name_level(spelled(found), spelled(asked)) == level


@pytest.mark.parametrize(
    ("asked", "found", "level"),
    [
        ("1980-05-17", "1980-05-17", "day"),
        ("1980-05-17", "1980-05", "month"),
        ("1980-05-17", "1980", "year"),
        ("1980-01-01", "1980-01-01", "year"),
        ("1980-02-11", "1980-11-02", "swapped"),
        ("1980-05-17", "1980-01-01", "default"),
        ("1980-01-31", "1980-02-01", "near"),
        ("1980-05-17", "1981-05-17", "slip"),
        ("1980-05-17", "1980-11-23", "same_year"),
        ("1980-05-17", "1980-06", "same_year"),
        ("1980-05-17", "1981", "near_year"),
        ("1980-05-17", "1971", "different"),
        ("1980-05-17", "1966-10-28", "different"),
    ],
)
def test_two_births_have_one_level(asked, found, level):
    one, other = PartialDate.parse(asked), PartialDate.parse(found)
    assert birth_level(one, other) == birth_level(other, one) == level


@given(
    st.dates(date(1930, 1, 1), date(2010, 12, 31)), st.dates(date(1930, 1, 1), date(2010, 12, 31)), st.integers(0, 6)
)
def test_one_digit_apart_is_one_slip_of_the_eight_digits(asked, drawn, place):
    digits = list(asked.strftime("%Y%m%d"))
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    exchanged = as_day("".join(digits))
    for found in (drawn, asked.replace(day=1), asked.replace(year=asked.year + 10, day=1), exchanged or drawn):
        expected = is_one_slip(asked.strftime("%Y%m%d"), found.strftime("%Y%m%d"))
        assert comparing._one_digit_apart(asked, found) == expected


def as_day(digits):
    try:
        found = date.fromisoformat(digits)
    except ValueError:
        return None
    return found if found.year > 1000 else None


def test_numbers_of_the_same_digits_under_another_kind_of_paper_agree():
    found = person(identity_documents=[{"type": "other", "number": "001080990001"}])
    assert bits_of(ask(), found)["other_number"][0] == "equal"
    near = person(identity_documents=cccd("001080990002"))
    assert bits_of(ask(), near)["citizen_number"][0] == "slip"


@pytest.mark.parametrize("field", sorted(evidence_words.WORDS))
def test_every_level_that_is_weighed_has_its_words(field):
    weighed = set(weighing.current().bits[field])
    assert weighed | {"missing"} >= set(evidence_words.WORDS[field]) >= weighed


def test_agreement_speaks_for_and_difference_against():
    for field, levels in weighing.current().bits.items():
        best, worst = max(levels.values()), min(levels.values())
        assert best >= 0 >= worst, field
    agreeing = bits_of(ask(), person())
    assert all(bits >= 0 for _, bits in agreeing.values())
    assert agreeing["citizen_number"][1] == max(bits for _, bits in agreeing.values())
    assert sum(bits for _, bits in agreeing.values()) > weighing.current().match_from


def test_a_common_name_is_worth_less_than_a_rare_one():
    def name_bits(name):
        return bits_of(ask(full_name=name), person(full_name=name))["full_name"][1]

    assert name_bits("Nguyễn Thị Hương") + 5 < name_bits("Quách Bảo Thạch")
    assert name_bits("Nguyễn Thị Hương") > 5


def test_capitals_and_tone_placement_cost_nothing():
    written = bits_of(ask(full_name="NGUYỄN VĂN THỬ"), person())["full_name"]
    assert written == ("levelled", pytest.approx(bits_of(ask(), person())["full_name"][1], abs=0.05))


def test_the_waterfall_is_said_in_words_loudest_first():
    record = person(mother_name="Đỗ Thị Lạ", full_name="Nguyễn Thị Hương")
    question = ask(full_name="Nguyễn Thị Hương", spouse_name=None)
    levels, bits = weighing.levels_and_bits(question, record, weighing.current())
    bars = weighing.evidence(question, record, levels, bits, weighing.current())
    assert bars[0].words.startswith("Trùng số định danh: +24,")
    words = {bar.field: bar.words for bar in bars}
    assert words["full_name"].startswith("Họ tên trùng, rất phổ biến (khoảng 1/")
    assert words["mother_name"].startswith("Tên mẹ khác: −")
    assert words["spouse_name"] == "Thiếu tên vợ hoặc chồng ở một bên"
    heights = [abs(bar.bits) for bar in bars if bar.level != "missing"]
    assert heights == sorted(heights, reverse=True)
    assert bars[-1].to_json()["bits"] == 0


@pytest.mark.parametrize(("people", "words"), [(7, "7"), (912, "910"), (12_345, "12.000"), (500_000, "500.000")])
def test_frequencies_are_told_in_round_numbers(people, words):
    assert evidence_words.in_round_numbers(people) == words


# --- Frequencies -----------------------------------------------------------------------------------------------------


def test_the_whole_name_comes_before_the_product_of_its_parts(tmp_path):
    counted = frequencies.count(["Nguyễn Thị Hương"] * 60 + ["Lê Văn Hùng"] * 30 + ["Trần Hoà"] * 10)
    names = frequencies.load(written(tmp_path, counted))
    assert names.of_name("NGUYỄN THỊ HƯƠNG") == pytest.approx(0.6)
    assert names.of_letters("Nguyen Thi Huong") == pytest.approx(0.6)
    assert names.frequency("surname", "Lê") == pytest.approx(0.3)
    assert names.frequency("given", "Hòa") == pytest.approx(0.1)
    assert names.frequency("given", "Lạ") == frequencies.UNKNOWN_PART
    assert names.of_name("Lê Thị Hùng") == pytest.approx(0.3 * 0.6 * 0.3 * 0.9)
    assert names.of_name("Ông Bà Cụ Kỵ Xưa") == frequencies.FLOOR
    assert names.coincidence == pytest.approx((60 * 59 + 30 * 29 + 10 * 9) / (100 * 99), abs=0.001)


def test_a_rare_name_is_not_written_into_the_file(tmp_path):
    text = written(tmp_path, frequencies.count(["Nguyễn Thị Hương"] * 60 + ["Quách Bảo Thạch"])).read_text()
    assert "hương" in text
    assert "thạch" not in text and "thach" not in text


def written(folder, counted):
    path = folder / "names-test.toml"
    path.write_text(frequencies.written("test", "a test", counted, at_least=2), encoding="utf-8")
    return path


# --- Versions --------------------------------------------------------------------------------------------------------

# A version is never edited: whoever changes one of these files changes what old decisions were made with.
SHIPPED = {
    "2026-11.toml": "5ff997648d5a2f8f",
    "2026-11b.toml": "858c24f73d7a239c",
    "names-2026-11.toml": "035a0d73d5127933",
}


def test_no_version_that_was_shipped_is_ever_edited():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in weighing.FOLDER.glob("*.toml")}
    assert {name: found[name] for name in SHIPPED} == SHIPPED


def test_every_version_names_itself_and_where_it_comes_from():
    for version in weighing.versions():
        weights = weighing.load(version)
        assert weights.version == version and weights.exclude_below < weights.match_from < weights.doubt_from
        written_down = tomllib.loads((weighing.FOLDER / f"{version}.toml").read_text(encoding="utf-8"))
        assert "--seed" in written_down["provenance"]
    assert weighing.current() is weighing.current()


def test_a_version_under_another_name_is_refused(tmp_path):
    (tmp_path / "2099-01.toml").write_text((weighing.FOLDER / "2026-11.toml").read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match=r"2099-01\.toml"):
        weighing.load("2099-01", tmp_path)
