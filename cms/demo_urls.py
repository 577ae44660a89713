"""Addresses that exist in the demonstration only."""

from django.urls import path

from cms import demo_mail

urlpatterns = [
    path("mail/", demo_mail.mailbox, name="demo_mail"),
    path("mail.json", demo_mail.mailbox_json, name="demo_mail_json"),
    path("mail/<str:message_id>/html/", demo_mail.message_html, name="demo_mail_html"),
    path("mail/<str:message_id>/<int:number>/", demo_mail.attachment, name="demo_mail_attachment"),
]
