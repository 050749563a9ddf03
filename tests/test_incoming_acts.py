"""The queue of papers: in once, taken up, worked in, turned away; the register and its history change together."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid, NotAllowed, PortalError, StepNotAllowed
from records import register_acts
from records.incoming import actions
from records.models import RegisterAct
from records.reading import Refused
from records.register import changing
from records.register.living import IncomingInformation, PersonChange
from records.register.models import MatchKey, RegisterImport, RegisterPerson
from tests import factories
from tests.register_papers import NAMED, paper, paper_json, serving, updater

pytestmark = pytest.mark.django_db
ID = "R-990001"


@pytest.fixture
def clerk():
    return updater()


def received(clerk, **changes) -> IncomingInformation:
    return actions.receive(paper(**changes), by=clerk).row


def taken(clerk, **changes) -> IncomingInformation:
    return actions.take(received(clerk, **changes).code, by=clerk)


def work_in(row, clerk, **how):
    how = {"register_id": ID, "expected": "", "reason": "Đúng người"} | how
    return actions.work_in(row.code, by=clerk, **how)


def on_file(register_id=ID):
    return changing.read([register_id])[register_id].record


# --- In -------------------------------------------------------------------------------------------------------------


def test_the_same_paper_is_in_the_queue_once(clerk):
    first = actions.receive(paper(), by=clerk)
    again = actions.receive(paper(), by=clerk)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.row == first.row
    assert actions.receive(paper(about={"full_name": "Nguyễn Văn Khác"}), by=clerk).is_new


def test_a_paper_that_was_sent_back_may_come_again(clerk):
    row = taken(clerk)
    actions.turn_away(row.code, by=clerk, to="sent_back", reason="Thiếu dấu")
    assert actions.receive(paper(), by=clerk).is_new


def test_a_paper_of_tomorrow_is_refused(clerk):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    with pytest.raises(Refused, match="chưa đến"):
        actions.receive(paper(date=tomorrow), by=clerk)


def test_a_file_is_taken_in_line_by_line_and_again_without_harm(tmp_path):
    file = tmp_path / "papers.jsonl"
    bad = json.dumps(paper_json(date="2023-02-30"), ensure_ascii=False)
    lines = [json.dumps(paper_json(number=str(n)), ensure_ascii=False) for n in range(3)]
    file.write_text("\n".join([*lines, bad, "{", '{"kind":"judgment","kind":"ban"}', ""]), encoding="utf-8")
    for taken_in, known in ((3, 0), (0, 3)):
        out, errors = io.StringIO(), io.StringIO()
        with pytest.raises(CommandError, match="Từ chối 3 dòng"):
            call_command("import_incoming", str(file), stdout=out, stderr=errors)
        assert f"Nhận {taken_in} văn bản mới, {known} văn bản đã có" in out.getvalue()
        assert "Dòng 4: date: là ngày không có trong lịch" in errors.getvalue()
        assert "Dòng 5:" in errors.getvalue() and "Dòng 6:" in errors.getvalue()
        assert "Nguyễn" not in errors.getvalue()
    assert IncomingInformation.objects.count() == 3


# --- Worked in ------------------------------------------------------------------------------------------------------


def test_a_paper_changes_the_person_its_own_row_and_the_history_together(clerk):
    factories.register(serving())
    before = on_file()
    act = work_in(taken(clerk), clerk)
    assert act.outcome == "done", act.outcome_words
    after = on_file()
    assert str(after.convictions[0].main_penalty_completed_on) == "2023-03-10"
    change = PersonChange.objects.get()
    assert (change.act, change.register_id, change.by) == (act.code, ID, clerk.email)
    assert (change.before, change.after) == (before.to_json(), after.to_json())
    assert "12/GCN" in change.source and "Trại giam Mẫu" in change.source
    row = IncomingInformation.objects.get()
    assert (row.state, row.register_id, row.act, row.settled_by) == ("worked_in", ID, act.code, clerk.email)
    verbs = set(AuditEvent.objects.filter(subject__in=[row.code, act.code]).values_list("verb", flat=True))
    assert verbs == {"receive_incoming", "take_incoming", "propose_register_act", "finish_register_act"}


def test_the_import_that_a_person_came_with_stays_theirs(clerk):
    factories.register(serving())
    source = RegisterPerson.objects.get().stored_by_id
    work_in(taken(clerk), clerk)
    assert RegisterPerson.objects.get().stored_by_id == source


def test_a_person_who_is_known_by_the_paper_alone_is_made_and_found(clerk):
    row = taken(clerk, kind="judgment", content={"convictions": [serving()["convictions"][0]]})
    assert actions.compared(row).candidates == ()
    act = work_in(row, clerk, register_id="", is_new=True)
    assert act.outcome == "done", act.outcome_words
    made = RegisterPerson.objects.get()
    assert made.register_id.startswith("TT-") and made.convictions.count() == 1
    again = received(clerk, number="13")
    assert [one.record.register_id for one in actions.compared(again).candidates] == [made.register_id]
    assert RegisterImport.objects.get(pk=made.stored_by_id).source == "Thông tin đến: Trại giam Mẫu"


def test_a_new_person_beside_one_whom_nothing_excludes_needs_words(clerk):
    factories.register(serving())
    row = taken(clerk, kind="judgment", content={"convictions": [serving()["convictions"][0]]})
    with pytest.raises(Invalid, match="chưa loại trừ"):
        work_in(row, clerk, register_id="", is_new=True, reason=" ")
    assert RegisterPerson.objects.count() == 1
    assert work_in(row, clerk, register_id="", is_new=True, reason="Anh em sinh đôi").outcome == "done"


def test_a_person_whom_the_comparison_excludes_needs_words(clerk):
    factories.register(serving(identity_documents=[], father_name="Lê A", mother_name="Phạm B"))
    row = taken(clerk)
    assert actions.compared(row).candidates[0].excluded
    with pytest.raises(Invalid, match="không phải người này"):
        work_in(row, clerk, reason="")
    assert work_in(row, clerk, reason="Cha mẹ nuôi ghi ở văn bản").outcome == "done"


def test_somebody_who_is_not_among_the_candidates_is_never_taken(clerk):
    factories.register(serving())
    with pytest.raises(StepNotAllowed, match="không còn trong danh sách"):
        work_in(taken(clerk), clerk, register_id="R-KHAC")


def test_a_paper_that_does_not_fit_is_told_in_words_and_changes_nothing(clerk):
    factories.register(serving(convictions=[]))
    row = taken(clerk)
    with pytest.raises(Invalid, match="không có bản án số"):
        work_in(row, clerk)
    assert not PersonChange.objects.exists() and not RegisterAct.objects.exists()


def test_a_page_that_is_older_than_the_person_is_refused(clerk):
    factories.register(serving())
    shown = changing.digest(on_file())
    first, second = (
        taken(clerk),
        taken(clerk, kind="execution_decision", content={"judgment": NAMED, "effective_date": "2021-10-11"}),
    )
    assert work_in(first, clerk, expected=shown).outcome == "done"
    refused = work_in(second, clerk, expected=shown)
    assert refused.outcome == "refused" and "đã thay đổi" in refused.outcome_words
    assert IncomingInformation.objects.get(pk=second.pk).state == "working"
    assert work_in(second, clerk, expected=changing.digest(on_file())).outcome == "done"


def test_while_an_import_is_open_nobody_is_decided_on(clerk):
    factories.register(serving())
    row = taken(clerk)
    RegisterImport.objects.create(source="dở dang", started_at=timezone.now())
    with pytest.raises(actions.RegisterSilent, match="đang nạp"):
        work_in(row, clerk)


def test_learned_names_and_numbers_find_the_person(clerk):
    factories.register(serving())
    about = {
        "full_name": "Nguyễn Văn Thửu",
        "identity_documents": [{"type": "cccd", "number": "001080990001"}, {"type": "cmnd", "number": "012345678"}],
    }
    work_in(taken(clerk, about=about), clerk, learn=True)
    found = actions.compared(
        received(
            clerk, number="14", about={"full_name": "Phạm Khác", "identity_documents": about["identity_documents"][1:]}
        )
    )
    assert [one.record.register_id for one in found.candidates] == [ID]


# --- Who may --------------------------------------------------------------------------------------------------------


def test_only_whoever_took_it_works_it_in(clerk):
    factories.register(serving())
    row = taken(clerk)
    with pytest.raises(StepNotAllowed, match="Nhận xử lý"):
        work_in(row, updater())


@pytest.mark.parametrize("role", ["national_administrator", "verifying_clerk", "auditor"])
def test_others_may_not(clerk, role):
    stranger = factories.make_staff(role)
    row = taken(clerk)
    for act in (
        lambda: actions.take(row.code, by=stranger),
        lambda: actions.put_back(row.code, by=stranger),
        lambda: actions.turn_away(row.code, by=stranger, to="refused", reason="x"),
        lambda: work_in(row, stranger),
        lambda: register_acts.propose("merge", by=stranger, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_turned_away_only_with_a_reason_and_once(clerk):
    row = taken(clerk)
    with pytest.raises(Invalid, match="lý do"):
        actions.turn_away(row.code, by=clerk, to="refused", reason=" ")
    actions.turn_away(row.code, by=clerk, to="refused", reason="Không phải của tỉnh này")
    for again in (actions.take, actions.put_back):
        with pytest.raises(StepNotAllowed):
            again(row.code, by=clerk)
    with pytest.raises(PortalError):
        work_in(row, clerk)


def test_put_back_it_waits_again(clerk):
    row = actions.put_back(taken(clerk).code, by=clerk)
    assert (row.state, row.taken_by, row.taken_at) == ("waiting", "", None)


# --- What the databases themselves refuse ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"content": {}}, {"sender": "Nơi khác"}, {"state": "worked_in"}, {"state": "refused", "settled_by": "x"}]
)
def test_a_paper_cannot_be_changed_behind_the_acts(clerk, change):
    row = received(clerk)
    with pytest.raises(DatabaseError), transaction.atomic(using="central"):
        IncomingInformation.objects.filter(pk=row.pk).update(**change)


def test_neither_papers_nor_changes_nor_acts_go_away(clerk):
    factories.register(serving())
    row = taken(clerk)
    act = work_in(row, clerk)
    for found, alias in (
        (IncomingInformation.objects.filter(pk=row.pk), "central"),
        (PersonChange.objects.all(), "central"),
        (RegisterAct.objects.filter(pk=act.pk), "default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(using=alias):
            found.delete()
    with pytest.raises(DatabaseError), transaction.atomic(using="central"):
        IncomingInformation.objects.filter(pk=row.pk).update(reason="khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterAct.objects.filter(pk=act.pk).update(outcome="refused")


def test_nobody_agrees_to_what_they_proposed_under_any_account(clerk):
    twin = factories.make_staff("register_updater")
    same_person = {"person_key": clerk.person_key}
    details = {"surviving": "A", "absorbed": "B", "expected": {}}
    act = register_acts.propose("merge", by=clerk, reason="Cùng người", details=details)
    vars(twin).update(same_person)
    for who in (clerk, twin):
        with pytest.raises(NotAllowed, match="không tự duyệt"):
            register_acts.agree(act.code, by=who)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterAct.objects.filter(pk=act.pk).update(agreed_by=clerk, agreed_at=timezone.now())


# --- Between two databases ------------------------------------------------------------------------------------------


def test_a_worker_that_died_after_the_register_is_followed_without_doing_it_twice(clerk, monkeypatch):
    factories.register(serving())
    row = taken(clerk)

    class Died(BaseException):
        pass

    def die(name):
        if name == "after_register":
            raise Died

    monkeypatch.setattr(register_acts.failpoints, "reach", die)
    with pytest.raises(Died):
        work_in(row, clerk)
    assert IncomingInformation.objects.get().state == "worked_in"
    assert RegisterAct.objects.get().outcome is None
    monkeypatch.undo()
    assert register_acts.resume_acts(timezone.now()) == 0  # its lease still runs
    assert register_acts.resume_acts(timezone.now() + timedelta(minutes=5)) == 1
    assert RegisterAct.objects.get().outcome == "done"
    assert PersonChange.objects.count() == 1


def test_a_worker_that_died_before_the_register_is_followed(clerk, monkeypatch):
    factories.register(serving())
    row = taken(clerk)

    class Died(BaseException):
        pass

    def die(name):
        raise Died

    monkeypatch.setattr(register_acts.failpoints, "reach", die)
    with pytest.raises(Died):
        work_in(row, clerk)
    assert not PersonChange.objects.exists()
    monkeypatch.undo()
    assert register_acts.resume_acts(timezone.now() + timedelta(minutes=5)) == 1
    assert (RegisterAct.objects.get().outcome, IncomingInformation.objects.get().state) == ("done", "worked_in")


def test_a_register_that_is_away_makes_the_act_wait_and_never_lose(clerk, monkeypatch):
    factories.register(serving())
    row = taken(clerk)

    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(register_acts.changing, "work_in", away)
    act = work_in(row, clerk)
    assert act.outcome is None and act.last_cause
    with pytest.raises(StepNotAllowed, match="đang được ghi"):
        actions.turn_away(row.code, by=clerk, to="refused", reason="x")
    monkeypatch.undo()
    register_acts.resume_acts(timezone.now() + timedelta(minutes=5))
    assert IncomingInformation.objects.get().state == "worked_in"


def test_keys_follow_the_person_in_the_same_transaction(clerk):
    factories.register(serving())
    keys = set(MatchKey.objects.values_list("key", flat=True))
    row = taken(clerk, kind="identity_change", content={"full_name": "Nguyễn Văn Mới"})
    work_in(row, clerk)
    now = set(MatchKey.objects.values_list("key", flat=True))
    assert keys < now
