"""Addresses people come back to, below the language prefix."""

from django.urls import path

from payments import views

app_name = "payments"

urlpatterns = [
    path("payment/return/", views.checkout_return, name="return"),
    path("b/<str:token>/", views.billing, name="billing"),
    path("b/<str:token>/pay/<str:number>/", views.pay_invoice, name="pay_invoice"),
    path("b/<str:token>/order-number/", views.order_number, name="order_number"),
    path("b/<str:token>/<str:number>.pdf", views.billed_document, {"extension": "pdf"}, name="billed_pdf"),
    path("b/<str:token>/<str:number>.xml", views.billed_document, {"extension": "xml"}, name="billed_xml"),
    path("r/<str:token>/documents/<str:number>.pdf", views.own_document, {"extension": "pdf"}, name="document_pdf"),
    path("r/<str:token>/documents/<str:number>.xml", views.own_document, {"extension": "xml"}, name="document_xml"),
]
