"""What an organiser decides about the price of one registration, the money that moves by it said first."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.admin.amounts import AmountField
from cms.templatetags.cms_tags import money
from events import actions
from events.admin.deed import DeedView, WhyForm
from events.asked_why import beyond_quota
from events.models import Membership
from events.settlement import installed

ZERO = Decimal("0.00")


class GrantForm(WhyForm):
    membership = forms.ModelChoiceField(
        label=gettext_lazy("Membership"), queryset=Membership.objects.select_related("organisation", "scheme")
    )
    field_order = ("membership", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.registration.event
        self.fields["why"].help_text = _("The contact reads it in the letter.")
        field = self.fields["membership"]
        field.queryset = field.queryset.entitling_on(event.date).filter(scheme__ticket_types__event=event)  # type: ignore[attr-defined]


class GrantView(DeedView):
    page_title = gettext_lazy("Grant the price for members")
    form_class = GrantForm
    button = gettext_lazy("Grant it")
    sure_button = gettext_lazy("Yes, grant it beyond the quota")
    explanation = gettext_lazy(
        "You decide that these seats have the scheme's price. What was paid too much is paid back. The contact reads "
        "your reason; it is also the evidence, and stays with the registration."
    )

    def warnings(self, facts: dict[str, Any]) -> list[str]:
        seats = self.object.attendees.live().count()
        return beyond_quota(
            facts["membership"], event=self.object.event, seats=seats, at=timezone.now(), but_for=self.object
        )

    def act(self, facts: dict[str, Any]) -> None:
        actions.grant(
            registration=self.object,
            membership=facts["membership"],
            at=timezone.now(),
            by=self.request.user,
            why=facts["why"],
        )


class WithdrawEntitlementView(DeedView):
    page_title = gettext_lazy("Withdraw the price for members")
    form_class = WhyForm
    button = gettext_lazy("Withdraw it")
    explanation = gettext_lazy(
        "The seats cost what they cost everyone. Nobody loses a seat; the contact is asked for the difference and "
        "reads your reason."
    )

    @property
    def is_possible(self) -> bool:
        return not self.object.is_ended and self.object.entitlement is not None

    def act(self, facts: dict[str, Any]) -> None:
        actions.withdraw_entitlement(
            registration=self.object, at=timezone.now(), by=self.request.user, why=facts["why"]
        )


class LowerPriceForm(WhyForm):
    """Per seat what it costs from now on; empty leaves it as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = _("The contact reads it in the letter.")
        self.seats = [seat for seat in self.registration.attendees.order_by("pk") if seat.owed]
        for seat in self.seats:
            given_up = seat.released_at is not None
            label = _("%(name)s (given up): what is kept") if given_up else _("%(name)s: price incl. VAT")
            self.fields[self.name_of(seat.pk)] = AmountField(
                label=label % {"name": seat.name},
                required=False,
                min_value=ZERO,
                max_digits=8,
                decimal_places=2,
                help_text=_("Now %(owed)s. Empty: stays as it is.") % {"owed": money(seat.owed)},
            )
        self.order_fields([*(self.name_of(seat.pk) for seat in self.seats), "why"])

    @staticmethod
    def name_of(pk: int) -> str:
        return f"seat_{pk}"

    def clean(self) -> dict[str, Any]:
        """`amounts`: seat -> amount. At least one has to be filled in."""
        cleaned: dict[str, Any] = super().clean() or {}
        filled = {seat.pk: cleaned.get(self.name_of(seat.pk)) for seat in self.seats}
        cleaned["amounts"] = {pk: amount for pk, amount in filled.items() if amount is not None}
        if not cleaned["amounts"] and not self.errors:
            raise forms.ValidationError(_("Fill in the new price of at least one seat."))
        return cleaned


class LowerPriceView(DeedView):
    page_title = gettext_lazy("Lower the price")
    form_class = LowerPriceForm
    button = gettext_lazy("Lower it")
    sure_button = gettext_lazy("Yes, lower it")
    explanation = gettext_lazy(
        "You decide what these seats cost, whatever the terms say. What was paid too much is paid back, never more "
        "than was paid; an invoice is credited by as much."
    )

    @property
    def is_possible(self) -> bool:
        return any(seat.owed for seat in self.object.attendees.all())

    def warnings(self, facts: dict[str, Any]) -> list[str]:
        settlement = installed()
        if settlement is None:
            return []
        state = settlement.state(self.object)
        seats = self.object.attendees.all()
        owed = sum((facts["amounts"].get(seat.pk, seat.owed) for seat in seats), start=ZERO)
        too_much = state.in_hand - owed
        said = [_("%(amount)s goes back to whoever paid.") % {"amount": money(too_much)}] if too_much > 0 else []
        if said and state.fees:
            said.append(
                _("The payment service kept %(fees)s of what was paid, and does not give it back.")
                % {"fees": money(state.fees)}
            )
        return said

    def act(self, facts: dict[str, Any]) -> None:
        actions.lower_prices(
            registration=self.object,
            amounts=facts["amounts"],
            at=timezone.now(),
            by=self.request.user,
            why=facts["why"],
        )
