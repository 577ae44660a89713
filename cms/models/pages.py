"""Home page, standard page and results page, and the fields every page of the Tour has."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision, get_page_models
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cms import linked, previews, results
from cms.blocks import BodyField, FigureBlock, body_block
from cms.images import incomplete_images
from cms.models.organiser import OrganiserSettings
from cms.page_form import GatedPageForm
from cms.panels import DeadLinksPanel, LanguagesPanel, ObstaclesPanel
from cms.plugins import installed_plugins
from cms.refusals import CannotGoLive
from cms.review import review_below
from cms.untranslated import LeftUntranslated, texts_left_in


class BasePage(Page):
    """Fields all our pages share, and the one gate to the public: see publish() and save().

    Abstract: wagtail-localize does not support a swapped base page.
    """

    #: Named by its app too: a site has a HomePage of its own, and both would be `page.homepage`.
    page_ptr = models.OneToOneField(
        Page, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="%(app_label)s_%(class)s"
    )
    #: Whether what is written below a page of this kind goes past a reviewer (cms.review).
    is_reviewed_below = False

    intro = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences below the title, in lists and in search results."),
    )

    base_form_class = GatedPageForm
    content_panels = [LanguagesPanel(), DeadLinksPanel(), *Page.content_panels, FieldPanel("intro")]
    search_fields = [*Page.search_fields, index.SearchField("intro", boost=1.5)]
    override_translatable_fields = [SynchronizedField("show_in_menus", overridable=False)]

    class Meta:
        abstract = True

    @classmethod
    def clean_subpage_models(cls) -> list[type[Page]]:
        """A page type a site makes from one of ours may stand wherever that one may."""
        named: list[type[Page]] = super().clean_subpage_models()
        return [one for one in get_page_models() if issubclass(one, tuple(named))]

    @property
    def summary(self) -> str:
        """What a list, a share card or a search engine shows."""
        return self.search_description or self.intro

    @property
    def told_title(self) -> str:
        """Its title where it stands alone: in a search engine, on a share card, in the browser's tab."""
        return self.seo_title or self.title

    #: What it is in the words of Open Graph.
    shared_as = "website"
    #: An SVG that goes with its title where it is shared, "" for none.
    drawing = ""

    @property
    def photograph(self) -> tuple[Any, str] | None:
        """An image of its own and what it shows in words, for where it is shared."""
        return None

    @cached_property
    def trail(self) -> list[Page]:
        """The live pages above this one, the home page first; none above a home page."""
        # The root of the tree, which nobody sees, is the one page at depth 1.
        return list(self.get_ancestors().live().filter(depth__gt=1).select_related("locale")) if self.depth else []

    def linked_data(self, organiser: OrganiserSettings, *, at: datetime) -> list[linked.Thing]:
        """What it is about, in schema.org's words, beside what every page says of itself (cms.linked.graph)."""
        return []

    def obstacles(self) -> list[str]:
        """A sentence for each thing this page may not be public without, in the active language; empty when ready.

        About the page as it is in memory, with its unsaved parts. Of any page: an image in its text says what is on it.
        """
        return incomplete_images(self)

    def obstacles_to_review(self) -> list[str]:
        """The same, before a reviewer reads it: without what can be put right while they do."""
        return self.obstacles()

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("", _("This page")), *previews.other_languages(self), *previews.on_front_end()]

    def make_preview_request(
        self,
        original_request: Any = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> Any:
        """With the unsaved changes of this page; in the other language what there is of it now."""
        if preview_mode == previews.FRONT_END and previews.on_front_end() and original_request is not None:
            return previews.sent_to_front_end(self, original_request.user)
        code = previews.language_of(preview_mode)
        if code is None or original_request is None:
            return super().make_preview_request(original_request, preview_mode, extra_request_attrs)
        shown = previews.in_language(self, code, original_request.user)
        return shown.make_preview_request(original_request, shown.default_preview_mode, extra_request_attrs)

    def refuse_unready(self) -> None:
        """Raises CannotGoLive when something keeps the page from going live.

        An alias has no content of its own: what it shows went past here as another page.
        """
        if self.alias_of_id is None and (found := self.obstacles()):
            raise CannotGoLive(self, found)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        """Publish, or schedule, a revision: every road but the edit form's leads here.

        Raises CannotGoLive; LeftUntranslated for a translation with texts of the first language on it.
        """
        page = revision.as_object()
        page.refuse_unready()
        if texts := texts_left_in(page):
            raise LeftUntranslated(page, texts)
        # Wagtail forgets the schedule before it writes the page. Together, or not at all.
        with transaction.atomic():
            return super().publish(revision, *args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the page. Raises CannotGoLive for a live one that lacks something, by whatever road it came.

        Wagtail itself writes a page to make it live, so this is the gate that nothing passes. One that was live before
        a rule stays live until it is written again.
        """
        is_new = self._state.adding
        named = kwargs.get("update_fields")
        if self.live and (named is None or "live" in named):
            self.refuse_unready()
        super().save(*args, **kwargs)
        if is_new and self.is_reviewed_below:
            review_below(self)


class BelowAHome:
    """A page with a place of its own: below our home page, or below any page type of the site it is installed in.

    The site's own types say in their `subpage_types` when they want none of ours.
    """

    @classmethod
    def clean_parent_page_models(cls) -> list[type[Page]]:
        ours = {plugin.label for plugin in installed_plugins()}
        theirs = [one for one in get_page_models() if one is not Page and one._meta.app_label not in ours]
        return [HomePage, *theirs]


class HomePage(BasePage):
    """What the Tour is, its line of stops and latest cases (put there by the plugins), results, lessons, future."""

    hero = models.CharField(_("promise"), max_length=120, help_text=_("The one strong headline of the site."))
    about = RichTextField(
        _("what the Tour is"),
        blank=True,
        help_text=_("For somebody who never heard of it: what it is, for whom, and who runs it."),
    )
    figures = StreamField(
        [("figure", FigureBlock())],
        verbose_name=_("key figures"),
        blank=True,
        max_num=6,
        help_text=_("At most six numbers, each with what it counts."),
    )
    figures_note = models.CharField(
        _("what the figures are about"),
        max_length=120,
        blank=True,
        help_text=_("For instance: the pilot project. Figures of the pilot are never mixed with live ones."),
    )
    results = StreamField(
        [("item", blocks.TextBlock(label=_("Result")))],
        verbose_name=_("most important results"),
        blank=True,
        help_text=_("One result in a sentence each, the most telling one first."),
    )
    lessons = StreamField(
        [("item", blocks.TextBlock(label=_("Lesson")))],
        verbose_name=_("most important lessons"),
        blank=True,
        help_text=_("One lesson each, as advice with a verb."),
    )
    future = RichTextField(
        _("what the future brings"),
        blank=True,
        help_text=_("What is planned and what is only hoped for; say which is which."),
    )
    partners = models.TextField(
        _("partners"), blank=True, help_text=_("Who carries the Tour; stands at the end of the page.")
    )

    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = None

    content_panels = [
        LanguagesPanel(),
        DeadLinksPanel(),
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

    def linked_data(self, organiser: OrganiserSettings, *, at: datetime) -> list[linked.Thing]:
        return [linked.organisation(organiser), linked.web_site(self)]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class StandardPage(BasePage):
    """A page of text: about, taking part, terms, privacy, accessibility."""

    body = BodyField(
        body_block(),
        verbose_name=_("text"),
        blank=True,
        help_text=_("Texts, images, quotes and documents, in the order they are read."),
    )
    in_footer = models.BooleanField(
        _("in the footer"),
        default=False,
        help_text=_("For pages people look for at the bottom: terms, privacy, accessibility."),
    )

    content_panels = [ObstaclesPanel(), *BasePage.content_panels, FieldPanel("body")]
    promote_panels = [*BasePage.promote_panels, FieldPanel("in_footer")]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        SynchronizedField("in_footer", overridable=False),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")


class ResultsPage(BelowAHome, BasePage):
    """What the programme has brought so far. The figures are counted; an editor says how, and what they do not say."""

    counting = RichTextField(
        _("how it is counted"),
        blank=True,
        help_text=_("What is counted and what is not. The pilot's own figures stay on the home page."),
    )

    subpage_types: list[str] = []
    max_count_per_parent = 1

    content_panels = [*BasePage.content_panels, FieldPanel("counting")]
    search_fields = [*BasePage.search_fields, index.SearchField("counting")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = results.context(self, at=timezone.now())
        return {**super().get_context(request, *args, **kwargs), **told}

    class Meta:
        verbose_name = _("results page")
        verbose_name_plural = _("results pages")
