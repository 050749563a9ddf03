"""Cases for the rules of án tích that none of C1 to C32 meets; tested and drawn in the same way."""

from tests.expungement_cases import Asked, Case, around, nothing
from tests.records_people import NO, OPEN, YES, conviction, done, person_json, prison, second_crime

COURT = {"kind": "court_decision", "date": "2023-01-01"}
MINOR = {"severity": "very_serious"}
JOINT = {"kind": "imprisonment", "months": 72}
LATE_FINE = [{"kind": "fine", "completed_on": "2025-01-01"}]
DEBT = [{"kind": "compensation", "fulfilled_on": "2022-05-01"}]


def _joint(article: int) -> dict:
    return prison(36, "2020-01-01", offence={"title": f"Tội {article}", "article": article}, combined_penalty=JOINT)


MORE = (
    Case(
        "M1",
        "17 tuổi, tội nghiêm trọng do cố ý",
        "aged 17, serious intentional crime",
        (nothing("2022-01-01", conviction(offence={"severity": "serious"}), date_of_birth="2003-06-01"),),
    ),
    Case(
        "M2",
        "17 tuổi, biện pháp tư pháp",
        "aged 17, judicial measure",
        (
            nothing(
                "2022-01-01",
                conviction(
                    main_penalty={"kind": "none"}, juvenile_judicial_measure=True, main_penalty_completed_on=None
                ),
                date_of_birth="2003-06-01",
            ),
        ),
    ),
    Case(
        "M3",
        "17 tuổi, tội rất nghiêm trọng do cố ý, án treo, hết thử thách 31/8/2023",
        "aged 17, suspended sentence, probation over on 31 August 2023: six months, to the last of February",
        around(
            "2024-02-29",
            person_json(conviction(offence=MINOR, main_penalty_completed_on="2023-08-31"), date_of_birth="2003-06-01"),
        ),
    ),
    Case(
        "M4",
        "C3 và Tòa án quyết định xóa án tích trong trường hợp đặc biệt ngày 1/1/2023",
        "C3 with a court's decision in the special case",
        (Asked("2023-01-01", (person_json(conviction(expungement=COURT)),), NO, (done(1, 1, 2023),)),),
    ),
    Case(
        "M5",
        "C3 và giấy chứng nhận xóa án tích ngày 5/5/2024",
        "C3 with a certificate of expungement",
        (
            Asked(
                "2024-05-06",
                (person_json(conviction(expungement={"kind": "certificate", "date": "2024-05-05"})),),
                NO,
                (done(5, 5, 2024),),
            ),
        ),
    ),
    Case(
        "M6",
        "Một bản án về tội gián điệp và tội trộm cắp",
        "one judgment for espionage and theft: the court decides about both",
        (
            Asked(
                "2050-01-01",
                (person_json(conviction(offence={"chapter": "XIII", "article": 110}), conviction()),),
                YES,
                (OPEN,),
            ),
        ),
    ),
    Case(
        "M7",
        "C3 và phạt tiền bổ sung nộp ngày 1/1/2025",
        "C3 with an additional fine paid on 1 January 2025",
        around("2025-01-01", person_json(conviction(additional_penalties=LATE_FINE))),
    ),
    Case(
        "M8",
        "Hai tội, 3 năm tù mỗi tội, hình phạt chung 6 năm, xong ngày 1/1/2020",
        "two offences of 3 years each, joint penalty 6 years: the term of the joint penalty, one row",
        around("2023-01-01", person_json(_joint(173), _joint(174))),
    ),
    Case(
        "M9",
        "A: 2 năm tù xong ngày 1/1/2020, bồi thường xong ngày 1/5/2022; phạm tội mới ngày 1/2/2022",
        "new crime while an unpaid debt keeps A open: A runs again",
        (
            Asked(
                "2025-06-02",
                (person_json(prison(24, "2020-01-01", obligations=DEBT), second_crime("2022-02-01")),),
                NO,
                (done(1, 6, 2025), done(1, 6, 2025)),
            ),
        ),
    ),
    Case(
        "M10",
        "20 năm tù xong ngày 1/1/2020, quản chế xong ngày 1/1/2026",
        "20 years, supervised residence done after the five years: no extension, but it has to be done",
        around(
            "2026-01-01",
            person_json(
                prison(
                    240,
                    "2020-01-01",
                    additional_penalties=[{"kind": "supervised_residence", "completed_on": "2026-01-01"}],
                ),
                date_of_birth="1970-01-01",
            ),
        ),
    ),
)
