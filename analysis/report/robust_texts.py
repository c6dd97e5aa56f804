"""Every word of the page of a robustness study; words that pages share are with them."""

from __future__ import annotations

from evenhand.analysis.report.page_texts import PageWords
from evenhand.locale.words import Listed, Named, Text


class RobustPageWords(PageWords):
    """The words of the page, in the language in force."""

    TITLE = Text("Does it stand? {policy} against {base}")
    TITLE_MANY = Text("Does it stand? {count} policies over the plausible futures")
    UNDER = Text("In “{scenario}”, over what its assumed numbers may plausibly be")
    FACTS = Named(
        futures="Futures",
        worlds="Worlds a future",
        beliefs="Beliefs",
        moved="Assumed numbers moved",
        seed="Seed",
        days="Length",
        version="Version",
    )
    MOVED = Text("{moved} of {assumed}")
    NOTE = Text(
        "A future is one choice of all beliefs, each even over its plausible range; all policies meet the "
        "same worlds in it, and every future has worlds of its own. Shares are of the futures that were "
        "called plausible: they say how far a conclusion depends on what nobody knows, and how likely it is "
        "only as far as the ranges are. What luck adds to the spread is taken out before futures are counted."
    )
    SENTENCES_HEAD = Text("What the futures say")

    FUTURES_TITLE = Text("“{metric}”, {policy} against {base}")
    FUTURES_PANEL = Text("Futures by their difference")
    FUTURES_ALT = Text("Histogram of {n} futures by the difference in {metric}. {better}; {worse}; {within}.")
    BETTER = Text("better in {share}")
    WORSE = Text("worse in {share}")
    WITHIN = Text("within the margin in {share}")
    MORE = Text("more in {share}")
    LESS = Text("less in {share}")
    DIFFERENCE_AXIS = Text("difference, {unit}")
    COUNT_AXIS = Text("futures")
    ALONG_PANEL = Text("Share of futures along the strongest belief")
    ALONG_ALT = Text("Share of futures in which {policy} does better along “{title}”: {first} % to {last} %.")
    ALONG_X = Text("{title}, from {low} to {high}")
    ALONG_Y = Text("share of futures in which it does better")
    AS_IT_IS = Text("as it is")
    LUCK = Text("Luck is {share} % of the variance over futures.")
    UNDEFINED_FUTURES = Text("In {n} futures there is no value, and they are left out.")
    RULE_HEAD = Listed(
        "Where it flips", "Unseen futures there that flip", "Flips found there", "Of all flip", "Seen"
    )
    NO_RULES = Text("no rule holds in unseen futures")

    ALONE_TITLE = Text("One belief at a time: “{metric}”")
    ALONE_SENTENCE = Text("{title} moves it most. {break_even}")
    ALONE_NONE = Text("No belief alone moves it.")
    BREAK_EVEN = Text("Nothing is left of the difference where its first setting is {value} (now {now}).")
    NO_BREAK_EVEN = Text("Alone, it does not turn the difference round.")
    ALONE_ALT = Text("Tornado chart of the difference in {metric}. {parts}.")
    ALONE_PART = Text("{name} at {setting}: {written}")
    ALONE_AXIS = Text("difference, {unit}; 95 % intervals over {worlds} worlds")
    ALONE_NOTE = Text(
        "All other beliefs are as they are. The effect of the screening is over a full swing, on average "
        "over other beliefs; one that is not above the floor does no more than other worlds do."
    )
    ALONE_HEAD = Listed(
        "Belief",
        "Value",
        "Difference",
        "95 % interval",
        "Break-even",
        "Effect in the screening",
        "Above luck",
        "Why",
    )
    LOW_END = Text("low end of the belief")
    HIGH_END = Text("high end")

    METRICS = Text("Regret and limits")
    METRICS_SENTENCE = Text(
        "Regret is what is lost, future by future, by not having the policy that is best there. {agree}"
    )
    AGREE = Text("Regret and limits name the same policy.")
    DISAGREE = Text("Regret and limits name different policies: what is asked for decides.")
    REGRET_HEAD = Listed(
        "Policy",
        "Metric",
        "Mean regret",
        "Nine of ten futures have less than",
        "Worst",
        "In future",
        "Limits hold in",
    )
    SETTINGS = Text("Beliefs and settings")
    SETTINGS_SENTENCE = Text("What each belief moves between, and the policies and the scenario as they are.")
    BELIEFS = Text("All {count} beliefs")
    BELIEF_HEAD = Listed("Belief", "Low end", "High end", "Why")
    UNITS = Named(
        {
            "share": "points",
            "share of amount": "points of the amount",
            "h": "hours",
            "count": "a world",
        }
    )


texts = RobustPageWords()
