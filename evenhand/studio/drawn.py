"""Pictures as files of their own: SVG in light and dark, and PNG to take along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure
from starlette.responses import Response

from evenhand.analysis.charts import palette, to_svg
from evenhand.analysis.charts.file import save
from evenhand.analysis.report.exhibit import HALF, WIDE, Panel
from evenhand.analysis.runs.scratch import scratch

CLOSED = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
"""A picture may colour itself, and do nothing else."""
FONTS = (
    'svg{font-family:system-ui,-apple-system,"Segoe UI","Noto Sans",Arial,"PingFang SC","Microsoft YaHei",'
    '"Noto Sans CJK SC","Noto Sans SC",sans-serif;font-variant-numeric:tabular-nums}'
)


def svg_file(panel: Panel, *, small: bool = False, paper: bool = False) -> Response:
    """A picture that follows the reader's light or dark; `small` is for telephones, `paper` always light."""
    drawn = to_svg(panel.draw(HALF if small else WIDE), panel.key, panel.title, panel.alternative)
    colours = palette.css().partition("\n")[0] if paper else palette.css()
    head, _, rest = drawn.partition(">")
    text = f'{head} xmlns="http://www.w3.org/2000/svg"><style>{colours}\n{FONTS}</style>{rest}'
    return Response(text, media_type="image/svg+xml", headers=CLOSED)


def png_file(draw: Callable[[float], Figure], name: str) -> Response:
    """A picture for slides and letters, to download."""
    with scratch() as folder:
        place: Path = folder / "picture.png"
        save(draw(WIDE), place)
        found = place.read_bytes()
    return Response(found, media_type="image/png", headers={**CLOSED, **attached(f"{name}.png")})


def attached(name: str) -> dict[str, str]:
    """The header that gives a download its name."""
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    return {"content-disposition": f'attachment; filename="{plain}"'}
