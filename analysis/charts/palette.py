"""The colours of all charts, for light and dark paper, told apart without colour vision.

The hues are Okabe and Ito's (2008, "Color universal design"), darkened for light paper where a thin
line in the original would fall below a contrast of 3 to 1. Charts use the light values; `svg` turns
each into a CSS variable of the same name, so every light value here is used once only.
"""

from __future__ import annotations

from typing import NamedTuple


class Colour(NamedTuple):
    """One named colour: its CSS variable, and its value on light and on dark paper."""

    name: str
    light: str
    dark: str


PAPER = Colour("paper", "#fffefd", "#16191d")
INK = Colour("ink", "#1f2428", "#e6e8ea")
MUTED = Colour("muted", "#5d666f", "#a3adb6")
RULE = Colour("rule", "#dcdfe2", "#343a41")
BLUE = Colour("blue", "#0072b2", "#4aa8de")
VERMILLION = Colour("vermillion", "#d55e00", "#f08a4b")
GREEN = Colour("green", "#008c66", "#2fbf95")
PURPLE = Colour("purple", "#b3568d", "#dc93bb")
AMBER = Colour("amber", "#a97400", "#e8ad2e")
SKY = Colour("sky", "#2b8cbe", "#7cc8ee")
SLATE = Colour("slate", "#6b7680", "#99a3ac")
SOFT_BLUE = Colour("soft-blue", "#a9d0e8", "#1f567a")
SOFT_SLATE = Colour("soft-slate", "#d5d9dd", "#454d55")
SOFT_AMBER = Colour("soft-amber", "#f0d499", "#6b4f14")

COLOURS = (
    PAPER,
    INK,
    MUTED,
    RULE,
    BLUE,
    VERMILLION,
    GREEN,
    PURPLE,
    AMBER,
    SKY,
    SLATE,
    SOFT_BLUE,
    SOFT_SLATE,
    SOFT_AMBER,
)


class Look(NamedTuple):
    """How one line of several is drawn: colour, dashes and marker, each enough by itself."""

    colour: Colour
    dashes: tuple[float, ...]
    marker: str


LOOKS = (
    Look(BLUE, (), "o"),
    Look(VERMILLION, (6, 2), "s"),
    Look(GREEN, (2, 1.5), "^"),
    Look(PURPLE, (7, 2, 1.5, 2), "D"),
    Look(AMBER, (4, 2, 1, 2, 1, 2), "v"),
    Look(SKY, (10, 3), "P"),
    Look(SLATE, (1, 1), "X"),
    Look(INK, (3, 3), "p"),
)
"""In the order in which lines take them; a chart shows no more lines than there are looks."""


class Fill(NamedTuple):
    """How one part of several is filled: colour, hatch, and the colour of its hatch and writing."""

    colour: Colour
    hatch: str
    lines: Colour


def css() -> str:
    """The colours as CSS variables: light, and dark where the reader's system is."""
    light = "".join(f"--{c.name}:{c.light};" for c in COLOURS)
    dark = "".join(f"--{c.name}:{c.dark};" for c in COLOURS)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
