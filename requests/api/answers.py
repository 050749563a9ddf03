"""What clients read about a request: the state and who holds it; no clerk's name, no primary key."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from requests.api.asking import SupplementAnswer, asked_now
from requests.api.bodies import DeclarationBody
from requests.models import CertificateRequest, Declaration, RequestStep
from requests.states import Holder, State

# Steps whose reason is written for the person who files; reasons of the others stay inside the office.
REASONS_FOR_WHO_FILES = {"ask_supplement", "answer_supplement", "refuse", "stop", "withdraw"}


class OfficeAnswer(serializers.Serializer):
    """The issuing office."""

    kind = serializers.CharField()
    province_code = serializers.CharField()
    name = serializers.CharField()


class RequestAnswer(serializers.ModelSerializer):
    """A line of the list: where the request stands."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    national_code = serializers.IntegerField(read_only=True, allow_null=True)
    holder = serializers.ChoiceField(choices=Holder.choices, read_only=True)
    authority = OfficeAnswer(read_only=True, allow_null=True)

    class Meta:
        model = CertificateRequest
        fields = (
            "code",
            "state",
            "state_label",
            "national_code",
            "holder",
            "step_count",
            "channel",
            "authority",
            "dossier_number",
            "created_at",
            "submitted_at",
            "received_at",
            "due_at",
            "issued_at",
            "delivered_at",
            "ended_at",
        )
        read_only_fields = fields


class StepAnswer(serializers.ModelSerializer):
    """One step of the history: what, when, by which office; no person's name."""

    office = serializers.CharField(source="authority.name", default=None, allow_null=True, read_only=True)
    reason = serializers.SerializerMethodField()

    class Meta:
        model = RequestStep
        fields = ("seq", "step", "from_state", "to_state", "at", "office", "reason")
        read_only_fields = fields

    def get_reason(self, step: RequestStep) -> str:
        return step.reason if step.step in REASONS_FOR_WHO_FILES else ""


class DeclarationAnswer(DeclarationBody):
    """The declaration as it is kept; `frozen_at` is set once it was sent."""

    version = serializers.IntegerField(read_only=True)
    other_names = serializers.SerializerMethodField()
    frozen_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_other_names(self, declaration: Declaration) -> list[str]:
        return [row.name for row in declaration.other_names.all()]


class RequestDetailAnswer(RequestAnswer):
    """Everything about one request that the reader may know."""

    declaration = DeclarationAnswer(read_only=True)
    supplement = serializers.SerializerMethodField()
    corrects = serializers.CharField(source="corrects.code", default=None, allow_null=True, read_only=True)
    history = serializers.SerializerMethodField()

    class Meta(RequestAnswer.Meta):
        fields = (
            *RequestAnswer.Meta.fields,
            "authority_reason",
            "fee_amount",
            "fee_reason",
            "fee_paid_at",
            "deadline_class",
            "deadline_amount",
            "deadline_unit",
            "deadline_reason",
            "declaration",
            "supplement",
            "corrects",
            "history",
        )
        read_only_fields = fields

    @extend_schema_field(SupplementAnswer(allow_null=True))
    def get_supplement(self, certificate_request: CertificateRequest) -> Any:
        return asked_now(certificate_request)

    @extend_schema_field(StepAnswer(many=True))
    def get_history(self, certificate_request: CertificateRequest) -> Any:
        steps = certificate_request.history().select_related("authority")
        return StepAnswer(steps, many=True).data


class ErrorOfField(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class ErrorAnswer(serializers.Serializer):
    """The one shape of a refusal (docs/errors.md)."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=ErrorOfField(many=True))  # type: ignore[assignment]
