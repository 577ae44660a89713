"""What a person can say of a bank movement that was not sure: the choices, in words, and the deed behind each."""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.templatetags.cms_tags import money
from payments import actions
from payments.actions.bank_matching import party_of, payouts_like
from payments.bank_questions import invoice_numbered, suggestions
from payments.billing import buyer_of
from payments.going_back import GoingBack, going_back, sums_that_fit, surely
from payments.models import Invoice, LedgerEntry, Payout, Refund
from payments.open_items import open_amount

REASONS = {
    "number": gettext_lazy("its number is in the text"),
    "amount": gettext_lazy("the same amount"),
    "name": gettext_lazy("a name like it"),
}
#: Several of what waits, ticked one by one.
SEVERAL = "several"
#: Between the keys of what one choice gives back together.
AND = "+"


class Ways:
    """What can be said of a movement, and what saying it does: value -> (label, deed)."""

    def __init__(self, movement: Any) -> None:
        self.movement = movement
        self.held = movement.in_suspense
        #: What can be ticked to make up a movement: (key, label).
        self.waiting: list[tuple[str, str]] = []
        self.ways: dict[str, tuple[str, Callable[..., Any]]] = {}
        if movement.is_booked and self.held > 0:
            self._unmatched()
        elif not movement.is_booked:
            self._not_booked()

    def choices(self) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _deed) in self.ways.items()]

    def carry_out(self, said: dict[str, Any], *, by: Any) -> None:
        """What a valid MovementForm says. Raises CannotBook."""
        self.ways[said["way"]][1](said, by=by)

    def _add(self, value: str, label: Any, deed: Callable[..., Any]) -> None:
        self.ways[value] = (str(label), deed)

    def _unmatched(self) -> None:
        movement = self.movement
        for found in suggestions(self.held, party_of(movement), on=timezone.localdate()):
            invoice = found.invoice
            label = _("Pays %(invoice)s of %(buyer)s, of which %(open)s is open (%(reasons)s)") % {
                "invoice": invoice.number,
                "buyer": invoice.buyer_name,
                "open": money(invoice.open_amount),
                "reasons": ", ".join(str(REASONS[reason]) for reason in found.reasons),
            }
            self._add(f"invoice-{invoice.pk}", label, self._assign(invoice))
        self._add("number", _("Pays the invoice of which the number is given below"), self._assign_numbered)
        self._add("sent_back", _("It was transferred back to where it came from"), self._plain(actions.note_sent_back))
        self._add("not_ours", _("It has nothing to do with the Tour"), self._plain(actions.note_not_ours))

    def _not_booked(self) -> None:
        movement = self.movement
        if movement.amount > 0:
            for payout in payouts_like(movement):
                label = _("It is the payout %(payout)s") % {"payout": payout.payout_id}
                self._add(f"payout-{payout.pk}", label, self._payout(payout))
            self._add("unmatched", _("Keep it, to be assigned to an invoice"), self._short(actions.note_unmatched))
        else:
            self._back()
            self._add("fee", _("It is a cost of the bank"), self._short(actions.note_fee))
        self._add("not_ours", _("It has nothing to do with the Tour"), self._plain(actions.note_not_ours))

    def _back(self) -> None:
        """What of that which waits comes to the movement, and all of it to be ticked."""
        waiting = going_back()
        known = [back.registration for back in waiting if back.registration]
        documents = Prefetch("invoices", Invoice.objects.without_files())
        prefetch_related_objects(known, documents, "billing_details")
        amount, party = -self.movement.amount, party_of(self.movement)
        fits = sums_that_fit(amount, waiting)
        if (sure := surely(amount, party, waiting)) and sure not in fits:
            fits.append(sure)
        for several in fits:
            keys = [back.key for back in several]
            self._add(AND.join(keys), _together(several), self._given_back(keys))
        if len(waiting) > 1:
            self.waiting = [(back.key, _one(back)) for back in waiting]
            self._add(SEVERAL, _("It gives back several: those ticked below"), self._given_back_ticked)

    def _plain(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        return lambda said, *, by: deed(movement=self.movement, by=by, remark=said["remark"], at=timezone.now())

    def _short(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        return lambda said, *, by: deed(movement=self.movement, by=by, at=timezone.now())

    def _assign(self, invoice: Invoice) -> Callable[..., Any]:
        return lambda said, *, by: actions.assign(
            movement=self.movement, invoice=invoice, by=by, remark=said["remark"], at=timezone.now()
        )

    def _assign_numbered(self, said: dict[str, Any], *, by: Any) -> None:
        number = said["number"]
        invoice = invoice_numbered(number)
        if invoice is None:
            raise actions.CannotBook(_("There is no invoice %(number)s.") % {"number": number})
        self._assign(invoice)(said, by=by)

    def _payout(self, payout: Payout) -> Callable[..., Any]:
        return lambda said, *, by: actions.note_payout(movement=self.movement, payout=payout, by=by, at=timezone.now())

    def _given_back(self, keys: Collection[str]) -> Callable[..., Any]:
        return lambda said, *, by: actions.note_given_back(movement=self.movement, keys=keys, by=by, at=timezone.now())

    def _given_back_ticked(self, said: dict[str, Any], *, by: Any) -> None:
        self._given_back(said["together"])(said, by=by)


def _together(several: Collection[GoingBack]) -> str:
    return " + ".join(_one(back) for back in several)


def _one(back: GoingBack) -> str:
    """Amount, buyer, reference, visit and document of what goes back: enough to tell it from every other."""
    registration = back.registration
    if registration is None:
        what = _("unmatched money, transferred back")
    else:
        documents = sorted(registration.invoices.all(), key=lambda document: document.pk)
        numbers = [str(document) for document in documents[-1:]]
        what = ", ".join([buyer_of(registration), registration.reference, registration.event.name, *numbers])
    said = {"amount": money(back.amount), "what": what}
    if back.is_noted:
        return _("%(amount)s, noted as transferred: %(what)s") % said
    return _("%(amount)s to give back: %(what)s") % said


def _now(key: str) -> str:
    """What became of one thing that could be chosen a moment ago; empty for what never was one."""
    kind, _dash, number = key.rpartition("-")
    if not number.isdigit():
        return ""
    if kind == "invoice" and (invoice := Invoice.objects.without_files().filter(pk=number).first()):
        said = {"invoice": invoice.number, "open": money(open_amount(invoice))}
        return _("Of %(invoice)s, %(open)s is open now.") % said
    if kind == "payout" and (payout := Payout.objects.filter(pk=number).first()):
        return _("The payout %(payout)s is on a statement already.") % {"payout": payout.payout_id}
    if kind == "refund" and (
        refund := Refund.objects.select_related("payment__registration").filter(pk=number).first()
    ):
        said = {
            "amount": money(refund.amount, refund.currency),
            "reference": refund.payment.registration.reference,
            "status": refund.get_status_display(),
        }
        return _("%(amount)s for %(reference)s: %(status)s.") % said
    if kind == "ledgerentry" and (entry := LedgerEntry.objects.filter(pk=number).first()):
        return _("%(amount)s is on a statement already.") % {"amount": money(-entry.amount, entry.currency)}
    return ""


def became_of(posted: str) -> str:
    """Why what was chosen cannot be any more, and what is true of it now."""
    now = [told for key in posted.split(AND) if (told := _now(key))]
    gone = _("What you chose was dealt with meanwhile, so nothing was done.")
    return " ".join([gone, *now, _("Choose from what is possible now.")])


class WayField(forms.ChoiceField):
    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            raise forms.ValidationError(became_of(value), code="gone")
        super().validate(value)


class TogetherField(forms.MultipleChoiceField):
    def validate(self, value: Any) -> None:
        if gone := [key for key in value if not self.valid_value(key)]:
            raise forms.ValidationError(became_of(AND.join(gone)), code="gone")
        super().validate(value)


class MovementForm(forms.Form):
    """One of what can be said of it, and why."""

    way = WayField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect)
    together = TogetherField(
        label=gettext_lazy("Given back together"),
        help_text=gettext_lazy("They have to come to exactly what the movement is."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.CharField(label=gettext_lazy("Invoice number"), max_length=20, required=False)
    remark = forms.CharField(
        label=gettext_lazy("Remark"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, ways: Ways, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = ways.choices()  # type: ignore[attr-defined]
        self.fields["together"].choices = ways.waiting  # type: ignore[attr-defined]
        if SEVERAL not in ways.ways:
            del self.fields["together"]
        if "number" not in ways.ways:
            del self.fields["number"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == "number" and not cleaned.get("number"):
            self.add_error("number", _("Give the number of the invoice."))
        if cleaned.get("way") == SEVERAL and not cleaned.get("together") and "together" not in self.errors:
            self.add_error("together", _("Tick what it gives back."))
        return cleaned
