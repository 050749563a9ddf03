"""The public check: /c/ for people who type, /c/<code> for the QR (a slash at the end or not)."""

from django.urls import path, re_path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("c/", views.check, name="check"),
    re_path(r"^c/(?P<typed>[^/]{1,300})/?$", views.check_code, name="check_code"),
]
