"""Addresses for other deployments, under /api/central/v1/."""

from django.urls import path

from records.central.api import Lookups

urlpatterns = [path("lookups", Lookups.as_view(), name="central_lookups")]
