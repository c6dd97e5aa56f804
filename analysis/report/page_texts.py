"""Words that all pages share: numbers, lists, tables and headings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import tag
from evenhand.locale.words import Counted, Listed, Named, Text, Words


class PageWords(Words):
    """The words of any page, in the language in force."""

    HEADLINES = Text("In short")
    DATA = Text("Data behind the chart")
    TABLE_BELOW = Text("The table")
    HOW = Text("How the numbers are made, and how to read them")
    SETTING_HEAD = Listed("Setting", "Value")
    NONE = Text("none")
    YES = Text("yes")
    NO = Text("no")
    LIST_MORE = Text("and {n} more")
    TABLE = Text("Table")
    CITE = Text("How to cite")
    CITE_SENTENCE = Text(
        "If numbers or charts of this page are part of published work, please cite: {authors}, {title}, "
        "version {version}, and name the seed."
    )
    NOT_INSTALLED = Text("not installed")
    SENTENCES = Text("{one} {other}")
    """Two sentences after one another."""
    PARTS = Text("; ")
    """Between the parts of a list whose parts have commas of their own."""
    ITEMS = Text(", ")
    """Between the items of a list."""
    TITLED = Text("{title} ({name})")
    """A title with the name that tells it from others."""

    # --- numbers ----------------------------------------------------------------------------------

    UNDEFINED = Text("undefined")
    PERCENT = Text("{value} %")
    TINY = Text("<0.1 %")
    NO_INTERVAL = Text("–")
    HOURS = Text("{value} h")
    DAYS = Text("{value} days")
    WITH_UNIT = Text("{value} {unit}")
    UNITS_SAID = Named({"share of loss": "share of loss"}, CNY="CNY", USD="USD", EUR="EUR", GBP="GBP")
    """Currencies and units that a language may write otherwise."""
    RANGE = Text("{low} to {high}")
    WITH_RANGE = Text("{value} ({low} to {high})")
    COUNT = Text("n = {n}")
    DISPUTES = Counted("{n} dispute", "{n} disputes")
    REPLICATIONS = Counted("{n} replication", "{n} replications")
    CASES = Counted("{n} case", "{n} cases")
    N_DAYS = Counted("{n} day", "{n} days")

    def all_of(self, sentences: Iterable[str]) -> str:
        """Sentences after one another; empty ones are left out."""
        said = [one for one in sentences if one]
        return reduce(lambda one, other: self.SENTENCES.format(one=one, other=other), said) if said else ""

    def inside(self, title: str) -> str:
        """A title inside a sentence, where English writes it small."""
        return title[:1].lower() + title[1:] if tag() == ENGLISH else title
