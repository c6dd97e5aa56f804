"""Every word of the page of a search; words it shares with other pages are there."""

from __future__ import annotations

from evenhand.analysis.charts.forest import Words
from evenhand.analysis.report.page_texts import PageWords
from evenhand.locale.words import Counted, Listed, Named, Text


class SearchWords(PageWords):
    """The words of the page of a search, in the language in force."""

    TITLE = Text("{policy}: a search over {count} settings")
    UNDER = Text("In “{scenario}”, the same worlds for every candidate; the front judged in fresh ones")
    FACTS = Named(
        goals="Goals",
        limits="Limits",
        levers="Settings",
        budget="Budget",
        candidates="Candidates",
        fresh="Fresh worlds",
        days="Length",
        seed="Seed",
        futures="Futures",
        version="Version",
    )
    LESS = Text("{metric} as low as can be")
    MORE = Text("{metric} as high as can be")
    AT_MOST = Text("{metric} at most {bound}")
    AT_LEAST = Text("{metric} at least {bound}")
    N_WORLDS = Counted("{n} world", "{n} worlds")
    N_FUTURES = Counted("{n} stored future", "{n} stored futures")
    LEVER_RANGE = Text("{name} {low} to {high}")
    LEVER_LIST = Text("{name}: {options}")
    NOTE = Text(
        "Chances come from fresh worlds that the search has not seen: drawn means of all candidates "
        "together, by Student’s t. They cover the luck of the worlds, not doubt about the assumptions of "
        "the scenario. The best of many looks better than it is; the optimism below says by how much."
    )
    NO_LIMITS = Text(
        "No candidate keeps all limits in the worlds of the search; shown are those that break them least."
    )

    # --- the front --------------------------------------------------------------------------------

    FRONT_TITLE = Text("What nothing else beats")
    FRONT_ALT = Text("Candidates by {x} and {y}. {parts}.")
    FRONT_PART = Text("{name}: {x} and {y}, {chance} likely on the front")
    FRONT_NONE = Text("Nothing that was tried beats the policy as it is.")
    FRONT_SENTENCE = Counted(
        "{n} candidate is not beaten by any other in the worlds of the search; {sure} of them more likely "
        "than not in fresh worlds.",
        "{n} candidates are not beaten by any other in the worlds of the search; {sure} of them more likely "
        "than not in fresh worlds.",
    )
    FRONT_OPTIMISM = Text("In fresh worlds the front is worse than it looked by {parts}.")
    FRONT_HEAD = Listed("Candidate", "On the front", "Lacks", "Limits hold", "Not told apart from", "File")
    FRONT_NOTE = Text(
        "“Lacks” is by how much every goal would have to be better, on average over the draws, for nothing "
        "to beat the candidate: with several goals as a share of what the Sobol points span. Bars are 95 % "
        "intervals over {worlds} fresh worlds."
    )
    BASE = Text("as it is")
    LEGEND = Listed(
        "the policy as it is",
        "on the front, more likely than not",
        "less likely",
        "tried, in its first worlds",
    )
    BETTER = Text("better")
    NOBODY = Text("none")
    NO_FILE = Text("no change")

    # --- against the base -------------------------------------------------------------------------

    GAINS_TITLE = Text("Each candidate less the policy as it is")
    GAINS_ALT = Text("Differences of the candidates from the policy as it is. {parts}.")
    GAINS_PART = Text("{name}, {metric}: {written}")
    GAINS_SENTENCE = Text("Better in a goal than the policy as it is, beyond luck: {parts}.")
    GAINS_NONE = Text("No candidate is better in any goal beyond luck.")
    GAINS_HEAD = Listed("Candidate", "Measure", "Fresh worlds", "Difference", "95 % interval", "Adjusted p")
    GAINS_UNIT = Text("{metric}, {unit}")
    GAINS_UNITLESS = Text("{metric}")
    GAINS_NOTE = Text("p is adjusted for all candidates and goals (Holm).")
    JUDGEMENTS = Named(better="better", worse="worse", other="differs", unsure="no more than luck")
    BETTER_SIDE = Text("better on this side")
    BAR = Text("95 % interval of the difference")

    # --- floor and levers -------------------------------------------------------------------------

    FLOOR_TITLE = Text("Did the optimiser beat the floor?")
    FLOOR_ALT = Text("Shares of the space of goals that are covered: {parts}.")
    FLOOR_PART = Text("{name} {value}")
    FLOOR_YES = Text(
        "Yes: the floor of {points} Sobol points covers {sobol} of the space of goals, as many candidates of "
        "{optimiser} cover {same}."
    )
    FLOOR_NO = Text(
        "No: the floor of {points} Sobol points covers {sobol} of the space of goals, as many candidates of "
        "{optimiser} cover {same}. At such a budget looking everywhere is as good as looking cleverly."
    )
    FLOOR_FEW = Text(
        "It had no chance to: {rivals} candidates of {optimiser} against {points} Sobol points. A larger "
        "budget would tell."
    )
    FLOOR_ROWS = Named(
        sobol="Sobol points alone", same="as many of the optimiser", every="all candidates together"
    )
    FLOOR_NOTE = Text(
        "The volume that a set of candidates covers between the best and the worst value of every goal, over "
        "the first {worlds} worlds of each, limits kept."
    )
    FLOOR_HEAD = Listed("Candidates", "Covered", "How many")
    COVERED = Text("share of the space of goals that is covered")
    NO_BARS = Text("the same worlds for all; no intervals")
    MATTER_TITLE = Text("Which settings matter (exploratory)")
    MATTER_ALT = Text("Shares by which settings matter. {parts}.")
    MATTER_PART = Text("{name} {value}")
    MATTER_SENTENCE = Text("For {metric} {name} matters most ({value}).")
    MATTER_NOTE = Text(
        "PED-ANOVA (Watanabe, Bansal & Hutter 2023): which settings set the best tenth of the candidates "
        "apart. Exploratory: the optimiser chose where to look, the candidates are few, and shares sum to "
        "one whatever the effect. For effects with intervals, use `evenhand sweep`."
    )
    MATTER_HEAD = Listed("Setting", "Goal", "Share")
    MATTER_AXIS = Text("share of what sets the best tenth apart")

    # --- the changes ------------------------------------------------------------------------------

    METRICS = Text("The candidates in words")
    METRICS_SENTENCE = Text(
        "What each candidate changes, and its measures in fresh worlds. Each is a file that runs: `evenhand "
        "run FILE`."
    )
    CHANGES_HEAD = Listed("Candidate", "Changes")
    CHANGE = Text("{label}: {before} → {after}")
    PLUS_MINUS = Text("{value} ± {half}")
    SETTINGS = Text("Settings")
    SETTINGS_SENTENCE = Text("The policy and the scenario as they are at the base.")
    UNITS = Named({"share": "points", "share of amount": "points of the amount", "h": "hours"})

    @property
    def forest(self) -> Words:
        """The words of the chart of differences."""
        return Words(self.JUDGEMENTS, self.BETTER_SIDE, self.BAR, "")


texts = SearchWords()
