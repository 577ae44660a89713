"""What the installed plugins bring in addresses, to go at the end of any Wagtail site's root URLconf:

    from cms import site_urls
    urlpatterns = [..., *site_urls.urlpatterns]

It stands where `path("", include(wagtail_urls))` stood, and ends in the pages, each below its language (/nl/, /en/).
Django lets nobody put addresses with a language in an include(), so it is a list. An address of the site's own wins,
when it comes before. The plugins name their URL modules as strings; nothing of them is imported here.
"""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps import views as sitemap_views
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls

from cms import share, views
from cms.api import build_api
from cms.conf import configured
from cms.llms import llms
from cms.plugins import installed_plugins
from cms.sitemaps import SITEMAPS, robots

api = build_api()

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("llms.txt", llms, name="llms"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "cms_sitemap"},
        name="cms_sitemap_index",
    ),
    path("sitemap-<str:section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="cms_sitemap"),
    path("share/<int:page_id>-<str:marked>.png", share.card, name="share_card"),
    path("api/v1/", api.urls),
    *(path("", include(plugin.machine_urls)) for plugin in installed_plugins() if plugin.machine_urls),
]

if configured.DEMO:
    urlpatterns += [path("demo/", include("cms.demo_urls"))]

urlpatterns += i18n_patterns(
    *(path("", include(plugin.public_urls)) for plugin in installed_plugins() if plugin.public_urls),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
