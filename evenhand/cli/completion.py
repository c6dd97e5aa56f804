"""What a shell offers after the tabulator key: shipped names, files of the folder, paths of settings.

Imported with the commands, so it loads what it needs only when somebody presses the key.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.scenarios.catalogue import Kind


def policies(incomplete: str) -> list[str]:
    """Policies that are shipped, and YAML files."""
    return _names(["policy"], incomplete)


def worlds(incomplete: str) -> list[str]:
    """Scenarios that are shipped, and YAML files."""
    return _names(["scenario"], incomplete)


def names(incomplete: str) -> list[str]:
    """Everything that is shipped, and YAML files; a name of two files with its folder."""
    return _names(["scenario", "policy"], incomplete)


def tags(incomplete: str) -> list[str]:
    """Tags of the languages that there are."""
    from evenhand.locale.catalogue import languages

    return [one for one in languages() if one.startswith(incomplete)]


def settings(incomplete: str) -> list[str]:
    """Dotted paths of the settings of a policy and of the scenario `tmall` that are numbers."""
    from evenhand import scenarios
    from evenhand.scenarios.numbers import numbers

    every = numbers(scenarios.load("tmall"), scenarios.policy("tmall"))
    return [f"{one.path}=" for one in every if one.path.startswith(incomplete)]


def _names(kinds: list[Kind], incomplete: str) -> list[str]:
    """Names of these kinds that go on as what is typed, and then files."""
    from evenhand.scenarios.catalogue import FOLDERS, shipped

    known = [stem for kind in kinds for stem in shipped(kind)]
    full = [f"{FOLDERS[kind]}/{stem}" for kind in kinds for stem in shipped(kind)]
    once = [stem for stem in known if known.count(stem) == 1]
    found = once + (full if len(kinds) > 1 or "/" in incomplete else [])
    return [name for name in found if name.startswith(incomplete)] + _files(incomplete)


def _files(incomplete: str) -> list[str]:
    folder, slash, start = incomplete.rpartition("/")
    try:
        inside = sorted(Path(folder or ("/" if slash else ".")).iterdir())
    except OSError:
        return []
    fit = [one for one in inside if one.name.startswith(start) and not one.name.startswith(".")]
    files = [f"{folder}{slash}{one.name}" for one in fit if one.suffix in (".yaml", ".yml")]
    return files + [f"{folder}{slash}{one.name}/" for one in fit if one.is_dir() and slash]
