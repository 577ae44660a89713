"""Addresses people come back to, below the language prefix."""

from django.urls import path

from payments import views

app_name = "payments"

urlpatterns = [path("payment/return/", views.checkout_return, name="return")]
