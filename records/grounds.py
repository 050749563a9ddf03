"""The rules of án tích besides the terms: article, clause, and the words in which a reason names them.

Reasons on the clerk's screen and the table in docs/expungement.md are both made from these rows, so that what a lawyer
checks there is what the portal says.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Ground:
    """One rule: where it stands, what it says in Vietnamese, and the same in English for docs/."""

    article: str
    words: str
    gloss: str

    def reason(self, more: str = "") -> str:
        return f"{self.article}: {self.words}{more}."


# --- What is no record of a conviction at all ------------------------------------------------------------------------

NOT_IN_EFFECT = Ground(
    "Điều 4 khoản 1 Luật Lý lịch tư pháp",
    "bản án chưa có hiệu lực pháp luật, hoặc đã bị hủy và vụ án được đình chỉ, thì không ghi",
    "a judgment not in legal effect, or annulled with the case stopped, is left out",
)
ABOLISHED = Ground(
    "Điều 35 Luật Lý lịch tư pháp",
    "tội phạm đã được luật mới xóa bỏ thì thông tin về tội đó bị xóa",
    "a crime abolished by a new law is left out",
)

# --- Not counted ----------------------------------------------------------------------------------------------------

EXEMPT = Ground(
    "Điều 69 khoản 2 BLHS",
    "người được miễn hình phạt không bị coi là có án tích",
    "exempt from penalty: not counted",
)
NEGLIGENT = Ground(
    "Điều 69 khoản 2 BLHS",
    "người bị kết án do lỗi vô ý về tội phạm ít nghiêm trọng, tội phạm nghiêm trọng không bị coi là có án tích",
    "negligent less serious or serious crime: not counted",
)
UNDER_16 = Ground(
    "Điều 107 khoản 1 điểm a BLHS",
    "người phạm tội khi từ đủ 14 đến dưới 16 tuổi được coi là không có án tích",
    "aged 14 to under 16 at the offence: not counted",
)
UNDER_18 = Ground(
    "Điều 107 khoản 1 điểm b BLHS",
    "người từ đủ 16 đến dưới 18 tuổi bị kết án về tội phạm ít nghiêm trọng, nghiêm trọng hoặc rất nghiêm trọng do vô ý"
    " được coi là không có án tích",
    "aged 16 to under 18: counted only for a very serious intentional or an extremely serious crime",
)
MEASURE = Ground(
    "Điều 107 khoản 1 điểm c BLHS",
    "người dưới 18 tuổi bị áp dụng biện pháp tư pháp được coi là không có án tích",
    "a judicial measure for a minor: not counted",
)

# --- Ended by an act -------------------------------------------------------------------------------------------------

AMNESTY = Ground(
    "Điều 62 khoản 1 BLHS, Điều 42 khoản 2 điểm c Luật Lý lịch tư pháp",
    "đại xá ngày ",
    "general amnesty (đại xá): no án tích from its day; a pardon (đặc xá) only ends the main penalty",
)
COURT_DECISION = Ground(
    "Điều 71 khoản 1 BLHS",
    "Tòa án quyết định xóa án tích ngày ",
    "the court's decision, for Chapters XIII and XXVI: expunged on its date",
)
SPECIAL_DECISION = Ground(
    "Điều 72 BLHS",
    "Tòa án quyết định xóa án tích trong trường hợp đặc biệt ngày ",
    "the court's decision for other crimes (special case): expunged on its date",
)
CERTIFICATE = Ground(
    "Điều 70 khoản 1 BLHS",
    "đương nhiên được xóa án tích, theo giấy chứng nhận xóa án tích ngày ",
    "a certificate of expungement on file: expunged on its date",
)

# --- Only by the court -----------------------------------------------------------------------------------------------

COURT_ONLY = Ground(
    "Điều 71 khoản 1 BLHS",
    "tội thuộc Chương XIII hoặc Chương XXVI chỉ được xóa án tích theo quyết định của Tòa án",
    "Chapters XIII (national security) and XXVI (peace, humanity, war crimes): never by itself",
)
COURT_FOR_ALL = Ground(
    "Điều 73 khoản 3 BLHS",
    "phạm nhiều tội mà có tội thuộc Chương XIII hoặc Chương XXVI thì Tòa án quyết định việc xóa án tích",
    "one such crime in the judgment: the court decides about all of it",
)

# --- From when, until when -------------------------------------------------------------------------------------------

COMPLETED = Ground(
    "Điều 70 khoản 2 BLHS",
    "tính từ ngày chấp hành xong hình phạt chính hoặc hết thời gian thử thách án treo",
    "the term runs from completion of the main penalty, or the end of a suspended sentence's probation",
)
PARDON = Ground(
    "Điều 62 khoản 1 và Điều 73 khoản 4 BLHS",
    "người được đặc xá, đại xá được miễn chấp hành hình phạt còn lại, coi như đã chấp hành xong từ ngày đó",
    "pardon (đặc xá), or amnesty of a new crime: the penalty is completed on that day, unless another day is on file",
)
LIMITATION = Ground(
    "Điều 70 khoản 3 BLHS",
    "tính từ ngày hết thời hiệu thi hành bản án, chỉ với điều kiện không phạm tội mới",
    "or from the end of the limitation of execution, and then only a new crime matters",
)
STILL_RESTRICTED = Ground(
    "Điều 70 khoản 2 đoạn cuối BLHS",
    "hình phạt bổ sung dài hơn thời hạn, thời hạn hết khi chấp hành xong hình phạt đó, ngày ",
    "supervised residence, residence ban, office ban, loss of rights longer than points a to c: the term ends with it",
)
PENALTY_COMPLETED = Ground(
    "Điều 70 khoản 2 BLHS",
    "đã chấp hành xong hình phạt bổ sung ngày ",
    "every additional penalty has to be completed",
)
DECISIONS_COMPLETED = Ground(
    "Điều 70 khoản 2 BLHS",
    "đã chấp hành xong các quyết định khác của bản án ngày ",
    "every other decision of the judgment (compensation, court fee, money) has to be fulfilled",
)
RESTART = Ground(
    "Điều 73 khoản 2 BLHS",
    "tính lại thời hạn vì phạm tội mới khi chưa được xóa án tích",
    "a new crime before expungement, with a judgment in effect: the old term runs again from the new penalty's end",
)

# --- A person decides ------------------------------------------------------------------------------------------------

FOREIGN = Ground(
    "Điều 32 Luật Lý lịch tư pháp",
    "bản án của Tòa án nước ngoài, phải có người xem xét"
    " (cần trích lục bản án và quyết định công nhận, cho thi hành tại Việt Nam)",
    "a foreign judgment: a person decides",
)
EXPULSION = Ground(
    "Điều 70 khoản 2 BLHS",
    "không nêu hình phạt chính là trục xuất, phải có người xem xét"
    " (cần bản án và giấy xác nhận đã thi hành hình phạt trục xuất)",
    "expulsion as the main penalty stands in no point of the clause: a person decides",
)
_PROSECUTED = (
    "phải xác minh kết quả giải quyết vụ án khởi tố ngày ",
    "a prosecution for an act that may be inside a running term: a person asks the prosecuting agency",
)
PROSECUTED = Ground("Điều 17 Nghị định 111/2010/NĐ-CP", *_PROSECUTED)
PROSECUTED_2026 = Ground("Điều 12 Nghị định 216/2026/NĐ-CP", *_PROSECUTED)
DECREE_216 = date(2026, 7, 1)
TOO_MANY = Ground(
    "Điều 73 khoản 2 BLHS",
    "quá nhiều dữ kiện chưa rõ về các tội phạm mới (cần trích lục các bản án sau)",
    "more open questions about later crimes than can all be tried: a person decides",
)


def prosecuted(on: date) -> Ground:
    """Decree 216/2026 replaced Decree 111/2010."""
    return PROSECUTED_2026 if on >= DECREE_216 else PROSECUTED
