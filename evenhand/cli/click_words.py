"""What the library that reads command lines says itself, as messages of our catalogues.

Its help is translated by gettext of the standard library (see `languages.spoken`); its mistakes come as
finished sentences, and are known again by their form.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from evenhand.locale.current import gettext

HELP = (
    "Usage: ",
    "Arguments",
    "Options",
    "Commands",
    "default: {default}",
    "env var: {var}",
    "required",
    "(dynamic)",
    "Show this message and exit.",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
)
MISTAKES = (
    "No such command {name}. Did you mean {names}?",
    "No such command {name}.",
    "No such option: {name} (Possible options: {names})",
    "No such option: {name} Did you mean {names}?",
    "No such option: {name}",
    "Missing command.",
    "Missing argument {name}. Choose from:\n\t{names}",
    "Missing argument {name}.",
    "Missing option {name}.",
    "Got unexpected extra argument(s) ({names})",
    "Got unexpected extra argument ({names})",
    "Got unexpected extra arguments ({names})",
    "Option {name} requires an argument.",
    "Option {name} does not take a value.",
    "Invalid value for {name}: {why}",
    "Value error, {why}",
    "{value} is not one of {names}.",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be greater than or equal to {value}",
    "Input should be less than or equal to {value}",
)
"""The longer before the shorter that begins as it does."""
CLICK = (*HELP, *MISTAKES)


def in_language(sentence: str) -> str:
    """A mistake of a command line in the language in force; one of another form stays as it is."""
    for template in MISTAKES:
        if found := _pattern(template).fullmatch(sentence):
            parts = {
                name: in_language(part) if name == "why" else part for name, part in found.groupdict().items()
            }
            return gettext(template).format(**parts)
    return sentence


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Finds what stands in the places of a template."""
    parts = Formatter().parse(template)
    return re.compile(
        "".join(re.escape(text) + (f"(?P<{name}>.+?)" if name else "") for text, name, _, _ in parts),
        re.DOTALL,
    )
