"""What wagtail-localize does with each field of a model, in words a list of claims can be made of."""

from typing import Any

from django.db.models import Field, ManyToOneRel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, get_translatable_fields

TRANSLATED, SHARED, SHARED_UNLESS_REPLACED = "translated", "shared", "shared unless replaced"
UNDECIDED = "undecided"
#: What Wagtail keeps for itself, and what ties a part to its page.
HOUSEKEEPING = {"id", "page", "page_ptr", "locale", "translation_key", "sort_order"}
#: Wagtail's own lists of a page: no content.
KEPT_OF_A_PAGE = {"wagtail_admin_comments"}


def treatments(model: Any) -> dict[str, str]:
    """Field -> its treatment, for every field somebody can fill in and every list of parts; undecided when none."""
    told = {}
    for treated in get_translatable_fields(model):
        if not isinstance(treated, SynchronizedField):
            told[treated.field_name] = TRANSLATED
        else:
            told[treated.field_name] = SHARED_UNLESS_REPLACED if treated.overridable else SHARED
    own = {field.name for field in model._meta.get_fields() if _is_content(model, field)}
    return dict.fromkeys(own - told.keys(), UNDECIDED) | told


def _is_content(model: Any, field: Any) -> bool:
    if issubclass(model, Page) and field.name in {one.name for one in Page._meta.get_fields()}:
        return False
    if field.name in HOUSEKEEPING | KEPT_OF_A_PAGE:
        return False
    if isinstance(field, ManyToOneRel):
        return (
            bool(getattr(field.field, "related_accessor_class", None)) and type(field.field).__name__ == "ParentalKey"
        )
    return isinstance(field, Field)


def spread(**groups: str) -> dict[str, str]:
    """ "translated='title intro'" -> {"title": "translated", "intro": "translated"}."""
    words = {"translated": TRANSLATED, "shared": SHARED, "replaceable": SHARED_UNLESS_REPLACED, "undecided": UNDECIDED}
    return {name: words[group] for group, names in groups.items() for name in names.split()}


#: Of every page of ours.
PAGE = spread(translated="title slug seo_title search_description intro", shared="show_in_menus")
