"""Addresses people come back to, below the language prefix."""

from django.urls import path

from payments import views

app_name = "payments"

urlpatterns = [
    path("payment/return/", views.checkout_return, name="return"),
    path("r/<str:token>/documents/<str:number>.pdf", views.own_document, {"extension": "pdf"}, name="document_pdf"),
    path("r/<str:token>/documents/<str:number>.xml", views.own_document, {"extension": "xml"}, name="document_xml"),
]
