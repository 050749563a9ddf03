"""The ledger of questions: written before asking, its outcome once, and nothing ever taken back."""

from datetime import UTC, datetime

import pytest
from django.db import Error, IntegrityError, connection, transaction

from records import weighing
from records.answers import Complete, Failed, Partial
from records.matching import version_of, weigh
from records.models import RecordLookup
from tests.records_people import person
from tests.test_records_matching import ask

NOW = datetime(2024, 6, 3, 8, 0, tzinfo=UTC)
QUESTION = ask()


def put(**changes):
    options = {"request_code": "YC-1", "source": "central", "purpose": "Cấp Phiếu", "by": None, "at": NOW} | changes
    return RecordLookup.objects.put(QUESTION, **options)


def complete():
    return Complete(NOW, QUESTION.digest(), (person(),))


@pytest.mark.django_db
def test_a_question_is_a_row_before_it_has_an_outcome():
    lookup = put()
    assert RecordLookup.objects.without_outcome().get() == lookup
    assert RecordLookup.objects.about("YC-1").newest_first().first() == lookup
    assert (lookup.question_digest, lookup.reference) == (QUESTION.digest(), "YC-1")
    assert str(lookup).startswith("Tra cứu")


@pytest.mark.django_db
def test_a_complete_answer_is_kept_with_its_digest_and_comes_back_the_same():
    put().record(complete(), at=NOW)
    stored = RecordLookup.objects.complete().get()
    assert Complete.from_json(stored.answer) == complete()
    assert (stored.answer_digest, stored.as_of, stored.answered_at) == (complete().digest, NOW, NOW)


@pytest.mark.django_db
def test_what_an_answer_was_weighed_to_is_kept_with_the_version_that_weighed_it():
    put().record(complete(), matching=weigh(QUESTION, complete().candidates), at=NOW)
    kept = RecordLookup.objects.complete().get().matching
    assert (kept["decision"], kept["version"]) == ("match", version_of(weighing.current()))
    (candidate,) = kept["candidates"]
    assert (candidate["register_id"], candidate["tier"], candidate["excluded"]) == ("R-990001", "T1", None)
    assert candidate["weight"] > weighing.current().match_from


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "superseded", "outcome", "cause", "as_of"),
    [
        (Failed("Không kết nối được."), False, "failed", "Không kết nối được.", None),
        (Partial("Đang nạp.", NOW, "x"), False, "partial", "Đang nạp.", NOW),
        (complete(), True, "superseded", "Đầy đủ", NOW),
        (Failed("x" * 400), False, "failed", "x" * 300, None),
    ],
)
def test_other_outcomes_keep_a_cause_and_never_an_answer(answer, superseded, outcome, cause, as_of):
    put().record(answer, superseded=superseded, at=NOW)
    stored = RecordLookup.objects.get()
    assert (stored.outcome, stored.cause, stored.as_of, stored.answer) == (outcome, cause, as_of, None)


@pytest.mark.django_db
def test_an_outcome_is_written_once():
    lookup = put()
    lookup.record(Failed("Không kết nối được."), at=NOW)
    with pytest.raises(Error, match="written once"), transaction.atomic():
        lookup.record(complete(), at=NOW)
    assert RecordLookup.objects.get().outcome == "failed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"reference": "khác"},
        {"request_code": "YC-2"},
        {"source": "x"},
        {"purpose": "x"},
        {"asked_at": NOW.replace(year=2023)},
        {"question_digest": "x"},
    ],
)
def test_a_question_put_is_never_changed(change):
    lookup = put()
    outcome = {"outcome": "failed", "answered_at": NOW}
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        RecordLookup.objects.filter(pk=lookup.pk).update(**change, **outcome)
    with pytest.raises(Error, match="written once"), transaction.atomic():
        RecordLookup.objects.filter(pk=lookup.pk).update(**change)


@pytest.mark.django_db
def test_rows_are_not_deleted_truncated_or_written_with_their_outcome():
    lookup = put()
    with pytest.raises(Error), transaction.atomic():
        lookup.delete()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE public.records_recordlookup CASCADE")
    with pytest.raises(Error, match="before its outcome"), transaction.atomic():
        RecordLookup.objects.create(
            source="central", purpose="x", asked_at=NOW, question_digest="x", outcome="failed", answered_at=NOW
        )
    assert RecordLookup.objects.get() == lookup


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "complete", "answered_at": NOW},
        {"outcome": "failed"},
        {"outcome": "failed", "answered_at": NOW, "answer": {}},
        {"outcome": "nothing", "answered_at": NOW},
    ],
)
def test_half_an_outcome_is_refused_by_the_table(values):
    lookup = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordLookup.objects.filter(pk=lookup.pk).update(**values)


@pytest.mark.django_db
def test_a_question_without_a_purpose_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        put(purpose="")
