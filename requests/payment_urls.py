"""Addresses that the payment platform calls."""

from django.urls import path

from requests import views

urlpatterns = [path("confirm/", views.confirm, name="payment_confirm")]
