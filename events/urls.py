"""Addresses of registering and managing a registration, below the language prefix."""

from django.urls import path

from events import answer_views, document_views, embed_views, feeds, views
from events import manage_views as manage

app_name = "events"

urlpatterns = [
    path("visits/atom.xml", feeds.VisitFeed(), name="feed"),
    path("visits/calendar.ics", feeds.calendar, name="public_calendar"),
    path("visits/<int:page_id>.ics", feeds.one, name="visit_calendar"),
    path("pdf/programme/", document_views.programme, name="programme"),
    path("register/<int:page_id>/", views.register, name="register"),
    path("members/", views.lookup, name="lookup"),
    path("r/<str:token>/", manage.manage, name="manage"),
    path("confirm/<str:token>/", manage.confirm_mailbox, name="confirm_mailbox"),
    path("offer/<str:token>/", answer_views.offer, name="offer"),
    path("approval/<str:token>/", answer_views.approval, name="approval"),
    path("seat/<str:token>/", manage.seat, name="seat"),
    path("r/<str:token>/cancel/", manage.cancel, name="cancel"),
    path("r/<str:token>/withdraw/", manage.withdraw, name="withdraw"),
    path("r/<str:token>/answer/", answer_views.answer, name="answer"),
    path("r/<str:token>/names/<int:attendee_id>/", manage.substitute, name="substitute"),
    path("r/<str:token>/pay/", manage.pay, name="pay"),
    path("r/<str:token>/calendar.ics", manage.calendar, name="calendar"),
    path("embed/card/<int:page_id>/", embed_views.card, name="embed_card"),
    path("embed/register/<int:page_id>/", embed_views.register, name="embed_register"),
    path("embed/done/<str:token>/", embed_views.done, name="embed_done"),
    path("embed/pay/<str:token>/", embed_views.pay, name="embed_pay"),
]
