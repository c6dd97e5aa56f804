"""A chart as a picture of its own: light or dark like the page, and shut in."""

from __future__ import annotations

from matplotlib.figure import Figure
from starlette.responses import Response

PICTURE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def drawn(figure: Figure, name: str, title: str, told: str) -> Response:
    """A figure as an SVG with its own colours, a title and a text for those who do not see it."""
    from evenhand.analysis.charts import palette, to_svg

    styled = to_svg(figure, name, title, told).replace(
        ">",
        f' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<style>{palette.css()} svg{{font-family:system-ui,sans-serif}}</style>",
        1,
    )
    return Response(styled, media_type="image/svg+xml", headers={"content-security-policy": PICTURE})
