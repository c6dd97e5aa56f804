"""What is shipped and what is in a file: `list`, `show` and `draws`."""

from __future__ import annotations

from itertools import pairwise

from rich.text import Text

from evenhand import scenarios
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import gettext, gettext_noop, tag
from evenhand.scenarios import Setting
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.labels import label
from evenhand.scenarios.show import ASSUMED
from evenhand.sim.sampling.streams import ALL

HEADS = (
    gettext_noop("Setting"),
    gettext_noop("Value"),
    gettext_noop("Plausible"),
    gettext_noop("Confidence"),
    gettext_noop("Source, note and reason"),
)


def print_list(*, as_json: bool) -> None:
    """Print the shipped scenarios and policies."""
    entries = scenarios.available()
    if as_json:
        print_json([{**entry._asdict(), "path": str(entry.path)} for entry in entries])
        return
    rows = [(gettext(entry.kind), entry.name, gettext(entry.title)) for entry in entries]
    console().print(table(("Kind", "Name", "Title"), rows))


def print_settings(name: str, *, as_json: bool) -> None:
    """Print every setting of a scenario or policy with its provenance. Raises BadFile."""
    loaded = scenarios.read(name)
    settings = scenarios.settings(loaded)
    model = loaded.model
    if as_json:
        head = {"kind": loaded.kind, "name": loaded.name, "title": model.title}
        about = {"description": model.description, "path": str(loaded.path)}
        print_json({**head, **about, "settings": [setting._asdict() for setting in settings]})
        return
    screen = console()
    screen.print(plain(f"{gettext(model.title)} [{gettext(loaded.kind)} {loaded.name}]"), style="bold")
    if model.description:
        screen.print(plain(_described(model.description)))
    shown = [setting for setting in settings if setting.path not in ("name", "title", "description")]
    rows = [
        (_called(one.path, loaded.kind), one.value, one.plausible, _confidence(one), _basis(one, before))
        for before, one in pairwise([None, *shown])
        if one
    ]
    screen.print()
    screen.print(table(HEADS, rows))
    screen.print(f"\n{_tally(shown)}")


def _called(path: str, kind: Kind) -> str:
    """A setting by its path; in another language than English what it is called stands below."""
    if tag() == ENGLISH:
        return path
    try:
        return f"{path}\n{label(path, kind)}"
    except KeyError:  # what a reform or an exception says beside settings
        return path


def _described(text: str) -> str:
    """A description as its file has it, or its translation on one line."""
    flat = " ".join(text.split())
    said = gettext(flat)
    return text.strip() if said == flat else said


def _confidence(setting: Setting) -> Text:
    if setting.confidence in ASSUMED:
        return Text(f"! {gettext(setting.confidence)}", style="yellow")
    return Text(gettext(setting.confidence), style="dim" if setting.confidence == "default" else "")


def _basis(setting: Setting, before: Setting | None) -> Text:
    """Source and note, told once for settings in a row that share them."""
    told = (setting.source, setting.note, setting.because)
    if before and any(told) and told == (before.source, before.note, before.because):
        return Text(gettext("as above"), style="dim")
    return Text(plain("; ".join(part for part in told if part)))


def _tally(settings: list[Setting]) -> str:
    counts: dict[str, int] = {}
    for setting in settings:
        counts[setting.confidence] = counts.get(setting.confidence, 0) + 1
    parts = ", ".join(
        f"{n} {gettext(confidence)}" for confidence, n in sorted(counts.items(), key=lambda c: -c[1])
    )
    return gettext("{settings} settings: {parts}. ! = judgement only; default = not in the file.").format(
        settings=len(settings), parts=parts
    )


def print_draws(*, as_json: bool) -> None:
    """Print every declared random quantity."""
    if as_json:
        print_json(
            [
                {"number": draw.number, "name": draw.name, "owner": draw.per, "law": draw.law}
                for draw in ALL.values()
            ]
        )
        return
    rows = [(str(draw.number), draw.name, draw.per, draw.law) for draw in ALL.values()]
    console().print(table(("No.", "Name", "Owner", "Law"), rows, right=(0,)))
