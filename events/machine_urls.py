"""Addresses without a language: what machines and other people's pages load."""

from django.urls import path

from events import embed_views

urlpatterns = [path("embed.js", embed_views.script, name="embed_script")]
