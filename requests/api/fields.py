"""Fields of what clients send: exact types, text that can be kept and printed, refusals that never repeat the value."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from lltp_portal import provinces
from requests import clock, countries, identity, policy, rules

LONGEST_NAME = 60
FIRST_YEAR = 1850
FIRST_SYMBOL = "\u2190"  # arrows, pictures and emoji begin here; before it stand °, № and their like


class Strict(serializers.Serializer):
    """An object with the named fields and no others: what the office or the machine sets cannot be sent along."""

    default_error_messages = {"invalid": "Gửi một đối tượng JSON với các trường đã mô tả tại /api/v1/schema/."}

    def to_internal_value(self, data):
        if not isinstance(data, Mapping):
            detail = serializers.ErrorDetail(self.error_messages["invalid"], "invalid")
            raise serializers.ValidationError({"non_field_errors": [detail]})
        found = {
            _shown(name): [serializers.ErrorDetail("Không có trường này, hoặc chỉ hệ thống đặt.", "unknown_field")]
            for name in data
            if name not in self.fields
        }
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**found, **error.detail}) from None
        if found:
            raise serializers.ValidationError(found)
        return value


def _shown(name: str) -> str:
    """A name as it may stand in an answer: what is not like a name is not repeated."""
    return name if name.isascii() and name.isidentifier() and len(name) <= LONGEST_NAME else "unknown"


def _cannot_be_kept(character: str) -> bool:
    """Control characters, halves of pairs, and symbols that no certificate prints."""
    category = unicodedata.category(character)
    if category in {"Cc", "Cs", "Co", "Cn"} or character > "\uffff":
        return True
    return character >= FIRST_SYMBOL and category in {"So", "Sk"}


class Text(serializers.CharField):
    """Text, cleaned as the pages clean it; `rule` gives a problem in words, or None."""

    default_error_messages = {
        "invalid": "Gửi một chuỗi ký tự (string).",
        "null": "Gửi chuỗi rỗng khi không có, không gửi null.",
        "required": "Gửi trường này.",
        "blank": "Trường này không được để trống.",
        "max_length": "Viết ngắn lại, nhiều nhất {max_length} ký tự.",
        "characters": "Bỏ các ký tự điều khiển, ký hiệu hoặc hình; chỉ giữ chữ, số và dấu câu.",
    }

    def __init__(self, *, max_length: int, rule: Callable[[str], str | None] | None = None, **kwargs: Any) -> None:
        self.rule, self.longest = rule, max_length
        super().__init__(max_length=max_length, trim_whitespace=False, **{"allow_blank": True, **kwargs})

    def run_validation(self, data=serializers.empty):
        if isinstance(data, str):
            data = self._kept(data)
        return super().run_validation(data)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        if data and self.rule and (problem := self.rule(data)):
            raise serializers.ValidationError(problem, code="invalid")
        return data

    def _kept(self, typed: str) -> str:
        if len(typed) > 10 * self.longest:  # before any work is done on it
            self.fail("max_length", max_length=self.longest)
        lines = [rules.cleaned_text(line) for line in typed.split("\n")]
        if any(_cannot_be_kept(character) for line in lines for character in line):
            self.fail("characters")
        return "\n".join(lines).strip()


class Line(Text):
    """Text of one line."""

    def _kept(self, typed: str) -> str:
        return super()._kept(" ".join(typed.split("\n")))


class Digits(Line):
    """A number of a document or a telephone, kept without the spaces and dots that people type."""

    def _kept(self, typed: str) -> str:
        kept = identity.normalised(super()._kept(typed))
        if not kept.isascii():
            self.fail("characters")
        return kept


class Number(serializers.IntegerField):
    """A whole number, written as one."""

    default_error_messages = {
        "invalid": "Gửi một số nguyên.",
        "null": "Gửi một số nguyên, không gửi null.",
        "min_value": "Số này nhỏ nhất là {min_value}.",
        "max_value": "Số này lớn nhất là {max_value}.",
    }

    def to_internal_value(self, data):
        if type(data) is not int:
            self.fail("invalid")
        return data


class Year(Number):
    """A year in which somebody now or lately alive was born."""

    default_error_messages = {"year": "Gửi năm sinh gồm 4 chữ số, không sau năm nay."}

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if not FIRST_YEAR <= value <= today().year:
            self.fail("year")
        return value


class YesNo(serializers.BooleanField):
    default_error_messages = {"invalid": "Gửi true hoặc false.", "null": "Gửi true hoặc false."}

    def to_internal_value(self, data):
        if type(data) is not bool:
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    """One of the named values, of their own type."""

    default_error_messages = {
        "invalid_choice": "Chọn một trong các giá trị đã mô tả tại /api/v1/schema/.",
        "null": "Chọn một giá trị, không gửi null.",
        "required": "Gửi trường này.",
        "blank": "Chọn một giá trị.",
    }

    def to_internal_value(self, data):
        if type(data) not in {str, int} or data not in self.choices:
            if data == "" and self.allow_blank:
                return ""
            self.fail("invalid_choice")
        return data


class Day(serializers.DateField):
    default_error_messages = {
        "invalid": "Gửi ngày có thật theo dạng YYYY-MM-DD.",
        "datetime": "Gửi ngày theo dạng YYYY-MM-DD, không kèm giờ.",
    }

    def to_internal_value(self, value):
        if not isinstance(value, str) or not value.isascii():
            self.fail("invalid")
        return super().to_internal_value(value)


def today():
    return clock.local_day(timezone.now())


def plain_digits(rule: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """The rule, asked only about 0 to 9: digits of other scripts look like numbers and are none to the database."""
    return lambda text: rule(text) if text.isascii() else "Chỉ dùng chữ số 0 đến 9 và dấu gạch ngang."


@plain_digits
def day_of_birth(text: str) -> str | None:
    """YYYY, YYYY-MM or YYYY-MM-DD, by rule V2."""
    return rules.date_of_birth_problem(text, today())


def known_province(code: str) -> str | None:
    """Codes of the law of the day: under P2 the 63 old ones (decisions 3)."""
    if provinces.named(code, policy.law_day(timezone.now())):
        return None
    return "Mã tỉnh, thành phố này không có trong danh mục đang áp dụng."


def known_country(code: str) -> str | None:
    return None if code in countries.all_names() else "Mã quốc gia này không có; dùng mã ISO 3166 hai chữ, ví dụ VN."
