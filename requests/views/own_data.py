"""C17: what is kept about the signed-in person, who looked at it, the file to take away, and what can be asked for."""

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lltp_portal.audit.models import AuditEvent
from lltp_portal.languages import kept_words
from requests.models import CertificateRequest
from requests.own_data import counted, file_of
from requests.readers import readings, told
from requests.views.reading import A_PAGE

SHOWN = 5
CARDS_A_PAGE = 20


def _codes(user) -> list[str]:
    return list(CertificateRequest.objects.of_person(user).values_list("code", flat=True))


@require_safe
def own_data(request):
    """My data, request by request, and the last who looked at any of them."""
    found = counted(CertificateRequest.objects.of_person(request.user).with_people().newest_first())
    page = Paginator(found, CARDS_A_PAGE).get_page(request.GET.get("page"))
    looked = readings(_codes(request.user))
    context = {"page": page, "readers": told(looked[:SHOWN]), "reader_count": looked.count()}
    return render(request, "requests/own_data.html", context)


@require_safe
def own_readers(request):
    """Everybody who looked at any of my requests."""
    page = Paginator(readings(_codes(request.user)), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "requests/own_readers.html", {"page": page, "readers": told(page)})


@require_http_methods(["GET", "HEAD", "POST"])
def export_own_data(request):
    """The file. A POST, so that no link from elsewhere makes a browser keep somebody's data."""
    if request.method != "POST":
        return redirect("own_data")
    now = timezone.now()
    AuditEvent.objects.record("export_own_data", actor=request.user)
    with kept_words():
        content = file_of(request.user, at=now)
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    day = timezone.localtime(now).strftime("%Y-%m-%d")
    response.headers["Content-Disposition"] = f'attachment; filename="du-lieu-cua-toi-{day}.json"'
    response.headers["Cache-Control"] = "no-store, private"
    return response
