"""Catalogues: the languages that there are, each a .po file, compiled when it is asked for."""

from __future__ import annotations

import os
from contextlib import suppress
from difflib import get_close_matches
from gettext import NullTranslations
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent
WHERE = Path("LC_MESSAGES") / "evenhand.po"
"""Where a catalogue lies in the folder of its language, as gettext has it."""


VARIABLES = ("EVENHAND_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that ask for a language, the first that is set counts."""


class UnknownLanguage(ValueError):
    """A language without a catalogue; the message has those that there are."""


def languages() -> tuple[str, ...]:
    """Tags of all languages, English first."""
    return ENGLISH, *sorted(path.parents[1].name for path in FOLDER.glob(f"*/{WHERE}"))


def find(asked: str, *, guess: bool = True) -> str:
    """The tag of a language: itself, or without its country where only that is known (zh-CN is zh).

    With `guess`, what is refused is compared with the names that the languages have.

    Raises UnknownLanguage.
    """
    known, wanted = languages(), asked.strip().replace("_", "-")
    for one in (wanted, wanted.partition("-")[0].lower()):
        if one in known:
            return one
    names = _names(known) if guess else {}
    near = get_close_matches(wanted.lower(), names, n=1, cutoff=0.5)
    hint = f"; did you mean '{names[near[0]]}'?" if near else ""
    raise UnknownLanguage(f"must be one of {', '.join(known)}, found '{asked}'{hint}")


def of_the_system() -> str:
    """The language that EVENHAND_LANG, or else the system's locale, asks for; English for unknown ones.

    LC_ALL comes before LC_MESSAGES and that before LANG, as POSIX has it.
    """
    asked = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    with suppress(UnknownLanguage):
        return find(asked.partition(".")[0].partition("@")[0], guess=False)
    return ENGLISH


def translations(tag: str) -> NullTranslations:
    """The messages of a language of `languages`; English ones are as they stand in the code."""
    if tag == ENGLISH:
        return NullTranslations()
    from evenhand.locale.compiled import compiled

    return compiled(FOLDER / tag / WHERE).translations


def _names(known: tuple[str, ...]) -> dict[str, str]:
    """What somebody may call a language, for its tag: the tag itself, its English and its own name."""
    from babel import Locale, UnknownLocaleError

    found = {}
    for tag in known:
        found[tag] = tag
        try:
            locale = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        for name in (locale.get_language_name("en"), locale.get_language_name()):
            found[(name or tag).lower()] = tag
    return found
