"""Errors that a reader can act on, and the one shape in which the API tells them.

A PortalError says what happened and what to do next, in Vietnamese, without personal data. Everything else is a bug
and stays a 500 with a reference number. docs/errors.md lists every code; tests/test_docs.py keeps it true.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404


class PortalError(Exception):
    """Something the reader can act on. `code` is for programs, `status` for HTTP."""

    code = "error"
    status = 400

    def __init__(self, message: str, *, fields: dict[str, list[dict[str, str]]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "fields": self.fields}


class Invalid(PortalError):
    """What was typed cannot be taken as it is; `fields` says where and why."""

    code = "invalid"
    status = 400


class NotAllowed(PortalError):
    """The reader may know of the thing but not do this."""

    code = "not_allowed"
    status = 403


class StepNotAllowed(PortalError):
    """The request is in another state than this step needs."""

    code = "step_not_allowed"
    status = 409


class Stale(PortalError):
    """The page that was answered is older than the row."""

    code = "stale"
    status = 409


class Busy(PortalError):
    """Somebody else is doing the same thing right now."""

    code = "busy"
    status = 409


class KeyReused(PortalError):
    """An Idempotency-Key came again with another body."""

    code = "key_reused"
    status = 422


class PaymentUnknown(PortalError):
    """An earlier payment may have gone through; paying again could take the money twice."""

    code = "payment_unknown"
    status = 409


class PaymentPlatformAway(PortalError):
    """The payment platform does not answer; nothing was taken from anybody."""

    code = "payment_platform_away"
    status = 503


# What the REST framework refuses by itself, in our words; texts of our own (parse_error, too_large, …) stay.
FRAMEWORK_WORDS = {
    "not_authenticated": "Hãy đăng nhập rồi gửi lại.",
    "authentication_failed": "Không xác nhận được người gửi. Hãy đăng nhập lại.",
    "permission_denied": "Tài khoản này không được làm việc đó, hoặc thiếu mã CSRF.",
    "method_not_allowed": "Địa chỉ này không nhận cách gọi đó. Xem /api/v1/schema/.",
    "not_acceptable": "Chỉ trả lời bằng JSON. Hãy gửi Accept: application/json.",
    "unsupported_media_type": "Không nhận kiểu nội dung này. Hãy gửi JSON; riêng tệp giấy tờ gửi multipart/form-data.",
    "throttled": "Gọi quá nhiều lần. Hãy đợi rồi gửi lại.",
}


def _field_errors(detail: Any) -> dict[str, list[dict[str, str]]]:
    """DRF's nested error detail as {field: [{code, message}]}, nested names joined by dots."""
    found: dict[str, list[dict[str, str]]] = {}

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(path if path and name == "non_field_errors" else f"{path}.{name}".lstrip("."), inner)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                walk(f"{path}.{index}" if isinstance(inner, dict | list) else path, inner)
        else:
            found.setdefault(path or "non_field_errors", []).append(
                {"code": getattr(value, "code", "invalid"), "message": str(value)}
            )

    walk("", detail)
    return found


def api_error(error: Exception, context: dict[str, Any]):
    """DRF's exception handler: every refusal has the shape {code, message, fields}."""
    from rest_framework import exceptions  # noqa: PLC0415 - DRF loads its settings on import
    from rest_framework.response import Response  # noqa: PLC0415
    from rest_framework.views import set_rollback  # noqa: PLC0415

    if isinstance(error, PortalError):
        set_rollback()
        return Response(error.as_json(), status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound("Không tìm thấy hồ sơ này.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied("Tài khoản này không được làm việc đó.")
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    if isinstance(error, exceptions.ValidationError):
        invalid = Invalid("Có chỗ cần sửa. Xem từng trường.", fields=_field_errors(error.detail))
        return Response(invalid.as_json(), status=400)
    code = error.get_codes()
    body = {"code": code, "message": FRAMEWORK_WORDS.get(code, str(error.detail)), "fields": {}}
    headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
    return Response(body, status=error.status_code, headers=headers)
