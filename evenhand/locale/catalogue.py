"""Catalogues: the languages that there are, each a .po file, compiled in memory when it is asked for."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent
WHERE = Path("LC_MESSAGES") / "evenhand.po"
"""Where a catalogue lies in the folder of its language, as gettext has it."""


class UnknownLanguage(ValueError):
    """A language without a catalogue; the message has those that there are."""


def languages() -> tuple[str, ...]:
    """Tags of all languages, English first."""
    return ENGLISH, *sorted(path.parents[1].name for path in FOLDER.glob(f"*/{WHERE}"))


def find(asked: str) -> str:
    """The tag of a language: itself, or without its country where only that is known (zh-CN is zh).

    Raises UnknownLanguage.
    """
    known, wanted = languages(), asked.strip().replace("_", "-")
    for one in (wanted, wanted.partition("-")[0].lower()):
        if one in known:
            return one
    names = _names(known)
    near = get_close_matches(wanted.lower(), names, n=1, cutoff=0.5)
    hint = f"; did you mean '{names[near[0]]}'?" if near else ""
    raise UnknownLanguage(f"must be one of {', '.join(known)}, found '{asked}'{hint}")


def translations(tag: str) -> NullTranslations:
    """The messages of a language of `languages`; English ones are as they stand in the code."""
    if tag == ENGLISH:
        return NullTranslations()
    path = FOLDER / tag / WHERE
    return _compiled(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _compiled(path: Path, _changed: int) -> GNUTranslations:
    """A catalogue, compiled as `msgfmt` would; read again where the file has changed."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.parents[1].name.replace("-", "_")))
    compiled.seek(0)
    return GNUTranslations(compiled)


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
