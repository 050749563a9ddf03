"""Finding and screening one after the other on one register: script/bench targets [--persons 2000000] [--seed 1].

M1, M2, M3 and M6 of one run of one machine, as a reader compares them. What is decided about whom (M4) is counted by
`script/bench matching`.
"""

import argparse

from benchmarks import finding, screening


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench targets", description=__doc__)
    parser.add_argument("--persons", type=int, default=2_000_000)
    parser.add_argument("--each", type=int, default=20_000, help="questions of each kind, for M3")
    parser.add_argument("--applicants", type=int, default=100_000, help="screened in bulk, for M6")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    register = [f"--persons={options.persons}", f"--seed={options.seed}"]
    missed = [finding.main([*register, f"--each={options.each}"])]
    missed.append(screening.main([*register, f"--applicants={options.applicants}"]))
    return max(missed)


if __name__ == "__main__":
    raise SystemExit(main())
