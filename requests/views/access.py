"""Which request a reader may see, and which they may fill in."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from requests.models import CertificateRequest
from requests.permissions import who_files


def get_visible_or_404(request, code: str) -> CertificateRequest:
    """404, not 403, for a request the reader may not know about."""
    return get_object_or_404(CertificateRequest.objects.visible_to(request.user).with_people(), code=code)


def get_filed_or_404(request, code: str) -> CertificateRequest:
    """Only who files has pages for filling in, sending, withdrawing; for everybody else they do not exist."""
    certificate_request = get_visible_or_404(request, code)
    if not who_files(certificate_request, request.user):
        raise Http404
    return certificate_request


def post_only(back: str):
    """For an act: a GET of its address (a reload, or coming back from sign-in) takes no step and leads to `back`."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, code, *args, **kwargs):
            if request.method != "POST":
                return redirect(back, get_filed_or_404(request, code).code)
            return view(request, code, *args, **kwargs)

        return require_http_methods(["GET", "HEAD", "POST"])(wrapped)

    return decorate
