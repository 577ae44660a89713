"""StreamField blocks all pages share, and the field that takes those of the plugins too."""

from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock

from cms.plugins import installed_plugins


class FigureBlock(blocks.StructBlock):
    """A number with what it counts. The number is shared by the languages, the label is translated."""

    number = blocks.IntegerBlock(label=_("Number"), min_value=0)
    label = blocks.CharBlock(label=_("What it counts"), max_length=80)

    class Meta:
        icon = "order"
        label = _("Figure")


class ImageBlock(blocks.StructBlock):
    """An image that says what is on it and who made it."""

    image = ImageChooserBlock(label=_("Image"))
    alternative = blocks.CharBlock(
        label=_("Description"),
        max_length=250,
        help_text=_("What someone who cannot see the image should know."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)
    credit = blocks.CharBlock(label=_("Credit"), max_length=150, help_text=_("Maker and licence."))

    class Meta:
        icon = "image"
        label = _("Image")
        template = "cms/blocks/image.html"


class BodyBlock(blocks.StreamBlock):
    """What a standard page is made of."""

    text = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", template="cms/blocks/text.html")
    image = ImageBlock()
    quote = blocks.BlockQuoteBlock(label=_("Quote"))
    document = DocumentChooserBlock(label=_("Document"), template="cms/blocks/document.html")


def body_block() -> BodyBlock:
    """What a standard page is made of here: our blocks, then those the plugins bring, in the order of the story."""
    brought = {name: path for plugin in installed_plugins() for name, path in plugin.blocks.items()}
    return BodyBlock([(name, import_string(path)()) for name, path in brought.items()])


class BodyField(StreamField):
    """A migration knows our own blocks only: installing a plugin that brings one changes no table of ours."""

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup")
        _name, path, args, known = StreamField(BodyBlock(), **kwargs).deconstruct()
        return name, path, args, known
