"""What happens around every page: a log line, no copies kept by browsers, a page for each error one can act on."""

import logging
import re
import time
import uuid

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.shortcuts import render

from lltp_portal.errors import PortalError

logger = logging.getLogger("lltp_portal.access")
CHECK_PAGE = re.compile(r"^/c/.+")


def access_log(get_response):
    """One line a request: never the query, and never the code of a certificate."""

    def middleware(request):
        request.reference = uuid.uuid4().hex[:12]
        began = time.monotonic()
        response = get_response(request)
        user = getattr(request, "_cached_user", None)  # never loaded for the log's sake: the database may be away
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": "/c/…" if CHECK_PAGE.match(request.path) else request.path.encode("unicode_escape").decode(),
                "status": response.status_code,
                "ms": round((time.monotonic() - began) * 1000),
                "user_id": getattr(user, "pk", None),
                "reference": request.reference,
            },
        )
        response.headers["X-Request-Reference"] = request.reference
        return response

    return middleware


def private_pages(get_response):
    """Nothing that a signed-in person sees is kept by the browser or anything between."""

    def middleware(request):
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.path.startswith(("/c/", "/accounts/")):
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def portal_errors(get_response):
    """A PortalError that no view caught becomes a page that says what to do; a database that is away, an honest 503."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        if isinstance(exception, PortalError):
            return render(request, "error.html", {"error": exception}, status=exception.status)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("database is away", extra={"reference": request.reference})
            return render(request, "503.html", status=503)
        return None

    middleware.process_exception = process_exception
    return middleware
