"""One person's request for one certificate, and the history of its steps.

A transition sets fields of its own row and nothing else. `requests/steps.py: take_step()` is the only caller; triggers
in the database refuse a change of state that has no row of history (docs/adr/0001).
"""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from lltp_portal.codes import random_code
from requests import permissions
from requests.models.fee_account import REFUND_DUE, FeeAccount
from requests.models.lawful_term import LawfulTerm
from requests.states import AFTER_RECEIPT, ENDED, HOLDER, NATIONAL_CODE, OPEN, Holder
from requests.states import State as S


def new_code() -> str:
    """YC- and 16 characters: public, not secret; the primary key never leaves the house."""
    return f"YC-{random_code(16)}"


def new_tracking_code() -> str:
    """40 random bits: with the code, it lets somebody without an account see where the request is."""
    return random_code(8)


class CertificateRequestQuerySet(models.QuerySet):
    """Each name finishes the sentence “requests that are …”."""

    def visible_to(self, user):
        """Their own; and for people of an office, those filed with it. Everybody else learns nothing."""
        if not user.is_authenticated:
            return self.none()
        own = Q(account=user) | Q(filed_by=user)
        if user.works_at_office:
            return self.filter(own | (Q(authority=user.authority_id) & ~Q(state=S.DRAFT)))
        return self.filter(own)

    def of_person(self, user):
        """What a citizen calls “my requests”."""
        return self.filter(Q(account=user) | Q(filed_by=user, account__isnull=False))

    def countable_by(self, user):
        """What the boards count: an office its own, the nation everything that was ever submitted."""
        submitted = self.exclude(state=S.DRAFT)
        if user.has_role("national_administrator", "auditor"):
            return submitted
        return submitted.filter(authority=user.authority_id) if user.works_at_office else self.none()

    def open(self):
        return self.filter(state__in=OPEN)

    def waiting_for_intake(self):
        return self.filter(state__in=[S.SUBMITTED, S.AWAITING_PAYMENT])

    def waiting_for_verification(self):
        return self.filter(state__in=[S.RECEIVED, S.REVIEWING, S.CONSULTING, S.NEEDS_SUPPLEMENT])

    def waiting_for_approval(self):
        return self.filter(state=S.VERIFIED)

    def with_refund_due(self):
        """The office holds more than it may keep (FeeAccount.refund_due)."""
        return self.filter(REFUND_DUE)

    def issued_like(self, certificate_request, since, until):
        """Issued by the same office in the same class of the law's terms, the newest first."""
        same = {"authority": certificate_request.authority_id, "deadline_class": certificate_request.deadline_class}
        return self.filter(**same, issued_at__range=(since, until)).order_by("-issued_at")

    def oldest_due_first(self):
        """What has no date yet comes last: above the promised ones it would hide the one that is nearly late."""
        return self.order_by(F("due_at").asc(nulls_last=True), "submitted_at", "pk")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def to_do_first(self):
        """By whose turn it is (`turn`: mine, office, ended), the newest of each first; `ended` is how the certificate
        ceased to count, where it did."""
        turn = Case(
            When(state__in=[S.DRAFT, S.AWAITING_PAYMENT, S.NEEDS_SUPPLEMENT], then=Value("1 mine")),
            When(state=S.ISSUED, certificate__ending__isnull=True, then=Value("1 mine")),
            When(state__in=ENDED, then=Value("3 ended")),
            default=Value("2 office"),
        )
        return self.annotate(turn=turn, ended=F("certificate__ending__kind")).order_by("turn", "-created_at", "-pk")

    def locked(self):
        return self.select_for_update(of=("self",))

    def with_people(self):
        return self.select_related("declaration", "authority", "account", "verified_by", "approved_by")


class FsmModel(ConcurrentTransitionMixin, models.Model):
    """The base of the one FSM model; keeps django-fsm-2 from switching its protection off (docs/adr/0002)."""

    class Meta:
        abstract = True

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        """Fill a field that was not loaded. A loaded state is never replaced: read the row again instead."""
        if "state" in self.__dict__ and (fields is None or "state" in fields):
            raise RuntimeError("Read the row again; refresh_from_db would unprotect the state.")
        models.Model.refresh_from_db(self, using=using, fields=fields, from_queryset=from_queryset)


class CertificateRequest(FeeAccount, LawfulTerm, FsmModel):
    """One person's request for one certificate, from draft to delivered; what was declared is in Declaration."""

    class Channel(models.TextChoices):
        ONLINE = "online", "Trực tuyến"
        COUNTER = "counter", "Trực tiếp"
        POST = "post", "Bưu chính"

    code = models.CharField(max_length=19, unique=True, default=new_code, editable=False)
    # Secret beside the public code: printed on the slip and the receipt, never in an address or a log.
    tracking_code = models.CharField(max_length=8, default=new_tracking_code, editable=False)
    state = FSMField("trạng thái", choices=S.choices, default=S.DRAFT, protected=True)
    step_count = models.PositiveIntegerField(default=0, editable=False)
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="filed_requests")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="certificate_requests"
    )
    # HMAC of the applicant's 12-digit number, so that nobody handles their own request under another account.
    applicant_person_key = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    # The issued request whose certificate this one puts right; set when it is opened, never after (a trigger).
    corrects = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="corrections")
    declaration = models.OneToOneField("requests.Declaration", models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey("accounts.Authority", models.PROTECT, null=True, related_name="certificate_requests")
    authority_reason = models.CharField(max_length=300, blank=True)
    dossier_number = models.CharField("số hồ sơ", max_length=60, null=True, unique=True)  # noqa: DJ001

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # What the certificate would have said when the clerk verified: the approver is shown what changed since.
    verified_content = models.TextField(blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certificate = models.OneToOneField(
        "certificates.Certificate", models.PROTECT, null=True, related_name="certificate_request"
    )

    objects = CertificateRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="request_state_known", condition=Q(state__in=S.values)),
            models.CheckConstraint(
                name="request_received_has_number",
                condition=~Q(state__in=AFTER_RECEIPT) | Q(dossier_number__isnull=False, received_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_issued_has_certificate",
                condition=~Q(state__in=[S.ISSUED, S.DELIVERED]) | Q(certificate__isnull=False),
            ),
            models.CheckConstraint(
                name="request_submitted_has_office",
                condition=Q(state=S.DRAFT) | Q(authority__isnull=False, declaration__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "due_at", "submitted_at", "id"],
                name="request_open_by_due",
                condition=Q(state__in=OPEN),
            ),
            # What pages ask of all that was ever filed, a small part of it each time.
            models.Index(fields=["authority", "deadline_class", "issued_at"], name="request_issued"),
            models.Index(fields=["authority", "id"], name="request_refund_due", condition=REFUND_DUE),
            models.Index(fields=["applicant_person_key"], name="request_by_person"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("request_detail", args=[self.code])

    @property
    def holder(self) -> Holder:
        return HOLDER[self.state]

    @property
    def national_code(self) -> int | None:
        return NATIONAL_CODE[self.state]

    def history(self):
        """The steps taken, oldest first; a row beyond step_count belongs to no taken step."""
        return self.steps.filter(seq__lte=self.step_count).order_by("seq")

    # --- Steps (decisions: docs/flow.md). Each sets fields of this row; requests/actions.py does the rest. ---------

    @transition(state, source=S.DRAFT, target=S.SUBMITTED, permission=permissions.who_files)
    def submit(self, *, at, authority, authority_reason, fee_amount, fee_reason, fee_breakdown, applicant_person_key):
        """The declaration is complete and frozen; the competent office is chosen."""
        self.submitted_at, self.authority, self.authority_reason = at, authority, authority_reason
        self.fee_amount, self.fee_reason, self.fee_breakdown = fee_amount, fee_reason, fee_breakdown
        self.applicant_person_key = applicant_person_key

    @transition(state, source=S.SUBMITTED, target=S.AWAITING_PAYMENT, permission=permissions.system_or_intake_clerk)
    def ask_payment(self, *, at):
        """A fee is due."""

    @transition(state, source=S.AWAITING_PAYMENT, target=S.SUBMITTED, permission=permissions.system_or_intake_clerk)
    def record_payment(self, *, at, receipt_number):
        """The fee, or what was still missing of it, was received; the ledger's entries say how."""
        self.fee_paid_at, self.fee_receipt_number = at, receipt_number

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.RECEIVED,
        permission=permissions.intake_clerk,
        conditions=[lambda certificate_request: certificate_request.fee_settled],
    )
    def receive(self, *, at, dossier_number, due_at, deadline):
        """The dossier is valid and the fee settled: the clock of the law starts."""
        self.received_at, self.dossier_number, self.due_at = at, dossier_number, due_at
        self.keep_deadline(deadline)

    @transition(state, source=S.RECEIVED, target=S.REVIEWING, permission=permissions.system_only)
    def finish_search(self, *, at):
        """Every source that a worker asks has answered completely about the current declaration."""

    @transition(state, source=S.REVIEWING, target=S.CONSULTING, permission=permissions.verifying_clerk)
    def consult(self, *, at):
        """Other agencies are asked, by letter."""

    @transition(state, source=S.CONSULTING, target=S.REVIEWING, permission=permissions.verifying_clerk)
    def finish_consulting(self, *, at):
        """No letter to another agency is open any more."""

    @transition(
        state,
        source=[S.SUBMITTED, S.REVIEWING, S.CONSULTING],
        target=S.NEEDS_SUPPLEMENT,
        permission=permissions.any_clerk,
    )
    def ask_supplement(self, *, at):
        """Something is missing; the citizen is asked once for all of it, and the clock pauses."""

    @transition(
        state,
        source=S.NEEDS_SUPPLEMENT,
        target=RETURN_VALUE(S.SUBMITTED, S.REVIEWING, S.CONSULTING, S.RECEIVED),
        permission=permissions.who_files,
    )
    def answer_supplement(self, *, at, back_to, due_at, declaration, changes):
        """The citizen has answered; the request goes back to where it came from."""
        self.due_at, self.declaration = due_at, declaration
        for name, value in changes.items():
            setattr(self, name, value)
        return back_to

    @transition(
        state,
        source=[S.REVIEWING, S.VERIFIED],
        target=S.RECEIVED,
        permission=permissions.system_or_verifying_clerk,
    )
    def search_again(self, *, at):
        """The sources are asked again: the answer is old, or somebody doubts it."""
        self.verified_by, self.verified_at, self.verified_content = None, None, ""

    @transition(state, source=S.REVIEWING, target=S.VERIFIED, permission=permissions.verifying_clerk)
    def verify(self, *, at, verified_by, content):
        """A clerk answers for who the person is and what the certificate will say."""
        self.verified_by, self.verified_at, self.verified_content = verified_by, at, content

    @transition(state, source=S.VERIFIED, target=S.REVIEWING, permission=permissions.approver)
    def return_to_clerk(self, *, at):
        """The approver does not sign this; the clerk looks again."""
        self.verified_by, self.verified_at, self.verified_content = None, None, ""

    @transition(state, source=S.VERIFIED, target=S.SIGNING, permission=permissions.another_approver)
    def approve(self, *, at, approved_by):
        """Another person than who verified agrees; the machine prepares and signs."""
        self.approved_by, self.approved_at = approved_by, at

    @transition(state, source=S.SIGNING, target=S.VERIFIED, permission=permissions.system_only)
    def abandon_signing(self, *, at):
        """The certificate could not be made and never will be as approved; the approver decides anew."""
        self.approved_by, self.approved_at = None, None

    @transition(state, source=S.SIGNING, target=S.ISSUED, permission=permissions.system_only)
    def issue(self, *, at, certificate):
        """Signed, checked and stored."""
        self.issued_at, self.certificate = at, certificate

    @transition(state, source=S.ISSUED, target=S.DELIVERED, permission=permissions.system_or_clerk)
    def deliver(self, *, at):
        """Handed over, sent, or fetched."""
        self.delivered_at = at

    @transition(state, source=S.SUBMITTED, target=S.REFUSED, permission=permissions.any_clerk)
    def refuse(self, *, at):
        """Not to be taken up, on a ground of the law (Art. 49)."""
        self.ended_at = at

    @transition(
        state,
        source=[
            S.SUBMITTED,
            S.AWAITING_PAYMENT,
            S.RECEIVED,
            S.REVIEWING,
            S.CONSULTING,
            S.NEEDS_SUPPLEMENT,
            S.VERIFIED,
        ],
        target=S.WITHDRAWN,
        permission=permissions.who_files,
    )
    def withdraw(self, *, at):
        """The citizen does not want it any more."""
        self.ended_at = at

    @transition(
        state,
        source=[S.RECEIVED, S.REVIEWING, S.CONSULTING, S.NEEDS_SUPPLEMENT, S.AWAITING_PAYMENT],
        target=S.STOPPED,
        permission=permissions.system_or_clerk,
    )
    def stop(self, *, at):
        """It cannot be finished; the reason is in the history."""
        self.ended_at = at


class RequestStep(models.Model):
    """One row of history: which step, from where to where, who, when, why. Only added, never changed."""

    request = models.ForeignKey(CertificateRequest, models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    step = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey("accounts.Authority", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("request", "seq")
        constraints = [models.UniqueConstraint(fields=["request", "seq"], name="request_step_seq")]

    def __str__(self) -> str:
        return f"{self.seq} {self.step}"

    @property
    def to_state_label(self) -> str:
        return S(self.to_state).label


class DossierBook(models.Model):
    """The last dossier number drawn at an office on a day (domain 4.4: {office}-{yyMMdd}-{NNNN})."""

    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="+")
    day = models.DateField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "day"], name="dossier_book_day")]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.day} {self.last_number}"


class IdempotencyKey(models.Model):
    """A key that an API client sent with an act, written in the act's own transaction and kept for 24 hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    route = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    resource_code = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.resource_code}"
