"""What somebody typed and could not be saved: kept in the session for an hour, and shown again on the same page.

The session had ended, the page was older than a sign-in, or one went back over a box that is not right yet. What is
kept is bound to the address of the page: it is shown only there, and only to whom that page shows itself at all; so a
second person at the same computer sees nothing of it. Nothing is saved from here: the reader presses the button again.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from allauth.core import ratelimit
from django.http import HttpRequest, QueryDict
from django.utils import timezone

KEY = "typed"
KEPT = timedelta(hours=1)
MOST_PAGES = 5
MOST_CHARACTERS = 30_000
MOST_VALUES = 300
NOT_TYPED = {"csrfmiddlewaretoken", "seen", "back", "later", "extend", "language"}


def keeps_typed(view):
    """Mark a view whose POST holds what a person typed. Outermost, so that the middleware sees the mark."""
    view.keeps_typed = True
    return view


def keep(request: HttpRequest, now: datetime | None = None) -> bool:
    """Put what was posted aside for this address. False when it is too much, or comes too often, to be honest."""
    now = now or timezone.now()
    data = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    if not _is_bounded(data) or not _may_keep(request):
        return False
    others = {path: kept for path, kept in _fresh(request, now).items() if path != request.path}
    newest = sorted(others.items(), key=lambda item: item[1]["at"])[-(MOST_PAGES - 1) :]
    request.session[KEY] = {**dict(newest), request.path: {"at": now.isoformat(), "data": data}}
    return True


def _is_bounded(data: dict[str, list[str]]) -> bool:
    """Names count as what is typed does: whoever forges a form chooses both."""
    values = [text for name, several in data.items() for text in (name, *several)]
    return len(values) <= MOST_VALUES and sum(map(len, values)) <= MOST_CHARACTERS


def _may_keep(request: HttpRequest) -> bool:
    """Without a sign-in every form that is sent may be a new session, a row in the database: so many by one address,
    and so many in all, within the hour for which they stay (ACCOUNT_RATE_LIMITS).
    """
    if request.user.is_authenticated:
        return True
    return ratelimit.consume(request, action="typed", key="everybody")


def kept_for(request: HttpRequest, now: datetime | None = None, *, path: str = "") -> QueryDict | None:
    """What was put aside within the hour for this address, or for the other one that this page's form is sent to."""
    kept = _fresh(request, now or timezone.now()).get(path or request.path)
    if kept is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["data"].items():
        data.setlist(name, values)
    return data


def filled(request: HttpRequest, form_class: type, **kwargs):
    """The form of this page as it was last typed and not sent, without calling any of it wrong yet; None: nothing."""
    kept = kept_for(request)
    if kept is None:
        return None
    form = form_class(kept, **kwargs)
    form._errors = {}
    return form


def forget(request: HttpRequest) -> None:
    """The page was saved: what was put aside for it is done with."""
    if request.path in request.session.get(KEY, {}):
        request.session[KEY] = {path: kept for path, kept in request.session[KEY].items() if path != request.path}


def drop_old(request: HttpRequest, now: datetime | None = None) -> None:
    """An hour is over: it leaves the database too."""
    if (kept := request.session.get(KEY)) and len(fresh := _fresh(request, now or timezone.now())) != len(kept):
        request.session[KEY] = fresh


def from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that this came from a page of this site: a forged form elsewhere cannot say so."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin)[:2] == (request.scheme, request.get_host())
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _fresh(request: HttpRequest, now: datetime) -> dict:
    return {
        path: kept
        for path, kept in request.session.get(KEY, {}).items()
        if timedelta() <= now - datetime.fromisoformat(kept["at"]) <= KEPT
    }
