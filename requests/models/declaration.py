"""What somebody declared: the fields of the form (Mẫu 03/2024/LLTP, 12/2024/LLTP), in versions, frozen when sent."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lltp_portal.partial_dates import FirstDay, LastDay

REQUIRED_WHEN_FROZEN = (
    "full_name",
    "sex",
    "date_of_birth",
    "place_of_birth_country",
    "nationality",
    "purpose",
    "fee_category",
    "delivery",
)


class Declaration(models.Model):
    """One version of what was declared. May be incomplete until frozen; a trigger refuses every change after."""

    class FiledAs(models.TextChoices):
        """Who asks (Luật LLTP 2009, Art. 7, 41, 45, 46): it decides which kind, which papers and which questions."""

        SELF = "self", _("Cho chính mình")
        PROXY = "proxy", _("Nộp thay người khác")
        PARENT = "parent", _("Cha, mẹ yêu cầu cho con chưa thành niên")
        AGENCY = "agency", _("Cơ quan, tổ chức yêu cầu")
        PROCEEDINGS_AGENCY = "proceedings_agency", _("Cơ quan tiến hành tố tụng yêu cầu")

    class Consent(models.TextChoices):
        """How somebody at the counter agreed to what the clerk wrote down for them."""

        SIGNED = "signed", _("Người yêu cầu đã đọc và ký Tờ khai giấy")
        READ_ALOUD = "read_aloud", _("Đã đọc lại từng mục cho người yêu cầu nghe, người yêu cầu đồng ý")

    class Sex(models.TextChoices):
        MALE = "male", _("Nam")
        FEMALE = "female", _("Nữ")

    class Purpose(models.TextChoices):
        WORK = "work", _("Xin việc làm")
        VISA = "visa", _("Làm thị thực")
        SETTLEMENT = "settlement", _("Định cư")
        BUSINESS = "business", _("Đăng ký kinh doanh")
        STUDY = "study", _("Học tập")
        FAMILY = "family", _("Kết hôn, nhận con nuôi")
        OWN_KNOWLEDGE = "own_knowledge", _("Biết nội dung lý lịch tư pháp của mình")
        OTHER = "other", _("Mục đích khác")
        # Asked for by an agency alone (Art. 7).
        PERSONNEL = "personnel", _("Quản lý nhân sự")
        ENTERPRISE = "enterprise", _("Thành lập, quản lý doanh nghiệp, hợp tác xã")
        INVESTIGATION = "investigation", _("Điều tra")
        PROSECUTION = "prosecution", _("Truy tố")
        TRIAL = "trial", _("Xét xử")

    class FeeCategory(models.TextChoices):
        STANDARD = "standard", _("Mức phí chung")
        STUDENT = "student", _("Sinh viên")
        MERIT = "merit", _("Người có công với cách mạng")
        PUPIL = "pupil", _("Học sinh từ đủ 16 tuổi")
        MARTYR_FAMILY = "martyr_family", _("Thân nhân liệt sỹ")
        CHILD = "child", _("Trẻ em dưới 16 tuổi")
        ELDERLY = "elderly", _("Người cao tuổi (từ đủ 60 tuổi)")
        DISABLED = "disabled", _("Người khuyết tật")
        POOR = "poor", _("Người thuộc hộ nghèo")
        DISADVANTAGED_AREA = "disadvantaged_area", _("Cư trú tại xã đặc biệt khó khăn, xã biên giới, an toàn khu")
        DIGITAL_CITIZEN = "digital_citizen", _("Công dân số: định danh mức 2, đã tích hợp đủ giấy tờ")
        AGENCY = "agency", _("Cơ quan, tổ chức yêu cầu")
        PROCEEDINGS_AGENCY = "proceedings_agency", _("Cơ quan tiến hành tố tụng yêu cầu")

    class FeeProof(models.TextChoices):
        ATTACHED = "attached", _("Ảnh, tệp đã tải lên cùng hồ sơ")
        COUNTER = "counter", _("Xuất trình bản chính tại quầy")

    class Delivery(models.TextChoices):
        ELECTRONIC = "electronic", _("Bản điện tử, tải tại trang này")
        COUNTER = "counter", _("Nhận tại quầy")
        POST = "post", _("Nhận qua bưu chính")

    request = models.ForeignKey("requests.CertificateRequest", models.CASCADE, related_name="declarations")
    version = models.PositiveSmallIntegerField(default=1)
    frozen_at = models.DateTimeField(null=True, editable=False)

    # How it was filled in. `saves` counts; `answered` are the pages left with “Tiếp tục”; `prefilled` says of a field
    # that nobody typed where its value came from: {field: {"source", "at", "reference"}}.
    saves = models.PositiveIntegerField(default=0, editable=False)
    answered = models.JSONField(default=list, editable=False)
    prefilled = models.JSONField(default=dict, editable=False)

    filed_as = models.CharField("tư cách yêu cầu", max_length=20, choices=FiledAs.choices, default=FiledAs.SELF)
    certificate_type = models.PositiveSmallIntegerField("loại Phiếu", default=1, choices=[(1, "Số 1"), (2, "Số 2")])
    want_ban_info = models.BooleanField("xác nhận nội dung cấm đảm nhiệm chức vụ", default=False)
    purpose = models.CharField("mục đích", max_length=20, choices=Purpose.choices, blank=True)
    purpose_other = models.CharField("mục đích khác", max_length=300, blank=True)
    procedure_code = models.CharField("thủ tục cần Phiếu", max_length=40, blank=True)
    receiver = models.CharField("nơi yêu cầu nộp Phiếu", max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField("số bản", default=1)

    full_name = models.CharField("họ và tên", max_length=200, blank=True)
    sex = models.CharField("giới tính", max_length=6, choices=Sex.choices, blank=True)
    date_of_birth = models.CharField("ngày sinh", max_length=10, blank=True)
    born_first = models.GeneratedField(
        expression=models.Case(
            models.When(date_of_birth="", then=models.Value(None)), default=FirstDay(F("date_of_birth"))
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    born_last = models.GeneratedField(
        expression=models.Case(
            models.When(date_of_birth="", then=models.Value(None)), default=LastDay(F("date_of_birth"))
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    place_of_birth_country = models.CharField("quốc gia nơi sinh", max_length=2, default="VN", blank=True)
    place_of_birth_province = models.CharField("tỉnh nơi sinh", max_length=2, blank=True)
    place_of_birth_district = models.CharField("huyện nơi sinh", max_length=100, blank=True)
    place_of_birth_ward = models.CharField("xã nơi sinh", max_length=100, blank=True)
    place_of_birth = models.CharField("nơi sinh (chi tiết)", max_length=300, blank=True)
    nationality = models.CharField("quốc tịch", max_length=2, default="VN", blank=True)
    ethnicity = models.CharField("dân tộc", max_length=60, blank=True)
    former_resident_foreigner = models.BooleanField("người nước ngoài đã từng cư trú tại Việt Nam", default=False)

    permanent_province = models.CharField("tỉnh thường trú", max_length=2, blank=True)
    permanent_district = models.CharField("huyện thường trú", max_length=100, blank=True)
    permanent_ward = models.CharField("xã thường trú", max_length=100, blank=True)
    permanent_address = models.CharField("địa chỉ thường trú", max_length=300, blank=True)
    temporary_province = models.CharField("tỉnh tạm trú", max_length=2, blank=True)
    temporary_district = models.CharField("huyện tạm trú", max_length=100, blank=True)
    temporary_ward = models.CharField("xã tạm trú", max_length=100, blank=True)
    temporary_address = models.CharField("địa chỉ tạm trú", max_length=300, blank=True)

    # Which office is competent where nobody resides (Art. 44): a citizen abroad, or without any residence.
    lives_abroad = models.BooleanField("công dân Việt Nam đang ở nước ngoài", default=False)
    no_residence = models.BooleanField("không xác định được nơi thường trú, tạm trú", default=False)
    last_province = models.CharField("tỉnh cư trú cuối cùng trước khi xuất cảnh", max_length=2, blank=True)
    last_address = models.CharField("nơi cư trú cuối cùng trước khi xuất cảnh", max_length=300, blank=True)

    father_name = models.CharField("họ tên cha", max_length=200, blank=True)
    father_birth_year = models.PositiveSmallIntegerField("năm sinh của cha", null=True, blank=True)
    mother_name = models.CharField("họ tên mẹ", max_length=200, blank=True)
    mother_birth_year = models.PositiveSmallIntegerField("năm sinh của mẹ", null=True, blank=True)
    spouse_name = models.CharField("họ tên vợ/chồng", max_length=200, blank=True)
    spouse_birth_year = models.PositiveSmallIntegerField("năm sinh của vợ/chồng", null=True, blank=True)

    phone = models.CharField("điện thoại", max_length=20, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    declared_record = models.TextField("tự khai về án tích, nội dung bị cấm", max_length=2000, blank=True)
    fee_category = models.CharField("đối tượng nộp phí", max_length=20, choices=FeeCategory.choices, blank=True)
    # How the category is proved (V12); empty for the common fee.
    fee_proof = models.CharField("giấy tờ chứng minh", max_length=10, choices=FeeProof.choices, blank=True)
    delivery = models.CharField("nhận kết quả", max_length=12, choices=Delivery.choices, blank=True)
    delivery_address = models.CharField("địa chỉ nhận qua bưu chính", max_length=300, blank=True)

    # Filed by somebody else: never for số 2, except a parent for a minor (V6, V7).
    proxy_name = models.CharField("người được ủy quyền", max_length=200, blank=True)
    proxy_sex = models.CharField("giới tính người được ủy quyền", max_length=6, choices=Sex.choices, blank=True)
    proxy_date_of_birth = models.CharField("ngày sinh người được ủy quyền", max_length=10, blank=True)
    proxy_identity_number = models.CharField("số giấy tờ người được ủy quyền", max_length=30, blank=True)
    proxy_address = models.CharField("địa chỉ người được ủy quyền", max_length=300, blank=True)
    proxy_phone = models.CharField("điện thoại người được ủy quyền", max_length=20, blank=True)
    proxy_relation = models.CharField("quan hệ với người yêu cầu", max_length=20, blank=True)
    proxy_mandate_on = models.DateField("ngày ủy quyền", null=True, blank=True)
    proxy_mandate_place = models.CharField("nơi công chứng, chứng thực", max_length=200, blank=True)

    # A written request of an agency, entered by an intake clerk (Art. 45, 46).
    agency_name = models.CharField("cơ quan, tổ chức yêu cầu", max_length=200, blank=True)
    agency_document_number = models.CharField("số văn bản yêu cầu", max_length=60, blank=True)
    agency_document_on = models.DateField("ngày văn bản yêu cầu", null=True, blank=True)
    agency_purpose = models.CharField("căn cứ, mục đích nêu trong văn bản", max_length=500, blank=True)

    counter_consent = models.CharField("xác nhận tại quầy", max_length=12, choices=Consent.choices, blank=True)
    sworn_at = models.DateTimeField("cam đoan lúc", null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "version"], name="declaration_version"),
            models.CheckConstraint(
                name="declaration_frozen_is_complete",
                condition=Q(frozen_at__isnull=True)
                | Q(**{f"{name}__gt": "" for name in REQUIRED_WHEN_FROZEN}, copies__gte=1, sworn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="declaration_partial_date", condition=Q(date_of_birth__regex=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")
            ),
            models.CheckConstraint(name="declaration_type_known", condition=Q(certificate_type__in=[1, 2])),
            models.CheckConstraint(
                name="declaration_filed_as_known",
                condition=Q(filed_as__in=["self", "proxy", "parent", "agency", "proceedings_agency"]),
            ),
            models.CheckConstraint(
                # Art. 7, 46: số 2 is for the person and for proceedings agencies; số 1 is what all others may ask for.
                name="declaration_type_fits_who_asks",
                condition=Q(frozen_at__isnull=True)
                | Q(filed_as__in=["self", "parent"])
                | Q(filed_as__in=["proxy", "agency"], certificate_type=1)
                | Q(filed_as="proceedings_agency", certificate_type=2),
            ),
            models.CheckConstraint(
                name="declaration_agency_is_named",
                condition=Q(frozen_at__isnull=True)
                | ~Q(filed_as__in=["agency", "proceedings_agency"])
                | Q(agency_name__gt="", agency_document_number__gt="", agency_document_on__isnull=False),
            ),
            models.CheckConstraint(
                name="declaration_proxy_is_named",
                condition=Q(frozen_at__isnull=True) | ~Q(filed_as__in=["proxy", "parent"]) | Q(proxy_name__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} v{self.version}"

    @property
    def by_agency(self) -> bool:
        """A written request, entered by a clerk; nobody swears, and nobody pays."""
        return self.filed_as in {self.FiledAs.AGENCY, self.FiledAs.PROCEEDINGS_AGENCY}

    @property
    def identity_number(self) -> str:
        """The 12-digit number, when one was declared."""
        for document in self.identity_documents.all():
            if document.type == DeclaredDocument.Type.CCCD and len(document.number) == 12:
                return document.number
        return ""


class DeclaredName(models.Model):
    """Another name that the person uses or has used."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="other_names")
    name = models.CharField("tên gọi khác", max_length=200)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.pk)


class DeclaredDocument(models.Model):
    """An identity document: at least one."""

    class Type(models.TextChoices):
        CCCD = "cccd", _("Căn cước, Căn cước công dân")
        CMND = "cmnd", _("Chứng minh nhân dân")
        PASSPORT = "passport", _("Hộ chiếu")
        OTHER = "other", _("Giấy tờ khác")

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="identity_documents")
    type = models.CharField("loại giấy tờ", max_length=10, choices=Type.choices)
    number = models.CharField("số", max_length=30)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    issued_by = models.CharField("nơi cấp", max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"


class DeclaredResidence(models.Model):
    """One stay since the 14th birthday. `from_month` and `to_month` are YYYY-MM; an empty `to_month` is “until now”."""

    class Kind(models.TextChoices):
        PERMANENT = "permanent", _("Thường trú")
        TEMPORARY = "temporary", _("Tạm trú")

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="residences")
    from_month = models.CharField("từ tháng", max_length=7)
    to_month = models.CharField("đến tháng", max_length=7, blank=True)
    kind = models.CharField("thường trú hay tạm trú", max_length=10, choices=Kind.choices)
    country = models.CharField("quốc gia", max_length=2, default="VN")
    province = models.CharField("tỉnh, thành phố", max_length=2, blank=True)
    address = models.CharField("địa chỉ", max_length=300)
    occupation = models.CharField("nghề nghiệp", max_length=200, blank=True)
    workplace = models.CharField("nơi làm việc", max_length=200, blank=True)
    military_service = models.BooleanField("thời gian tại ngũ", default=False)

    class Meta:
        ordering = ("from_month", "to_month", "pk")
        constraints = [
            models.CheckConstraint(
                name="residence_months",
                condition=Q(from_month__regex=r"^\d{4}-(0[1-9]|1[0-2])$")
                & Q(to_month__regex=r"^(\d{4}-(0[1-9]|1[0-2]))?$"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_month}-{self.to_month}"
