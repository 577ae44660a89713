"""Addresses of registering and managing a registration, below the language prefix."""

from django.urls import path

from events import views

app_name = "events"

urlpatterns = [
    path("register/<int:page_id>/", views.register, name="register"),
    path("r/<str:token>/", views.manage, name="manage"),
    path("confirm/<str:token>/", views.confirm_mailbox, name="confirm_mailbox"),
    path("r/<str:token>/cancel/", views.cancel, name="cancel"),
    path("r/<str:token>/pay/", views.pay, name="pay"),
    path("r/<str:token>/calendar.ics", views.calendar, name="calendar"),
]
