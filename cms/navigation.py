"""Which pages stand in the menu and in the footer: asked by the templates and by the API."""

from wagtail.models import Page, PageQuerySet

from cms.models import StandardPage


def menu_pages(home: Page) -> PageQuerySet:
    """The pages an editor put in the menu below this home page."""
    return home.get_children().live().public().in_menu()


def footer_pages(home: Page) -> PageQuerySet:
    """The pages an editor put in the footer: terms, privacy, accessibility."""
    return StandardPage.objects.child_of(home).live().public().filter(in_footer=True)
