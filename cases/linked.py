"""A case as search engines read it: an article with its sources, its makers and its licence."""

from typing import TYPE_CHECKING

from cases.taxonomy import LICENCE_URLS
from cms.linked import Thing, absolute, identity, moment, organisation, said
from cms.models import OrganiserSettings

if TYPE_CHECKING:
    from cases.models.pages import CasePage


def article(page: "CasePage", organiser: OrganiserSettings) -> Thing:
    """An Article, a Report (a kind of Article) where somebody tells what a group saw.

    The languages are two articles: each has its own words and its own day of publication.
    """
    about = [*page.product_group_names, *page.strategy_names]
    return said(
        {
            "@type": "Report" if page.kind == page.Kind.VISIT_REPORT else "Article",
            "@id": f"{page.full_url}#article",
            "headline": page.title,
            "description": page.summary,
            "url": page.full_url,
            "mainEntityOfPage": {"@id": page.full_url},
            "inLanguage": page.locale.language_code,
            "datePublished": moment(page.first_published_at) if page.first_published_at else None,
            "dateModified": moment(page.last_published_at) if page.last_published_at else None,
            "author": organisation(organiser),
            "publisher": {"@id": identity("organisation")},
            "about": [{"@type": "Thing", "name": name} for name in about],
            "mentions": [
                said({"@type": "Organization", "name": party.organisation.name}) for party in page.parties.all()
            ],
            "contentLocation": {
                "@type": "Place",
                "name": page.municipality,
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": page.municipality,
                    "addressCountry": page.country,
                },
            },
            "image": [absolute(item.image.get_rendition("width-1200").url) for item in page.images.all()],
            "license": LICENCE_URLS.get(page.licence),
            "isBasedOn": [
                said({"@type": "CreativeWork", "name": source.name, "url": source.url}) for source in page.sources.all()
            ],
        }
    )
