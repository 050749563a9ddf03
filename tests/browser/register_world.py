"""What the people of the register meet: papers in every state, faults of every kind, joins and divisions."""

from django.urls import reverse

from lltp_portal.accounts.models import User
from records import quality_run, register_acts
from records.incoming import actions, contract
from records.joining import Taken
from records.register import changing
from records.register.living import IncomingInformation, QualityIssue
from tests import factories, paper_files
from tests.records_people import conviction, person_json
from tests.register_papers import ABOUT, paper, serving, updater

PAIRS = "ABC"
State = IncomingInformation.State
REASON = "Hai bản án cùng số định danh, cùng cha mẹ, khác một chữ trong họ tên. " * 4


def make(by: User, name: str) -> list[str]:
    """Everybody in it has this name; addresses that no link leads to."""
    _people(name)
    _papers(by, name)
    quality_run.check_all()
    _acts(by)
    kinds = [f"{reverse('enter_incoming')}?kind={kind}" for kind in contract.KINDS]
    return [reverse("incoming_papers"), reverse("register_issues"), reverse("register_acts"), *kinds]


def _people(name: str) -> None:
    """Whom the papers are about, three pairs of rows that are one person each, and one row that may be two persons."""
    pairs = []
    for letter in PAIRS:
        number = [{"type": "cccd", "number": f"00108099007{PAIRS.index(letter)}"}]
        for row, judgment in enumerate(("1/2010", "2/2015"), start=1):
            one = {"register_id": f"RW-{letter}{row}", "full_name": name, "identity_documents": number}
            pairs.append(person_json(conviction(judgment_number=judgment), **one, date_of_birth=f"19{70 + row}-05-17"))
    two_in_one = (conviction(offence_date=None), conviction(judgment_number="3/2016"))
    factories.register(serving(full_name=name), *pairs, person_json(*two_in_one, register_id="RW-X", full_name=name))


def _papers(by: User, name: str) -> None:
    """One that waits with its scan, one that this person works on, one of a colleague's, and every end."""
    about = ABOUT | {"full_name": name}
    scan = actions.Document("image/jpeg", paper_files.photograph())
    sender = f"Trại giam {name}"
    rows = {
        what: actions.receive(paper(number=f"{number}/GCN", sender=sender, about=about), by=by, document=scan).row
        for number, what in enumerate(("waiting", "mine", "theirs", "refused", "sent_back", "worked_in"), start=1)
    }
    for what in ("mine", "refused", "sent_back", "worked_in"):
        actions.take(rows[what].code, by=by)
    actions.take(rows["theirs"].code, by=updater())
    for to in (State.REFUSED, State.SENT_BACK):
        actions.turn_away(rows[to].code, by=by, to=to, reason=REASON)
    digest = changing.digest(changing.read(["R-990001"])["R-990001"].record)
    actions.work_in(rows["worked_in"].code, by=by, register_id="R-990001", expected=digest, reason=REASON)


def _acts(by: User) -> None:
    """A join that waits for another person, one that was done, one that was declined."""
    other = updater(email="capnhat.hai@vi-du.example")
    for letter, ends in zip(PAIRS, ("waiting", "done", "declined"), strict=True):
        ids = [f"RW-{letter}1", f"RW-{letter}2"]
        issue = QualityIssue.objects.open().get(rule="same_person", register_id=ids[0], place=ids[1])
        details = {"surviving": ids[0], "absorbed": ids[1], "expected": {}}
        act = register_acts.propose("merge", by=by, reason=REASON, subject=issue.code, details=details)
        if ends == "done":
            act = register_acts.agree(act.code, by=other)
            assert act.outcome == "done", act.outcome_words
        elif ends == "declined":
            register_acts.decline(act.code, by=other, reason=REASON)
    division = QualityIssue.objects.open().filter(register_id="RW-X").first()
    taken = {"register_id": "RW-X", "new_id": "TT-RW-Y", "taken": Taken(convictions=(1,)).to_json(), "expected": ""}
    register_acts.propose("split", by=other, reason=REASON, subject=division.code, details=taken)
