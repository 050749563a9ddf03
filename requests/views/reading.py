"""Who looked: every reading of one request, for who files; and of all of a person's requests (privacy page)."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from requests.readers import readings, told
from requests.views.access import get_filed_or_404

A_PAGE = 25


@require_safe
def readers(request, code):
    """The whole list, a page at a time."""
    certificate_request = get_filed_or_404(request, code)
    page = Paginator(readings([certificate_request.code]), A_PAGE).get_page(request.GET.get("page"))
    context = {"certificate_request": certificate_request, "page": page, "readers": told(page)}
    return render(request, "requests/readers.html", context)
