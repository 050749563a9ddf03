"""Which language a page is in. Vietnamese is the language of the law and of the records; English is a courtesy.

The texts of the portal stand in Vietnamese in code and templates; `lltp_portal/locale/en` has their English. What is
kept (reasons in the history, papers, messages) is always Vietnamese, whatever the reader has chosen.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.i18n import set_language

# People of an office work in Vietnamese; programs read codes, not sentences.
VIETNAMESE_ONLY = ("/staff/", "/board/", "/api/")

switch = login_not_required(set_language)
# Letters that no English word has.
VIETNAMESE = re.compile("[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
PIECES = re.compile(r"(, |\n|: )")


def is_vietnamese_page() -> bool:
    return (translation.get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE


def is_own(words: object) -> bool:
    """Whether a page in another language has to say that this is Vietnamese."""
    return not is_vietnamese_page() and bool(VIETNAMESE.search(str(words)))


def own(words: object) -> object:
    """Names of people, offices and laws, what somebody typed, reasons that are kept: Vietnamese on every page.

    On a page in another language each piece of them that is Vietnamese stands in an element that says so, for whoever
    has the page read out; on a Vietnamese page nothing is added.
    """
    if not is_own(words):
        return words
    if isinstance(words, SafeString):
        return format_html('<span lang="vi">{}</span>', words)
    pieces = PIECES.split(str(words))
    return mark_safe("".join(_marked(piece) for piece in pieces))


def _marked(piece: str) -> str:
    return format_html('<span lang="vi">{}</span>', piece) if VIETNAMESE.search(piece) else conditional_escape(piece)


def told(words: str, **facts: object) -> str:
    """A sentence of the catalogue (`%(name)s`) with own words in it."""
    return mark_safe(conditional_escape(words) % {name: conditional_escape(own(fact)) for name, fact in facts.items()})


def kept_words() -> AbstractContextManager[None]:
    """`with kept_words():` what is worded inside is stored or printed, so it is worded in Vietnamese."""
    return translation.override(settings.LANGUAGE_CODE)


def chosen(request) -> str:
    """What the reader chose with the switch. The browser's own list is not asked: many phones here say English."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
    known = code in dict(settings.LANGUAGES) and not request.path.startswith(VIETNAMESE_ONLY)
    return code if known else settings.LANGUAGE_CODE


def asked_for(request) -> str:
    """The language that a page with something typed on it was sent for by the switch; empty when it was not."""
    code = request.POST.get("language", "") if request.method == "POST" else ""
    return code if code in dict(settings.LANGUAGES) else ""


def same_page_in(request, code: str) -> HttpResponse:
    """This page again, in that language, from now on."""
    response = redirect(request.get_full_path())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


def in_chosen_language(get_response: Callable) -> Callable:
    """Every page in the language that its reader chose, and only for that reader."""

    def middleware(request):
        code = chosen(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware
