"""Invoices and credit notes: a list, a page each with its files, and the one deed there is, a credit note."""

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.admin.amounts import AmountField
from cms.admin.read_only import FigureColumn, MomentColumn, ReadOnlyIndexView, ReadOnlyInspectView, ReadOnlyViewSet
from cms.templatetags.cms_tags import money
from events.refusals import Refusal
from payments.actions import issue_credit_note
from payments.actions.crediting import left_to_credit
from payments.admin.lists import between, one_of
from payments.documents.pdf import file_name, pdf
from payments.models import DocumentKind, Invoice, InvoiceLine

CENT = Decimal("0.01")


class InvoiceFilterSet(WagtailFilterSet):
    kind = one_of(DocumentKind, gettext_lazy("Kind"))
    issued_on = between(gettext_lazy("Issued between"))

    class Meta:
        model = Invoice
        fields: list[str] = []


class InvoiceIndexView(ReadOnlyIndexView):
    related = ("registration", "refers_to")

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().defer("ubl")


class InvoiceInspectView(ReadOnlyInspectView):
    template_name = "payments/admin/invoice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        document: Invoice = self.object
        return {
            **super().get_context_data(**kwargs),
            "lines": list(document.lines.select_related("attendee").order_by("position")),
            "vat_lines": list(document.vat_lines.all()),
            "credit_notes": list(document.credit_notes.without_files()),
            "dispatches": list(document.dispatches.all()),
            "may_see_dispatches": self.request.user.has_perm("payments.view_dispatch"),
            "may_credit": (
                not document.is_credit_note
                and document.credited < document.gross
                and self.request.user.has_perm("payments.add_invoice")
            ),
        }


class FileView(PermissionCheckedMixin, BaseObjectMixin, View):
    """The document to save, as PDF or as the electronic one."""

    model = Invoice
    any_permission_required = ["view"]
    http_method_names = ["get", "head"]
    object: Invoice

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        extension = str(self.kwargs["extension"])
        if extension not in {"pdf", "xml"}:
            raise Http404
        content = pdf(self.object) if extension == "pdf" else self.object.ubl.encode()
        response = HttpResponse(content, content_type=f"application/{extension}")
        response["Content-Disposition"] = f'attachment; filename="{file_name(self.object, extension)}"'
        return response


class CreditForm(forms.Form):
    """Per seat of the invoice how much of it is credited, VAT included; and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=250, help_text=gettext_lazy("Stands on the credit note.")
    )
    #: Names this one sending of the form: pressed twice, one credit note.
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, invoice: Invoice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = secrets.token_urlsafe(12)
        left = left_to_credit(invoice)
        self.lines: list[InvoiceLine] = list(invoice.lines.order_by("position"))
        for line in self.lines:
            rest = left[line.attendee_id]
            self.fields[self._name(line)] = AmountField(
                label=line.description,
                required=False,
                min_value=Decimal(0),
                max_value=rest,
                max_digits=10,
                decimal_places=2,
                initial=rest,
                help_text=_("Incl. VAT, at most %(left)s. Empty or 0: nothing of this seat.") % {"left": money(rest)},
            )
        self.order_fields([*(self._name(line) for line in self.lines), "reason", "key"])

    def _name(self, line: InvoiceLine) -> str:
        return f"seat_{line.attendee_id}"

    def amounts(self) -> dict[int, Decimal]:
        """Attendee pk -> amount, VAT included."""
        return {
            line.attendee_id: self.cleaned_data[self._name(line)]
            for line in self.lines
            if self.cleaned_data[self._name(line)]
        }


class CreditView(PermissionCheckedMixin, BaseObjectMixin, View):
    """Asks how much and why, and issues the credit note."""

    model = Invoice
    permission_required = "add"
    object: Invoice

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page(CreditForm(self.object))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CreditForm(self.object, request.POST)
        if not form.is_valid():
            return self._page(form, 422)
        try:
            note = issue_credit_note(
                invoice=self.object,
                amounts=form.amounts(),
                reason=form.cleaned_data["reason"],
                cause=f"manual-{self.object.pk}-{form.cleaned_data['key']}",
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, 422)
        messages.success(request, _("Credit note %(number)s is issued.") % {"number": note.number})
        return redirect(reverse("tour_invoices:inspect", args=[note.pk]))

    def _page(self, form: CreditForm, status: int = 200) -> HttpResponse:
        title = _("Credit invoice %(number)s") % {"number": self.object.number}
        context = {
            "form": form,
            "invoice": self.object,
            "page_title": title,
            "header_title": title,
            "back": reverse("tour_invoices:inspect", args=[self.object.pk]),
        }
        return render(self.request, "payments/admin/credit.html", context, status=status)


class InvoiceViewSet(ReadOnlyViewSet):
    model = Invoice
    name = "tour_invoices"
    url_prefix = "invoices"
    icon = "doc-full"
    menu_label = gettext_lazy("Invoices")
    deeds = ("add",)
    index_view_class = InvoiceIndexView
    inspect_view_class = InvoiceInspectView
    filterset_class = InvoiceFilterSet
    search_fields = ["number", "buyer_name", "registration__reference", "purchase_order", "payment_reference"]
    list_display = [
        "number",
        "kind",
        MomentColumn("issued_at", label=gettext_lazy("Issued at"), sort_key="issued_at"),
        "buyer_name",
        Column("registration", label=gettext_lazy("Reference"), accessor="registration.reference"),
        FigureColumn("net", label=gettext_lazy("Excl. VAT"), sort_key="net"),
        FigureColumn("vat", label=gettext_lazy("VAT"), sort_key="vat"),
        FigureColumn("gross", label=gettext_lazy("Incl. VAT"), sort_key="gross"),
        Column(
            "refers_to",
            label=gettext_lazy("Credits invoice"),
            accessor=lambda row: row.refers_to.number if row.refers_to else "",
        ),
    ]
    list_export = [
        "number",
        "kind",
        "issued_on",
        "due_on",
        "delivered_on",
        "buyer_name",
        "buyer_vat_number",
        "purchase_order",
        "payment_reference",
        "registration.reference",
        "vat_country",
        "net",
        "vat",
        "rounding",
        "gross",
        "prepaid",
        "currency",
    ]
    export_headings = {"registration.reference": gettext_lazy("Reference")}
    inspect_view_fields = [
        "kind",
        "number",
        "issued_on",
        "due_on",
        "delivered_on",
        "event_title",
        "registration",
        "refers_to",
        "reason",
        "buyer_name",
        "buyer_email",
        "buyer_vat_number",
        "buyer_peppol_id",
        "purchase_order",
        "payment_reference",
        "mentions",
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("file/<int:pk>/<str:extension>/", self.construct_view(FileView), name="file"),
            path("credit/<int:pk>/", self.construct_view(CreditView), name="credit"),
        ]
