"""Panels the events chapter adds to the Organisation form of the house."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel

from cms.admin.guards import GuardedInlinePanel
from events.entitlement import quota_this_year


class QuotaPanel(Panel):
    """What each membership used this year, who did not come, and whether that lowered its quota."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "events/admin/quota_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and self.request.user.has_perm("events.view_membership")

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            at = timezone.now()
            memberships = self.instance.memberships.select_related("scheme").order_by("pk")
            rows = [(membership, quota_this_year(membership, at=at)) for membership in memberships]
            return {**super().get_context_data(parent_context), "rows": rows}


def organisation_panels() -> list[Panel]:
    """Memberships, verified mail domains and codes, on the organisation they are about.

    Each of them gives free seats, so each asks a permission of its own: who edits the address book is not, for that,
    somebody who decides who goes free.
    """
    return [
        QuotaPanel(heading=_("Use of the quota")),
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
