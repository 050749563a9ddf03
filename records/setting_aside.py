"""Who was met in a search and need not be read: the rules that exclude, asked of what stands beside each name.

A common name meets dozens of strangers, most of them on file with a year of birth alone. Their parents, 12-digit
numbers and names tell already that they are others (domain 12.2), so that their convictions are not read, not sent and
not kept.
Only whom `matching.weigh` is certain to exclude is set aside (a test holds the two against each other): wherever
something cannot be told from here, it is counted for the same person, with the most that it could be worth.
"""

from datetime import date
from functools import cached_property
from typing import NamedTuple

from records import comparing, weighing
from records.answers import Question
from records.comparing import DIFFERENT, EQUAL, MIDDLE, MISSING
from records.keys import names_of
from records.matching import NAMES, NUMBERS, PARENTS, least
from records.names import is_one_slip, key2, neighbouring_days, swapped_day
from records.weighing import Weights

TOO_LITTLE = "Không trùng họ tên với nơi sinh, ngày sinh, số giấy tờ hay tên gọi khác; mọi thông tin cộng lại quá ít."
REASONS = (PARENTS, NUMBERS, NAMES, TOO_LITTLE)
OTHERS = (DIFFERENT, MIDDLE)
# A name whose letters are the asked one's; a name that may be the asked one, written otherwise.
SAME, ALIKE = "same", "alike"
MAY_BE = (SAME, ALIKE)
SAME_LEVELS = (comparing.EXACT, comparing.LEVELLED, comparing.UNMARKED)
ALIKE_LEVELS = (comparing.SLIP, comparing.PARTS, comparing.CLOSE, comparing.ALIAS, comparing.ALIAS_SLIP)
# Bits are rounded field by field, so that their sum may be so much more.
ROUNDING = 0.1


class Beside(NamedTuple):
    """One name of a person and what stands beside it: texts without marks, the first day of birth, None: not known."""

    person_id: int
    name: str
    born: str
    sex: str | None
    province: str | None
    father: str | None
    mother: str | None
    spouse: str | None
    citizen_numbers: str | None
    other_numbers: str | None
    register_id: str


class Name:
    """A name that is asked for, against one on file; both without marks."""

    def __init__(self, written: str) -> None:
        self.bare = key2(written)
        self._words = self.bare.split()
        self._plain = _as_i(self.bare)
        self._plain_words = frozenset(self._plain.split())
        self._solid = comparing.solid(self.bare)

    def level(self, found: str) -> str:
        """SAME, DIFFERENT or MIDDLE as `comparing.name_level` would say; ALIKE stands for whatever lies between."""
        if found == self.bare:
            return SAME
        plain = _as_i(found)
        if plain == self._plain:
            return SAME  # Mây and Mâi: not without marks, but the matching's key with marks is the same
        if plain.replace(" ", "") == self._solid:
            return ALIKE
        if len(self._words) > 2 and self._plain_words.isdisjoint(plain.split()):
            return DIFFERENT  # one slip touches two words at most and leaves the third; any other likeness shares one
        if is_one_slip(self._plain, plain):
            return ALIKE
        level = comparing.by_words(self._words, found.split())
        return level if level in OTHERS else ALIKE


def _level_of_numbers(asked: frozenset[str], found: str | None) -> str:
    return comparing.number_level(asked, frozenset(found.split())) if found else MISSING


def _as_i(bare: str) -> str:
    """A lone y is i already; a slip beside it may have hidden that it was alone."""
    return bare.replace("y", "i")


class Relative:
    """Father, mother or spouse of the one who is asked about."""

    def __init__(self, field: str, written: str | None, weights: Weights) -> None:
        self._field, self._written, self._weights = field, written or "", weights
        self._name = Name(self._written)

    def level(self, found: str | None) -> str:
        return self._name.level(found) if found and self._name.bare else MISSING

    def most(self, level: str) -> float:
        """The bits of another name; of one that may be the same, the most that any agreement with it is worth."""
        if level == MISSING:
            return 0.0
        return self._weights.bits[self._field][level] if level in OTHERS else self.of_agreement

    @cached_property
    def of_agreement(self) -> float:
        """Never less than where one side has none: the name asked for may be missing or too common to say anything."""
        return max(0.0, *weighing.most(self._field, self._written, self._weights).values())


class Sought:
    """One question, held against what stands beside the names on file."""

    def __init__(self, question: Question, weights: Weights | None = None) -> None:
        self._question = question
        self._weights = weights or weighing.current()
        self._names = [Name(name) for name in names_of(question)]
        self._papers = comparing.papers(question.identity_documents)
        self._father = Relative("father_name", question.father_name, self._weights)
        self._mother = Relative("mother_name", question.mother_name, self._weights)
        self._spouse = Relative("spouse_name", question.spouse_name, self._weights)

    def sets_aside(self, beside: Beside) -> str | None:
        """Why this can only be somebody else; None: read the record and weigh it.

        Never asked about somebody who shares the number of a document: a person solves that contradiction.
        """
        number = _level_of_numbers(self._papers.citizen, beside.citizen_numbers)
        father = self._father.level(beside.father)
        if number == DIFFERENT and father not in MAY_BE and self._is_quiet(beside, number, father):
            return NUMBERS
        mother = self._mother.level(beside.mother)
        reason = None
        if father in OTHERS and mother in OTHERS and not self._may_be_crossed(beside):
            reason = PARENTS
        elif number == DIFFERENT and not (father in MAY_BE and mother in MAY_BE):
            reason = NUMBERS
        if reason is None:
            return self._by_name(beside, number, father, mother)
        if self._is_quiet(beside, number, father, mother):
            return reason
        # Even so, all else may speak so loudly for the same person that somebody has to look.
        most = self._most(beside, SAME, number, father, mother, self._spouse.level(beside.spouse))
        return reason if most < self._weights.doubt_from else None

    def _is_quiet(self, beside: Beside, number: str, father: str, mother: str | None = None) -> bool:
        """Too little is left for a doubt, however well all agrees that is not asked here; None: the mother neither."""
        most = self._loudest + self._of_birth(beside) + self._worth("citizen_number", number)
        most += self._father.most(father) + self._spouse.most(self._spouse.level(beside.spouse))
        most += self._mother.most(mother) if mother else self._mother.of_agreement
        return most < self._weights.doubt_from

    def _by_name(self, beside: Beside, number: str, father: str, mother: str) -> str | None:
        name, spouse = self._level_of_name(beside.name), self._spouse.level(beside.spouse)
        most = self._most(beside, name, number, father, mother, spouse)
        if name == DIFFERENT and not any(level in MAY_BE for level in (father, mother, spouse)):
            return NAMES if most < self._weights.doubt_from else None
        sex, province = self._sex(beside), self._province(beside)
        if name == SAME and (province == EQUAL or beside.born in self._of_births):
            return None  # a tier may have found it
        needed = least(
            self._weights,
            other_parent=(father in OTHERS) != (mother in OTHERS) and not self._may_be_crossed(beside),
            same_parent=father in MAY_BE or mother in MAY_BE,
            other_province=province == DIFFERENT,
            other_name=name in OTHERS,
            other_sex=sex == DIFFERENT,
        )
        return TOO_LITTLE if most < needed else None

    def _most(self, beside: Beside, name: str, number: str, father: str, mother: str, spouse: str) -> float:
        """All fields together, each with the most that it can be worth."""
        most = self._of_name[name] + self._of_birth(beside) + self._unseen
        most += self._father.most(father) + self._mother.most(mother) + self._spouse.most(spouse)
        most += self._worth("citizen_number", number) + self._worth("sex", self._sex(beside))
        most += self._worth("other_number", _level_of_numbers(self._papers.others, beside.other_numbers))
        return most + self._worth("place_of_birth_province", self._province(beside))

    @cached_property
    def _loudest(self) -> float:
        """All but kin, day of birth and 12-digit number, agreeing as well as it can."""
        bits = self._weights.bits
        most = self._of_name[SAME] + self._unseen + bits["sex"][EQUAL] + bits["place_of_birth_province"][EQUAL]
        return most + (bits["other_number"][comparing.SLIP] if self._papers.others else 0.0)

    def _of_birth(self, beside: Beside) -> float:
        return self._of_births.get(beside.born, self._of_any_birth)

    def _sex(self, beside: Beside) -> str:
        return comparing.plain_level(self._question.sex, beside.sex)

    def _province(self, beside: Beside) -> str:
        return comparing.province_level(self._question.place_of_birth_province, beside.province)

    def _may_be_crossed(self, beside: Beside) -> bool:
        """Father and mother written into each other's field are not two other people."""
        return self._father.level(beside.mother) in MAY_BE or self._mother.level(beside.father) in MAY_BE

    # --- Levels, as far as they can be told from here -------------------------------------------------------------

    def _level_of_name(self, found: str) -> str:
        levels = {name.level(found) for name in self._names}
        return next((level for level in (SAME, ALIKE, MIDDLE, DIFFERENT) if level in levels), ALIKE)

    # --- The most that they are worth ---------------------------------------------------------------------------

    def _worth(self, field: str, level: str) -> float:
        return 0.0 if level == MISSING else self._weights.bits[field][level]

    @cached_property
    def _unseen(self) -> float:
        """What does not stand beside the names: nationality and ethnic group."""
        bits, question, most = self._weights.bits, self._question, 0.0
        for field in ("nationality", "ethnicity"):
            if getattr(question, field):
                most += max(0.0, *bits[field].values())
        return most + ROUNDING

    @cached_property
    def _of_name(self) -> dict[str, float]:
        names = (self._question.full_name, *self._question.other_names)
        bits = self._weights.bits["full_name"]
        most = [weighing.most("full_name", name, self._weights) for name in names]
        alike = max(by_level[level] for by_level in most for level in ALIKE_LEVELS)
        same = max(alike, *(by_level[level] for by_level in most for level in SAME_LEVELS))
        return {SAME: same, ALIKE: alike, MIDDLE: bits[MIDDLE], DIFFERENT: bits[DIFFERENT]}

    @cached_property
    def _of_births(self) -> dict[str, float]:
        """By the first day on file: the day itself and its likeliest misreadings say more than any other day."""
        birth, bits = self._question.date_of_birth, self._weights.bits["date_of_birth"]
        day, most = birth.first_day, {}
        days: list[tuple[date | None, str]] = [(day.replace(day=1), comparing.MONTH)]
        if birth.is_full:
            days += [(near, comparing.NEAR) for near in neighbouring_days(day)]
            days += [(swapped_day(day), comparing.SWAPPED), (day, comparing.DAY)]
        for one, level in days:
            if one is not None:
                most[one.isoformat()] = max(bits[level], most.get(one.isoformat(), bits[level]))
        return most

    @cached_property
    def _of_any_birth(self) -> float:
        levels = [comparing.YEAR, comparing.DEFAULT, comparing.DATE_SLIP]
        if self._question.date_of_birth.is_vague:
            levels += [comparing.MONTH, comparing.NEAR]
        return max(self._weights.bits["date_of_birth"][level] for level in levels)
