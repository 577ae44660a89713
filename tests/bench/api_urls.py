"""The site's addresses with Wagtail's API v2 beside them, for measuring only."""

from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from cms.urls import urlpatterns as own


class Pages(PagesAPIViewSet):
    """As JSON: the page to browse it with needs an app the site does not have."""

    renderer_classes = [PagesAPIViewSet.renderer_classes[0]]


router = WagtailAPIRouter("bench")
router.register_endpoint("pages", Pages)
urlpatterns = [path("bench/api/v2/", router.urls), *own]
