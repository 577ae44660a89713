"""The newest cases as a feed."""

from cases.models import CaseIndexPage, CasePage
from cases.models.pages import CasePageQuerySet
from cms.feeds import PageFeed


class CaseFeed(PageFeed):
    index_model = CaseIndexPage

    def newest(self, index: CaseIndexPage) -> CasePageQuerySet:
        pages = CasePage.objects.child_of(index).live().public()
        return pages.select_related("locale").order_by("-first_published_at", "-pk")

    def item_categories(self, item: CasePage) -> list[str]:
        return [*item.product_group_names, *item.strategy_names]
