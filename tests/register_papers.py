"""Papers for the register as other offices send them, all invented; and people who may work them in."""

import copy
from typing import Any

from records.incoming.contract import Information, read_information
from tests import factories
from tests.records_people import CONVICTION, conviction, person_json

ABOUT: dict[str, Any] = {
    "full_name": "Nguyễn Văn Thử",
    "date_of_birth": "1980-05-17",
    "sex": "male",
    "identity_documents": [{"type": "cccd", "number": "001080990001"}],
    "father_name": "Nguyễn Văn Cha",
    "mother_name": "Trần Thị Mẹ",
}
NAMED = {name: CONVICTION[name] for name in ("judgment_number", "court", "judgment_date")}
DONE = {"judgment": NAMED, "main_penalty_completed_on": "2023-03-10"}


def paper_json(
    kind: str = "completion_certificate", content: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    row = {"kind": kind, "number": "12/GCN", "date": "2023-04-01", "sender": "Trại giam Mẫu"}
    about = copy.deepcopy(ABOUT) | changes.pop("about", {})
    return row | {"about": about, "content": copy.deepcopy(DONE) if content is None else content} | changes


def paper(kind: str = "completion_certificate", content: dict[str, Any] | None = None, **changes: Any) -> Information:
    return read_information(paper_json(kind, content, **changes))


def updater(**fields: Any):
    return factories.make_staff("register_updater", full_name="Vũ Thị Cập Nhật", **fields)


def serving(**changes: Any) -> dict[str, Any]:
    """Somebody of the register whose sentence has no word of its end yet."""
    return person_json(conviction(main_penalty_completed_on=None), **changes)
