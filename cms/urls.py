"""The addresses of our own site: Wagtail's admin and documents, then what the plugins bring (cms.site_urls)."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import site_urls
from cms.conf import configured

api = site_urls.api
handler400 = "cms.views.bad_request"

urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/", include(wagtaildocs_urls)),
    path("admin/", include(wagtailadmin_urls)),
]

if settings.DEBUG or configured.DEMO:
    # In production the web server or S3 hands out media.
    urlpatterns += [
        path("django-admin/", admin.site.urls),
        path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    ]

urlpatterns += site_urls.urlpatterns
