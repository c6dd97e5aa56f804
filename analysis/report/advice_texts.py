"""Every word of the page of advice; words it shares with other pages are there."""

from __future__ import annotations

from evenhand.analysis.charts.forest import Words
from evenhand.analysis.report.page_texts import PageWords
from evenhand.locale.words import Counted, Listed, Named, Text


class AdviceWords(PageWords):
    """The words of the page of advice, in the language in force."""

    TITLES = Named(buyer="{policy}: what would help buyers", merchant="{policy}: what would help merchants")
    UNDER = Text(
        "In “{scenario}”: the same disputes with and without each piece of advice, under the same luck"
    )
    FACTS = Named(
        whose="For",
        cause="Claims",
        amount="Amount",
        worlds="Worlds",
        days="Length",
        seed="Seed",
        version="Version",
    )
    WHOSE = Named(buyer="all buyers", merchant="all merchants")
    GROUP = Text("group “{group}”")
    AMOUNTS = Text("from {low} to below {high}")
    N_WORLDS = Counted("{n} world", "{n} worlds")
    NOTE = Text(
        "The advice is that of an article on Tmall’s customer-service intervention, in our own words; how "
        "far a piece goes is judgement and stands in the table below. Everybody of the side follows it, "
        "nobody else changes, and behaviour is frozen. Effects are means over the disputes of which a piece "
        "changes anything; 95 % intervals are Student’s t over worlds, and what is said to be beyond luck "
        "is so with all effects together (Holm)."
    )
    OUTCOMES = Named(
        adequate="Remedy that fits",
        money="Money kept",
        days="Days to the end",
        filed="Filed with the platform",
    )
    UNITS = Named(adequate="points", money="{currency} a dispute", days="days", filed="points")
    WHO = Named(valid="valid claims", groundless="groundless claims")
    PART_TITLE = Text("{outcome}, by piece of advice")
    UNIT_HEADING = Text("{who}, {unit}")
    ALT = Text("Effects of advice on {outcome}. {parts}.")
    PART = Text("{name}: {written}")
    SENTENCE = Text("Beyond luck for valid claims: {parts}.")
    NONE_SURE = Text("For valid claims no piece of advice does anything to it beyond luck.")
    LIARS = Text("Groundless claims gain by it, too: {names}.")
    HEAD = Listed("Advice", "Claims", "Effect", "95 % interval", "Adjusted p", "Disputes", "Touched")
    JUDGEMENTS = Named(
        better="better for the side", worse="worse", other="differs", unsure="no more than luck"
    )
    BETTER_SIDE = Text("better on this side")
    BAR = Text("95 % interval")
    PAIRS_TITLE = Text("Two pieces together")
    PAIRS_ALT = Text("Money kept beyond the sum of each piece alone. {parts}.")
    BOTH = Text("both together")
    BEYOND = Text("beyond the sum of each")
    PAIRS_SENTENCE = Text("More, or less, than the sum of both: {parts}.")
    PAIRS_NONE = Text("Together they do what each does alone, as far as luck lets one see.")
    PAIRS_NOTE = Text("The three most useful pieces of the first world, two by two.")
    TOGETHER = Text("{one} + {other}")
    RIVALRY_TITLE = Text("Does it help when everybody does it?")
    RIVALRY_ALT = Text("Money kept by one in twenty who follow advice. {parts}.")
    ALONE_HEADING = Text("one in twenty alone, {unit}")
    CROWD_HEADING = Text("what everybody else following it adds for these, {unit}")
    RIVALRY_SENTENCE = Text("Worth otherwise when everybody follows it, beyond luck: {parts}.")
    RIVALRY_NONE = Text(
        "Nothing here is a race: a piece is worth as much to one in twenty when everybody follows it, as "
        "far as luck lets one see."
    )
    RIVALRY_NOTE = Text(
        "Those who follow it compete for the same desks. Both lines are about the same disputes."
    )
    PLAIN_HEAD = Listed("Advice", "Effect", "95 % interval", "p", "Disputes")
    METRICS = Text("The checklist")
    METRICS_SENTENCE = Text(
        "Each piece of advice, the setting it stands for, how far it goes, and what it takes to follow it."
    )
    LIST_HEAD = Listed("Advice", "In other words, what it stands for, and what it costs")
    LIST_ROW = Text("{says} Stands for {stands}. Costs {cost}. Source: {source}.")
    LIST_NOT = Text("{says} It is {stands}. Costs {cost}. Source: {source}.")
    STANDS_FOR = Text("{path}: {how}")
    TO = Text("to {value}")
    TIMES = Text("times {factor}")
    NOT_SIMULATED = Text("not simulated: {why}")
    SETTINGS = Text("Settings")
    SETTINGS_SENTENCE = Text("The policy and the scenario as they are.")

    @property
    def forest(self) -> Words:
        """The words of the charts of effects."""
        return Words(self.JUDGEMENTS, self.BETTER_SIDE, self.BAR, "")


texts = AdviceWords()
