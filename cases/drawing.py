"""The rings of a case as a picture by itself, in the colours the style sheet gives them on a light page."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from cases.taxonomy import Ring

#: As --moss, --copper, … in cms/static/cms/tokens.css: a document has no style sheet.
COLOURS = {"moss": "#1e5b3e", "copper": "#a8481f", "sky": "#23598c", "sun": "#f2c14e", "ink": "#16211b"}


def rings_svg(rings: Sequence[Ring]) -> bytes:
    """An SVG of 300 by 300. Raises KeyError for a colour the style sheet does not have."""
    drawn = "".join(
        f'<circle cx="150" cy="150" r="{ring.radius}" fill="none" stroke={quoteattr(COLOURS[ring.colour])} '
        f'stroke-width="{ring.width}" stroke-dasharray="{ring.drawn} {ring.gap}" '
        f'transform="rotate({ring.turn} 150 150)"/>'
        for ring in rings
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300">{drawn}</svg>'.encode()
