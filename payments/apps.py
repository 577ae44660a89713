"""Who pays, and what it brings: payments, refunds, the ledger and finance's reports."""

from django.utils.translation import gettext_lazy as _

from cms.conf import Setting
from cms.plugins import Plugin

ALL = ("view", "add", "change", "delete")
#: Read the revenue-model lab: its pages ask for the first, its lists each for their own.
LAB = (
    "payments.view_revenuemodel",
    "payments.view_eventcosts",
    "payments.view_programmecost",
    "payments.view_costpricerule",
    "payments.view_costprice",
    "payments.view_pricestudy",
    "payments.view_experiment",
)


class PaymentsConfig(Plugin):
    name = "payments"
    title = _("Payments and reports")
    distribution = "best-practice-tour-payments"
    announces = {
        "payment.received": _("Money came for a registration"),
        "payment.taken_back": _("Money that came was for something else: it counts for this registration no more"),
        "payment.unmatched": _("Money came that is not what was asked; a person looks"),
        "payment.refunded": _("Money went back"),
        "payment.refund_failed": _("Money that went back came back to us"),
    }
    api_routers = {"/registrations/": "payments.documents_api.documents"}
    attachments = "payments.slots.documents_of_letter"
    demo = "payments.demo.load"
    demo_loaded = "payments.demo.is_loaded"
    duties = [
        "payments.duties.sweep_payments",
        "payments.duties.process_stripe_events",
        # What Stripe tells comes before what we ask: a refund whose answer was lost is found, not asked again.
        "payments.duties.hear_what_was_missed",
        "payments.duties.carry_out_bulk_refunds",
        "payments.duties.carry_out_refunds",
        "payments.duties.follow_payouts",
        "payments.duties.match_bank",
        "payments.duties.follow_moves",
        "payments.duties.book_service_fees",
        "payments.duties.forget_bank_parties",
        "payments.duties.issue_documents",
        "payments.duties.remind_invoices",
        "payments.duties.forget_billing",
    ]
    groups = {
        "Organisers": [
            "payments.view_invoice",
            "payments.view_payment",
            "payments.view_refund",
            "payments.view_concern",
            "payments.change_concern",
            "payments.view_bulkrefund",
            "payments.add_bulkrefund",
            *(f"payments.{verb}_partnership" for verb in ALL),
            *(f"payments.{verb}_eventcosts" for verb in ("view", "add", "change")),
        ],
        "Finance": [
            *LAB,
            *(f"payments.{verb}_{model}" for model in ("eventcosts", "programmecost") for verb in ALL),
            "payments.view_bulkrefund",
            "payments.add_bulkrefund",
            "payments.view_bankstatement",
            "payments.add_bankstatement",
            "payments.view_banktransaction",
            "payments.change_banktransaction",
            "payments.view_invoice",
            "payments.add_invoice",
            "payments.view_dispatch",
            "payments.change_dispatch",
            "payments.change_sellersettings",
            *(f"payments.{verb}_vatrule" for verb in ALL),
            *(f"payments.{verb}_partnership" for verb in ALL),
            "payments.view_numberseries",
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
        "Programme managers": [
            "wagtailadmin.access_admin",
            "events.view_event",
            # Opens the reports that the lab’s figures are held against; registrations stay closed.
            "payments.view_ledgerentry",
            *LAB,
            *(f"payments.{verb}_{model}" for model in ("eventcosts", "programmecost", "revenuemodel") for verb in ALL),
            *(f"payments.{verb}_{model}" for model in ("pricestudy", "experiment") for verb in ALL),
            "payments.add_costpricerule",
            "payments.add_costprice",
        ],
    }
    needs = ["cms", "cases", "events", "pgtrigger"]
    machine_urls = "payments.webhook_urls"
    public_urls = "payments.urls"
    settings = [
        Setting("STRIPE_API_KEY", "", _("Stripe’s secret key. Without one nobody can pay online."), is_secret=True),
        Setting("STRIPE_WEBHOOK_SECRET", "", _("What Stripe signs its notices with."), is_secret=True),
        Setting("STRIPE_API_BASE", "", _("Where the stand-in for Stripe listens, on a demonstration or in tests.")),
        Setting("VIES_URL", "", _("The European register of VAT numbers. Empty: it is never asked.")),
    ]
    settlement = "payments.settlement.StripeSettlement"
    results = "payments.results.chapter"
    slots = {
        "admin.registration": "payments.slots.registration_money",
        "manage.documents": "payments.slots.own_documents",
        "manage.money": "payments.slots.own_invoices",
    }
    waiting = "payments.admin.waits.waiting"

    def ready(self) -> None:
        # A module of checks registers itself.
        from payments import checks  # noqa: F401, PLC0415
