"""JournalAccounts: which account of the bookkeeping each kind of posting goes to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

_NAMES = ("stripe", "bank", "transit", "revenue", "vat", "fees", "disputes", "suspense")


@register_setting(icon="list-ul")
class JournalAccounts(BaseGenericSetting):
    """Numbers of the Belgian minimum chart of accounts to begin with; the accountant's own go in their place."""

    stripe = models.CharField(_("balance at Stripe"), max_length=20, default="580100")
    bank = models.CharField(_("bank account"), max_length=20, default="550000")
    transit = models.CharField(_("paid out, on its way to the bank"), max_length=20, default="580000")
    revenue = models.CharField(_("income from seats"), max_length=20, default="700000")
    vat = models.CharField(_("VAT to be paid"), max_length=20, default="451000")
    fees = models.CharField(_("costs of payments"), max_length=20, default="657000")
    disputes = models.CharField(_("lost in disputes"), max_length=20, default="642000")
    suspense = models.CharField(_("money not matched"), max_length=20, default="499000")

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in _NAMES],
            heading=_("Accounts of the journal"),
        )
    ]

    class Meta:
        verbose_name = _("accounts of the journal")
