"""Addresses of the cases beside their pages, below the language prefix."""

from django.urls import path

from cases import document_views, host_views, learning_views
from cases.feeds import CaseFeed, LessonFeed

app_name = "cases"

urlpatterns = [
    path("cases/atom.xml", CaseFeed(), name="atom"),
    path("pdf/cases/", document_views.chosen, name="collection"),
    path("pdf/cases/<int:pk>/", document_views.one, name="factsheet"),
    path("cases/feed.json", learning_views.case_feed, name="feed"),
    path("cases/lessons/atom.xml", LessonFeed(), name="lesson_atom"),
    path("cases/lessons/feed.json", learning_views.lesson_feed, name="lesson_feed"),
    path("card/cases/<int:pk>/", learning_views.card, name="card"),
    path("card/cases/<int:pk>/<slug:anchor>/", learning_views.card, name="card"),
    path("learning/cases/<int:pk>/scorm/", learning_views.scorm, name="scorm"),
    path("learning/cases/<int:pk>/common-cartridge/", learning_views.cartridge, name="cartridge"),
    path("host/<str:token>/", host_views.host, name="host"),
]
