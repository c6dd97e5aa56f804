"""A chart as a file: PNG, SVG or PDF, with Chinese where a font for it is installed, the same every time."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from evenhand.analysis.charts.svg import draw
from evenhand.locale.current import gettext

SUFFIXES = (".png", ".svg", ".pdf")
DOTS_AN_INCH = {".png": 144, ".pdf": 72}
"""A PNG has two dots a unit, so that it can be printed."""
_LATIN = "DejaVu Sans"
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
)
_FONT = re.compile(r"(font-family:|font: [^;\"]*?px) [^;\"]*")
"""As matplotlib writes it, since 3.11 and before."""
_METADATA: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


def families() -> list[str]:
    """Matplotlib's own font first, then the Chinese ones that are installed."""
    installed = {font.name for font in fontManager.ttflist}
    return [_LATIN, *(name for name in _CHINESE if name in installed)]


def lacking(figure: Figure) -> str:
    """What to install for the Chinese in a figure; empty where it has none, or a font for it is there."""
    if len(families()) > 1 or not any(_is_wide(text.get_text()) for text in figure.findobj(Text)):
        return ""
    return gettext(
        "no font with Chinese characters is installed, so they are boxes in PNG and PDF; install one, such "
        "as Noto Sans CJK SC (Debian: fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts), or write SVG"
    )


def _is_wide(text: object) -> bool:
    return any(east_asian_width(one) in {"W", "F"} for one in str(text))


def svg(figure: Figure) -> str:
    """The figure as a text of its own; words stay words, in the fonts of whoever looks at it."""
    fonts = ", ".join(f"'{name}'" for name in (_LATIN, *_CHINESE))
    return _FONT.sub(lambda found: f"{found[1]} {fonts}, sans-serif", draw(figure, "evenhand"))


def save(figure: Figure, path: Path) -> None:
    """Write a figure in the format of the file's suffix.

    A character that no installed font has is drawn as a box in PNG and PDF. Raises OSError, and ValueError
    for a suffix that is not in `SUFFIXES`.
    """
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise ValueError(
            gettext("must end in {what} or {what_2}, found '{name}'").format(
                what=", ".join(SUFFIXES[:-1]), what_2=SUFFIXES[-1], name=path.name
            )
        )
    if kind == ".svg":
        path.write_text(svg(figure), encoding="utf-8")
        return
    fonts = families()
    for text in figure.findobj(Text):
        text.set_fontfamily(fonts)
    with mpl.rc_context({"pdf.fonttype": 42}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(path, format=kind[1:], dpi=DOTS_AN_INCH[kind], metadata=_METADATA[kind])
