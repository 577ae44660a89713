"""Addresses of the house below the language prefix."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from cms import views

app_name = "cms"

urlpatterns = [
    path(pgettext_lazy("address", "search/"), views.search, name="search"),
    path("pdf/", views.front_page_pdf, name="front_page_pdf"),
    path("page/<int:page_id>/", views.not_translated, name="not_translated"),
]
