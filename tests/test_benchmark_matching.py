"""The benchmark of the decisions, small: the same code as the full run, on a register of a few hundred people."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from benchmarks import population
from benchmarks.matching import estimating, table
from benchmarks.matching.__main__ import KIN, jobs_of
from benchmarks.matching.quality import Tally, added, upper_bound
from benchmarks.matching.running import Run
from records import frequencies, weighing

PERSONS, SEED = 25 * 12, 3


@pytest.fixture
def register(db, tmp_path):
    path = tmp_path / "register.jsonl"
    lines = (json.dumps(person, ensure_ascii=False) for person in population.people(PERSONS, SEED))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    call_command("import_register", str(path), stdout=io.StringIO())


def test_every_kind_goes_through_finding_and_weighing(register):
    run = Run(PERSONS, SEED)
    tallies = added(run(job) for job in jobs_of(PERSONS, 12, 12))
    assert [tally.name for tally in tallies] == [*population.KIND_NAMES, "strangers", *KIN]
    assert all(tally.asked == 12 for tally in tallies)
    assert not any(tally.wrong_matches for tally in tallies)
    for tally in tallies:
        if tally.name in population.NEVER_CLEARED:
            assert (tally.found, tally.false_clears) == (12, 0), tally.name
    by_name = {tally.name: tally for tally in tallies}
    assert by_name["unchanged"].decisions["match"] and by_name["strangers"].decisions["clear"] == 12
    assert by_name["twins"].mistaken and not by_name["strangers"].mistaken
    assert table.verdicts(tallies) == []
    written = "\n".join(table.lines_of_table(tallies, "a command"))
    assert "| one_typo ★ | 12 | 1.0000 |" in written and "| strangers | 12 | 100.000 % |" in written


def test_a_wrong_match_a_false_clear_and_too_many_reviews_are_said():
    tallies = [Tally("alias", asked=10, wrong_matches=1, false_clears=2), Tally("unchanged", asked=10, false_clears=1)]
    tallies += [Tally("strangers", asked=100, compared=2), Tally("siblings", asked=100, compared=6, uncompared=9)]
    tallies += [Tally("namesakes_same_year", asked=100, uncompared=30, mistaken=7), Tally("twins", asked=9, mistaken=9)]
    assert table.verdicts(tallies) == [
        "alias: 1 wrong matches",
        "alias: 2 false clears",
        "strangers: 2.000 % to review although compared",
        "siblings: 6.000 % to review although compared",
        "namesakes_same_year: 7.000 % to review for their own kin",
    ]


def test_what_fewer_reviews_would_cost_is_counted_on_both_sides():
    stranger, alias = Tally("strangers", asked=10, uncompared=3), Tally("alias", is_present=True, asked=10)
    for tally in (stranger, alias):
        tally.decisions["review"] = 3
    stranger.nothing_more.update({9: 2, 13: 1})
    alias.nothing_more.update({13: 1, 25: 2})
    lines = table.lines_of_table([alias, stranger], "a command")
    assert "| as decided | 30.000 % | 0 |" in lines
    assert "| 10 bits | 10.000 % | 0 |" in lines
    assert "| 14 bits | 0.000 % | 1 |" in lines


@pytest.mark.parametrize(
    ("hits", "asked", "bound"), [(0, 20_000, 0.00014977), (0, 1, 0.95), (1, 100, 0.046564), (3, 3, 1.0), (0, 0, 1.0)]
)
def test_the_upper_bound_is_that_of_clopper_and_pearson(hits, asked, bound):
    assert upper_bound(hits, asked) == pytest.approx(bound, rel=1e-3)


def test_the_table_is_put_between_its_markers(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n", encoding="utf-8")
    table.write_into(page, ["new"])
    assert page.read_text(encoding="utf-8") == f"before\n{table.BEGIN}\nnew\n{table.END}\nafter\n"


def test_em_learns_nearly_what_the_labels_say():
    pairs = list(estimating.same_people(300, SEED))
    m = estimating.counted_m(pairs)
    u = estimating.counted_u([one for one, _ in pairs[:150]], [other for _, other in pairs[150:]], 3_000, SEED)
    mixed = pairs[:150] + [(pairs[i][0], pairs[-1 - i][1]) for i in range(150)]
    learnt, share = estimating.expectation_maximisation(mixed, u)
    assert share == pytest.approx(0.5, abs=0.02)
    for field in ("full_name", "date_of_birth", "sex"):
        best = max(m[field], key=m[field].get)
        assert learnt[field][best] == pytest.approx(m[field][best], abs=0.08)
        assert sum(learnt[field].values()) == pytest.approx(1)


def test_names_of_the_register_are_counted_into_a_new_version_only(register, tmp_path):
    out = io.StringIO()
    call_command("count_names", "2099-01", folder=tmp_path, at_least=2, stdout=out)
    assert f"Đã đếm {PERSONS} người" in out.getvalue()
    counted = frequencies.load(tmp_path / "names-2099-01.toml")
    assert counted.frequency("surname", "Nguyễn") == pytest.approx(0.38, abs=0.1)
    assert counted.version == "2099-01" and counted.coincidence < 0.01
    with pytest.raises(CommandError, match="không được sửa"):
        call_command("count_names", "2099-01", folder=tmp_path)


def test_an_empty_register_gives_no_version(db, tmp_path):
    with pytest.raises(CommandError, match="chưa có ai"):
        call_command("count_names", "2099-01", folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_shipped_weights_were_estimated_for_all_that_is_compared():
    assert {field: set(levels) for field, levels in weighing.current().bits.items()} == {
        field: set(levels) for field, levels in estimating.LEVELS.items()
    }
