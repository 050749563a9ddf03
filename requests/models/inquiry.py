"""Questions to other agencies: what was asked, what came of it, what a person made of the answer. All only added to.

Nothing here is ever changed: an answer that is put right is another answer, a revised decision another decision, and
the newest counts. What stands now is worked out from the rows (requests/inquiries.py).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lltp_portal.codes import random_code
from requests.models.law import DatedRows
from requests.sources import Source


def new_document_code() -> str:
    """Twelve characters, not secret: the primary key never leaves the house."""
    return random_code(12)


class SourceSwitch(models.Model):
    """From a day on, an office asks a source that the law leaves to it, or asks it no more. Only added."""

    authority = models.ForeignKey("accounts.Authority", models.PROTECT, related_name="source_switches")
    source = models.CharField("nguồn", max_length=20, choices=Source.choices)
    asked = models.BooleanField("bắt buộc hỏi")
    valid_from = models.DateField("từ ngày")
    reason = models.CharField("lý do, văn bản", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DatedRows.as_manager()

    class Meta:
        ordering = ("authority", "source", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=["authority", "source", "valid_from"], name="source_switch_key"),
            models.CheckConstraint(condition=~Q(reason=""), name="source_switch_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.source} {self.valid_from}"


class InquiryQuerySet(models.QuerySet):
    """Each name finishes the sentence “inquiries that are …”."""

    def open(self):
        """Neither answered nor taken back."""
        closed = InquiryEvent.objects.filter(inquiry=models.OuterRef("pk"), kind=InquiryEvent.Kind.CLOSED)
        answered = InquiryAnswer.objects.filter(inquiry=models.OuterRef("pk"))
        return self.filter(~models.Exists(closed), ~models.Exists(answered))

    def without_reminder_since(self, moment):
        """Nothing has happened to them yet, or a reminder was sent before: what waits for the clerk is left out."""
        last = InquiryEvent.objects.filter(inquiry=models.OuterRef("pk")).order_by("-seq")
        found = self.annotate(
            last_kind=models.Subquery(last.values("kind")[:1]), last_at=models.Subquery(last.values("at")[:1])
        )
        return found.filter(Q(last_kind=None) | Q(last_kind=InquiryEvent.Kind.REMINDED, last_at__lt=moment))

    def of_office(self, authority_id):
        return self.filter(request__authority=authority_id)

    def oldest_due_first(self):
        return self.order_by("due_at", "pk")


class Inquiry(models.Model):
    """One letter to one agency about the applicant of one request, with the day until which it has to answer."""

    needs_sweeper = True  # lltp_portal/checks.py: an answer that never comes has to be noticed by somebody

    class SentBy(models.TextChoices):
        EXCHANGE = "exchange", "Trục liên thông văn bản"
        POST = "post", "Bưu chính"
        HAND = "hand", "Giao trực tiếp"
        SECURE = "secure", "Đường mật"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="inquiries")
    seq = models.PositiveSmallIntegerField()
    source = models.CharField("nguồn", max_length=20, choices=Source.choices)
    agency = models.CharField("cơ quan", max_length=200)
    question = models.TextField("nội dung hỏi")
    declaration = models.ForeignKey("requests.Declaration", models.PROTECT, related_name="+")
    # About whom was asked: an answer about somebody else as declared later is no answer.
    question_digest = models.CharField(max_length=64)
    sent_by = models.CharField("cách gửi", max_length=10, choices=SentBy.choices)
    complicated = models.BooleanField("phức tạp", default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # The agency's own promise, where it made one; the law's time stays in due_at.
    promised_on = models.DateField(null=True)
    letter = models.OneToOneField("requests.Paper", models.PROTECT, related_name="inquiry")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ("request", "seq")
        verbose_name_plural = "inquiries"
        constraints = [
            models.UniqueConstraint(fields=["request", "seq"], name="inquiry_seq"),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("asked_at")), name="inquiry_due_after_asking"),
            models.CheckConstraint(condition=~Q(agency="") & ~Q(question=""), name="inquiry_asks_somebody_something"),
        ]
        indexes = [models.Index(fields=["due_at"], name="inquiry_by_due")]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.seq} {self.source}"


class InquiryEvent(models.Model):
    """What happened to an inquiry besides its answer: a reminder fell due, one was sent, it was taken back."""

    class Kind(models.TextChoices):
        REMINDER_DUE = "reminder_due", "Đến lúc đôn đốc"
        REMINDED = "reminded", "Đã đôn đốc"
        CLOSED = "closed", "Thôi hỏi"

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="events")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("lý do", max_length=500, blank=True)
    letter = models.OneToOneField("requests.Paper", models.PROTECT, null=True, related_name="inquiry_reminder")

    class Meta:
        ordering = ("inquiry", "seq")
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "seq"], name="inquiry_event_seq"),
            models.UniqueConstraint(fields=["inquiry"], condition=Q(kind="closed"), name="inquiry_closed_once"),
            models.CheckConstraint(
                condition=Q(kind="reminder_due", by=None, letter=None)
                | Q(kind="reminded", by__isnull=False, letter__isnull=False)
                | (Q(kind="closed", by__isnull=False, letter=None) & ~Q(reason="")),
                name="inquiry_event_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id}.{self.seq} {self.kind}"


class InquiryAnswer(models.Model):
    """What an agency said, as a clerk entered it from its document. The newest of an inquiry counts."""

    class Outcome(models.TextChoices):
        NONE = "none", "Không có thông tin, không có văn bản"
        JUDGMENT = "judgment", "Có bản án"
        NO_JUDGMENT = "no_judgment", "Có thông tin (bắt, khởi tố, danh chỉ bản) nhưng không có bản án"
        CANNOT = "cannot", "Không trả lời được"
        MORE = "more", "Đề nghị cung cấp thêm thông tin"

    FOUND = (Outcome.JUDGMENT, Outcome.NO_JUDGMENT)

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="answers")
    seq = models.PositiveSmallIntegerField()
    outcome = models.CharField("kết quả", max_length=12, choices=Outcome.choices)
    document_number = models.CharField("số văn bản trả lời", max_length=60)
    document_on = models.DateField("ngày văn bản")
    received_on = models.DateField("nhận ngày")
    words = models.TextField("nội dung trả lời")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("inquiry", "seq")
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "seq"], name="inquiry_answer_seq"),
            models.CheckConstraint(condition=~Q(document_number="") & ~Q(words=""), name="inquiry_answer_has_document"),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id}.{self.seq} {self.outcome}"

    @property
    def has_found(self) -> bool:
        return self.outcome in self.FOUND

    @property
    def label(self) -> str:
        """How the document is called where something rests on it."""
        return f"văn bản số {self.document_number} ngày {self.document_on:%d/%m/%Y} của {self.inquiry.agency}"


class AnswerDocument(models.Model):
    """The answer on paper, as it was cleaned: bytes that this portal wrote itself. Written once."""

    answer = models.OneToOneField(InquiryAnswer, models.PROTECT, primary_key=True, related_name="document")
    code = models.CharField(max_length=12, unique=True, default=new_document_code, editable=False)
    original_name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=1)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.code


class AnsweredConviction(models.Model):
    """One offence of one judgment as the answer tells it, in the words of the register's file contract."""

    answer = models.ForeignKey(InquiryAnswer, models.PROTECT, related_name="convictions")
    position = models.PositiveSmallIntegerField()
    conviction = models.JSONField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ("answer", "position")
        constraints = [models.UniqueConstraint(fields=["answer", "position"], name="answered_conviction_position")]

    def __str__(self) -> str:
        return f"{self.answer_id}.{self.position}"


class AnswerDecision(models.Model):
    """A person says whether what an agency found is about the applicant, and that it was entered as it is written."""

    answer = models.ForeignKey(InquiryAnswer, models.PROTECT, related_name="decisions")
    same_person = models.BooleanField("đúng người yêu cầu")
    convictions = models.PositiveSmallIntegerField("số tội danh khi quyết định")
    ground = models.CharField("căn cứ", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=~Q(ground=""), name="answer_decision_has_ground")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.same_person}"


class WithoutPaper(models.Model):
    """A person concludes although no paper exists, after everybody who could have it has said so (Công văn 367).

    `basis` is what the agencies answered, frozen; `convictions` the digest of the facts that were looked at.
    """

    class Kind(models.TextChoices):
        NO_JUDGMENT = "no_judgment", "Có thông tin trước 01/7/2010 nhưng không tìm thấy bản án"
        NO_EXECUTION = "no_execution", "Biết bản án, không tìm thấy giấy tờ thi hành"

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="without_paper")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    facts_digest = models.CharField(max_length=64)
    basis = models.JSONField()
    ground = models.CharField("căn cứ", max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=~Q(ground=""), name="without_paper_has_ground")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class EarlierClear(models.Model):
    """Nothing from before 1 July 2010 was found about this identity, and a certificate was issued on it (Điều 28).

    `identity_key` is an HMAC: no number and no name stands here. Never expires.
    """

    identity_key = models.CharField(max_length=64, db_index=True)
    request = models.OneToOneField("requests.CertificateRequest", models.PROTECT, related_name="earlier_clear")
    answer = models.ForeignKey(InquiryAnswer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.request_id)


class EarlierClearChoice(models.Model):
    """A clerk sets the shortcut aside for one request, or takes it up again. The newest counts."""

    request = models.ForeignKey("requests.CertificateRequest", models.PROTECT, related_name="earlier_clear_choices")
    earlier = models.ForeignKey(EarlierClear, models.PROTECT, related_name="+")
    used = models.BooleanField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="earlier_clear_choice_has_reason")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.used}"
