"""Files for release say the same as the project file, and pages name what the code reads."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from ruamel.yaml import YAML

from evenhand import version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMES = {"matplotlib-base": "matplotlib", "python-duckdb": "duckdb"}
"""What conda calls what PyPI calls otherwise."""


def read(name: str):
    return YAML(typ="safe").load((ROOT / name).read_text(encoding="utf-8"))


def test_whoever_cites_cites_this_version():
    """The entry for citations has the version, the licence and the title's name of the project."""
    entry = read("CITATION.cff")
    assert (entry["version"], entry["license"]) == (PROJECT["version"], PROJECT["license"])
    assert entry["title"].lower().startswith(PROJECT["name"])


def test_the_conda_recipe_wants_what_the_wheel_wants():
    """The same libraries with the same bounds."""
    recipe = read("recipe/recipe.yaml")
    assert recipe["context"]["version"] == PROJECT["version"]
    wanted = {line.split("#")[0].strip() for line in PROJECT["dependencies"]}
    given = set()
    for line in recipe["requirements"]["run"]:
        name, bounds = line.split(" ", 1)
        given.add(f"{NAMES.get(name, name)}{bounds}")
    assert given == {*wanted, f"python{PROJECT['requires-python']}"}


def test_every_environment_variable_is_on_one_page():
    """What the code looks up in the environment is explained in docs/environment.md, and no more."""
    asked = re.compile(r"""["'](EVENHAND_[A-Z]+)["']""")
    rooms = [ROOT / name for name in ("sim", "analysis", "scenarios", "evenhand", "benchmarks", "tests")]
    read_by = {
        name
        for room in rooms
        for path in room.rglob("*.py")
        if path.name != Path(__file__).name
        for name in asked.findall(path.read_text(encoding="utf-8"))
    }
    page = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(EVENHAND_[A-Z]+)`", page)) == read_by


def test_reports_cite_what_the_citation_file_says():
    """Title and authors stand in the code, too, since the file is no part of an installed package."""
    said = read("CITATION.cff")
    assert (said["title"], [one["name"] for one in said["authors"]]) == (version.TITLE, [version.AUTHORS])
