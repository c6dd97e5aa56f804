"""Languages: what is said to people, in English or as a catalogue translates it.

A catalogue is one file, `LANG/LC_MESSAGES/evenhand.po` in this folder, and adding it adds the language.
English is what the code says; messages without a translation stay English. `python -m docs.build.messages`
collects the messages and brings every catalogue up to date.
"""

from evenhand.locale.catalogue import UnknownLanguage, languages
from evenhand.locale.current import gettext, gettext_noop, language, ngettext, tag
from evenhand.locale.formats import date, numerals
from evenhand.locale.words import Counted, Listed, Named, Text, Words

__all__ = [
    "Counted",
    "Listed",
    "Named",
    "Text",
    "UnknownLanguage",
    "Words",
    "date",
    "gettext",
    "gettext_noop",
    "language",
    "languages",
    "ngettext",
    "numerals",
    "tag",
]
