"""Addresses of the cases beside their pages, below the language prefix."""

from django.urls import path

from cases import document_views, host_views
from cases.feeds import CaseFeed

app_name = "cases"

urlpatterns = [
    path("cases/atom.xml", CaseFeed(), name="feed"),
    path("pdf/cases/", document_views.chosen, name="collection"),
    path("pdf/cases/<int:pk>/", document_views.one, name="factsheet"),
    path("host/<str:token>/", host_views.host, name="host"),
]
