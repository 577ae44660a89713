"""What a site's settings may not say."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from cms.conf import configured


@register()
def the_most_is_a_number_of_partners(**kwargs: Any) -> list[CheckMessage]:
    """partners.E001 for a number below nothing."""
    if configured.PARTNERS_MOST >= 0:
        return []
    hint = "Give 0 to name none, or how many are named at most."
    return [Error("BEST_PRACTICE_TOUR['PARTNERS_MOST'] is below 0.", hint=hint, id="partners.E001")]
