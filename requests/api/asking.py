"""Asking and answering over the API: what is asked, item by item; bodies in, and the open question in an answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from requests import filing_pages
from requests.actions.asking import LONGEST_ANSWER, MOST_ITEMS, open_question
from requests.api.fields import Choice, Number, Strict, Text
from requests.asking.progress import Line, progress
from requests.asking.reasons import OWN_WORDS, REASONS, Asked
from requests.models import CertificateRequest, Declaration

LIST_ERRORS = {
    "not_a_list": "Gửi một danh sách (array).",
    "max_length": "Danh sách này nhiều nhất {max_length} dòng.",
    "null": "Gửi danh sách rỗng khi không có, không gửi null.",
}
PAGES = [("", "-"), *((page.slug, page.title) for page in filing_pages.PAGES if page is not filing_pages.CHECK)]


class AskedBody(Strict):
    """One thing asked for: a code of the register with the detail that its text needs, or `other` in own words."""

    code = Choice(choices=[*((reason.code, reason.title) for reason in REASONS.values()), (OWN_WORDS, "Nội dung khác")])
    detail = Text(max_length=1800, required=False)
    page = Choice(choices=PAGES, required=False, allow_blank=True)


class AskSupplementBody(Strict):
    """Everything that is missing, at once. `version` is the `step_count` of the request that the clerk has read."""

    version = Number(min_value=0)
    items = AskedBody(many=True, max_length=MOST_ITEMS, error_messages=LIST_ERRORS)

    def asked(self) -> list[Asked]:
        return [Asked(**item) for item in self.validated_data["items"]]


class ItemAnswerBody(Strict):
    position = Number(min_value=1)
    answer = Text(max_length=LONGEST_ANSWER, allow_blank=False)


class AnswerSupplementBody(Strict):
    """Answers in words by position; an item is answered as well by changing the part of the declaration it names."""

    answers = ItemAnswerBody(many=True, required=False, max_length=MOST_ITEMS, error_messages=LIST_ERRORS)
    note = Text(max_length=2000, required=False)
    # For a request entered at the counter: how the person agreed to what is written down now.
    counter_consent = Choice(choices=Declaration.Consent.choices, required=False)


class ItemAnswer(serializers.Serializer):
    """One item as it was asked, and whether it is answered."""

    position = serializers.IntegerField(source="item.position")
    code = serializers.CharField(source="item.code")
    title = serializers.CharField(source="item.title")
    text = serializers.CharField(source="item.text")
    page = serializers.CharField(source="item.page")
    legal_basis = serializers.CharField(source="item.legal_basis")
    done = serializers.BooleanField()


class SupplementAnswer(serializers.Serializer):
    """What is being asked now, and until when an answer counts."""

    asked_at = serializers.DateTimeField(source="supplement.asked_at")
    answer_by = serializers.DateTimeField(source="supplement.answer_by")
    items = serializers.SerializerMethodField()

    @extend_schema_field(ItemAnswer(many=True))
    def get_items(self, found: Any) -> list[dict[str, Any]]:
        lines: tuple[Line, ...] = found.lines
        return ItemAnswer(lines, many=True).data


def asked_now(certificate_request: CertificateRequest) -> dict[str, Any] | None:
    """The open question, or None."""
    supplement = open_question(certificate_request)
    return SupplementAnswer(progress(certificate_request, supplement)).data if supplement else None
