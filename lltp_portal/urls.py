"""Every address of the portal."""

from django.urls import include, path

from lltp_portal import languages, pages
from requests.views import home, track

urlpatterns = [
    path("", home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("complaint/", pages.complaint, name="complaint"),
    path("language/", languages.switch, name="set_language"),
    path("healthz", pages.healthz, name="healthz"),
    path("after-sign-in/", pages.after_sign_in, name="after_sign_in"),
    path("accounts/", include("allauth.account.urls")),
    path("track/", track, name="track"),
    path("requests/", include("requests.urls")),
    path("", include("certificates.urls")),
    path("payments/", include("requests.payment_urls")),
    path("api/v1/", include("requests.api_urls")),
    path("api/central/v1/", include("records.central.urls")),
    path("staff/", include("requests.staff_urls")),
    path("board/", include("dashboards.urls")),
]
handler500 = "lltp_portal.pages.server_error"
