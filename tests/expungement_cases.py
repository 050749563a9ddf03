"""The cases C1 to C32 of xóa án tích as data: facts, days, and what số 1 and số 2 say.

tests/test_records_expungement_cases.py asks the real code; docs/expungement.md is drawn from these facts and from what
the code answers, so that a lawyer reads the same cases that the tests run.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.records_people import NO, OPEN, YES, conviction, done, person_json, prison, second_crime, without

VERIFY = "VERIFY"
FOREIGNER = "Không có án tích trong thời gian cư trú tại Việt Nam"
NO_BAN = "Không bị cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã"
AMNESTIED = "Đại xá"


@dataclass(frozen=True)
class Asked:
    """One day of a case: `number1` the words, `number2` the last column of each row (none: the words of số 1).

    `VERIFY` in their place: no text, and the paper named. `bans`: the section of bans as printed, on số 1 and số 2.
    """

    as_of: str
    records: tuple[dict[str, Any], ...]
    number1: str
    number2: tuple[str, ...] | str = ()
    facts: str = ""
    paper: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    bans: tuple[str, str] | None = None
    by_name_only: bool = False


@dataclass(frozen=True)
class Case:
    name: str
    facts: str
    gloss: str
    asked: tuple[Asked, ...]


def around(last_day: str, *records: dict[str, Any], facts: str = "") -> tuple[Asked, Asked]:
    """The last day of the term, on which the record still stands, and the next, on which it is expunged."""
    last = date.fromisoformat(last_day)
    expunged = done(last.day, last.month, last.year)
    return (
        Asked(last_day, records, YES, (OPEN,), facts),
        Asked((last + timedelta(days=1)).isoformat(), records, NO, (expunged,), facts),
    )


def nothing(as_of: str, *rows: dict[str, Any], facts: str = "", **person: Any) -> Asked:
    """Neither number shows anything."""
    return Asked(as_of, (person_json(*rows, **person),), NO, (), facts)


def unclear(as_of: str, *rows: dict[str, Any], paper: str, facts: str = "", **person: Any) -> Asked:
    return Asked(as_of, (person_json(*rows, **person),), VERIFY, VERIFY, facts, paper)


# --- The people of the cases -----------------------------------------------------------------------------------------

SUSPENDED = person_json(conviction())
LATE_DEBT = person_json(conviction(obligations=[{"kind": "compensation", "fulfilled_on": "2024-08-01"}]))
THREE_YEARS = person_json(prison(36, "2022-09-30"))
FINE = person_json(
    conviction(main_penalty={"kind": "fine", "amount_vnd": 20_000_000}, main_penalty_completed_on="2023-05-05")
)


def _served(**penalty: Any) -> dict[str, Any]:
    """Prison for something grave, done on 1 January 2020."""
    return person_json(prison(1, "2020-01-01") | {"main_penalty": penalty}, date_of_birth="1960-01-01")


def _restricted(kind: str, until: str, row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return person_json(
        row | {"additional_penalties": [{"kind": kind, "until": until, "completed_on": until} | changes]}
    )


TWENTY_YEARS = prison(
    240, "2019-06-01", judgment_date="2000-01-01", effective_date="2000-02-01", offence_date="1999-05-01"
)
SPYING = {"title": "Gián điệp", "article": 110, "chapter": "XIII", "severity": "very_serious"}
SPY = prison(
    48, "2015-01-10", offence=SPYING, judgment_date="2011-01-10", effective_date="2011-02-10", offence_date="2010-01-01"
)
PARDONED_BY_COURT = SPY | {"expungement": {"kind": "court_decision", "date": "2019-02-02"}}
INSIDE = person_json(prison(24, "2020-01-01"), second_crime("2021-06-01"))
OUTSIDE = person_json(prison(24, "2020-01-01"), second_crime("2022-02-01"))
NEGLIGENT = {"negligent": True, "severity": "serious"}
LESS = {"negligent": True, "severity": "less_serious"}
SPARED = conviction(main_penalty={"kind": "none"}, exempt_from_penalty=True, main_penalty_completed_on=None)
SEVENTEEN = prison(
    48,
    "2023-01-01",
    judgment_date="2019-05-01",
    effective_date="2019-06-01",
    offence_date="2018-12-01",
    offence={"severity": "very_serious"},
)
NEVER_PAID = conviction(
    judgment_date="2014-12-01",
    effective_date="2015-01-01",
    offence_date="2014-06-01",
    main_penalty={"kind": "fine", "amount_vnd": 5_000_000},
    main_penalty_completed_on=None,
    execution_limitation_expired_on="2020-01-01",
    obligations=[{"kind": "court_fee", "fulfilled_on": None}],
)
BAN = {"decision_number": "01/2024/QĐ-TBPS", "from": "2024-02-01", "until": "2027-02-01", "decision_date": "2024-01-20"}
OLD_BAN = {"decision_number": "07/2020/QĐ-TBPS", "from": "2020-01-01", "until": "2024-01-31"}
BANNED = (person_json(bans=[BAN]),)
BANNED_BEFORE = (person_json(bans=[OLD_BAN]),)
NAMESAKE = person_json(
    conviction(), date_of_birth="1980", identity_documents=[], father_name=None, mother_name=None, sex=None
)

CASES = (
    Case("C1", "Không có bản án nào", "nothing on file", (Asked("2024-06-01", (), NO),)),
    Case(
        "C2",
        "Người nước ngoài đã cư trú tại Việt Nam, không có bản án nào",
        "foreigner who has lived in Viet Nam, nothing on file",
        (Asked("2024-06-01", (), FOREIGNER, options={"nationality": "FR", "former_resident_foreigner": True}),),
    ),
    Case(
        "C3",
        "12 tháng tù nhưng cho hưởng án treo, hết thử thách 10/3/2023, án phí nộp năm 2022",
        "12 months suspended, probation over on 10 March 2023, court fee paid in 2022",
        around("2024-03-10", SUSPENDED)[:1],
    ),
    Case("C4", "C3, ngày hôm sau", "C3 on the next day", around("2024-03-10", SUSPENDED)[1:]),
    Case(
        "C5",
        "C3 nhưng bồi thường xong ngày 1/8/2024",
        "C3, but compensation was fulfilled on 1 August 2024",
        (Asked("2024-06-01", (LATE_DEBT,), YES, (OPEN,)), *around("2024-08-01", LATE_DEBT)),
    ),
    Case("C6", "3 năm tù, xong ngày 30/9/2022", "3 years of prison served", around("2024-09-30", THREE_YEARS)),
    Case(
        "C7",
        "Ranh giới mức phạt tù, xong ngày 1/1/2020",
        "boundaries of the length pronounced, done on 1 January 2020",
        (
            *around("2022-01-01", _served(kind="imprisonment", months=60), facts="đúng 5 năm"),
            *around("2023-01-01", _served(kind="imprisonment", months=61), facts="5 năm 1 tháng"),
            *around("2023-01-01", _served(kind="imprisonment", months=180), facts="đúng 15 năm"),
            *around("2025-01-01", _served(kind="imprisonment", months=181), facts="15 năm 1 tháng"),
            *around("2025-01-01", _served(kind="life"), facts="tù chung thân đã được giảm án"),
        ),
    ),
    Case("C8", "Phạt tiền, nộp ngày 5/5/2023", "a fine only, paid on 5 May 2023", around("2024-05-05", FINE)),
    Case(
        "C9",
        "2 năm tù xong ngày 1/1/2020, cấm đảm nhiệm chức vụ đến 1/1/2024",
        "2 years done, office ban of 4 years",
        around("2024-01-01", _restricted("office_ban", "2024-01-01", prison(24, "2020-01-01"))),
    ),
    Case(
        "C10",
        "20 năm tù xong ngày 1/6/2019, quản chế 5 năm",
        "20 years done, supervised residence of 5 years",
        around("2024-06-01", _restricted("supervised_residence", "2024-06-01", TWENTY_YEARS)),
    ),
    Case(
        "C11",
        "Tội thuộc Chương XIII, 4 năm tù xong năm 2015, Tòa án chưa quyết định",
        "Chapter XIII, 4 years done in 2015, no court decision",
        (Asked("2060-01-01", (person_json(SPY),), YES, (OPEN,)),),
    ),
    Case(
        "C12",
        "C11 và Tòa án quyết định xóa án tích ngày 2/2/2019",
        "C11 with the court's decision of 2 February 2019",
        (Asked("2019-02-02", (person_json(PARDONED_BY_COURT),), NO, (done(2, 2, 2019),)),),
    ),
    Case(
        "C13",
        "A: 2 năm tù xong ngày 1/1/2020; phạm tội mới ngày 1/6/2021, B: 1 năm tù xong ngày 1/6/2023",
        "new crime inside the term of A: A runs again from the end of B",
        (
            Asked("2025-06-01", (INSIDE,), YES, (OPEN, OPEN)),
            Asked("2025-06-02", (INSIDE,), NO, (done(1, 6, 2025), done(1, 6, 2025))),
        ),
    ),
    Case(
        "C14",
        "như C13 nhưng phạm tội mới ngày 1/2/2022, sau khi A đã được xóa",
        "as C13, but the new crime came after A's term",
        (
            Asked("2024-01-01", (OUTSIDE,), YES, (done(1, 1, 2022), OPEN)),
            Asked("2025-06-02", (OUTSIDE,), NO, (done(1, 1, 2022), done(1, 6, 2025))),
        ),
    ),
    Case(
        "C15",
        "C3, hết thời hạn nhưng đang bị khởi tố về hành vi ngày 9/9/2023",
        "the term is over, but a prosecution runs for an act inside it",
        (
            unclear(
                "2024-03-11",
                conviction(),
                pending_prosecution={"since": "2024-02-01", "offence_date": "2023-09-09"},
                paper="trả lời của cơ quan điều tra",
            ),
        ),
    ),
    Case(
        "C16",
        "Vô ý, tội ít nghiêm trọng hoặc nghiêm trọng",
        "negligent, less serious or serious crime",
        (
            nothing("2022-01-01", conviction(offence=LESS), facts="ít nghiêm trọng"),
            nothing("2022-01-01", conviction(offence=NEGLIGENT), facts="nghiêm trọng"),
        ),
    ),
    Case("C17", "Được miễn hình phạt", "exempt from penalty", (nothing("2022-01-01", SPARED),)),
    Case(
        "C18",
        "15 tuổi khi phạm tội",
        "aged 15 at the offence",
        (nothing("2022-01-01", conviction(), date_of_birth="2005-02-02"),),
    ),
    Case(
        "C19",
        "17 tuổi, tội rất nghiêm trọng do cố ý, 4 năm tù xong ngày 1/1/2023",
        "aged 17, very serious intentional crime, 4 years done",
        around("2024-01-01", person_json(SEVENTEEN, date_of_birth="2001-03-01")),
    ),
    Case(
        "C20",
        "7 năm tù, đại xá ngày 2/9/2020",
        "7 years, general amnesty on 2 September 2020",
        (
            Asked(
                "2020-09-02",
                (person_json(prison(84, None, clemency={"kind": "dai_xa", "date": "2020-09-02"})),),
                NO,
                (AMNESTIED,),
            ),
        ),
    ),
    Case(
        "C21",
        "7 năm tù, đặc xá ngày 1/9/2022",
        "7 years, pardoned on 1 September 2022",
        around("2025-09-01", person_json(prison(84, None, clemency={"kind": "dac_xa", "date": "2022-09-01"}))),
    ),
    Case(
        "C22",
        "Phạt tiền chưa thi hành, hết thời hiệu thi hành ngày 1/1/2020",
        "a fine never executed, limitation of execution over on 1 January 2020",
        around("2021-01-01", person_json(NEVER_PAID)),
    ),
    Case(
        "C23",
        "Tội phạm đã được luật mới xóa bỏ",
        "crime abolished by a new law",
        (nothing("2022-01-01", conviction(offence={"decriminalised": True})),),
    ),
    Case(
        "C24",
        "Bản án sơ thẩm đang bị kháng cáo, chưa có hiệu lực",
        "first-instance judgment under appeal",
        (nothing("2022-01-01", conviction(effective_date=None, main_penalty_completed_on=None)),),
    ),
    Case(
        "C25",
        "Bản án bị hủy, đình chỉ vụ án",
        "judgment annulled, case stopped",
        (nothing("2022-01-01", conviction(annulled=True)),),
    ),
    Case(
        "C26",
        "Công an có thông tin bị bắt, khởi tố trước 1/7/2010; đã hỏi, không có bản án nào",
        "police record before 1 July 2010, asked and no judgment found",
        (nothing("2024-06-01"),),
    ),
    Case(
        "C27",
        "C3 nhưng thông tin thi hành án chưa đủ, thời gian đã qua",
        "time is up, but information on execution is incomplete",
        (
            unclear(
                "2024-06-01",
                conviction(main_penalty_completed_on=None),
                paper="giấy chứng nhận chấp hành xong",
                facts="không có giấy chấp hành xong",
            ),
            unclear(
                "2024-06-01",
                without(conviction(), "obligations"),
                paper="xác nhận của cơ quan thi hành án",
                facts="không rõ bồi thường, án phí",
            ),
        ),
    ),
    Case(
        "C28",
        "Cấm thành lập, quản lý doanh nghiệp từ 1/2/2024 đến 1/2/2027",
        "ban after a bankruptcy, in force",
        (
            Asked("2024-06-01", BANNED, NO, facts="số 1 không yêu cầu", bans=("", "01/2024/QĐ-TBPS")),
            Asked(
                "2024-06-01",
                BANNED,
                NO,
                facts="số 1 có yêu cầu",
                bans=("01/2024/QĐ-TBPS", "01/2024/QĐ-TBPS"),
                options={"want_ban_info": True},
            ),
        ),
    ),
    Case(
        "C29",
        "Lệnh cấm hết ngày 31/1/2024",
        "ban that ended the day before",
        (Asked("2024-02-01", BANNED_BEFORE, NO, bans=(NO_BAN, NO_BAN), options={"want_ban_info": True}),),
    ),
    Case(
        "C30",
        "Bản án của Tòa án nước ngoài",
        "foreign judgment",
        (unclear("2030-01-01", conviction(foreign_judgment=True), paper="Điều 32 Luật Lý lịch tư pháp"),),
    ),
    Case(
        "C31",
        "Hình phạt chính là trục xuất",
        "expulsion as the main penalty",
        (unclear("2030-01-01", conviction(main_penalty={"kind": "expulsion"}), paper="trục xuất"),),
    ),
    Case(
        "C32",
        "Trùng họ tên và năm sinh, không có gì loại trừ",
        "same name and year of birth only, nothing excludes",
        (Asked("2024-06-01", (NAMESAKE,), VERIFY, VERIFY, paper="chưa được kết luận là của ai", by_name_only=True),),
    ),
)
