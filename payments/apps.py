"""Who pays, and what it brings: payments, refunds, the ledger and finance's reports."""

from django.utils.translation import gettext_lazy as _

from cms.plugins import Plugin


class PaymentsConfig(Plugin):
    name = "payments"
    title = _("Payments and reports")
    public_urls = "payments.urls"
    machine_urls = "payments.webhook_urls"
    slots = {"admin.registration": "payments.slots.registration_money"}
    duties = [
        "payments.duties.sweep_payments",
        "payments.duties.process_stripe_events",
        "payments.duties.carry_out_refunds",
        "payments.duties.hear_what_was_missed",
        "payments.duties.follow_payouts",
    ]
    demo = "payments.demo.load"
    settlement = "payments.settlement.StripeSettlement"
    groups = {
        "Organisers": [
            "payments.view_payment",
            "payments.view_refund",
            "payments.view_concern",
            "payments.change_concern",
        ],
        "Finance": [
            "payments.view_concern",
            "payments.change_concern",
            "payments.view_payment",
            "payments.view_refund",
            "payments.view_ledgerentry",
            "payments.view_ledgerline",
            "payments.view_stripeevent",
            "payments.view_payout",
            "payments.view_closedmonth",
            "payments.add_closedmonth",
            "payments.change_journalaccounts",
            "payments.view_dispute",
        ],
    }
