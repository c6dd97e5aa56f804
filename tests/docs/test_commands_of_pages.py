"""Commands in pages of the documentation are commands that exist, with options that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from evenhand.cli.main import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md"))]
ENDS = {"|", ">", "2>", ">>", "&&", ";", "&", "||"}


def commands() -> list[tuple[str, str]]:
    """Each line of a shell block that calls the command, with its page."""
    found = []
    for page in PAGES:
        blocks = re.findall(
            r"^```(?:sh|bash|shell)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
        found += [
            (str(page.relative_to(ROOT)), line.strip())
            for line in lines
            if re.match(r"\s*(\$ )?evenhand\b", line)
        ]
    return found


def refused(words: list[str]) -> str:
    """What the parser says against a command; nothing is run, and files need not be there."""
    command, name = get_command(app), "evenhand"
    while words and not words[0].startswith("-") and (below := getattr(command, "commands", None)):
        name, *words = words
        if name not in below:
            return f"no command {name!r}"
        command = below[name]
    options = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    asked = [word.split("=")[0] for word in words if re.match(r"-{1,2}[a-zA-Z]", word)]
    return ", ".join(
        f"no option {option} of {name}" for option in asked if option not in {*options, "--help"}
    )


def test_the_pages_show_commands():
    """The search below finds what it is meant to find."""
    assert len(commands()) > 40
    assert refused(["run", "tmall", "--nonesuch", "3"]) == "no option --nonesuch of run"
    assert refused(["walk"]) == "no command 'walk'"


@pytest.mark.parametrize("page", sorted({page for page, _ in commands()}))
def test_commands_of_a_page_exist(page):
    """A reader who copies a line is not told that there is no such option."""
    wrong = {}
    for where, line in commands():
        if where == page:
            words = shlex.split(line.removeprefix("$ "), comments=True)
            end = next((at for at, word in enumerate(words) if word in ENDS), len(words))
            if told := refused(words[1:end]):
                wrong[line] = told
    assert not wrong
