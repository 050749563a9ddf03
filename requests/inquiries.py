"""How the questions of one request to other agencies stand: who must answer, who has, what is still in the way.

Worked out from the rows each time (requests/models/inquiry.py); nothing here writes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from records.answers import canonical_json
from records.determination import Determination
from records.expungement import EXPUNGED
from records.facts import Conviction, RegisterRecord
from records.names import PartialDate
from records.reading import read_conviction
from requests import clock, policy, sources
from requests.identity_keys import identity_key
from requests.models import (
    AnswerDecision,
    AnsweredConviction,
    CertificateRequest,
    Declaration,
    EarlierClear,
    Inquiry,
    InquiryAnswer,
    InquiryEvent,
    SourceSwitch,
    WithoutPaper,
)
from requests.questions import question_about
from requests.sources import Case, Required, Source, Stay

Outcome = InquiryAnswer.Outcome
# Who must have said that no paper of execution exists before a person concludes without one (CV367; domain 1.6, C27).
EXECUTION_PAPERS = (Source.COURT, Source.ENFORCEMENT, Source.POLICE)
JUDGMENT_PAPERS = (Source.COURT, Source.ENFORCEMENT, Source.PROCURACY)


@dataclass(frozen=True)
class Asked:
    """One inquiry with what came of it. `current`: it asks about the person as declared now."""

    inquiry: Inquiry
    events: Sequence[InquiryEvent]
    answer: InquiryAnswer | None
    decision: AnswerDecision | None
    convictions: Sequence[AnsweredConviction]
    current: bool

    @property
    def is_closed(self) -> bool:
        return any(event.kind == InquiryEvent.Kind.CLOSED for event in self.events)

    @property
    def is_open(self) -> bool:
        return self.answer is None and not self.is_closed

    @property
    def is_undecided(self) -> bool:
        """Something was found, and nobody has said about whom; or more was entered since."""
        if self.answer is None or not self.answer.has_found:
            return False
        return self.decision is None or self.decision.convictions != len(self.convictions)

    @property
    def is_settled(self) -> bool:
        """It says something that counts: nothing is there, or a person has decided on what is."""
        if self.answer is None or not self.current or self.is_undecided:
            return False
        return self.answer.outcome == Outcome.NONE or self.answer.has_found

    @property
    def is_about_applicant(self) -> bool:
        return self.is_settled and self.decision is not None and self.decision.same_person

    @property
    def says_nothing_exists(self) -> bool:
        return self.is_settled and self.answer is not None and self.answer.outcome == Outcome.NONE

    @property
    def shown(self) -> str:
        """Names what a page shows of it: which answer, and how many offences were entered from it."""
        return f"{self.answer.seq if self.answer else 0}.{len(self.convictions)}"

    @property
    def reminders(self) -> list[InquiryEvent]:
        return [event for event in self.events if event.kind == InquiryEvent.Kind.REMINDED]

    @property
    def reminder_is_due(self) -> bool:
        """The sweeper has said so, and nobody has sent one since."""
        last = next((e for e in reversed(self.events) if e.kind != InquiryEvent.Kind.CLOSED), None)
        return self.is_open and last is not None and last.kind == InquiryEvent.Kind.REMINDER_DUE

    def read(self) -> tuple[Conviction, ...]:
        return tuple(read_conviction(row.conviction, "") for row in self.convictions)


def asked(certificate_request: CertificateRequest, *, until: datetime | None = None) -> list[Asked]:
    """Every inquiry of this request, oldest first, in five queries however many there are; as it stood `until` then."""
    rows = certificate_request.inquiries.select_related("asked_by", "letter").prefetch_related(
        "events__by", "events__letter", "answers__entered_by", "answers__decisions__by", "answers__convictions"
    )
    digest = question_about(certificate_request.declaration).digest()
    return [_asked(row, digest, until) for row in rows if until is None or row.asked_at <= until]


def _asked(inquiry: Inquiry, digest: str, until: datetime | None) -> Asked:
    answers = [row for row in inquiry.answers.all() if until is None or row.entered_at <= until]
    answer = answers[-1] if answers else None
    if answer is not None:
        answer.inquiry = inquiry
    decisions = [row for row in answer.decisions.all() if until is None or row.at <= until] if answer else []
    convictions = answer.convictions.all() if answer else ()
    return Asked(
        inquiry,
        [row for row in inquiry.events.all() if until is None or row.at <= until],
        answer,
        decisions[-1] if decisions else None,
        [row for row in convictions if until is None or row.entered_at <= until],
        inquiry.question_digest == digest,
    )


@dataclass(frozen=True)
class Standing:
    """All of it for one request."""

    asked: Sequence[Asked]
    required: Sequence[Required]
    conclusions: Sequence[WithoutPaper]
    earlier: EarlierClear | None
    earlier_is_used: bool

    def of(self, source: str) -> list[Asked]:
        return [one for one in self.asked if one.inquiry.source == source]

    @cached_property
    def open(self) -> list[Asked]:
        return [one for one in self.asked if one.is_open]

    @cached_property
    def undecided(self) -> list[Asked]:
        return [one for one in self.asked if one.current and one.is_undecided]

    @cached_property
    def missing(self) -> list[Required]:
        """Required, by letter, and without an answer that counts."""
        wanted = sources.to_ask(self.required)
        return [one for one in self.required if one.source in wanted and not self.is_complete(one.source)]

    def is_complete(self, source: str) -> bool:
        return any(one.is_settled for one in self.of(source))

    @cached_property
    def hits(self) -> list[Asked]:
        """Told of an arrest or a prosecution, without a judgment (domain 1.6, C26)."""
        return [one for one in self.asked if one.is_about_applicant and one.answer.outcome == Outcome.NO_JUDGMENT]

    @cached_property
    def hits_digest(self) -> str:
        return digest([[one.inquiry.pk, one.answer.pk] for one in self.hits if one.answer])

    @property
    def hit_is_open(self) -> bool:
        """Somebody told of an arrest, and nobody has concluded on exactly that."""
        return bool(self.hits) and not self.has_concluded(WithoutPaper.Kind.NO_JUDGMENT, self.hits_digest)

    @property
    def in_doubt(self) -> tuple[str, ...]:
        """Found by an agency and not yet settled by a person: why nothing can be said about a record."""
        doubts = [f"{one.inquiry.agency} có thông tin chưa được xác nhận là của ai" for one in self.undecided]
        if self.hit_is_open:
            doubts.append("có thông tin nhưng không tìm thấy bản án, chưa có kết luận theo Công văn 367")
        return tuple(doubts)

    def has_concluded(self, kind: str, digest: str) -> bool:
        return any(row.kind == kind and row.facts_digest == digest for row in self.conclusions)

    def nothing_exists_at(self, wanted: Iterable[str]) -> list[Asked]:
        """For each of these sources its newest settled answer; only where every one of them says that there is none."""
        found = []
        for source in wanted:
            settled = [one for one in self.of(source) if one.is_settled]
            if not settled or not settled[-1].says_nothing_exists:
                return []
            found.append(settled[-1])
        return found

    def obstacles(self) -> tuple[str, ...]:
        """What keeps the request from being verified, each as a sentence that says what to do."""
        found = [f"{one.inquiry.agency} chưa trả lời. Đôn đốc, hoặc thôi hỏi nếu không cần nữa." for one in self.open]
        found += [
            f"{one.inquiry.agency} trả lời có thông tin. Ghi bản án nếu có, rồi xác nhận có đúng người yêu cầu không."
            for one in self.undecided
        ]
        waiting = {one.inquiry.source for one in (*self.open, *self.undecided)}
        found += [
            f"Phải hỏi {one.name}: {one.reason[:1].lower()}{one.reason[1:]}."
            for one in self.missing
            if one.source not in waiting
        ]
        if self.hit_is_open and not found:
            found.append("Có thông tin nhưng không tìm thấy bản án. Kết luận theo Công văn 367 trước khi xác minh.")
        return tuple(found)

    def records(self, declaration: Declaration) -> tuple[RegisterRecord, ...]:
        """What agencies told about the applicant and a person has confirmed, as rows of a register."""
        return tuple(
            RegisterRecord(
                register_id=f"{one.inquiry.source}/{one.inquiry.seq}",
                full_name=declaration.full_name,
                date_of_birth=PartialDate.parse(declaration.date_of_birth),
                convictions=one.read(),
            )
            for one in self.asked
            if one.is_about_applicant and one.convictions
        )


def standing(
    certificate_request: CertificateRequest, *, expunged_by_itself: str = "", until: datetime | None = None
) -> Standing:
    """Of a request that was received. `expunged_by_itself`: why its result rests on expungement by law, if it does.

    `until`: what had been entered by then, whatever came later.
    """
    found = asked(certificate_request, until=until)
    earlier = earlier_clear(certificate_request)
    used = earlier is not None and earlier_is_used(certificate_request)
    before = Standing(found, (), (), earlier, used)
    case = _case(certificate_request, before, expunged_by_itself)
    day = policy.law_day_of(certificate_request, certificate_request.received_at)
    concluded = [row for row in certificate_request.without_paper.all() if until is None or row.at <= until]
    return Standing(found, policy.required_sources(case, day), concluded, earlier, used)


def _case(certificate_request: CertificateRequest, before: Standing, expunged_by_itself: str) -> Case:
    declaration = certificate_request.declaration
    hit = before.hits[0] if before.hits else None
    return Case(
        born_first=PartialDate.parse(declaration.date_of_birth).first_day if declaration.date_of_birth else None,
        foreign=declaration.nationality not in {"", "VN"},
        stays=tuple(
            Stay(stay.province, stay.country, f"{stay.occupation} {stay.workplace}", stay.military_service)
            for stay in declaration.residences.all()
        ),
        switched=switched(certificate_request.authority_id, clock.local_day(certificate_request.received_at)),
        earlier_clear=earlier_basis(before.earlier) if before.earlier and before.earlier_is_used else "",
        hit_without_judgment=f"Có thông tin nhưng không có bản án: {hit.answer.label}" if hit and hit.answer else "",
        expunged_by_itself=expunged_by_itself,
    )


def switched(authority_id: int | None, on: date) -> dict[str, bool]:
    """What the office had chosen by a day, by source."""
    rows = SourceSwitch.objects.filter(authority=authority_id).begun_by(on).order_by("valid_from")
    return {row.source: row.asked for row in rows}


def rests_on_expungement(records: Iterable[RegisterRecord], everything: Determination) -> str:
    """Why the commune (later: the prosecuting agencies) may have to be asked: a judgment counts as expunged by lapse of
    time alone, with no decision or certificate on file (Nghị định 111/2010, Điều 17; Nghị định 216/2026, Điều 12, 13).
    """
    recorded = {
        (conviction.judgment_number, conviction.court, conviction.judgment_date)
        for record in records
        for conviction in record.convictions
        if conviction.expungement is not None
    }
    for printed in everything.convictions:
        key = (printed.judgment_number, printed.court, printed.judgment_date)
        if printed.state == EXPUNGED and key not in recorded:
            return f"Bản án số {printed.judgment_number} đương nhiên được xóa án tích theo cách tính"
    return ""


# --- The shortcut of Điều 28 ------------------------------------------------------------------------------------------


def earlier_clear(certificate_request: CertificateRequest) -> EarlierClear | None:
    """The newest earlier certificate of exactly this identity on which nothing from before 1 July 2010 was found.

    One that was replaced or revoked proves nothing.
    """
    key = identity_key(certificate_request.declaration)
    if not key:
        return None
    found = EarlierClear.objects.filter(identity_key=key, request__certificate__ending__isnull=True)
    found = found.exclude(request=certificate_request).select_related("answer__inquiry", "request__certificate")
    return found.order_by("-pk").first()


def earlier_is_used(certificate_request: CertificateRequest) -> bool:
    """Yes, until a clerk sets it aside."""
    choice = certificate_request.earlier_clear_choices.last()
    return choice is None or choice.used


def earlier_basis(earlier: EarlierClear) -> str:
    number = earlier.request.certificate.number_text if earlier.request.certificate else ""
    return (
        f"Không phải hỏi lại (Nghị định 111/2010/NĐ-CP, Điều 28): Phiếu số {number} cấp ngày "
        f"{clock.local_day(earlier.at):%d/%m/%Y}, {earlier.answer.label} không có án tích trước ngày 01/7/2010"
    )


# --- How late an agency is --------------------------------------------------------------------------------------------


def is_overdue(inquiry: Inquiry, now: datetime) -> bool:
    return now > inquiry.due_at


def digest(value: object) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def records_digest(records: Iterable[RegisterRecord]) -> str:
    """Names the facts on which somebody concluded without a paper; other facts, another name."""
    return digest([record.to_json() for record in records])
