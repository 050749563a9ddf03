"""The table of docs/matching.md, and whether the demands on it are met."""

from pathlib import Path

from benchmarks import population
from benchmarks.matching.quality import Tally, precision_and_recall, upper_bound
from records import weighing
from records.matching import CLEAR, MATCH, REVIEW, version_of

BEGIN, END = "<!-- script/bench matching: begin -->", "<!-- script/bench matching: end -->"
MOST_STRANGERS, MOST_NAMESAKES = 0.01, 0.05
LOOKED_AT = ("strangers", "siblings", "namesakes_same_year")
LEFT_OUT_BELOW = (8, 10, 12, 14, 16, 18, 20)
ABSENT = ("strangers", "siblings", "twins", "namesakes_same_day", "namesakes_same_year")


def lines_of_table(tallies: list[Tally], command: str) -> list[str]:
    """Markdown: people on file by kind, then people who are not on file."""
    return [
        f"`{command}`, rules/weights/names {version_of(weighing.current())}. Upper bounds hold with 95 % confidence.",
        "",
        "People on file, by what is wrong with what they declare or with what is held (★: never to be cleared):",
        "",
        "| kind | asked | found | match | review | wrong match | false clear | at most | least bits |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(_present(tally) for tally in tallies if tally.name not in ABSENT),
        _all_present([tally for tally in tallies if tally.name not in ABSENT]),
        "",
        "People who are not on file. *Compared*: for a candidate that is left, a 12-digit number or a parent is known"
        " on both sides; *rest*: nothing but name, birth, sex and province can be compared. *Their own*: the very"
        " sibling, twin or namesake is among those that are left, compared or not.",
        "",
        "| who | asked | clear | review, compared | review, rest | review, their own | wrong match | at most |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(_absent(tally) for tally in tallies if tally.name in ABSENT),
        "",
        *_what_fewer_would_cost(tallies),
        "",
        "Pairs that are left open, all people on file of every kind and all strangers together (beside"
        " `splink_beside.py`, below):",
        "",
        "| bits at least | precision of pairs | recall of people |",
        "|---|--:|--:|",
        *(_pairs(tallies, at_least) for at_least in (None, 15, 20, 25, 30, 35)),
    ]


def _what_fewer_would_cost(tallies: list[Tally]) -> list[str]:
    """The price of sending fewer of the rest to a person, in people on file who would be called clear."""
    never = [tally for tally in tallies if tally.name in population.NEVER_CLEARED]
    absent = [tally for tally in tallies if tally.name in LOOKED_AT]
    lines = [
        "What fewer reviews of the *rest* would cost: candidates of whom nothing can be compared, left out below so"
        " many bits.",
        "",
        f"| left out below | {' | '.join(tally.name for tally in absent)} | false clears ★ |",
        "|---|" + "--:|" * (len(absent) + 1),
    ]
    for below in (0, *LEFT_OUT_BELOW):
        reviews = [percent(one.share(one.decisions[REVIEW] - one.would_be_clear(below))) for one in absent]
        clears = sum(one.false_clears + one.would_be_clear(below) for one in never)
        lines.append(_row("as decided" if not below else f"{below} bits", *reviews, clears))
    return lines


def _pairs(tallies: list[Tally], at_least: int | None) -> str:
    precision, recall = precision_and_recall(
        (one for one in tallies if one.is_present or one.name == "strangers"), at_least
    )
    return _row("as decided" if at_least is None else at_least, f"{precision:.4f}", f"{recall:.4f}")


def _present(tally: Tally) -> str:
    star = " ★" if tally.name in population.NEVER_CLEARED else ""
    return _row(
        f"{tally.name}{star}",
        tally.asked,
        f"{tally.share(tally.found):.4f}",
        percent(tally.share(tally.decisions[MATCH])),
        percent(tally.share(tally.decisions[REVIEW])),
        tally.wrong_matches,
        tally.false_clears,
        percent(upper_bound(tally.false_clears, tally.asked)),
        f"{min(tally.weights):.1f}" if tally.weights else "-",
    )


def _all_present(tallies: list[Tally]) -> str:
    together = Tally("**all together**")
    for tally in tallies:
        together.add(tally)
    return _present(together)


def _absent(tally: Tally) -> str:
    return _row(
        tally.name,
        tally.asked,
        percent(tally.share(tally.decisions[CLEAR])),
        percent(tally.share(tally.compared)),
        percent(tally.share(tally.uncompared)),
        "-" if tally.name == "strangers" else percent(tally.share(tally.mistaken)),
        tally.wrong_matches,
        percent(upper_bound(tally.wrong_matches, tally.asked)),
    )


def _row(*cells: object) -> str:
    return "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells) + " |"


def percent(share: float) -> str:
    return f"{share:.3%}".replace("%", " %")


def verdicts(tallies: list[Tally]) -> list[str]:
    """What is demanded and was not met; nothing where all is well."""
    failed = [f"{tally.name}: {tally.wrong_matches} wrong matches" for tally in tallies if tally.wrong_matches]
    failed += [
        f"{tally.name}: {tally.false_clears} false clears"
        for tally in tallies
        if tally.false_clears and tally.name in population.NEVER_CLEARED
    ]
    for tally in tallies:
        # The rest is no demand, but for one's own kin: it is what strangers have in common with a line that knows only
        # a name and a year, and no rule could clear them without clearing the people of such lines too (the table of
        # what it would cost). Kin and namesakes meet as many of those as any stranger does.
        share = tally.share(tally.compared)
        most = MOST_STRANGERS if tally.name == "strangers" else MOST_NAMESAKES
        if tally.name in LOOKED_AT and share > most:
            failed.append(f"{tally.name}: {percent(share)} to review although compared")
        if tally.name in LOOKED_AT and tally.share(tally.mistaken) > MOST_NAMESAKES:
            failed.append(f"{tally.name}: {percent(tally.share(tally.mistaken))} to review for their own kin")
    return failed


def write_into(document: Path, table: list[str]) -> None:
    """Between the markers; the rest of the page is written by people."""
    text = document.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    document.write_text(before + BEGIN + "\n" + "\n".join(table) + "\n" + END + after, encoding="utf-8")
