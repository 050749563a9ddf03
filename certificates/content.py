"""Every word that one certificate prints, frozen. What is not here is not printed; what is here cannot change; pure.

Phiếu số 1 as Luật Lý lịch tư pháp Art. 42 and Thông tư 13/2011/TT-BTP Art. 14 want it.
"""

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certificates import codes, wording
from certificates.alphabet import unprintable
from lltp_portal.errors import PortalError

ROOT = Path(__file__).resolve().parent.parent
LONGEST_TEXT = 1000
MOST_JUDGMENTS = 60
ADDED_AT_ISSUE = ("number", "issued_on", "code")


class ContentRefused(PortalError):
    """Something that no certificate may print, or a combination that the law does not know."""

    code = "certificate_content"
    status = 422


@cache
def template_version() -> str:
    """Names template, style, fixed words and fonts by their bytes, so that no edit of them goes unnoticed."""
    digest = hashlib.sha256()
    for part in (
        ROOT / "templates/certificates/pdf/phieu_so_1.html",
        ROOT / "templates/certificates/pdf/phieu.css",
        ROOT / "certificates/wording.py",
        *sorted((ROOT / "certificates/fonts").glob("*.ttf")),
    ):
        digest.update(hashlib.sha256(part.read_bytes()).digest())
    return f"phieu-so-1:{digest.hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """One box of số 1: a conviction that is not expunged (Art. 42(2))."""

    judgment_number: str = field(metadata={"label": "Số bản án"})
    judgment_date: datetime.date = field(metadata={"label": "Ngày tuyên án"})
    court: str = field(metadata={"label": "Tòa án"})
    offences: str = field(metadata={"label": "Tội danh, điều khoản của Bộ luật Hình sự được áp dụng"})
    main_penalty: str = field(metadata={"label": "Hình phạt chính"})
    additional_penalties: str = field(default=wording.NOTHING, metadata={"label": "Hình phạt bổ sung"})

    def __post_init__(self) -> None:
        _check_texts(self)

    @property
    def heading(self) -> str:
        return f"Bản án số {self.judgment_number} {wording.long_date(self.judgment_date)} của {self.court}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent:
    certificate_type: int = field(metadata={"label": "Loại phiếu"})
    form_number: str = field(metadata={"label": "Mẫu số"})
    form_basis: str = field(metadata={"label": "Văn bản ban hành mẫu"})
    parent_body: str = field(metadata={"label": "Cơ quan chủ quản"})
    authority_heading: str = field(metadata={"label": "Cơ quan cấp (đầu trang)"})
    authority_name: str = field(metadata={"label": "Cơ quan cấp"})
    number_suffix: str = field(metadata={"label": "Ký hiệu số phiếu"})
    place: str = field(metadata={"label": "Địa danh"})
    legal_basis: tuple[str, ...] = field(metadata={"label": "Căn cứ"})
    full_name: str = field(metadata={"label": "Họ và tên"})
    sex: str = field(metadata={"label": "Giới tính"})
    date_of_birth: str = field(metadata={"label": "Ngày, tháng, năm sinh"})
    place_of_birth: str = field(metadata={"label": "Nơi sinh"})
    nationality: str = field(metadata={"label": "Quốc tịch"})
    identity_label: str = field(default="Số định danh cá nhân", metadata={"label": "Loại giấy tờ"})
    identity_number: str = field(metadata={"label": "Số giấy tờ"})
    permanent_residence: str = field(default=wording.NOTHING, metadata={"label": "Nơi thường trú"})
    status: str = field(metadata={"label": "Mã tình trạng án tích"})
    status_text: str = field(metadata={"label": "Tình trạng án tích"})
    judgments: tuple[Judgment, ...] = field(default=(), metadata={"label": "Bản án"})
    signatory_title: tuple[str, ...] = field(metadata={"label": "Chức vụ người ký"})
    signatory_name: str = field(metadata={"label": "Người ký"})
    public_base_url: str = field(metadata={"label": "Địa chỉ kiểm tra"})
    template_version: str = field(default_factory=template_version, metadata={"label": "Phiên bản mẫu in"})
    number: int | None = field(default=None, metadata={"label": "Số phiếu"})
    issued_on: datetime.date | None = field(default=None, metadata={"label": "Ngày cấp"})
    code: str | None = field(default=None, metadata={"label": "Mã kiểm tra"})

    def __post_init__(self) -> None:
        _check_type(self)
        _check_texts(self)
        _check_person(self)
        _check_status(self)
        _check_address(self)
        _check_added(self)

    # ---- what is printed -------------------------------------------------------------------------------------------

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def number_text(self) -> str:
        return wording.number_text(self.number, self.number_suffix)

    @property
    def place_and_day(self) -> str:
        return wording.place_and_day(self.place, self.issued_on)

    @property
    def check_domain(self) -> str:
        return urlsplit(self.public_base_url).netloc

    @property
    def check_url(self) -> str:
        """What the QR says; only a completed certificate has one."""
        if self.code is None:
            raise ContentRefused("Bản nháp chưa có mã kiểm tra nên chưa có mã QR.")
        return f"{self.public_base_url}/c/{self.code}"

    # ---- frozen form and its names ---------------------------------------------------------------------------------

    def to_json(self) -> str:
        """Canonical: the same content is the same text on every machine, so that its hash names it."""
        return _canonical(_plain(self))

    @classmethod
    def from_json(cls, text: str) -> "CertificateContent":
        try:
            values = json.loads(text)
            values["judgments"] = tuple(
                Judgment(**{**judgment, "judgment_date": datetime.date.fromisoformat(judgment["judgment_date"])})
                for judgment in values["judgments"]
            )
            values["legal_basis"] = tuple(values["legal_basis"])
            values["signatory_title"] = tuple(values["signatory_title"])
            if values["issued_on"] is not None:
                values["issued_on"] = datetime.date.fromisoformat(values["issued_on"])
            content = cls(**values)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ContentRefused("Nội dung phiếu đã lưu không đọc được; phiếu phải được lập lại.") from error
        if content.to_json() != text:
            raise ContentRefused("Nội dung phiếu đã lưu không ở dạng chuẩn; phiếu phải được lập lại.")
        return content

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def draft_sha256(self) -> str:
        """Names what the approver read: everything but number, day and code, with the template's version."""
        plain = {name: value for name, value in _plain(self).items() if name not in ADDED_AT_ISSUE}
        return hashlib.sha256(_canonical(plain).encode()).hexdigest()

    def completed(self, *, number: int, issued_on: datetime.date, code: str) -> "CertificateContent":
        """The draft with number, day and code, and nothing else."""
        if not self.is_draft:
            raise ContentRefused(f"Phiếu đã có số {self.number_text}; không thể cấp số lần nữa.")
        return replace(self, number=number, issued_on=issued_on, code=code)

    def differences(self, other: "CertificateContent") -> list[tuple[str, str, str]]:
        """(label, here, there) for each line in which two contents differ; the approver's page shows them."""
        mine, theirs = dict(_lines(self)), dict(_lines(other))
        labels = dict.fromkeys((*mine, *theirs))
        return [
            (label, mine.get(label, ""), theirs.get(label, ""))
            for label in labels
            if mine.get(label, "") != theirs.get(label, "")
        ]


def _plain(content: CertificateContent) -> dict[str, Any]:
    plain = asdict(content)
    plain["issued_on"] = content.issued_on and content.issued_on.isoformat()
    for judgment in plain["judgments"]:
        judgment["judgment_date"] = judgment["judgment_date"].isoformat()
    return plain


def _canonical(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


_PRINTED_AS = {
    "sex": lambda word: wording.SEX_WORDS[word],
    "date_of_birth": wording.short_date,
    "legal_basis": " ".join,
    "signatory_title": " / ".join,
}
_NOT_COMPARED = {"status", "judgments", *ADDED_AT_ISSUE}


def _lines(content: CertificateContent) -> Iterator[tuple[str, str]]:
    for described in fields(content):
        if described.name not in _NOT_COMPARED:
            value = getattr(content, described.name)
            yield described.metadata["label"], _PRINTED_AS.get(described.name, str)(value)
    for position, judgment in enumerate(content.judgments, start=1):
        for described in fields(judgment):
            value = getattr(judgment, described.name)
            text = wording.short_date(value.isoformat()) if isinstance(value, datetime.date) else value
            yield f"Bản án {position}: {described.metadata['label']}", text


# ---- refusals ------------------------------------------------------------------------------------------------------


def _refuse(label: str, what: str) -> None:
    raise ContentRefused(f"Không lập được phiếu: mục “{label}” {what}.")


def _check_type(content: CertificateContent) -> None:
    if content.certificate_type not in wording.TITLES:
        raise ContentRefused(
            f"Chưa lập được Phiếu lý lịch tư pháp số {content.certificate_type}; hiện chỉ lập được Phiếu số 1."
        )


def _check_texts(holder: Any) -> None:
    for described in fields(holder):
        value = getattr(holder, described.name)
        label = described.metadata["label"]
        if described.type is str or described.type == "str":
            _check_text(label, value)
        elif described.name in ("legal_basis", "signatory_title"):
            if not isinstance(value, tuple) or not value:
                _refuse(label, "phải có ít nhất một dòng")
            for line in value:
                _check_text(label, line)


def _check_text(label: str, text: object) -> None:
    if not isinstance(text, str):
        _refuse(label, "không phải là chữ")
    elif not text.strip():
        _refuse(label, "còn để trống")
    elif len(text) > LONGEST_TEXT:
        _refuse(label, f"dài quá {LONGEST_TEXT} ký tự")
    elif text != unicodedata.normalize("NFC", text):
        _refuse(label, "chưa ở dạng Unicode dựng sẵn (NFC)")
    elif strange := unprintable(text):
        named = ", ".join(f"U+{ord(character):04X}" for character in strange[:5])
        _refuse(label, f"có ký tự không in được trên phiếu ({named})")


def _check_person(content: CertificateContent) -> None:
    if content.full_name != content.full_name.upper():
        _refuse("Họ và tên", "phải viết bằng chữ in hoa")
    if content.sex not in wording.SEX_WORDS:
        _refuse("Giới tính", "phải là nam hoặc nữ")
    try:
        wording.partial_date(content.date_of_birth)
    except ValueError:
        _refuse("Ngày, tháng, năm sinh", "không phải là ngày có thật")


def _check_status(content: CertificateContent) -> None:
    expected = wording.STATUS_TEXTS.get(content.status)
    if expected is None or content.status_text != expected:
        _refuse("Tình trạng án tích", "không phải là một trong các câu luật định")
    if not isinstance(content.judgments, tuple) or len(content.judgments) > MOST_JUDGMENTS:
        _refuse("Bản án", f"có hơn {MOST_JUDGMENTS} bản án")
    if content.status == "has_record" and not content.judgments:
        _refuse("Tình trạng án tích", "ghi có án tích mà không có bản án nào")
    if content.status != "has_record" and content.judgments:
        _refuse("Tình trạng án tích", "ghi không có án tích mà lại có bản án")


def _check_address(content: CertificateContent) -> None:
    address = urlsplit(content.public_base_url)
    if address.scheme not in ("http", "https") or not address.netloc or content.public_base_url.endswith("/"):
        _refuse("Địa chỉ kiểm tra", "phải là địa chỉ http hoặc https không có dấu / ở cuối")


def _check_added(content: CertificateContent) -> None:
    added = [getattr(content, name) for name in ADDED_AT_ISSUE]
    if added == [None, None, None]:
        return
    if None in added:
        _refuse("Số phiếu", "phải đi cùng ngày cấp và mã kiểm tra")
    if type(content.number) is not int or content.number < 1:
        _refuse("Số phiếu", "phải là số nguyên dương")
    if type(content.issued_on) is not datetime.date:
        _refuse("Ngày cấp", "không phải là một ngày")
    if not isinstance(content.code, str) or not codes.is_code(content.code):
        _refuse("Mã kiểm tra", f"phải gồm đúng {codes.LENGTH} ký tự")
