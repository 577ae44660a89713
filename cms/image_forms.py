"""The form an image is uploaded with, wherever that is: a damaged file is refused like any other bad one."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class SoundImageField(WagtailImageField):
    """Wagtail looks at a file's first bytes to know it for an image, and fails on one that only begins like one."""

    def check_image_pixel_size(self, f: Any) -> None:
        try:
            super().check_image_pixel_size(f)
        except (OSError, SyntaxError, ValueError) as damage:  # what Pillow raises for broken and cut-off files
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from damage


class ImageForm(BaseImageForm):
    """Named in the settings, so the upload of one, of many and that in the chooser are all made of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            # Wagtail makes this field itself and lets nobody name another class for it.
            self.fields["file"].__class__ = SoundImageField
