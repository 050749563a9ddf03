"""Public tracking: two codes in, a word and a day out. Codes come by POST only, so no address or log ever has them."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lltp_portal.forms_look import mistakes
from requests import tracking
from requests.forms.tracking import TrackingForm


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def track(request):
    """The form; with two codes, what they tell. Limited by address and by code, so that nobody tries them all out."""
    if request.method != "POST":
        if request.GET:  # codes in an address are dropped, not read
            return redirect("track")
        return _answer(request, "requests/track.html", {"form": TrackingForm()})
    form = TrackingForm(request.POST)
    if not form.is_valid():
        return _answer(request, "requests/track.html", {"form": form, "mistakes": mistakes(form)}, status=422)
    number, secret = form.cleaned_data["number"], form.cleaned_data["secret"]
    asked_about = tracking.parse_code(number) or tracking.parse_number(number)
    if not ratelimit.consume(request, action="track", key=asked_about):
        return _answer(request, "requests/track_limited.html", {}, status=429)
    found = tracking.whereabouts(number, secret)
    return _answer(request, "requests/tracked.html", {"found": found, "form": form})


def _answer(request, template: str, context: dict, status: int = 200):
    response = render(request, template, {"asked_at": timezone.now(), **context}, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
