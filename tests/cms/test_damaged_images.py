"""A file that begins like an image and is none is refused with a sentence, at each of the three places to upload."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Collection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_words")]

SENTENCE = "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def sound(kind="PNG"):
    written = BytesIO()
    Picture.new("RGB", (64, 48), "green").save(written, kind)
    return written.getvalue()


DAMAGED = {
    "a signature and text": ("leaf.png", SIGNATURE + b"nonsense"),
    "a signature alone": ("leaf.png", SIGNATURE),
    "a header cut off": ("leaf.png", sound()[:20]),
    "a photograph cut off": ("leaf.jpg", sound("JPEG")[:12]),
    "a picture cut off": ("leaf.gif", sound("GIF")[:8]),
    "a WebP cut off": ("leaf.webp", sound("WEBP")[:16]),
}


def posted(name, content):
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return {"title": "Leaf", "file": file, "collection": Collection.get_first_root_node().pk}


@pytest.mark.parametrize(("name", "content"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_image_is_refused_with_a_sentence(desk, name, content):
    answer = desk.post(reverse("wagtailimages:add"), posted(name, content))

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["file"])
    assert SENTENCE in answer.content.decode()
    assert get_image_model().objects.count() == 0


def test_the_chooser_and_the_upload_of_many_say_it_too(desk):
    name, content = DAMAGED["a signature and text"]
    chosen = {f"image-chooser-upload-{field}": value for field, value in posted(name, content).items()}

    many = desk.post(
        reverse("wagtailimages:add_multiple"),
        {"files[]": SimpleUploadedFile(name, content), "title": "Leaf"},
        HTTP_X_REQUESTED_WITH="XMLHttpRequest",
    )
    chooser = desk.post(reverse("wagtailimages_chooser:create"), chosen)

    assert (many.status_code, many.json()["success"], many.json()["error_message"]) == (200, False, SENTENCE)
    assert (chooser.status_code, SENTENCE in chooser.content.decode()) == (200, True)
    assert get_image_model().objects.count() == 0


def test_a_sound_image_is_taken(desk):
    answer = desk.post(reverse("wagtailimages:add"), posted("leaf.png", sound()))

    assert answer.status_code == 302
    assert [(image.title, image.width) for image in get_image_model().objects.all()] == [("Leaf", 64)]
