"""POST /api/central/v1/lookups: one question of an office, one whole signed answer (docs/lookups.md)."""

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from lltp_portal.strict_json import StrictJSON
from records.central import serving, wire
from records.central.errors import QuestionTooLarge, RegisterAway
from records.central.models import OfficeKey


class OfficesKey(BaseAuthentication):
    """Deployments show a key; sessions of people open nothing here."""

    def authenticate(self, request):
        shown = get_authorization_header(request).decode("ascii", "replace")
        return None, serving.office_of(shown)

    def authenticate_header(self, request):
        return "Bearer"


class HasOfficesKey(BasePermission):
    def has_permission(self, request, view):
        return isinstance(request.auth, OfficeKey)


class Lookups(APIView):
    """Nothing is kept in caches on the way, and nothing of the question ever stands in an address."""

    authentication_classes = [OfficesKey]
    permission_classes = [HasOfficesKey]
    parser_classes = [StrictJSON]

    @extend_schema(exclude=True)
    def post(self, request):
        if _length(request) > wire.MOST_QUESTION_BYTES:
            raise QuestionTooLarge("Câu hỏi quá dài.")
        asked = serving.read(request.data, timezone.now())
        return Response(serving.answer(request.auth, asked), headers={"Cache-Control": "no-store"})

    def handle_exception(self, exc):
        if isinstance(exc, OperationalError | InterfaceError):
            exc = RegisterAway("Hệ thống tạm thời bận. Hãy hỏi lại sau ít phút.")
        return super().handle_exception(exc)


def _length(request) -> int:
    """What the body says of itself; the server reads no further than that."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0
