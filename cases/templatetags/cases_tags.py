"""What the pages of cases ask of the rest of this chapter."""

from django import template

from cases import learning
from cases.models import CasePage

register = template.Library()


@register.simple_tag
def may_be_embedded(case: CasePage) -> bool:
    """Signed off: a learning platform may show it. Asks nothing more once something keeps it back."""
    return not any(learning.keeps_back(case))


@register.simple_tag
def has_packages(case: CasePage) -> bool:
    return not any(learning.keeps_from_package(case))


@register.simple_tag
def kept_from_package(case: CasePage) -> list[str]:
    """What keeps the public page from being a learning package, whatever draft is open."""
    public: CasePage = CasePage.objects.select_related("locale").prefetch_related(*learning.PARTS).get(pk=case.pk)
    return list(learning.keeps_from_package(public))
