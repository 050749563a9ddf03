"""Addresses of the API, under /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import SimpleRouter

from requests.api.attachments import AttachmentViewSet
from requests.api.views import CertificateRequestViewSet

router = SimpleRouter()
router.register("requests", CertificateRequestViewSet, basename="api_request")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="api_schema"),
    path(
        "requests/<str:code>/attachments/",
        AttachmentViewSet.as_view({"get": "list", "post": "create", "put": "counter"}),
        name="api_attachments",
    ),
    path(
        "requests/<str:code>/attachments/<str:attachment>/",
        AttachmentViewSet.as_view({"delete": "destroy"}),
        name="api_attachment",
    ),
    path("", include(router.urls)),
]
