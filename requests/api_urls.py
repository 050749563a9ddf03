"""Addresses of the API, under /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import SimpleRouter

from requests.api.views import CertificateRequestViewSet

router = SimpleRouter()
router.register("requests", CertificateRequestViewSet, basename="api_request")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="api_schema"),
    path("", include(router.urls)),
]
