"""What to ask when it is not clear whether a candidate is the applicant: forms filled in beforehand. Pure.

The applicant is asked for what would tell people apart, and reads nothing of anybody's record: it may be a stranger's.
The other agency is asked about the judgment that it holds.
"""

from typing import Any

from lltp_portal.wording import partial_date
from records.matching import DIFFERENT, EQUAL, MISSING
from requests.comparison import Candidate
from requests.sources import Source

PARENTS = {"father_name": "họ tên, năm sinh của cha", "mother_name": "họ tên, năm sinh của mẹ"}
LENGTH_OF_OLD_NUMBER = 9
NOTHING_LACKS = (
    "Gửi bản chụp giấy khai sinh hoặc giấy tờ cũ có họ tên, ngày sinh và họ tên cha mẹ của bạn, "
    "để không nhầm bạn với người khác."
)


def supplement(candidate: Candidate, declared: dict[str, Any]) -> dict[str, Any]:
    """Initial values of the supplement's form: what the declaration lacks, never what the register holds."""
    by_field = {row["field"]: row for row in candidate.outcomes}
    asked: dict[str, Any] = {}
    if by_field["identity_documents"]["outcome"] != EQUAL and not _has_old_number(declared):
        asked["ask_old_identity_card"] = True
    lacking = [words for field, words in PARENTS.items() if not by_field[field]["asked"]]
    if lacking:
        asked |= {"ask_family": True, "detail_family": ", ".join(lacking)}
    if by_field["place_of_birth_province"]["outcome"] == MISSING and not declared.get("place_of_birth_province"):
        asked |= {"ask_birth_place": True, "detail_birth_place": "tỉnh nơi sinh"}
    return asked or {"reason": NOTHING_LACKS}


def _has_old_number(declared: dict[str, Any]) -> bool:
    return any(
        len([c for c in document["number"] if c.isdigit()]) == LENGTH_OF_OLD_NUMBER
        for document in declared.get("identity_documents", [])
    )


def consultation(candidate: Candidate, declared: dict[str, Any]) -> dict[str, Any]:
    """Initial values of the question to another agency: the court that holds the newest judgment, and what to tell."""
    newest = max(candidate.convictions, key=lambda row: row.day, default=None)
    of = f"bản án số {newest.judgment_number} ngày {newest.judgment_date}" if newest else "hồ sơ của cơ quan"
    unclear = [row["label"].lower() for row in candidate.outcomes if row["outcome"] in (DIFFERENT, MISSING)]
    born = partial_date(declared["date_of_birth"])
    question = (
        f"Đề nghị cung cấp nhân thân của người có tên trong {of} ({', '.join(unclear) or 'toàn bộ nhân thân'}), "
        f"để xác định có phải là {declared['full_name']}, sinh {born}, hay không."
    )
    return {"source": Source.COURT, "agency": newest.court if newest else "", "question": question}
