"""Home page, standard page and results page, and the fields every page of the Tour has."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cms.blocks import BodyBlock, FigureBlock
from cms.panels import LanguagesPanel
from cms.untranslated import LeftUntranslated, texts_left_in


class BasePage(Page):
    """Fields all our pages share. Abstract: wagtail-localize does not support a swapped base page."""

    intro = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences below the title, in lists and in search results."),
    )

    content_panels = [LanguagesPanel(), *Page.content_panels, FieldPanel("intro")]
    search_fields = [*Page.search_fields, index.SearchField("intro", boost=1.5)]
    override_translatable_fields = [SynchronizedField("show_in_menus", overridable=False)]

    class Meta:
        abstract = True

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Every road to being live leads here: the editor, a reviewer's yes, many pages at once, code.

        Raises LeftUntranslated for a translation with texts of the first language on it. What somebody scheduled was
        asked then; the clock is not refused, so that it does the other pages too.
        """
        if revision.approved_go_live_at is None and (texts := texts_left_in(revision.as_object())):
            raise LeftUntranslated(self, texts)
        super().publish(revision, user=user, **kwargs)

    @property
    def summary(self) -> str:
        """What a list, a share card or a search engine shows."""
        return self.search_description or self.intro


class HomePage(BasePage):
    """What the Tour is, its line of stops and latest cases (put there by the plugins), results, lessons, future."""

    hero = models.CharField(_("promise"), max_length=120, help_text=_("The one strong headline of the site."))
    about = RichTextField(_("what the Tour is"), blank=True)
    figures = StreamField([("figure", FigureBlock())], verbose_name=_("key figures"), blank=True, max_num=6)
    figures_note = models.CharField(
        _("what the figures are about"),
        max_length=120,
        blank=True,
        help_text=_("For instance: the pilot project. Figures of the pilot are never mixed with live ones."),
    )
    results = StreamField(
        [("item", blocks.TextBlock(label=_("Result")))], verbose_name=_("most important results"), blank=True
    )
    lessons = StreamField(
        [("item", blocks.TextBlock(label=_("Lesson")))], verbose_name=_("most important lessons"), blank=True
    )
    future = RichTextField(_("what the future brings"), blank=True)
    partners = models.TextField(_("partners"), blank=True)

    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = None

    content_panels = [
        LanguagesPanel(),
        FieldPanel("title"),
        FieldPanel("hero"),
        FieldPanel("intro"),
        FieldPanel("about"),
        MultiFieldPanel([FieldPanel("figures_note"), FieldPanel("figures")], heading=_("Key figures")),
        FieldPanel("results"),
        FieldPanel("lessons"),
        FieldPanel("future"),
        FieldPanel("partners"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("about"),
        index.SearchField("results"),
        index.SearchField("lessons"),
        index.SearchField("future"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class StandardPage(BasePage):
    """A page of text: about, taking part, terms, privacy, accessibility."""

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    in_footer = models.BooleanField(
        _("in the footer"),
        default=False,
        help_text=_("For pages people look for at the bottom: terms, privacy, accessibility."),
    )

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    promote_panels = [*BasePage.promote_panels, FieldPanel("in_footer")]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("in_footer", overridable=False),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")


class ResultsPage(BasePage):
    """What the programme has brought so far. The figures are counted; an editor says how, and what they do not say."""

    counting = RichTextField(
        _("how it is counted"),
        blank=True,
        help_text=_("What is counted and what is not. The pilot's own figures stay on the home page."),
    )

    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    content_panels = [*BasePage.content_panels, FieldPanel("counting")]
    search_fields = [*BasePage.search_fields, index.SearchField("counting")]

    class Meta:
        verbose_name = _("results page")
        verbose_name_plural = _("results pages")
