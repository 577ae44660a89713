"""Stripe's own codes in people's words. One that is not known here is shown as it came."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

DISPUTE_STATUS = {
    "warning_needs_response": _("The bank asks about it: an answer is due"),
    "warning_under_review": _("The bank looks at our answer to its question"),
    "warning_closed": _("The bank asked, and left it at that"),
    "needs_response": _("An answer is due"),
    "under_review": _("The bank looks at our answer"),
    "won": _("Won: the money is back"),
    "lost": _("Lost: the money is gone"),
    "prevented": _("Prevented"),
    "charge_refunded": _("Given back meanwhile"),
}

DISPUTE_REASON = {
    "bank_cannot_process": _("the bank cannot process it"),
    "check_returned": _("returned"),
    "credit_not_processed": _("a refund that was promised did not come"),
    "customer_initiated": _("asked by the buyer"),
    "debit_not_authorized": _("the debit was not authorised"),
    "duplicate": _("paid twice"),
    "fraudulent": _("not recognised by the card's owner"),
    "general": _("no reason given"),
    "incorrect_account_details": _("wrong account"),
    "insufficient_funds": _("not enough on the account"),
    "product_not_received": _("says nothing was delivered"),
    "product_unacceptable": _("says it was not as described"),
    "subscription_canceled": _("says it was cancelled"),
    "unrecognized": _("not recognised by the card's owner"),
}

FRAUD_TYPE = {
    "card_never_received": _("the card never reached its owner"),
    "fraudulent_card_application": _("the card was asked for under a false name"),
    "made_with_counterfeit_card": _("a forged card"),
    "made_with_lost_card": _("a lost card"),
    "made_with_stolen_card": _("a stolen card"),
    "unauthorized_use_of_card": _("the card was used without its owner"),
    "misc": _("no reason given"),
}

#: Reporting categories of balance transactions.
CATEGORY = {
    "charge": _("Payment"),
    "charge_failure": _("Payment that failed after all"),
    "refund": _("Refund"),
    "refund_failure": _("Refund that came back"),
    "partial_capture_reversal": _("Refund"),
    "dispute": _("Dispute"),
    "dispute_reversal": _("Dispute that was won"),
    "fee": _("Fee of Stripe"),
    "network_cost": _("Fee of Stripe"),
    "tax": _("Tax on Stripe's fees"),
    "payout": _("Payout"),
    "payout_reversal": _("Payout that came back"),
    "topup": _("Added to the balance"),
    "transfer": _("Transfer"),
    "other_adjustment": _("Correction by Stripe"),
}


def said(words: Mapping[str, Any], code: str) -> str:
    """The code in words; with spaces for its lines where nobody wrote any."""
    return str(words.get(code) or code.replace("_", " "))
