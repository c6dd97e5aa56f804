"""A chart as a picture of its own: light or dark like the page, and shut in."""

from __future__ import annotations

from matplotlib.figure import Figure
from starlette.requests import Request
from starlette.responses import Response

WIDE, NARROW = 900.0, 358.0
"""Widths of charts: on a screen, and on a phone, which asks for `narrow`."""
PICTURE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def width_of(request: Request) -> float:
    """How wide a chart is drawn."""
    return NARROW if "narrow" in request.query_params else WIDE


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
