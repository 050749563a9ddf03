"""Bodies as strict JSON: of bounded depth, each name once, and refused in words that say what to do."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 5


def loads(text: str | bytes) -> Any:
    """JSON in which no name stands twice and every number is one; ValueError for anything else."""
    try:
        return json.loads(text, object_pairs_hook=_each_name_once, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


class StrictJSON(JSONParser):
    """JSON in UTF-8 as a client of ours would write it; what only a hostile or broken one writes is refused."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        try:
            value = loads(stream.read().decode())
        except ValueError:
            raise ParseError("Nội dung gửi lên không phải JSON hợp lệ (UTF-8). Hãy kiểm tra lại.") from None
        if not _is_shallow(value):
            raise ParseError(f"Nội dung gửi lên lồng nhau quá {DEEPEST} tầng. Hãy xem mô tả tại /api/v1/schema/.")
        return value


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that says the same name twice means two things."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False
