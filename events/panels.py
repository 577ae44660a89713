"""Panels the events chapter adds to the Organisation form of the house."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel

from cms.admin.guards import GuardedInlinePanel


def organisation_panels() -> list[Panel]:
    """Memberships, verified mail domains and codes, on the organisation they are about.

    Each of them gives free seats, so each asks a permission of its own: who edits the address book is not, for that,
    somebody who decides who goes free.
    """
    return [
        GuardedInlinePanel(
            "memberships",
            permission="events.change_membership",
            panels=[
                FieldPanel("scheme"),
                FieldPanel("role"),
                FieldPanel("valid_from"),
                FieldPanel("valid_until"),
                FieldPanel("evidence"),
                FieldPanel("quota_per_event"),
                FieldPanel("quota_per_year"),
                FieldPanel("no_shows_forgiven_on"),
            ],
            heading=_("Memberships"),
            label=_("Membership"),
        ),
        GuardedInlinePanel(
            "email_domains",
            once=("domain",),
            permission="events.change_emaildomain",
            panels=[FieldPanel("domain"), FieldPanel("verified_on")],
            heading=_("E-mail domains"),
            label=_("Domain"),
        ),
        GuardedInlinePanel(
            "codes",
            once=("code",),
            permission="events.change_organisationcode",
            panels=[FieldPanel("code"), FieldPanel("valid_from"), FieldPanel("valid_until")],
            heading=_("Organisation codes"),
            label=_("Code"),
        ),
    ]
