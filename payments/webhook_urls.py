"""Addresses machines post to."""

from django.urls import path

from payments import webhooks

urlpatterns = [path("stripe/webhook/", webhooks.stripe_webhook, name="stripe_webhook")]
