"""The block editors find in the text of a standard page."""

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class PartnerBlock(blocks.StructBlock):
    """Who it is and where they are found; a logo is a picture of the name, so the name is its description."""

    name = blocks.CharBlock(max_length=100)
    address = blocks.URLBlock()
    logo = ImageChooserBlock(required=False)

    class Meta:
        icon = "group"
        label = "Partner"
        template = "partners/partner.html"
