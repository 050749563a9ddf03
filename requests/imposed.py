"""What a judgment imposed beside its main penalty, as a clerk types it: each of it, none, or not stated in the paper.

Expungement waits for all of it (BLHS, Điều 70 khoản 2). So “not stated” is a choice of its own that is kept as unknown;
nothing is chosen beforehand, and nothing that was left empty ever becomes “none”.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from lltp_portal.forms_look import PartsField

LISTED, NONE, UNKNOWN = "listed", "none", "unknown"
MOST_ROWS = 10


@dataclass(frozen=True)
class Imposed:
    """One list of the contract. `name` is its field there; `days` are the days that each item may carry."""

    name: str
    label: str
    one: str
    kinds: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, str, str], ...]

    def counted(self, data: Mapping[str, Any]) -> int:
        """How many rows the page that was sent had."""
        told = str(data.get(f"{self.name}_rows", ""))
        count = int(told) if told.isascii() and told.isdigit() and len(told) < 3 else 1
        return min(max(count, 1), MOST_ROWS)

    def fields(self, rows: int) -> dict[str, forms.Field]:
        """The question, then the boxes of each row."""
        found: dict[str, forms.Field] = {self.name: self._question()}
        for row in range(1, rows + 1):
            found[f"{self.name}_{row}_kind"] = self._kind()
            for name, label, what in self.days:
                found[f"{self.name}_{row}_{name}"] = PartsField(
                    label=label, what=what, example="14/9/2026", required=False
                )
        return found

    def _question(self) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=f"Văn bản nêu gì về {self.one}?",
            choices=[
                (LISTED, "Có, ghi từng khoản dưới đây"),
                (NONE, "Văn bản nêu rõ là không có"),
                (UNKNOWN, "Văn bản không nêu"),
            ],
            widget=forms.RadioSelect,
            help_text="Chưa biết thì chọn “Văn bản không nêu”: án tích chưa được coi là xóa khi điều này chưa rõ.",
            error_messages={
                "required": f"Chọn văn bản nêu thế nào về {self.one}.",
                "invalid_choice": "Chọn lại: lựa chọn này không có trong danh sách.",
            },
        )

    def _kind(self) -> forms.ChoiceField:
        found = forms.ChoiceField(
            label="Loại",
            choices=[("", "Chọn"), *self.kinds],
            required=False,
            error_messages={"invalid_choice": "Chọn lại: lựa chọn này không có trong danh sách."},
        )
        found.sometimes = True  # type: ignore[attr-defined]  # not called optional: each row that says anything has it
        return found


ADDITIONAL = Imposed(
    "additional_penalties",
    "Hình phạt bổ sung",
    "hình phạt bổ sung",
    (
        ("office_ban", "Cấm đảm nhiệm chức vụ, cấm hành nghề hoặc làm công việc nhất định"),
        ("residence_ban", "Cấm cư trú"),
        ("supervised_residence", "Quản chế"),
        ("civic_rights", "Tước một số quyền công dân"),
        ("confiscation", "Tịch thu tài sản"),
        ("fine", "Phạt tiền"),
        ("expulsion", "Trục xuất"),
    ),
    (("until", "Đến hết ngày", "ngày hết hạn"), ("completed_on", "Chấp hành xong ngày", "ngày chấp hành xong")),
)
OBLIGATION_KINDS = (
    ("court_fee", "Án phí"),
    ("compensation", "Bồi thường"),
    ("fine", "Tiền phạt"),
    ("other", "Khoản khác"),
)
OBLIGATIONS = Imposed(
    "obligations",
    "Án phí, bồi thường và nghĩa vụ khác",
    "án phí, bồi thường và nghĩa vụ khác",
    OBLIGATION_KINDS,
    (("fulfilled_on", "Thi hành xong ngày", "ngày thi hành xong"),),
)
LISTS = (ADDITIONAL, OBLIGATIONS)


@dataclass(frozen=True)
class Shown:
    """One list on the page: its question, its rows of boxes, whether there is room for one more."""

    imposed: Imposed
    question: forms.BoundField
    rows: list[list[forms.BoundField]]

    @property
    def has_room(self) -> bool:
        return len(self.rows) < MOST_ROWS


class ImposedForm(forms.Form):
    """A form that has such lists. `rows`: how many rows of each are on the page."""

    def add_lists(self, data: Mapping[str, Any] | None, lists: Iterable[Imposed] = (), *, one_more: str = "") -> None:
        """`data`: the page that was sent. Where one of its lists gets one row more, all that was typed is shown again
        and nothing is checked; the newest row has the cursor in it.
        """
        self.one_more = one_more
        counted = {one.name: one.counted(data or {}) for one in lists}
        self.rows = {name: min(count + (name == one_more), MOST_ROWS) for name, count in counted.items()}
        for imposed in LISTS:
            if imposed.name in self.rows:
                self.fields.update(imposed.fields(self.rows[imposed.name]))
        if one_more in self.rows:
            newest = self.fields[f"{one_more}_{self.rows[one_more]}_kind"]
            newest.widget.attrs["autofocus"] = True
        if one_more:
            self.initial = {
                name: field.widget.value_from_datadict(data, {}, name) for name, field in self.fields.items()
            }

    def imposed(self) -> dict[str, list[dict[str, str]]]:
        """As the contract has it. Absent where the paper does not say: unknown, never none."""
        said = {name: self.cleaned_data[name] for name in self.rows}
        return {name: items for name, items in said.items() if items is not None}

    @property
    def lists(self) -> list[Shown]:
        return [
            Shown(imposed, self[imposed.name], [self._row(imposed, row) for row in range(1, count + 1)])
            for imposed in LISTS
            if (count := self.rows.get(imposed.name))
        ]

    def _row(self, imposed: Imposed, row: int) -> list[forms.BoundField]:
        return [self[f"{imposed.name}_{row}_{part}"] for part in ("kind", *(name for name, _, _ in imposed.days))]

    def clean_lists(self) -> None:
        """Errors where what was chosen and what was typed contradict each other; else the list, or None for unknown."""
        for imposed in LISTS:
            if imposed.name in self.rows:
                self._clean_list(imposed)

    def _clean_list(self, imposed: Imposed) -> None:
        cleaned, chosen = self.cleaned_data, self.cleaned_data.get(imposed.name)
        items = {row: self._typed(imposed, row) for row in range(1, self.rows[imposed.name] + 1)}
        filled = {row: item for row, item in items.items() if item}
        if chosen in (NONE, UNKNOWN) and filled:
            self.add_error(imposed.name, "Chọn “Có”, hoặc xóa những gì đã nhập trong các khoản bên dưới.")
        if chosen == LISTED and not filled and not self._has_errors(imposed):
            self.add_error(f"{imposed.name}_1_kind", f"Chọn loại {imposed.one}, hoặc chọn câu trả lời khác ở trên.")
        for row, item in filled.items():
            if "kind" not in item and f"{imposed.name}_{row}_kind" not in self.errors:
                self.add_error(f"{imposed.name}_{row}_kind", f"Chọn loại {imposed.one} của khoản {row}.")
        if chosen:
            cleaned[imposed.name] = None if chosen == UNKNOWN else list(filled.values())

    def _typed(self, imposed: Imposed, row: int) -> dict[str, str]:
        """What this row says; a row in which nothing was typed says nothing."""
        parts = ("kind", *(name for name, _, _ in imposed.days))
        typed = {part: self.cleaned_data.get(f"{imposed.name}_{row}_{part}") for part in parts}
        return {part: value for part, value in typed.items() if value}

    def _has_errors(self, imposed: Imposed) -> bool:
        return any(name.startswith(f"{imposed.name}_") for name in self.errors)
