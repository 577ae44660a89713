"""Panels the events chapter adds to the Organisation form of the house."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel


def organisation_panels() -> list[Panel]:
    """Memberships, verified mail domains and codes, on the organisation they are about."""
    return [
        InlinePanel(
            "memberships",
            panels=[
                FieldPanel("scheme"),
                FieldPanel("role"),
                FieldPanel("valid_from"),
                FieldPanel("valid_until"),
                FieldPanel("evidence"),
            ],
            heading=_("Memberships"),
            label=_("Membership"),
        ),
        InlinePanel(
            "email_domains",
            panels=[FieldPanel("domain"), FieldPanel("verified_on")],
            heading=_("E-mail domains"),
            label=_("Domain"),
        ),
        InlinePanel(
            "codes",
            panels=[FieldPanel("code"), FieldPanel("valid_from"), FieldPanel("valid_until")],
            heading=_("Organisation codes"),
            label=_("Code"),
        ),
    ]
