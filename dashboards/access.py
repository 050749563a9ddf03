"""Who looks at the boards: administrators of an office at its own, those of the nation and auditors at all."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]
READERS = ("authority_administrator", "national_administrator", "auditor")
ADMINISTRATORS = ("authority_administrator", "national_administrator")


def for_roles(*roles: str) -> Callable[[View], View]:
    """A page of people with one of these roles; 403 for everybody else, 404 where the address names a request."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.has_role(*roles):
                raise Http404 if "code" in kwargs else PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate
