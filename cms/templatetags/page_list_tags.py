"""Template tags of the lists of one kind of page (cms.admin.page_lists)."""

from django import template
from django.template.context import RequestContext
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.widgets.button import Button, ButtonWithDropdownFromHook
from wagtail.models import Page

register = template.Library()
MORE = "register_page_listing_more_buttons"


class RowMenu(ButtonWithDropdownFromHook):
    """Wagtail's own menu of a row, without what wagtail-localize adds: it asks the database twice for each row, for
    what the column of the translation tells and leads to."""

    @cached_property
    def dropdown_buttons(self) -> list[Button]:
        offered = [
            button
            for hook in hooks.get_hooks(MORE)
            if not hook.__module__.startswith("wagtail_localize.")
            for button in hook(page=self.page, user=self.user, next_url=self.next_url)
        ]
        shown = [
            Button.from_menu_item(button) if isinstance(button, MenuItem) else button
            for button in offered
            if (button.is_shown(self.user) if isinstance(button, MenuItem) else button.show)
        ]
        return sorted(shown)


@register.simple_tag(takes_context=True)
def row_menu(context: RequestContext, page: Page, next_url: str) -> RowMenu:
    """The menu of a page in a list; its `show` says whether there is anything in it for this person."""
    label = _("More options for “%(title)s”") % {"title": page.get_admin_display_title()}
    return RowMenu(
        "",
        MORE,
        page,
        context["request"].user,
        next_url=next_url,
        icon_name="dots-horizontal",
        attrs={"aria-label": label},
    )
