"""The words of a conviction as they are printed (Circular 13/2011/TT-BTP, Art. 14; domain 1.3 and 9)."""

from collections.abc import Iterable
from datetime import date

from records.expungement import AMNESTIED, EXPUNGED, day_text
from records.facts import Conviction, Penalty, Unknown

NO_RECORD = "Không có án tích"
NO_RECORD_FOREIGNER = "Không có án tích trong thời gian cư trú tại Việt Nam"
HAS_RECORD = "Có án tích"
NOT_EXPUNGED_ROW = "Chưa được xóa án tích"
AMNESTY_ROW = "Đại xá"
NO_BAN = "Không bị cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã"
MISSING = "//"

CODES = {
    "BLHS1985": "Bộ luật Hình sự năm 1985",
    "BLHS1999": "Bộ luật Hình sự năm 1999",
    "BLHS2015": "Bộ luật Hình sự năm 2015",
}
PENALTIES = {
    "warning": "cảnh cáo",
    "fine": "phạt tiền",
    "non_custodial": "cải tạo không giam giữ",
    "expulsion": "trục xuất",
    "imprisonment": "tù",
    "life": "tù chung thân",
    "death_commuted": "tử hình, đã được giảm án",
    "none": "miễn hình phạt",
}
ADDITIONAL_PENALTIES = {
    "office_ban": "cấm đảm nhiệm chức vụ, cấm hành nghề hoặc làm công việc nhất định",
    "residence_ban": "cấm cư trú",
    "supervised_residence": "quản chế",
    "civic_rights": "tước một số quyền công dân",
    "confiscation": "tịch thu tài sản",
    "fine": "phạt tiền",
    "expulsion": "trục xuất",
}
OBLIGATIONS = {
    "compensation": "bồi thường thiệt hại",
    "court_fee": "án phí",
    "fine": "nộp tiền",
    "other": "nghĩa vụ khác",
}


def expunged_row(day: date) -> str:
    return f"Đã được xóa án tích ngày {day:%d} tháng {day:%m} năm {day.year:04d}"


def expungement_row(state: str, expunged_on: date | None) -> str:
    """The last column of số 2."""
    if state == EXPUNGED and expunged_on:
        return expunged_row(expunged_on)
    return AMNESTY_ROW if state == AMNESTIED else NOT_EXPUNGED_ROW


def length(months: int) -> str:
    years, rest = divmod(months, 12)
    return " ".join(part for part in (f"{years} năm" if years else "", f"{rest} tháng" if rest else "") if part)


def penalty(value: Penalty) -> str:
    words = PENALTIES[value.kind]
    if value.months and value.kind in ("imprisonment", "non_custodial"):
        words = f"{length(value.months)} {words}"
    if value.suspended:
        words += " nhưng cho hưởng án treo"
        if value.probation_months:
            words += f", thời gian thử thách {length(value.probation_months)}"
    if value.amount_vnd is not None:
        words += f" {value.amount_vnd:,} đồng".replace(",", ".")
    return words[0].upper() + words[1:]


def offence(conviction: Conviction) -> str:
    value = conviction.offence
    clause = f"khoản {value.clause} " if value.clause is not None else ""
    return f"{value.title} ({clause}Điều {value.article} {CODES[value.code]})"


def main_penalty(convictions: Iterable[Conviction]) -> str:
    """The joint penalty where there is one, else each offence's own."""
    return "; ".join(dict.fromkeys(penalty(c.combined_penalty or c.main_penalty) for c in convictions))


def additional_penalties(convictions: Iterable[Conviction]) -> str:
    words = []
    for conviction in convictions:
        if not isinstance(conviction.additional_penalties, Unknown):
            for value in conviction.additional_penalties:
                until = f" đến ngày {day_text(value.until)}" if value.until else ""
                words.append(f"{ADDITIONAL_PENALTIES[value.kind]}{until}")
    return _listed(words)


def obligations(convictions: Iterable[Conviction], as_of: date) -> str:
    words = []
    for conviction in convictions:
        if not isinstance(conviction.obligations, Unknown):
            for value in conviction.obligations:
                done = "chưa có xác nhận thi hành xong"
                if value.fulfilled_on and value.fulfilled_on <= as_of:
                    done = f"đã thi hành xong ngày {day_text(value.fulfilled_on)}"
                words.append(f"{OBLIGATIONS[value.kind]}: {done}")
    return _listed(words)


def execution(convictions: Iterable[Conviction], as_of: date) -> str:
    """The newest that is on file about the execution on the day (Circular 13/2011, Art. 14(2)(c))."""
    words = []
    for conviction in convictions:
        clemency = conviction.clemency
        if clemency and clemency.date <= as_of:
            kind = "Đại xá" if clemency.kind == "dai_xa" else "Đặc xá"
            words.append(f"{kind} ngày {day_text(clemency.date)}")
        completed, expired = conviction.main_penalty_completed_on, conviction.execution_limitation_expired_on
        if completed and completed <= as_of:
            words.append(f"Đã chấp hành xong hình phạt chính ngày {day_text(completed)}")
        elif expired and expired <= as_of:
            words.append(f"Hết thời hiệu thi hành bản án ngày {day_text(expired)}")
    return _listed(words)


def _listed(words: list[str]) -> str:
    text = "; ".join(dict.fromkeys(words))
    return text[0].upper() + text[1:] if text else MISSING
