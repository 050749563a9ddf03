"""Papers that somebody attached to what they declare: what each is, its bytes in a table apart, and its scan.

The bytes are our own (requests/attachments cleans them before they are kept) and never change. Which version of a
declaration had which papers is said by DeclaredAttachment; a trigger keeps a frozen version as it was sent.
Documents of other agencies, and those for the central register, wait for the same scanner in the same rows.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from lltp_portal.codes import random_code
from lltp_portal.waiting import WaitingQuerySet, WaitingRow
from requests.attachments import names


def new_attachment_code() -> str:
    """Twelve characters, not secret: the primary key never leaves the house, and the address carries no name."""
    return random_code(12)


class AttachmentQuerySet(models.QuerySet):
    """Each name finishes the sentence “attachments that are …”."""

    def of_declaration(self, declaration, kind: str = ""):
        """What this version has, in the order in which it was sent; with `kind` only papers of that kind."""
        found = self.filter(links__declaration=declaration).order_by("pk")
        return found.filter(kind=kind) if kind else found

    def of_request(self, certificate_request):
        """What any version has or had."""
        return self.filter(request=certificate_request)

    def sent(self):
        """Part of a version that was sent: what only lies in a draft is nobody's at the office."""
        return self.filter(links__declaration__frozen_at__isnull=False).distinct()

    def usable(self):
        return self.exclude(state=Attachment.State.QUARANTINED)

    def total_size(self) -> int:
        return self.aggregate(total=Sum("size"))["total"] or 0


class Attachment(models.Model):
    """One paper: a photograph or a PDF, as it was cleaned. `original_name` is data to be shown, never a path."""

    class Kind(models.TextChoices):
        IDENTITY = "identity_copy", _("Bản chụp giấy tờ tùy thân")
        MANDATE = "mandate", _("Văn bản ủy quyền")
        RELATION = "proof_of_relation", _("Giấy tờ chứng minh quan hệ")
        BIRTH = "birth_certificate", _("Giấy khai sinh")
        FEE = "fee_proof", _("Giấy tờ chứng minh được giảm, miễn phí")
        AGENCY = "agency_request", _("Văn bản yêu cầu của cơ quan, tổ chức")
        OTHER = "other", _("Giấy tờ khác")

    class State(models.TextChoices):
        WAITING = "waiting_scan", _("Đang chờ quét vi-rút")
        CLEAN = "clean", _("Đã quét, không thấy vi-rút")
        UNSCANNED = "unscanned", _("Chưa quét vi-rút")
        QUARANTINED = "quarantined", _("Có vi-rút, đã cách ly")

    code = models.CharField(max_length=12, unique=True, default=new_attachment_code, editable=False)
    request = models.ForeignKey("requests.CertificateRequest", models.CASCADE, related_name="attachments")
    kind = models.CharField("loại giấy tờ", max_length=20, choices=Kind.choices)
    original_name = models.CharField("tên tệp", max_length=120)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=1)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices)
    scanned_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="attachment_type_known", condition=Q(media_type__in=["application/pdf", "image/jpeg"])
            ),
            models.CheckConstraint(
                name="attachment_state_known",
                condition=Q(state__in=["waiting_scan", "clean", "unscanned", "quarantined"]),
            ),
        ]
        # A sweeper looks for them every few seconds.
        indexes = [models.Index(fields=["id"], name="attachment_unscanned", condition=Q(state="unscanned"))]

    def __str__(self) -> str:
        return self.code

    @property
    def stored_name(self) -> str:
        """Under which it is handed out; nothing in it was chosen by who sent it."""
        return names.stored(self.kind, self.code, self.media_type)

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def may_be_opened(self) -> bool:
        """By people of the office: not before the scanner has spoken, and never when it found something."""
        return self.state in OPENABLE


OPENABLE = frozenset({Attachment.State.CLEAN, Attachment.State.UNSCANNED})


class AttachmentContent(models.Model):
    """The bytes, apart from what lists read. Written once."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, primary_key=True, related_name="stored")
    content = models.BinaryField()
    preview = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class DeclaredAttachmentQuerySet(models.QuerySet):
    """What a version has."""

    def copy_to(self, declaration) -> None:
        """The next version begins with the same papers; in the transaction that makes it."""
        self.model.objects.bulk_create(
            [self.model(declaration=declaration, attachment_id=link.attachment_id, kind=link.kind) for link in self]
        )


class DeclaredAttachment(models.Model):
    """A version of a declaration has this paper; with no attachment: a paper of this kind is shown at the counter."""

    declaration = models.ForeignKey("requests.Declaration", models.CASCADE, related_name="attachments")
    attachment = models.ForeignKey(Attachment, models.RESTRICT, null=True, related_name="links")
    kind = models.CharField("loại giấy tờ", max_length=20, choices=Attachment.Kind.choices)

    objects = DeclaredAttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["declaration", "attachment"], name="attached_once"),
            models.UniqueConstraint(
                fields=["declaration", "kind"], name="at_counter_once", condition=Q(attachment__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.kind}"


class AttachmentScanQuerySet(WaitingQuerySet):
    """Each name finishes the sentence “scans that are …”."""

    def of_document(self, kind: str, code: str):
        return self.filter(document_kind=kind, document_code=code)


class AttachmentScan(WaitingRow):
    """One paper's scan for viruses, until the scanner has answered clearly: an attachment, or a document (by its code).

    An attachment carries its own state. Documents never change, some are in another database: their state is here.
    """

    class DocumentKind(models.TextChoices):
        ANSWER = "answer", "Văn bản trả lời của cơ quan được hỏi"
        INCOMING = "incoming", "Văn bản gửi đến cơ sở dữ liệu"

    attachment = models.OneToOneField(Attachment, models.CASCADE, null=True, related_name="scan")
    request = models.ForeignKey("requests.CertificateRequest", models.CASCADE, null=True, related_name="+")
    document_kind = models.CharField(max_length=10, choices=DocumentKind.choices, blank=True)
    document_code = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=12, choices=Attachment.State.choices, blank=True)
    scanned_at = models.DateTimeField(null=True)

    objects = AttachmentScanQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="scan_waiting", condition=Q(done_at=None, parked_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["document_kind", "document_code"], name="document_scanned_once", condition=~Q(document_code="")
            ),
            models.CheckConstraint(
                name="scan_of_one_paper",
                condition=Q(
                    attachment__isnull=False, request__isnull=False, document_kind="", document_code="", state=""
                )
                | Q(
                    Q(attachment__isnull=True, document_code__gt=""),
                    Q(document_kind="answer", request__isnull=False)
                    | Q(document_kind="incoming", request__isnull=True),
                    state__in=["waiting_scan", "clean", "unscanned", "quarantined"],
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"quét {self.source}"

    @property
    def source(self) -> str:
        """Which of a request's papers, on the page of waiting rows."""
        return self.attachment.code if self.attachment else self.document_code


def attachments_of(declaration, kind: str = "") -> models.QuerySet:
    """The papers of this version that can be used; with `kind`, of that kind. A paper with a virus is none."""
    return Attachment.objects.of_declaration(declaration, kind).usable()


def shown_at_counter(declaration) -> set[str]:
    """Kinds of paper whose original is brought to the counter instead."""
    return {link.kind for link in declaration.attachments.all() if link.attachment_id is None}
