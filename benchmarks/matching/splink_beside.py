"""Splink on the same people, beside script/bench matching; it is no dependency of the project.

    PYTHONPATH=. uv run --no-project --with splink==5.0.0 python benchmarks/matching/splink_beside.py --persons 200000

Splink gets the same register, the same people asking (every kind of corruption, as many of each) and the same
strangers; names in the portal's own keys, so that tone placement, Ð and NFD are not held against it. It is set up as
its documentation advises: u by random sampling, m by EM over two blocking rules, term frequencies for names. Two
figures are comparable: of the pairs that are kept at a threshold how many are one person, and of the people on file
how many are kept.
"""

import argparse
import csv
import logging
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks import population
from records.names import PartialDate, key1, key2, normal_number

COLUMNS = (
    "unique_id", "truth", "toned", "bare", "given", "born", "year", "citizen", "old", "father", "mother", "sex", "province",
)  # fmt: skip
RULES = (
    ("citizen",), ("old",), ("bare", "year"), ("given", "born"), ("father", "mother", "year"), ("given", "father", "year"),
)  # fmt: skip
THRESHOLDS = (0.5, 0.9, 0.99, 0.999)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=200_000)
    parser.add_argument("--each", type=int, default=1_000)
    parser.add_argument("--strangers", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    _fill(connection, "register", (row_of(line) for line in population.people(options.persons, options.seed)))
    kinds = len(population.KIND_NAMES)
    present = options.each * kinds
    asking = (population.asked(index, options.seed) for index in range(present))
    strangers = population.strangers(options.strangers or 3 * options.each, options.seed)
    _fill(connection, "asking", (row_of(person) for person in chain(asking, strangers)))
    began = time.monotonic()
    linker = _trained(connection)
    trained = time.monotonic()
    pairs = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    ended = time.monotonic()
    _report(connection, pairs.physical_name, present)
    asked = present + (options.strangers or 3 * options.each)
    print(f"Trained in {trained - began:.1f} s, predicted in {ended - trained:.1f} s: {asked / (ended - began):.0f}/s")


def row_of(person: dict[str, Any]) -> tuple:
    """One person, asking or on file, as columns."""
    name, birth = person["full_name"], PartialDate.parse(person["date_of_birth"])
    numbers = {one["type"]: normal_number(one["number"]) for one in person.get("identity_documents", [])}
    bare = key2(name)
    own = person.get("register_id") or person["applicant_id"]
    return (
        own, own[1:], key1(name), bare, bare.split()[-1], birth.text if birth.is_full else None, str(birth.year),
        numbers.get("cccd"), numbers.get("cmnd"), key2(person.get("father_name") or "") or None,
        key2(person.get("mother_name") or "") or None, person.get("sex"), person.get("place_of_birth_province"),
    )  # fmt: skip


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterator[tuple]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
        file.flush()
        columns = "{" + ", ".join(f"'{column}': 'VARCHAR'" for column in COLUMNS) + "}"
        connection.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_csv('{file.name}', header=false, columns={columns})"
        )


def _trained(connection: duckdb.DuckDBPyConnection) -> Linker:
    api = DuckDBAPI(connection=connection)
    names = cl.DamerauLevenshteinAtThresholds("bare", [1, 2]).configure(term_frequency_adjustments=True)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            names,
            cl.DamerauLevenshteinAtThresholds("born", [1, 2]),
            cl.ExactMatch("year"),
            cl.DamerauLevenshteinAtThresholds("citizen", 1),
            cl.ExactMatch("old"),
            cl.DamerauLevenshteinAtThresholds("father", 1).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("mother", 1).configure(term_frequency_adjustments=True),
            cl.ExactMatch("sex"),
            cl.ExactMatch("province"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES],
        retain_matching_columns=False,
        additional_columns_to_retain=["truth"],
    )
    linker = Linker([api.register("register"), api.register("asking")], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("citizen"), block_on("old")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=2_000_000)
    training.estimate_parameters_using_expectation_maximisation(block_on("bare", "born"))
    training.estimate_parameters_using_expectation_maximisation(block_on("citizen"))
    return linker


def _report(connection: duckdb.DuckDBPyConnection, pairs: str, present: int) -> None:
    print("| probability at least | precision of pairs | recall of people |\n|---|--:|--:|")
    for threshold in THRESHOLDS:
        kept = f"FROM {pairs} WHERE match_probability >= {threshold}"
        same = "left(unique_id_l, 1) IN ('A', 'R') AND left(unique_id_r, 1) IN ('A', 'R') AND truth_l = truth_r"
        row = connection.execute(f"SELECT count(*), count(*) FILTER (WHERE {same}) {kept}").fetchone()
        together, right = row or (0, 0)
        print(f"| {threshold} | {right / max(together, 1):.4f} | {right / present:.4f} |")


if __name__ == "__main__":
    main()
