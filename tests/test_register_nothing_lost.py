"""Papers, joinings, undoings and imports in any order: no judgment that anybody told of is ever gone."""

import random

import pytest

from records.incoming import actions
from records.register import changing
from records.register.living import RegisterAlias
from tests import factories
from tests.records_people import conviction, person_json
from tests.register_papers import paper, updater
from tests.test_register_merging import do, factories_again

pytestmark = pytest.mark.django_db
NAMES = {"A": "Nguyễn Văn Thử", "B": "Nguyễn Văn Thứ", "C": "Nguyễn Văn Thư"}


class Register:
    """Three rows that may be one person, and all that was ever told of them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.clerk, self.merges = chance, updater(), []
        self.lines = {
            one: person_json(
                conviction(judgment_number=f"{one}/2010"), register_id=one, full_name=name, identity_documents=[]
            )
            for one, name in NAMES.items()
        }
        factories.register(*self.lines.values())
        self.told = {f"{one}/2010" for one in NAMES}

    def paper(self, kind, content, number):
        row = actions.receive(paper(kind, content, number=str(number)), by=self.clerk).row
        actions.take(row.code, by=self.clerk)
        who = self.chance.choice("ABC")
        return actions.work_in(row.code, by=self.clerk, register_id=who, expected="", reason="Đúng", correcting=True)

    def judgment(self, number):
        convictions = [conviction(judgment_number=f"{number}/2020")]
        assert self.paper("judgment", {"convictions": convictions}, number).outcome == "done"
        self.told.add(f"{number}/2020")

    def merge(self, number):
        surviving, absorbed = self.chance.sample("ABC", 2)
        act = do("merge", surviving=surviving, absorbed=absorbed, expected={})
        self.merges += [act] if act.outcome == "done" else []

    def undo(self, number):
        if self.merges:
            do("undo_merge", self.merges.pop(self.chance.randrange(len(self.merges))).code)

    def old_file(self, number):
        factories_again(self.lines[self.chance.choice("ABC")])

    def newer_file(self, number):
        one = self.chance.choice("ABC")
        more = [*self.lines[one]["convictions"], conviction(judgment_number=f"{number}/2022")]
        self.lines[one] = self.lines[one] | {"convictions": more}
        factories_again(self.lines[one])
        self.told.add(f"{number}/2022")

    def on_file(self, rows="ABC"):
        return [{row.judgment_number for row in one.record.convictions} for one in changing.read(list(rows)).values()]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_to_three_rows_every_judgment_is_on_file_and_joined_rows_say_the_same(seed):
    register = Register(random.Random(seed))
    acts = [register.judgment, register.merge, register.undo, register.old_file, register.newer_file]
    for number in range(10):
        register.chance.choice(acts)(number)
        assert register.told <= set().union(*register.on_file())
        for surviving in set(RegisterAlias.objects.values_list("surviving_id", flat=True)):
            said = register.on_file(alias.old_id for alias in RegisterAlias.objects.of_person(surviving))
            assert all(one == said[0] for one in said)
