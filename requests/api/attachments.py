"""/api/v1/requests/CODE/attachments/: the papers of a draft, for the program of who files it."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from lltp_portal.errors import Invalid
from lltp_portal.strict_json import StrictJSON
from requests import actions, attached, idempotency
from requests.actions.attaching import AttachmentRefused
from requests.api.fields import Choice, Strict, today
from requests.api.views import CODE, KEY, REFUSALS
from requests.attachments import cleaning
from requests.attachments.receiving import refused_on_arrival
from requests.attachments.refusal import Refused
from requests.attachments.wording import refusal
from requests.models import Attachment, CertificateRequest, Declaration, shown_at_counter
from requests.permissions import who_files

CODE_OF_REQUEST = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH)


class AttachmentAnswer(serializers.ModelSerializer):
    """One paper as it is kept: what it is and how its scan stands; never its bytes."""

    uploaded_at = serializers.DateTimeField(source="at", read_only=True)

    class Meta:
        model = Attachment
        fields = ("code", "kind", "original_name", "media_type", "size", "pages", "sha256", "state", "uploaded_at")
        read_only_fields = fields


class NeededAnswer(serializers.Serializer):
    """A kind of paper that this case needs, and whether it is there."""

    kind = serializers.CharField(source="need.kind")
    reason = serializers.CharField(source="need.why")
    may_be_shown_at_counter = serializers.BooleanField(source="need.at_counter")
    required_to_submit = serializers.BooleanField(source="need.stops")
    present = serializers.BooleanField(source="is_there")


class AttachmentsAnswer(serializers.Serializer):
    results = AttachmentAnswer(many=True)
    shown_at_counter = serializers.ListField(child=serializers.CharField())
    needed = NeededAnswer(many=True)


class AttachmentBody(serializers.Serializer):
    """What is sent as multipart/form-data."""

    kind = serializers.ChoiceField(choices=Attachment.Kind.choices)
    file = serializers.FileField()


class CounterBody(Strict):
    """Exactly these kinds are brought to the counter instead."""

    shown_at_counter = serializers.ListField(child=Choice(choices=Attachment.Kind.choices), max_length=20)


class AttachmentViewSet(viewsets.GenericViewSet):
    """Papers of the version that may be changed; once sent, that version keeps what it had."""

    queryset = Attachment.objects.none()
    serializer_class = AttachmentAnswer
    parser_classes = [MultiPartParser, StrictJSON]
    pagination_class = None

    @extend_schema(
        summary="Giấy tờ kèm theo hồ sơ", parameters=[CODE_OF_REQUEST], responses={200: AttachmentsAnswer, **REFUSALS}
    )
    def list(self, request, code):
        return self._answer(self._filed(code))

    @extend_schema(
        summary="Thêm một giấy tờ vào bản nháp",
        request={"multipart/form-data": AttachmentBody},
        parameters=[CODE_OF_REQUEST, KEY],
        responses={201: AttachmentAnswer, **REFUSALS},
    )
    def create(self, request, code):
        certificate_request = self._filed(code)
        kind, came = self._sent()
        try:
            cleaned = cleaning.clean(came.file, came.name or "")  # with no transaction open
        except Refused as refused:
            raise AttachmentRefused(refused.code) from refused

        def act() -> str:
            return actions.attach(
                certificate_request, by=request.user, kind=kind, name=came.name or "", cleaned=cleaned
            ).code

        outcome = self._once(act, {"kind": kind, "sha256": _sha256(came)}, status.HTTP_201_CREATED)
        found = Attachment.objects.of_request(certificate_request).filter(code=outcome.resource_code).first()
        if found is None:
            raise Http404
        return _marked(Response(AttachmentAnswer(found).data, status=outcome.status), outcome)

    @extend_schema(
        summary="Loại giấy tờ sẽ xuất trình tại quầy",
        request=CounterBody,
        parameters=[CODE_OF_REQUEST, KEY],
        responses={200: AttachmentsAnswer, **REFUSALS},
    )
    def counter(self, request, code):
        certificate_request = self._filed(code)
        sent = CounterBody(data=request.data)
        sent.is_valid(raise_exception=True)
        kinds = sent.validated_data["shown_at_counter"]

        def act() -> str:
            actions.show_at_counter(certificate_request, by=request.user, kinds=kinds)
            return code

        outcome = self._once(act, {"shown_at_counter": kinds}, status.HTTP_200_OK)
        return _marked(self._answer(certificate_request), outcome)

    @extend_schema(
        summary="Bỏ một giấy tờ khỏi bản nháp",
        parameters=[CODE_OF_REQUEST, OpenApiParameter("attachment", OpenApiTypes.STR, OpenApiParameter.PATH), KEY],
        responses={204: None, **REFUSALS},
    )
    def destroy(self, request, code, attachment):
        certificate_request = self._filed(code)

        def act() -> str:
            if not actions.detach(certificate_request, by=request.user, code=attachment):
                raise Http404
            return attachment

        outcome = self._once(act, {}, status.HTTP_204_NO_CONTENT)
        return _marked(Response(status=outcome.status), outcome)

    def _filed(self, code: str) -> CertificateRequest:
        """404, with the same words, for what is not there, not the reader's, or not theirs to fill in."""
        visible = CertificateRequest.objects.visible_to(self.request.user).select_related("declaration")
        found = visible.filter(code=code).first() if CODE.fullmatch(code) else None
        if found is None or not who_files(found, self.request.user):
            raise Http404
        return found

    def _sent(self) -> tuple[str, UploadedFile]:
        """The kind and the file. Raises Invalid, AttachmentRefused."""
        kind, came = self.request.data.get("kind"), self.request.FILES.get("file")
        for _, code in refused_on_arrival(self.request._request):
            raise AttachmentRefused(code)
        missing = {}
        if kind not in Attachment.Kind.values:
            missing["kind"] = [{"code": "invalid_choice", "message": refusal("no_kind")}]
        if came is None:
            missing["file"] = [{"code": "required", "message": refusal("no_file")}]
        if missing:
            raise Invalid("Có chỗ cần sửa. Xem từng trường.", fields=missing)
        return kind, came

    def _answer(self, certificate_request: CertificateRequest) -> Response:
        declaration: Declaration = certificate_request.declarations.order_by("-version")[0]
        answer = {
            "results": Attachment.objects.of_declaration(declaration),
            "shown_at_counter": sorted(shown_at_counter(declaration)),
            "needed": attached.standing(declaration, today()),
        }
        return Response(AttachmentsAnswer(answer).data)

    def _once(self, act: Callable[[], str], body: dict[str, Any], success: int) -> idempotency.Outcome:
        with transaction.atomic():
            return idempotency.once(
                act,
                user=self.request.user,
                route=f"{self.request.method} {self.request.path}",
                key=idempotency.valid_key(self.request.headers.get("Idempotency-Key")),
                body=body,
                status=success,
            )


def _sha256(came: UploadedFile) -> str:
    came.seek(0)
    return hashlib.file_digest(came.file, "sha256").hexdigest()


def _marked(response: Response, outcome: idempotency.Outcome) -> Response:
    if outcome.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response
