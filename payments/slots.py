"""What payments put on pages of other chapters."""

from typing import Any

from django.template.loader import render_to_string


def registration_money(context: dict[str, Any]) -> str:
    """The payments and refunds of a registration, for its page in the admin. Context: request, registration.

    Empty for who may not see payments, and for a registration nobody was asked money for.
    """
    request = context["request"]
    if not request.user.has_perm("payments.view_payment"):
        return ""
    payments = list(context["registration"].payments.prefetch_related("refunds"))
    if not payments:
        return ""
    return render_to_string(
        "payments/admin/registration_money.html",
        {"payments": payments, "may_see_refunds": request.user.has_perm("payments.view_refund")},
        request=request,
    )
