"""The one product group becomes a list, and what was written down of a page elsewhere learns the new names.

A page's words are not only in its own tables: each revision holds them as JSON (a draft is nothing else), and
wagtail-localize keeps the last Dutch text and a path for every sentence translated. With the old names there, a draft
would lose its product group and a translation its sentences.
"""

import json
import uuid

from django.db import migrations
from django.db.models import Q

#: Of wagtail-localize: what it makes the number of a path from.
PATHS = uuid.UUID("fcab004a-2b50-11ea-978f-2e728ce88125")


def _new_names(content):
    group = content.pop("product_group", "")
    content["product_groups"] = json.dumps([group] if group else [])
    for lesson in content.get("lessons", []):
        lesson["when_not"] = lesson.pop("condition", "")


def _old_names(content):
    groups = json.loads(content.pop("product_groups", None) or "[]")
    content["product_group"] = groups[0] if groups else ""
    for lesson in content.get("lessons", []):
        lesson["condition"] = lesson.pop("when_not", "")


def _rewrite(apps, rewritten, old, new):
    kind = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="cases", model="casepage").first()
    if kind is None:
        return
    for revision in apps.get_model("wagtailcore", "Revision").objects.filter(content_type=kind).iterator():
        rewritten(revision.content)
        revision.save(update_fields=["content"])
    sources = apps.get_model("wagtail_localize", "TranslationSource").objects.filter(specific_content_type=kind)
    for source in sources.iterator():
        content = json.loads(source.content_json)
        rewritten(content)
        source.content_json = json.dumps(content)
        source.save(update_fields=["content_json"])
    contexts = apps.get_model("wagtail_localize", "TranslationContext").objects.filter(
        path__startswith="lessons.", path__endswith=f".{old}"
    )
    for context in contexts.iterator():
        context.path = context.path.removesuffix(old) + new
        context.path_id = uuid.uuid5(PATHS, context.path)
        if context.field_path:
            context.field_path = context.field_path.removesuffix(old) + new
        context.save(update_fields=["path", "path_id", "field_path"])


def forward(apps, schema_editor):
    for page in apps.get_model("cases", "CasePage").objects.exclude(product_group="").iterator():
        page.product_groups = [page.product_group]
        page.save(update_fields=["product_groups"])
    _rewrite(apps, _new_names, "condition", "when_not")


def back(apps, schema_editor):
    for page in apps.get_model("cases", "CasePage").objects.exclude(product_groups=[]).iterator():
        page.product_group = page.product_groups[0]
        page.save(update_fields=["product_group"])
    # The older tables have no place for a half-typed figure; the draft it belongs to still holds it.
    apps.get_model("cases", "ImpactFigure").objects.filter(
        Q(value=None) | Q(year=None) | Q(status="") | Q(source_name="")
    ).delete()
    _rewrite(apps, _old_names, "when_not", "condition")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_case_facts"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(forward, back)]
