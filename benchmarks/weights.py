"""Estimates the weights again and writes them as a new version: script/bench weights --version 2027-01.

Nothing is ever written over an old version: a decision kept years ago names the weights it was made with. The figures
come from invented people (benchmarks/population); by the side of what is counted with labels stands what EM learns from
the same pairs without them, as a check that needs no labels and can be made on real pairs too.
"""

import argparse
import math
import sys
from random import Random

from benchmarks.matching import estimating
from benchmarks.matching.estimating import LEVELS, Odds
from records import weighing

HEAD = """# What agreement and difference of each field are worth: bits = log2(m / u).
# A version is never edited: `script/bench weights --version …` writes the next one (docs/matching.md).
version = "{version}"
names = "{names}"
provenance = "{provenance}"

[thresholds]
# Below it, what no tier finds has nothing plausible left.
exclude_below = {exclude_below}
# More is asked for where a parent is another, the province of birth (and no parent agrees), or the name.
other_parent_below = {other_parent_below}
other_province_below = {other_province_below}
other_name_below = {other_name_below}
# More again where two of them, or one of them and the sex, are another.
two_others_below = {two_others_below}
# From it on even what excludes is doubted, and a person looks.
doubt_from = {doubt_from}
# A match needs at least this much.
match_from = {match_from}
"""


def main() -> int:
    options = _options()
    path = weighing.FOLDER / f"{options.version}.toml"
    if path.exists():
        print(f"{path.name} exists, and a version is never edited: name another.", file=sys.stderr)
        return 2
    pairs = list(estimating.same_people(options.people, options.seed))
    half = options.people // 2
    asked, found = [one for one, _ in pairs], [other for _, other in pairs]
    m = estimating.counted_m(pairs)
    u = estimating.counted_u(asked[:half], found[half:], options.samples, options.seed)
    estimating.share_spellings(m, u)
    random = Random(options.seed)
    strangers = [
        (asked[int(random.random() * half)], found[half + int(random.random() * half)]) for _ in range(half * 2)
    ]
    em, share = estimating.expectation_maximisation(pairs[:half] + strangers, u)
    _print(m, em, u, share)
    path.write_text(_written(options, m, u), encoding="utf-8")
    print(f"Written: {path.name}")
    return 0


def _options() -> argparse.Namespace:
    newest = weighing.current() if weighing.versions() else None
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--names", default=newest.names.version if newest else None)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--samples", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=7)
    for threshold in weighing.THRESHOLDS:
        parser.add_argument(
            f"--{threshold.replace('_', '-')}", type=float, default=getattr(newest, threshold) if newest else None
        )
    return parser.parse_args()


def _print(m: Odds, em: Odds, u: Odds, share: float) -> None:
    print(f"{'field':24}{'level':12}{'m':>9}{'m by EM':>9}{'u':>10}{'bits':>7}")
    for field, levels in LEVELS.items():
        for level in levels:
            bits = math.log2(m[field][level] / u[field][level])
            print(
                f"{field:24}{level:12}{m[field][level]:9.4f}{em[field][level]:9.4f}{u[field][level]:10.1e}{bits:+7.1f}"
            )
    print(f"EM takes {share:.3f} of the pairs for one person; it was told nothing (truth: 0.333).")


def _written(options: argparse.Namespace, m: Odds, u: Odds) -> str:
    provenance = (
        f"script/bench weights --version {options.version} --people {options.people} --samples {options.samples}"
        f" --seed {options.seed}: counted on labelled pairs of invented people, least shares assumed"
    )
    text = HEAD.format(**vars(options) | {"provenance": provenance})
    for field, levels in LEVELS.items():
        text += f"\n[fields.{field}]\n"
        text += "".join(f"{level} = {{ m = {m[field][level]:.3g}, u = {u[field][level]:.3g} }}\n" for level in levels)
    return text


if __name__ == "__main__":
    raise SystemExit(main())
