"""Rich text as HTML that any front end may show: nothing runs, and nothing leads where the reader may not go."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from wagtail.images.formats import get_image_format

from cms.conf import configured
from cms.headless.reading import Reading

#: What stands in the texts of this site; anything else loses its tag and keeps its words.
TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "code", "pre"),
    *("ul", "ol", "li", "a", "blockquote", "br", "hr", "img", "table", "thead", "tbody", "tr", "th", "td", "caption"),
}
#: These go with all that is in them.
GONE = ("script", "style", "iframe", "object", "template", "form", "svg", "math", "noscript")
SCHEMES = {"http", "https", "mailto", "tel"}


def want(html: Any, reading: Reading) -> None:
    """Say which pages, images and documents this text refers to."""
    if not isinstance(html, str) or "<" not in html:
        return
    for tag in BeautifulSoup(html, "html.parser").find_all(["a", "embed"]):
        kind = tag.get("linktype") or tag.get("embedtype")
        if kind == "page":
            reading.want_page(tag.get("id"))
        elif kind == "document":
            reading.want_document(tag.get("id"))
        elif kind == "image":
            reading.want_image(tag.get("id"), configured.API_DEFAULT_RENDITIONS)


def safe(html: Any, reading: Reading) -> str:
    """The text with its own links and images filled in. A link to what is not there for the reader is its words."""
    if not isinstance(html, str) or not html:
        return ""
    soup = BeautifulSoup(html, "html.parser")
    for gone in soup.find_all(GONE):
        gone.decompose()
    for comment in soup.find_all(string=lambda text: type(text).__name__ != "NavigableString"):
        comment.extract()
    for tag in list(soup.find_all(True)):
        _settle(tag, reading)
    return str(soup)


def _settle(tag: Tag, reading: Reading) -> None:
    if tag.name == "a":
        _keep(tag, {"href": _target(tag, reading)})
    elif tag.name == "embed" and tag.get("embedtype") == "image":
        _picture(tag, reading)
    elif tag.name == "embed":
        _as_link(tag, safe_address(tag.get("url"), reading))
    elif tag.name == "img":
        source = safe_address(tag.get("src"), reading)
        if source:
            _keep(tag, {"src": source, "alt": str(tag.get("alt") or "")})
        else:
            tag.decompose()
    elif tag.name not in TAGS:
        tag.unwrap()
    else:
        numbers = {name: str(tag[name]) for name in ("colspan", "rowspan") if str(tag.get(name, "")).isdigit()}
        _keep(tag, numbers)


def _keep(tag: Tag, attributes: Mapping[str, str | None]) -> None:
    """These attributes and no other; a link that leads nowhere is its words."""
    if tag.name == "a" and not attributes.get("href"):
        tag.unwrap()
        return
    tag.attrs = {name: value for name, value in attributes.items() if value is not None}


def _target(tag: Tag, reading: Reading) -> str | None:
    match tag.get("linktype"):
        case "page":
            page = reading.page_ref(tag.get("id"))
            return page["html_url"] if page else None
        case "document":
            document = reading.document(tag.get("id"))
            return document["url"] if document else None
    return safe_address(tag.get("href"), reading)


def _picture(tag: Tag, reading: Reading) -> None:
    specs: Iterable[str] = configured.API_DEFAULT_RENDITIONS
    image = reading.image(tag.get("id"), specs)
    made = next(iter(image["renditions"].values()), None) if image else None
    if made is None:
        tag.decompose()
        return
    known = get_image_format(str(tag.get("format"))) if _is_format(tag.get("format")) else None
    attributes = {"src": made["url"], "alt": str(tag.get("alt") or "")}
    attributes |= {"width": str(made["width"]), "height": str(made["height"])}
    if known and known.classname:
        attributes["class"] = known.classname
    tag.name = "img"
    tag.attrs = dict(attributes)


def _is_format(name: Any) -> bool:
    try:
        get_image_format(str(name))
    except KeyError:
        return False
    return True


def _as_link(tag: Tag, address: str | None) -> None:
    """What stands on another site is linked to: nothing of a third party is fetched for the reader."""
    if not address:
        tag.decompose()
        return
    tag.name = "a"
    tag.attrs = {"href": address}
    tag.string = address


def safe_address(address: Any, reading: Reading) -> str | None:
    """The address made absolute, or None for one that could run something."""
    written = "".join(str(address or "").split()).strip()
    if not written or any(ord(sign) < 32 for sign in written):
        return None
    try:
        scheme = urlsplit(written).scheme.lower()
    except ValueError:
        return None
    if scheme:
        return written if scheme in SCHEMES else None
    if written.startswith("//"):
        return f"https:{written}"
    if written.startswith("/"):
        return reading.absolute(written)
    return written if written.startswith("#") else None
