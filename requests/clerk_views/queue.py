"""The clerks' queue: requests of their own office, oldest due first, with filters that are addresses."""

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lltp_portal.accounts.models import User
from lltp_portal.calendars.seed import calendar_of
from lltp_portal.calendars.working_days import WorkingCalendar
from lltp_portal.forms_look import Mistake
from lltp_portal.wording import DueBadge, dong
from requests import clock, keyset, two_people
from requests.due_badges import badge_of
from requests.models import CertificateRequest, DeclaredName, Inquiry, RequestStep, SourceSearch
from requests.policy import CENTRAL
from requests.staff_pages import for_roles, of_my_office
from requests.states import State

CLERKS = ("intake_clerk", "verifying_clerk")
# Among so many of the oldest there is one that does not wait for somebody else's word.
LOOKED_THROUGH = 50
NOT_PAUSED = ~Q(state=State.NEEDS_SUPPLEMENT)


class Chip(NamedTuple):
    """A filter: its word in the address, its label, and what it lets through."""

    name: str
    label: str
    lets_through: Q
    icon: str = ""


class ShownChip(NamedTuple):
    label: str
    icon: str
    count: int
    url: str
    current: bool


class Flag(NamedTuple):
    icon: str
    label: str
    css: str


class Row(NamedTuple):
    """One line of the table."""

    request: CertificateRequest
    badge: DueBadge | None
    day: datetime | None
    prefix: str
    number: str
    waiting_for: str
    flags: list[Flag]
    is_next: bool


# --- What is shown --------------------------------------------------------------------------------------------------


def work_of(user: User) -> QuerySet[CertificateRequest]:
    """What waits for this clerk's kind of work, at their office."""
    mine = of_my_office(user)
    found = mine.none()
    if user.has_role("intake_clerk"):
        found = found | mine.waiting_for_intake() | mine.filter(state=State.NEEDS_SUPPLEMENT, received_at=None)
    if user.has_role("verifying_clerk"):
        found = found | mine.waiting_for_verification()
    return found


def beyond_work_of(user: User) -> Q:
    """What a clerk may look up with a chip besides: the results to hand over, what the approver has."""
    states = [State.ISSUED] if user.has_role("intake_clerk") else []
    return Q(state__in=[*states, *([State.VERIFIED, State.SIGNING] if user.has_role("verifying_clerk") else [])])


def candidate_count() -> Subquery:
    """How many rows the newest complete answer about the current declaration brought; NULL while there is none."""
    answers = SourceSearch.objects.filter(
        request=OuterRef("pk"), source=CENTRAL, declaration=OuterRef("declaration"), lookup__isnull=False
    ).values(
        found=Func(
            KeyTransform("candidates", "lookup__answer"),
            function="jsonb_array_length",
            output_field=IntegerField(),
        )
    )
    return Subquery(answers[:1])


def due_chips(now: datetime, calendar: WorkingCalendar) -> list[Chip]:
    """Late, today, one working day left."""
    midnight = datetime.combine(clock.local_day(now) + timedelta(days=1), time.min, clock.LOCAL)
    tomorrow = calendar.add(clock.local_day(now), 1)
    after_tomorrow = datetime.combine(tomorrow + timedelta(days=1), time.min, clock.LOCAL)
    return [
        Chip("late", "Quá hạn", NOT_PAUSED & Q(due_at__lt=now), "octagon"),
        Chip("today", "Hôm nay", NOT_PAUSED & Q(due_at__gte=now, due_at__lt=midnight), "clock"),
        Chip("soon", "Còn 1 ngày", NOT_PAUSED & Q(due_at__gte=midnight, due_at__lt=after_tomorrow), "triangle"),
    ]


def chips_for(user: User, now: datetime, calendar: WorkingCalendar) -> list[Chip]:
    chips = []
    if user.has_role("intake_clerk"):
        chips += [
            Chip("to_receive", "Chờ tiếp nhận", Q(state=State.SUBMITTED)),
            Chip("to_pay", "Chờ nộp phí", Q(state=State.AWAITING_PAYMENT)),
        ]
    if user.has_role("verifying_clerk"):
        chips += [
            *due_chips(now, calendar),
            Chip("searching", "Đang tra cứu", Q(state=State.RECEIVED)),
            Chip("nobody_found", "Không tìm thấy ai", Q(state=State.REVIEWING, candidates=0)),
            Chip("to_compare", "Phải đối chiếu", Q(state=State.REVIEWING, candidates__gt=0)),
            Chip("consulting", "Đang hỏi cơ quan khác", Q(state=State.CONSULTING)),
        ]
    chips.append(Chip("supplement", "Chờ bổ sung", Q(state=State.NEEDS_SUPPLEMENT)))
    if user.has_role("verifying_clerk"):
        chips.append(Chip("with_approver", "Ở lãnh đạo", Q(state__in=[State.VERIFIED, State.SIGNING])))
    if user.has_role("intake_clerk"):
        chips.append(Chip("to_hand_over", "Chờ trả kết quả", Q(state=State.ISSUED)))
    return chips


def shown_chips(
    found: QuerySet, chips: list[Chip], everything: Q, current: str, address: str, words: str = "Chờ xử lý"
) -> list[ShownChip]:
    """All counts in one query. The first chip shows everything again."""
    counts = found.aggregate(
        everything=Count("pk", filter=everything),
        **{chip.name: Count("pk", filter=chip.lets_through) for chip in chips},
    )
    first = ShownChip(words, "", counts["everything"], address, not current)
    return [
        first,
        *(
            ShownChip(chip.label, chip.icon, counts[chip.name], f"{address}?show={chip.name}", chip.name == current)
            for chip in chips
        ),
    ]


# --- One row --------------------------------------------------------------------------------------------------------


def waiting_for(certificate_request: CertificateRequest, turn: str = "") -> str:
    """Whose turn it is and to do what, in words; `turn` where two people decide (two_people.whose_turn)."""
    found = certificate_request.candidates
    if certificate_request.state == State.REVIEWING:
        if turn:
            return turn
        return "Xác nhận: không tìm thấy ai" if found == 0 else f"So {found or 0} hồ sơ tìm thấy"
    if certificate_request.state == State.CONSULTING and not certificate_request.awaits_agency:
        return "Cơ quan đã trả lời hết: xử lý tiếp"
    return {
        State.SUBMITTED: "Kiểm tra, tiếp nhận",
        State.AWAITING_PAYMENT: f"Nộp phí {dong(certificate_request.fee_missing)}",
        State.RECEIVED: "Cơ sở dữ liệu trung ương trả lời",
        State.CONSULTING: "Cơ quan khác trả lời",
        State.NEEDS_SUPPLEMENT: "Người yêu cầu bổ sung",
        State.VERIFIED: "Lãnh đạo ký",
        State.SIGNING: "Hệ thống ký",
        State.ISSUED: f"Trả kết quả: {certificate_request.declaration.get_delivery_display().lower()}",
    }.get(certificate_request.state, certificate_request.get_state_display())


def flags_of(certificate_request: CertificateRequest) -> list[Flag]:
    """What to look at twice."""
    declaration = certificate_request.declaration
    known = [
        (certificate_request.was_returned and certificate_request.state == State.REVIEWING, "return", "Trả lại", ""),
        (certificate_request.is_parked, "paused", "Tra cứu bị ngắt", "soon"),
        (certificate_request.has_other_names, "eye", "Tên khác", "today"),
        (bool(declaration.proxy_name), "person", "Nộp thay", ""),
        (bool(declaration.declared_record), "flag", "Tự khai", "today"),
    ]
    return [Flag(icon, label, css) for holds, icon, label, css in known if holds]


def with_marks(found: QuerySet) -> QuerySet:
    """What the rows' words need, in the same query."""
    return found.annotate(
        was_returned=Exists(RequestStep.objects.filter(request=OuterRef("pk"), step="return_to_clerk")),
        is_parked=Exists(SourceSearch.objects.parked().filter(request=OuterRef("pk"))),
        has_other_names=Exists(DeclaredName.objects.filter(declaration=OuterRef("declaration"))),
        awaits_agency=Exists(open_questions()),
    )


def split_number(certificate_request: CertificateRequest) -> tuple[str, str]:
    """The office's own beginning is said once in the table's head; without a number the public code stands."""
    number = certificate_request.dossier_number or ""
    prefix = f"{certificate_request.authority.dossier_identifier}-"
    if number.startswith(prefix):
        return prefix, number.removeprefix(prefix)
    return "", number or certificate_request.code


def row_of(
    certificate_request: CertificateRequest, now: datetime, calendar: WorkingCalendar, following: str, turn: str = ""
) -> Row:
    return Row(
        certificate_request,
        badge_of(certificate_request, now, calendar),
        certificate_request.due_at,
        *split_number(certificate_request),
        waiting_for(certificate_request, turn),
        flags_of(certificate_request),
        certificate_request.code == following,
    )


def open_questions() -> QuerySet[Inquiry]:
    """What agencies still have to answer about one of these requests."""
    return Inquiry.objects.open().filter(request=OuterRef("pk"))


def waits_for(user: User) -> Q:
    """A request that waits for this person and for nobody else; also one whose agencies answered while the citizen was
    being asked, so that nothing brought it back to the clerk.
    """
    mine = Q(pk__in=[])
    if user.has_role("intake_clerk"):
        mine |= Q(state=State.SUBMITTED)
    if user.has_role("verifying_clerk"):
        mine |= Q(state=State.REVIEWING) | (Q(state=State.CONSULTING) & ~Exists(open_questions()))
    return mine


def next_for(user: User) -> CertificateRequest | None:
    """The request to open now: the oldest due of those that wait for this person."""
    waiting = list(work_of(user).filter(waits_for(user)).with_people().oldest_due_first()[:LOOKED_THROUGH])
    turns = two_people.waiting_for_others(waiting, user) if user.has_role("verifying_clerk") else {}
    return next((one for one in waiting if turns.get(one.pk, "") not in two_people.NOT_MY_TURN), None)


def following(certificate_request: CertificateRequest, user: User) -> CertificateRequest | None:
    """What to open next, once there is nothing left to do here: without the way back over the queue."""
    is_mine = CertificateRequest.objects.filter(waits_for(user), pk=certificate_request.pk).exists()
    return None if is_mine else next_for(user)


def context_of(request: HttpRequest, now: datetime) -> dict[str, Any]:
    user, calendar, address = request.user, calendar_of(request.user.authority), reverse("clerk_queue")
    chips = {chip.name: chip for chip in chips_for(user, now, calendar)}
    current = request.GET.get("show", "")
    current = current if current in chips else ""
    mine = Q(pk__in=work_of(user).values("pk"))
    everything = of_my_office(user).filter(mine | beyond_work_of(user)).annotate(candidates=candidate_count())
    chosen = everything.filter(chips[current].lets_through if current else mine)
    page = keyset.page(with_marks(chosen).with_people(), of_my_office(user), **keyset.edges(request))
    following = next_for(user)
    turns = two_people.waiting_for_others(page.rows, user) if user.has_role("verifying_clerk") else {}
    query = f"?show={current}&" if current else "?"
    return {
        "now": now,
        "tomorrow_off": calendar.days_off.get(clock.local_day(now) + timedelta(days=1)),
        "chips": shown_chips(everything, list(chips.values()), mine, current, address),
        "rows": [
            row_of(one, now, calendar, following.code if following else "", turns.get(one.pk, "")) for one in page.rows
        ],
        "page": page,
        "next_url": f"{address}{query}after={page.next_after}" if page.next_after else "",
        "previous_url": f"{address}{query}before={page.previous_before}" if page.previous_before else "",
        "first_url": address + (f"?show={current}" if current else ""),
        "following": following,
        "following_badge": badge_of(following, now, calendar) if following else None,
        "is_filtered": bool(current),
        "may_file": user.has_role("intake_clerk"),
        "drafts": drafts_at_counter(user) if user.has_role("intake_clerk") else [],
        "prefix": f"{user.authority.dossier_identifier}-" if any(one.dossier_number for one in page.rows) else "",
    }


def drafts_at_counter(user: User) -> QuerySet[CertificateRequest]:
    """What this clerk has begun to write down for somebody, with an account or without one, and not yet sent."""
    Channel = CertificateRequest.Channel
    return (
        CertificateRequest.objects.filter(filed_by=user, channel=Channel.COUNTER, state=State.DRAFT)
        .exclude(account=user)
        .select_related("declaration")
        .newest_first()[:10]
    )


# --- The pages ------------------------------------------------------------------------------------------------------


@require_safe
@for_roles(*CLERKS)
def queue(request: HttpRequest) -> HttpResponse:
    return render(request, "requests/staff/queue.html", context_of(request, timezone.now()))


@require_POST
@for_roles(*CLERKS)
def find(request: HttpRequest) -> HttpResponse:
    """By number, and by POST: neither a number nor a name ever stands in an address."""
    typed = request.POST.get("number", "")
    found = find_by_number(request.user, typed)
    if found is not None:
        return redirect("clerk_request", found.code)
    words = (
        "Không có hồ sơ này ở cơ quan của bạn. Nhập số hồ sơ (có thể bỏ phần đầu) hoặc mã YC-…"
        if typed.strip()
        else "Nhập số hồ sơ, ví dụ 261106-0176, hoặc mã YC-…"
    )
    context = context_of(request, timezone.now())
    context |= {"typed": typed[:60], "mistakes": [Mistake("number", words)], "find_errors": [words]}
    return render(request, "requests/staff/queue.html", context, status=404 if typed.strip() else 400)


def find_by_number(user: User, typed: str) -> CertificateRequest | None:
    """By the whole dossier number, by it without the office's beginning, or by the public code."""
    written = "".join(typed.split()).upper()
    if not written or len(written) > 60 or "\x00" in written:
        return None
    mine = of_my_office(user)
    exact = mine.filter(Q(dossier_number=written) | Q(code=written)).first()
    return exact or mine.filter(dossier_number=f"{user.authority.dossier_identifier}-{written}").first()
