"""Addresses of the cases below the language prefix, beside their pages."""

from django.urls import path

from cases import host_views

app_name = "cases"

urlpatterns = [
    path("host/<str:token>/", host_views.host, name="host"),
]
