"""From a figure to an SVG element that stands in an HTML page: readable aloud, light or dark.

Colours become CSS variables, fonts are the page's, ids are unique in the page, and nothing of the
drawing program's own remains: no metadata, no date, no namespaces, no addresses.
"""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from evenhand.analysis.charts.canvas import UNITS_AN_INCH, house_style
from evenhand.analysis.charts.palette import COLOURS
from evenhand.analysis.charts.words import width_of

_VARIABLES = {colour.light: f"var(--{colour.name})" for colour in COLOURS}
_HEX = re.compile(r"#[0-9a-f]{6}")
_FONT = re.compile(r"font: (?:(?P<weight>\d+) )?(?P<size>[\d.]+px) [^;]*")
_FONT_FAMILY = re.compile(r"font-family:[^;]*;?\s*")
_REFERENCE = re.compile(r"#([A-Za-z][\w-]*)")
_DROPPED = {"metadata", "style", "title", "desc"}


class _Renderer(RendererSVG):
    """Matplotlib's SVG renderer, but text is measured as the browser's fonts will set it."""

    def get_text_width_height_descent(
        self,
        s: str,
        prop: FontProperties,
        ismath: bool | str,  # noqa: ARG002  # matplotlib's signature
    ) -> tuple[float, float, float]:
        size = prop.get_size_in_points()
        return width_of(s, size), 0.95 * size, 0.22 * size


def draw(figure: Figure, salt: str) -> str:
    """The figure as matplotlib writes it; the same figure and salt give the same text."""
    out = StringIO()
    with house_style():
        mpl.rcParams["svg.hashsalt"] = salt
        figure.set_dpi(UNITS_AN_INCH)
        width, height = figure.get_size_inches() * UNITS_AN_INCH
        nothing: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
        svg: Any = _Renderer  # the backend has no types
        mixed: Any = MixedModeRenderer
        plain = svg(width, height, out, image_dpi=UNITS_AN_INCH, metadata=nothing)
        renderer = mixed(figure, width / UNITS_AN_INCH, height / UNITS_AN_INCH, UNITS_AN_INCH, plain)
        figure.draw(renderer)
        renderer.finalize()
    return out.getvalue()


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _paint(text: str) -> str:
    """Colours as variables, where they are colours of the palette."""
    return _HEX.sub(lambda found: _VARIABLES.get(found[0], found[0]), text)


def _style(text: str) -> str:
    """A style without the fonts' names, which are the page's business, and with variables for colours."""
    short = _FONT.search(text)  # how matplotlib writes it up to 3.10
    if short:
        weight = f"font-weight: {short['weight']}; " if short["weight"] else ""
        text = f"{text[: short.start()]}{weight}font-size: {short['size']}{text[short.end() :]}"
    return _paint(_FONT_FAMILY.sub("", text))


def _attribute(key: str, value: str, prefix: str) -> str:
    """One attribute as it stands in the page."""
    if key == "id":
        value = f"{prefix}-{value}"
    elif key == "href" or "url(#" in value:
        value = _REFERENCE.sub(lambda found: f"#{prefix}-{found[1]}", value)
    if key in {"fill", "stroke"} and value.startswith("#"):  # variables work in styles only
        key, value = "style", f"{key}: {value}"
    return f' {key}="{escape(_style(value) if key == "style" else value)}"'


def _attributes(element: ET.Element, prefix: str, used: set[str]) -> str:
    """The attributes of an element; ids only where something refers to them."""
    named = ((_local(name), value) for name, value in element.attrib.items())
    return "".join(_attribute(key, value, prefix) for key, value in named if key != "id" or value in used)


def _write(element: ET.Element, prefix: str, used: set[str], out: list[str]) -> None:
    tag = _local(element.tag)
    if tag in _DROPPED:
        return
    inside: list[str] = []
    if element.text and element.text.strip():
        inside.append(escape(element.text, quote=False))
    for child in element:
        _write(child, prefix, used, inside)
    if tag == "defs" and not inside:
        return
    if tag == "g" and not inside:
        return
    attributes = _attributes(element, prefix, used)
    if tag == "g" and not attributes:
        out.extend(inside)
        return
    out.append(f"<{tag}{attributes}>")
    out.extend(inside)
    out.append(f"</{tag}>")


def to_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as one SVG element with a title and a description for those who do not see it.

    `name` must be unique in the page: it begins every id in the element. Title and description may
    hold any characters. There is no XML declaration: the element is meant for an HTML page.
    """
    root = ET.fromstring(draw(figure, name))  # noqa: S314  # written by the line above, not by a stranger
    used = set()
    for element in root.iter():
        for key, value in element.attrib.items():
            if _local(key) == "href" or "url(#" in value:
                used.update(_REFERENCE.findall(value))
    body: list[str] = []
    for child in root:
        _write(child, name, used, body)
    return (
        f'<svg role="img" viewBox="{root.attrib["viewBox"]}" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
        f"{''.join(body)}</svg>"
    )
