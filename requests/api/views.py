"""/api/v1/requests/: draft, fill in, send, follow, withdraw. The acts are those of the pages (requests/actions)."""

import re
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, transaction
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.reverse import reverse

from lltp_portal.audit.models import AuditEvent
from lltp_portal.errors import Invalid
from lltp_portal.strict_json import StrictJSON
from requests import actions, idempotency, permissions
from requests.api.answers import ErrorAnswer, RequestAnswer, RequestDetailAnswer
from requests.api.asking import AnswerSupplementBody, AskSupplementBody
from requests.api.bodies import (
    DeclarationBody,
    DraftBody,
    Strict,
    SubmitBody,
    WithdrawBody,
    columns_and_rows,
    empty_declaration,
)
from requests.models import CertificateRequest
from requests.staff_pages import demand_version
from requests.states import State
from requests.steps import locked

CODE = re.compile(r"YC-[0-9A-HJKMNP-TV-Z]{16}")
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Tối đa 255 ký tự. Gửi lại cùng khóa và cùng nội dung trong 24 giờ không làm việc đó lần thứ hai.",
)
REFUSALS = {
    code: OpenApiResponse(ErrorAnswer, description=words)
    for code, words in {
        400: "Có chỗ cần sửa.",
        403: "Chưa đăng nhập, hoặc tài khoản này không được làm việc đó.",
        404: "Không có hồ sơ này, hoặc không phải của bạn.",
        409: "Hồ sơ đang ở bước khác, hoặc việc này đang được làm.",
        413: "Nội dung quá lớn.",
        422: "Idempotency-Key đã dùng cho nội dung khác.",
        503: "Cơ sở dữ liệu tạm thời không trả lời.",
    }.items()
}


class Unavailable(APIException):
    """The database is away or too busy; nothing was done."""

    status_code = 503
    default_code = "unavailable"
    default_detail = "Hệ thống tạm thời bận. Chưa có gì được ghi; hãy gửi lại sau ít phút."


class TooLarge(APIException):
    """The body is larger than any honest declaration."""

    status_code = 413
    default_code = "too_large"
    default_detail = "Nội dung gửi lên quá lớn. Hãy rút ngắn rồi gửi lại."


class NewestFirst(CursorPagination):
    """Pages by a cursor of the time of creation: no primary key leaves the house."""

    ordering = ("-created_at", "-pk")
    page_size = 50
    invalid_cursor_message = "Con trỏ trang không đúng. Hãy bắt đầu lại từ trang đầu."

    def decode_cursor(self, request):
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                datetime.fromisoformat(cursor.position)
            except ValueError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor

    def get_paginated_response(self, data):
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})


@extend_schema_view(
    list=extend_schema(
        summary="Hồ sơ của tôi, hoặc của đơn vị tôi",
        parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=State.values)],
        responses={200: RequestAnswer(many=True), 400: REFUSALS[400], 403: REFUSALS[403]},
    ),
)
class CertificateRequestViewSet(viewsets.GenericViewSet):
    """Requests for a certificate. After the draft, a request changes only by a named step."""

    queryset = CertificateRequest.objects.none()
    serializer_class = RequestAnswer
    parser_classes = [StrictJSON]
    pagination_class = NewestFirst
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    def get_queryset(self):
        return CertificateRequest.objects.visible_to(self.request.user).select_related("authority")

    def handle_exception(self, exc):
        if isinstance(exc, OperationalError):
            exc = Unavailable()
        elif isinstance(exc, RequestDataTooBig):
            exc = TooLarge()
        return super().handle_exception(exc)

    def list(self, request):
        page = self.paginate_queryset(self._in_state(request.query_params.get("state")))
        return self.get_paginated_response(RequestAnswer(page, many=True).data)

    @extend_schema(summary="Một hồ sơ", responses={200: RequestDetailAnswer, 403: REFUSALS[403], 404: REFUSALS[404]})
    def retrieve(self, request, code):
        certificate_request = self._visible(code)
        if not permissions.is_own(certificate_request, request.user):
            AuditEvent.objects.record("read_request", actor=request.user, subject=certificate_request.code)
        return Response(RequestDetailAnswer(certificate_request).data)

    @extend_schema(
        summary="Tạo bản nháp",
        request=DraftBody,
        parameters=[KEY],
        responses={201: RequestDetailAnswer, **REFUSALS},
    )
    def create(self, request):
        def act() -> str:
            sent = self._read(DraftBody)
            online = sent["channel"] == CertificateRequest.Channel.ONLINE
            account = request.user if online else None
            draft = actions.create_draft(by=request.user, account=account, channel=sent["channel"])
            fields, rows = columns_and_rows(sent)
            actions.save_declaration(draft, by=request.user, fields=fields, rows=rows)
            return draft.code

        return self._act(act, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Thay toàn bộ nội dung khai của bản nháp, hoặc của phần bổ sung chưa gửi",
        request=DeclarationBody,
        parameters=[KEY],
        responses={200: RequestDetailAnswer, **REFUSALS},
    )
    @action(detail=True, methods=["put"])
    def declaration(self, request, code):
        certificate_request = self._visible(code)

        def act() -> str:
            if certificate_request.state == State.NEEDS_SUPPLEMENT:
                actions.open_supplement(certificate_request, by=request.user)
            fields, rows = columns_and_rows({**empty_declaration(), **self._read(DeclarationBody)})
            actions.save_declaration(certificate_request, by=request.user, fields=fields, rows=rows)
            return code

        return self._act(act)

    @extend_schema(
        summary="Gửi hồ sơ",
        description="Người gửi cam đoan nội dung khai là đúng. Nội dung khai được khóa lại thành bản 1.",
        request=SubmitBody,
        parameters=[KEY],
        responses={200: RequestDetailAnswer, **REFUSALS},
    )
    @action(detail=True, methods=["post"])
    def submit(self, request, code):
        certificate_request = self._visible(code)

        def act() -> str:
            sent = self._read(SubmitBody)
            return actions.submit(certificate_request, by=request.user, consent=sent.get("counter_consent", "")).code

        return self._act(act)

    @extend_schema(
        summary="Rút hồ sơ",
        request=WithdrawBody,
        parameters=[KEY],
        responses={200: RequestDetailAnswer, **REFUSALS},
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request, code):
        certificate_request = self._visible(code)

        def act() -> str:
            reason = self._read(WithdrawBody).get("reason", "")
            return actions.withdraw(certificate_request, by=request.user, reason=reason).code

        return self._act(act)

    @extend_schema(
        summary="Yêu cầu bổ sung (cán bộ)",
        description="Hỏi một lần tất cả những gì còn thiếu, theo danh mục lý do hoặc bằng lời. Thời hạn tạm dừng.",
        request=AskSupplementBody,
        parameters=[KEY],
        responses={200: RequestDetailAnswer, **REFUSALS},
    )
    @action(detail=True, methods=["post"])
    def ask_supplement(self, request, code):
        certificate_request = self._visible(code)

        def act() -> str:
            body = AskSupplementBody(data=request.data)
            body.is_valid(raise_exception=True)
            fresh = locked(certificate_request.pk)
            demand_version(fresh, str(body.validated_data["version"]))
            return actions.ask_supplement(fresh, by=request.user, items=body.asked()).code

        return self._act(act)

    @extend_schema(
        summary="Gửi phần bổ sung",
        description="Sửa nội dung khai bằng PUT declaration trước, nếu cần; mục nào không sửa thì trả lời bằng lời.",
        request=AnswerSupplementBody,
        parameters=[KEY],
        responses={200: RequestDetailAnswer, **REFUSALS},
    )
    @action(detail=True, methods=["post"])
    def answer_supplement(self, request, code):
        certificate_request = self._visible(code)

        def act() -> str:
            sent = self._read(AnswerSupplementBody)
            answers = {one["position"]: one["answer"] for one in sent.get("answers", [])}
            words = {"note": sent.get("note", ""), "consent": sent.get("counter_consent", "")}
            return actions.answer_supplement(certificate_request, by=request.user, answers=answers, **words).code

        return self._act(act)

    def _in_state(self, state: str | None):
        """The reader's requests, or those in one state."""
        if state is None:
            return self.get_queryset()
        if state not in State.values:
            message = "Không có trạng thái này. Xem các giá trị tại /api/v1/schema/."
            raise Invalid(message, fields={"state": [{"code": "invalid_choice", "message": message}]})
        return self.get_queryset().filter(state=state)

    def _visible(self, code: str) -> CertificateRequest:
        """404, with the same words, for what is not there and for what is not the reader's."""
        found = self.get_queryset().select_related("declaration").filter(code=code) if CODE.fullmatch(code) else None
        if found is None or (certificate_request := found.first()) is None:
            raise Http404
        return certificate_request

    def _read(self, body: type[Strict]):
        """What was sent, by the body's rules. Raises ValidationError."""
        sent = body(data=self.request.data)
        sent.is_valid(raise_exception=True)
        return sent.validated_data

    def _act(self, act: Callable[[], str], success: int = status.HTTP_200_OK) -> Response:
        """Do it, at most once for each key, and answer with the request as it then is."""
        with transaction.atomic():
            outcome = idempotency.once(
                act,
                user=self.request.user,
                route=f"{self.request.method} {self.request.path}",
                key=idempotency.valid_key(self.request.headers.get("Idempotency-Key")),
                body=self.request.data,
                status=success,
            )
        answer = Response(RequestDetailAnswer(self._visible(outcome.resource_code)).data, status=outcome.status)
        if outcome.status == status.HTTP_201_CREATED:
            answer.headers["Location"] = reverse(
                "api_request-detail", args=[outcome.resource_code], request=self.request
            )
        if outcome.replayed:
            answer.headers["Idempotency-Replayed"] = "true"
        return answer
