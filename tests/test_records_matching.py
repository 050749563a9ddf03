"""Who is clear, who is matched, and who has to be looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import weighing
from records.answers import Question, read_question
from records.keys import hashed, keys_of, probes_of
from records.matching import DIFFERENT, EQUAL, MISSING, NORMALISED, RULES_VERSION, weigh
from tests.pace import MANY
from tests.records_people import PERSON, person


def ask(**changes) -> Question:
    asked = {field: value for field, value in PERSON.items() if field not in ("register_id", "convictions")}
    asked = {"reference": "YC-1"} | asked | changes
    return read_question({field: value for field, value in asked.items() if value is not None}, "")


def cccd(*numbers):
    return [{"type": "cccd", "number": number} for number in numbers]


def decide(question, *candidates):
    return weigh(question, candidates).decision


def outcome_of(question, record, field):
    (weighed,) = weigh(question, [record]).candidates
    return next(outcome for outcome in weighed.outcomes if outcome.field == field)


def test_nobody_found_is_clear():
    assert decide(ask()) == "clear"


def test_the_same_number_and_name_is_the_person():
    matching = weigh(ask(full_name="NGUYỄN  VĂN THỬ"), [person()])
    assert (matching.decision, matching.matched) == ("match", person())
    assert matching.candidates[0].tier == "T1"


def test_a_second_candidate_that_nothing_excludes_makes_it_a_review():
    namesake = person(register_id="R-2", identity_documents=[], father_name=None, date_of_birth="1980")
    assert decide(ask(), person(), namesake) == "review"
    excluded = person(register_id="R-2", identity_documents=[], date_of_birth="1980-11-23", father_name=None)
    matching = weigh(ask(), [excluded, person()])
    assert matching.decision == "match"
    assert [weighed.record.register_id for weighed in matching.candidates] == ["R-990001", "R-2"]
    assert matching.candidates[1].excluded
    assert matching.open == matching.candidates[:1]


@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": "Nguyễn Văn Thư"},
        {"full_name": "Trần Thị Khác"},
        {"date_of_birth": "1955-12-24"},
        {"other_names": ["Nguyễn Văn Thử"], "full_name": "Trần Văn Khác"},
    ],
    ids=["T2 a mark", "T2 another name", "a contradicting birth", "T5 an alias"],
)
def test_the_same_number_with_something_else_is_a_review(changes):
    assert decide(ask(), person(**changes)) == "review"


@pytest.mark.parametrize("kind", ["cmnd", "passport", "other"])
def test_an_old_number_or_passport_is_never_a_match_by_itself(kind):
    document = [{"type": kind, "number": "099000123"}]
    assert decide(ask(identity_documents=document), person(identity_documents=document)) == "review"


def test_a_shared_number_is_never_excluded():
    stranger = person(
        identity_documents=[{"type": "cmnd", "number": "099 000 123"}],
        date_of_birth="1950-02-03",
        father_name="Lê Văn Xa",
        mother_name="Đỗ Thị Lạ",
    )
    assert decide(ask(identity_documents=[{"type": "cmnd", "number": "099000123"}]), stranger) == "review"


@pytest.mark.parametrize(
    "birth",
    [
        "1980-05-17",
        "1980-05",
        "1980",
        "1980-05-07",
        "1980-05-71",
        "1980-06-17",
        "1980-01-01",
        "1981-05-17",
        "1980-05-16",
    ],
)
def test_a_birth_that_may_be_the_same_never_excludes(birth):
    if birth == "1980-05-71":
        birth = "1980-05-18"
    candidate = person(date_of_birth=birth, identity_documents=[], father_name=None, mother_name=None)
    assert decide(ask(), candidate) == "review"


def test_day_and_month_swapped_never_excludes():
    candidate = person(date_of_birth="1980-11-02", identity_documents=[])
    assert decide(ask(date_of_birth="1980-02-11"), candidate) == "review"


def test_the_next_day_over_the_end_of_a_month_never_excludes():
    candidate = person(date_of_birth="1980-02-01", identity_documents=[])
    assert decide(ask(date_of_birth="1980-01-31"), candidate) == "review"


def test_two_full_births_far_apart_exclude():
    assert decide(ask(), person(date_of_birth="1980-11-23", identity_documents=[])) == "clear"


@pytest.mark.parametrize(
    ("father", "mother", "decision"),
    [
        ("Lê Văn Xa", "Đỗ Thị Lạ", "clear"),
        ("Lê Văn Xa", "Trần Thị Mẹ", "review"),
        ("Nguyễn Văn Cha", "Đỗ Thị Lạ", "review"),
        ("Lê Văn Xa", None, "review"),
        (None, None, "review"),
        ("Lê Văn Xa", "Trần Thị Mê", "review"),
        ("Lê Văn Xa", "Trần Thị Mẹo", "review"),
    ],
)
def test_only_both_parents_different_exclude(father, mother, decision):
    candidate = person(identity_documents=[], father_name=father, mother_name=mother)
    assert decide(ask(), candidate) == decision


def test_one_other_thing_is_looked_at_and_two_are_not():
    """No number on file, only a year: another mother leaves a doubt; another mother and province leave none."""
    known = {"identity_documents": [], "date_of_birth": "1980", "father_name": None}
    assert decide(ask(), person(**known, mother_name="Đỗ Thị Lạ", place_of_birth_province=None)) == "review"
    two_others = person(**known, mother_name="Đỗ Thị Lạ", place_of_birth_province="79")
    matching = weigh(ask(), [two_others])
    assert matching.decision == "clear" and matching.candidates[0].weight < weighing.current().two_others_below
    unasked = weighing.load("2026-11")
    assert unasked.two_others_below == unasked.exclude_below


@pytest.mark.parametrize(
    ("asked", "on_file"),
    [("Bù iÚt", "Bùi Út"), ("Lê Th ịVy", "Lê Thị Vy"), ("TRẦN TH ỊMY", "Trần Thị My"), ("Lò âTm", "Lò Tâm")],
)
def test_two_neighbours_exchanged_are_one_slip_and_are_found(asked, on_file):
    bare = {"identity_documents": [], "father_name": None, "mother_name": None, "place_of_birth_province": None}
    record = person(full_name=on_file, **bare)
    question = ask(full_name=asked)
    assert decide(question, record) == "review"
    assert set(probes_of(question).keys) & {key for key, _ in keys_of(record)}


NO_PARENTS = {"mother_name": None, "father_name": None}


@pytest.mark.parametrize(
    ("numbers", "changes", "decision"),
    [
        (["001080990002"], NO_PARENTS, "review"),
        (["001080990010"], NO_PARENTS, "review"),
        (["001080990099"], NO_PARENTS, "clear"),
        (["001080990099"], {}, "review"),
        (["001080990099", "001080990002"], NO_PARENTS, "review"),
        (["099000123"], NO_PARENTS, "review"),
    ],
    ids=["one digit", "neighbours exchanged", "two digits", "both parents agree", "one near", "an old number"],
)
def test_numbers_exclude_only_from_two_digits_on(numbers, changes, decision):
    assert decide(ask(), person(identity_documents=cccd(*numbers), **changes)) == decision


def test_twelve_digits_of_a_passport_do_not_exclude():
    candidate = person(identity_documents=[{"type": "passport", "number": "999999999999"}], **NO_PARENTS)
    assert decide(ask(), candidate) == "review"


@pytest.mark.parametrize(
    ("field", "asked", "found", "outcome"),
    [
        ("full_name", "Nguyễn Văn Thử", "Nguyễn Văn Thử", EQUAL),
        ("full_name", "Nguyễn Văn Hoà", "NGUYỄN VĂN HÒA", NORMALISED),
        ("full_name", "Nguyen Van Thu", "Nguyễn Văn Thử", NORMALISED),
        ("full_name", "Nguyễn Văn Thử", "Nguyễn Văn Thửa", DIFFERENT),
        ("full_name", "Nguyễn Văn Thử", "Lê Bình", DIFFERENT),
        ("date_of_birth", "1980-05-17", "1980-05-17", EQUAL),
        ("date_of_birth", "1980-05-17", "1980", NORMALISED),
        ("date_of_birth", "1980-05-17", "1980-05-18", DIFFERENT),
        ("date_of_birth", "1980-05-17", "1966-10-28", DIFFERENT),
        ("identity_documents", cccd("001080990001"), cccd("001080990001"), EQUAL),
        ("identity_documents", cccd("001080990001"), cccd("001 080 990 001"), NORMALISED),
        ("identity_documents", cccd("001080990001"), cccd("001080990002"), DIFFERENT),
        ("identity_documents", cccd("001080990001"), cccd("099000123"), MISSING),  # an old number beside a new one
        ("identity_documents", cccd("099000124"), cccd("099000987"), DIFFERENT),
        ("identity_documents", cccd("001080990001"), [], MISSING),
        ("father_name", "Lê Ba", None, MISSING),
        ("father_name", None, "Lê Ba", MISSING),
        ("father_name", None, None, MISSING),
        ("sex", "male", "female", DIFFERENT),
    ],
)
def test_each_field_is_compared_side_by_side(field, asked, found, outcome):
    compared = outcome_of(ask(**{field: asked}), person(**{field: found}), field)
    assert compared.outcome == outcome
    assert compared.reason.endswith(".") and compared.label
    assert compared.to_json()["field"] == field


def test_an_alias_that_fits_is_said_to_be_one():
    record = person(full_name="Trần Khác", other_names=["Nguyễn Văn Thử"])
    compared = outcome_of(ask(), record, "full_name")
    assert compared.outcome == EQUAL and "tên gọi khác" in compared.reason
    assert compared.found == "Nguyễn Văn Thử"


@pytest.mark.parametrize(
    ("changes", "tier"),
    [
        ({"identity_documents": []}, "T3"),
        ({"identity_documents": [], "date_of_birth": "1980"}, "T4"),
        ({"identity_documents": [], "full_name": "Nguyễn Văn Thư"}, "T4"),
        ({"identity_documents": [], "full_name": "Nguyễn Văn Thư", "place_of_birth_province": "79"}, "-"),
        ({"identity_documents": [], "full_name": "Nguyễn Văn Thư", "place_of_birth_province": None}, "-"),
        ({"identity_documents": [], "full_name": "Trần Khác"}, "-"),
        ({"identity_documents": [], "full_name": "Khác", "other_names": ["Nguyễn Văn Thử"]}, "T5"),
        ({"sex": None, "father_name": None, "mother_name": None, "identity_documents": []}, "T3"),
    ],
)
def test_each_candidate_names_its_tier(changes, tier):
    (weighed,) = weigh(ask(), [person(**changes)]).candidates
    assert weighed.tier == tier
    assert weighed.to_json()["tier"] == tier


PEOPLE = st.lists(
    st.builds(
        lambda number, **changes: person(register_id=f"R-{number}", **changes),
        st.integers(0, 10**6),
        full_name=st.sampled_from(["Nguyễn Văn Thử", "Nguyễn Văn Thư", "Lê Bình"]),
        date_of_birth=st.sampled_from(["1980-05-17", "1980", "1980-05-18", "1971-02-03"]),
        identity_documents=st.sampled_from([[], cccd("001080990001"), cccd("001080990099")]),
        father_name=st.sampled_from([None, "Nguyễn Văn Cha", "Lê Xa"]),
        mother_name=st.sampled_from([None, "Trần Thị Mẹ", "Đỗ Lạ"]),
    ),
    max_size=5,
    unique_by=lambda record: record.register_id,
)


@MANY
@given(PEOPLE, st.randoms(use_true_random=False))
def test_clear_means_everybody_is_excluded_and_order_does_not_matter(people, shuffler):
    matching = weigh(ask(), people)
    assert len(matching.candidates) == len(people)
    assert (matching.decision == "clear") == all(weighed.excluded for weighed in matching.candidates)
    if matching.decision == "match":
        assert len(matching.open) == 1 and matching.open[0].tier == "T1"
    else:
        assert matching.matched is None
    shuffled = list(people)
    shuffler.shuffle(shuffled)
    assert weigh(ask(), shuffled).to_json() == matching.to_json()


# --- What more is looked at, and what more excludes -----------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"sex": "female"},
        {"date_of_birth": "1955"},
        {"father_name": "Lê Văn Xa", "mother_name": "Đỗ Thị Lạ"},
    ],
    ids=["another sex", "a year that cannot be", "both parents different"],
)
def test_a_shared_number_and_name_with_a_contradiction_is_a_review(changes):
    matching = weigh(ask(), [person(**changes)])
    assert (matching.decision, matching.candidates[0].tier) == ("review", "T2")


def test_a_rare_name_birthday_and_parent_doubt_two_different_numbers():
    record = person(identity_documents=cccd("001080990099"), mother_name=None)
    (weighed,) = weigh(ask(), [record]).candidates
    assert weighed.excluded is None and "Hai số định danh" in weighed.contradicted
    common = ask(full_name="Nguyễn Thị Hương", father_name="Nguyễn Văn Hùng")
    namesake = person(
        full_name="Nguyễn Thị Hương",
        father_name="Nguyễn Văn Hùng",
        mother_name=None,
        identity_documents=cccd("001080990099"),
    )
    assert decide(common, namesake) == "clear"


def test_father_and_mother_in_each_others_place_are_not_two_others():
    crossed = person(identity_documents=[], father_name="Trần Thị Mẹ", mother_name="Nguyễn Văn Cha")
    assert decide(ask(), crossed) == "review"


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ({"father_name": None, "mother_name": None}, "clear"),
        ({"mother_name": None}, "review"),
        ({"father_name": None}, "review"),
    ],
    ids=["nothing else agrees", "the father agrees", "the mother agrees"],
)
def test_another_name_on_the_same_day_is_looked_at_only_where_a_parent_agrees(changes, decision):
    stranger = person(full_name="Trần Bảo Khác", identity_documents=[], **changes)
    assert decide(ask(), stranger) == decision


def test_little_evidence_without_a_tier_excludes_and_says_how_much_it_was():
    asked = ask(full_name="Nguyễn Thị Hương", date_of_birth="1985", identity_documents=[], **NO_PARENTS)
    record = person(
        full_name="Nguyễn Thị Hươg",
        date_of_birth="1985-04-03",
        place_of_birth_province="79",
        identity_documents=[],
        **NO_PARENTS,
    )
    (weighed,) = weigh(asked, [record]).candidates
    assert weighed.weight < weighing.current().exclude_below
    assert f"{weighed.weight:.1f}".replace(".", ",") in weighed.excluded
    same_province = person(
        full_name="Nguyễn Thị Hương",
        date_of_birth="1985",
        place_of_birth_province="01",
        sex="female",
        identity_documents=[],
        **NO_PARENTS,
    )
    assert decide(asked, same_province) == "review", "T4 is never excluded for its weight"


def test_a_decision_says_what_it_was_made_with():
    matching = weigh(ask(), [person()])
    assert matching.version == f"{RULES_VERSION}/{weighing.current().full_version}"
    assert matching.to_json()["version"] == matching.version
    (candidate,) = matching.to_json()["candidates"]
    assert candidate["weight"] == pytest.approx(sum(bar["bits"] for bar in candidate["evidence"]), abs=0.01)


# --- Keys ----------------------------------------------------------------------------------------------------------


def meet(probes, record):
    """A number in common, or a key in common on one of the days."""
    keys = keys_of(record)
    return any(key in probes.numbers for key, _ in keys) or any(
        key in probes.keys and born in probes.days for key, born in keys
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": "NGUYEN VAN THU", "identity_documents": []},
        {"full_name": "Khác Hẳn", "date_of_birth": "1950"},
        {"identity_documents": [], "date_of_birth": "1980"},
        {"identity_documents": [], "date_of_birth": "1980-05"},
        {"identity_documents": [], "date_of_birth": "1980-01-01"},
        {"identity_documents": [], "date_of_birth": "1980-05-16"},
        {"identity_documents": [], "date_of_birth": "1980-03-17"},
        {"identity_documents": [], "date_of_birth": "1980", "full_name": "Nguyễn Văn Tu"},
        {"identity_documents": [], "full_name": "Đổi Hẳn Tên"},  # both parents
        {"identity_documents": [], "full_name": "Trần Hữu Thử", "mother_name": None},  # given name and father
        {"identity_documents": [], "full_name": "Khác Hẳn", "mother_name": None, "other_names": ["nguyễn văn thử"]},
        {"identity_documents": cccd("００１０８０９９０００１"), "full_name": "Khác Hẳn"},
    ],
)
def test_a_question_meets_the_person_under_some_key(changes):
    assert meet(probes_of(ask()), person(**changes))


def test_strangers_meet_under_no_key():
    stranger = person(full_name="Lê Bình", identity_documents=cccd("001080990077"), **NO_PARENTS)
    assert not meet(probes_of(ask()), stranger)


def test_keys_are_signed_64_bit_numbers_that_never_change():
    assert hashed("number", "001080990001") == hashed("number", "001080990001") != hashed("name", "001080990001")
    assert all(-(2**63) <= key < 2**63 for key, _ in keys_of(person()))
    assert hashed("number", "x") == -418088495256933915
