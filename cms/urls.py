"""Every address of the site. The plugins bring theirs as strings; nothing of them is imported here."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import URLPattern, URLResolver, include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import share, views
from cms.api import build_api
from cms.plugins import installed_plugins
from cms.sitemaps import SITEMAPS, robots

api = build_api()
handler400 = "cms.views.bad_request"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml", sitemap_views.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemap_index"
    ),
    path("sitemap-<str:section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("share/<int:page_id>-<str:marked>.png", share.card, name="share_card"),
    path("api/v1/", api.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("admin/", include(wagtailadmin_urls)),
    *(path("", include(plugin.machine_urls)) for plugin in installed_plugins() if plugin.machine_urls),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("cms.demo_urls"))]

if settings.DEBUG or settings.DEMO:
    # In production the web server or S3 hands out media.
    urlpatterns += [
        path("django-admin/", admin.site.urls),
        path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    ]

urlpatterns += i18n_patterns(
    *(path("", include(plugin.public_urls)) for plugin in installed_plugins() if plugin.public_urls),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
