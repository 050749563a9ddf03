"""What happens around every page: a log line, no copies kept by browsers, a page for each error one can act on."""

import logging
import re
import time
import uuid

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.shortcuts import render

from lltp_portal import languages, typed
from lltp_portal.errors import PortalError

logger = logging.getLogger("lltp_portal.access")
# A page of the form may be shown again by the back button, with what was typed in it; see private_pages.
SIGN_OUT = "/accounts/logout/"
MAY_BE_GONE_BACK_TO = "private, no-cache"
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
    """Nothing that a signed-in person sees is kept by the browser or anything between.

    But a page of an unfinished form, so that the back button finds what was typed; signing out clears those too.
    """

    def middleware(request):
        response = get_response(request)
        if request.method == "POST" and request.path == SIGN_OUT:
            response.headers["Clear-Site-Data"] = '"cache"'
        if response.headers.get("Cache-Control") == MAY_BE_GONE_BACK_TO:
            return response
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.path.startswith(("/c/", "/accounts/")):
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def keep_typed(get_response):
    """What somebody typed waits for them: behind the sign-in page when the session has ended, and over the switch of
    languages, which on such a page is a button of its form.
    """

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if not getattr(view, "keeps_typed", False):
            return None  # nothing is asked of the session, so that a page without sign-in needs no database
        if request.user.is_authenticated:
            typed.drop_old(request)
            if (code := languages.asked_for(request)) and typed.keep(request):
                return languages.same_page_in(request, code)
        elif request.method == "POST" and typed.keep(request):
            request.session.set_expiry(typed.KEPT)
        return None

    middleware.process_view = process_view
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
