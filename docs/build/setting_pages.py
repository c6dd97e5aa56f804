"""Every setting of scenario and policy files as pages of the site, made from the models.

A setting is shown with its path, what it means, its unit and what may stand there.
"""

from __future__ import annotations

from itertools import groupby

from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.fields import UNITS, Meaning, SettingAbout, about

ABOUT: dict[Kind, tuple[str, str]] = {
    "scenario": (
        "Settings of a scenario",
        "What a world is like: the market, its people, delays and evidence.",
    ),
    "policy": ("Settings of a policy", "The arbitration rules: windows, standards, deciders, reviews, fees."),
}
NOTE = (
    "`*` stands for a name or a position of your own. `evenhand show NAME` prints what a shipped file sets, "
    "with its source and how sure it is; `evenhand new NAME --base tmall` begins a file of yours."
)


def page(kind: Kind) -> str:
    """All settings of a kind of file, as Markdown: one table for each group of settings."""
    title, what = ABOUT[kind]
    groups = [list(found) for _, found in groupby(about(kind), lambda setting: setting.path.split(".")[0])]
    alone = [rows[0] for rows in groups if len(rows) == 1]
    parts = [f"# {title}", what, NOTE, "## At the top", _table(alone)]
    for first, *inside in groups:
        if inside:
            parts += [f"## {first.meaning.label}: `{first.path}`", first.meaning.description, _table(inside)]
    return "\n\n".join(part for part in parts if part) + "\n"


def units() -> str:
    """What units of settings mean that a reader may not know, as Markdown."""
    rows = "\n".join(f"| {unit} | {means} |" for unit, means in UNITS.items())
    return f"# Units of settings\n\n| unit | what it means |\n|---|---|\n{rows}\n"


def _table(settings: list[SettingAbout]) -> str:
    rows = [
        f"| `{path}` | {_cell(said)} | {said.unit} | {_plain(said.allowed)} |" for path, said, _ in settings
    ]
    return "\n".join(
        ["| setting | what it means | unit | what may stand there |", "|---|---|---|---|", *rows]
    )


def _cell(said: Meaning) -> str:
    return _plain(f"**{said.label}.** {said.description}")


def _plain(words: str) -> str:
    """Words that do not end the cell of a table."""
    return words.replace("|", "\\|")
