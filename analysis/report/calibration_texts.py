"""Every word of the goodness-of-fit page, in one place; names in braces are filled in."""

from __future__ import annotations

from evenhand.analysis.report.page_texts import PageWords
from evenhand.locale.words import Listed, Named, Text


class CalibrationWords(PageWords):
    """The words of the page of a calibration, in the language in force."""

    TABLE = Text("Table, scrolls sideways")
    HEADLINES = Text("In short")
    UNDEFINED = Text("undefined")
    DATA = Text("Data behind the chart")
    METRICS = Text("Every fitted setting")
    METRICS_SENTENCE = Text(
        "What goes into the scenario file, with the interval, what kind of interval it is, and "
        "the cases counted."
    )
    SETTINGS = Text("What the log does not say")
    SETTINGS_SENTENCE = Text("Settings that stay the base's, and why.")
    METRIC_HEAD = Listed("Setting", "Value", "Confidence", "How sure, and what says so")
    MORE = Text("{some}, … ({n})")
    MADE = Text("Calibrated on {name}")
    CHECKED = Text("{scenario} against {name}")
    UNDER = Text("{title}, under the policy “{policy}”")
    FACTS = Named(
        {
            "log": "Log",
            "days": "Days",
            "rows": "Disputes",
            "base": "Base",
            "policy": "Policy",
            "trials": "Trials",
            "version": "Version",
        }
    )
    DAYS = Text("{first} to {last}, {days} days")
    HALVES = Text("Two halves of the log")
    HALVES_NOTE = Text("The grey bar ends at the 95th percentile of 100 halvings, its line is their mean.")
    NOTE = Text(
        "Distances run from 0 (alike) to 1. The floor is what two random halves of the log are "
        "apart by luck alone; halves have half the cases, so a perfect scenario, simulated at "
        "length, would lie below it. Worlds used here were not used in the search."
    )
    FIT_TITLE = Text("How far from the log: {log}")
    FIT_SENTENCE = Text(
        "The scenario is {score} from the log on average, {floor} lies between two random halves "
        "of it; {inside} of {all} distances are within the 95th percentile of halves.{rivals}"
    )
    FIT_RIVAL = Text(" {title}: {score}.")
    FIT_HEAD = Listed("Respect", "Distance", "n", "Halves: mean", "Halves: 95 %")
    FIT_AXIS = Text("Distance from the log (KS, TV or difference)")
    DURATION_TITLE = Text("How long disputes take")
    DURATION_PANELS = Named({True: "Where the buyer won", False: "Where not"})
    DURATION_SENTENCE = Text(
        "Where the buyer won the median is {won_log} days in the log and {won} simulated, where "
        "not {lost_log} and {lost}."
    )
    DURATION_X = Text("Days from opening to closing")
    DURATION_Y = Text("Share closed by then")
    DURATION_HEAD = Listed("Days", "Won: log", "Won: simulated", "Not: log", "Not: simulated")
    DELAY_TITLE = Text("Delays and their laws")
    DELAYS = Named(
        {
            "duration": "From opening to closing",
            "answered": "Until the merchant answers",
            "filed": "From complaint to filing",
            "decision": "From filing to the ruling",
            "review": "From the ruling to a request for review",
        }
    )
    DELAY_SENTENCE = Text(
        "The law with the least AIC is drawn over what the log shows; what had not ended counts "
        "as open. Delays: {n}."
    )
    DELAY_NEVER = Text(" A law holds for those that ever end.")
    DELAY_X = Text("Days")
    DELAY_Y = Text("Share ended by then")
    DELAY_HEAD = Listed(
        "Delay",
        "Law",
        "Parameters (hours) with 95 % intervals",
        "Never ends",
        "n",
        "Censored",
        "AIC above the best",
    )
    LAW = Text("Law")
    ENDING_TITLE = Text("How disputes end")
    ENDING_SENTENCE = Text(
        "The buyer got something in {log} of the log's disputes and in {made} of the simulated ones."
    )
    ENDING_HEAD = Listed("Outcome", "Log", "Simulated")
    ENDINGS = Named(
        {
            "open": "Open",
            "settled": "Settled",
            "lapsed": "Lapsed",
            "abandoned": "Abandoned",
            "withdrawn": "Withdrawn",
            "inadmissible": "Not admitted",
            "defaulted": "Decided by silence",
            "ruled": "Ruled",
        }
    )
    FOR = Named({True: "{ending}, for the buyer", False: "{ending}, for the merchant"})
    TWO_SIDED = ("defaulted", "ruled")
    WIN_TITLE = Text("Who wins, by how long it took")
    WIN_SENTENCE = Text(
        "Each point is a band of durations; bars are 95 % Wilson intervals of the log's shares."
    )
    WIN_HEAD = Listed("Days", "Log", "95 % interval", "n", "Simulated", "n simulated")
    WIN_BAND = Text("{low} to {high} days")
    WIN_LAST = Text("{low} days or more")
    WIN_AXIS = Text("Share of closed disputes that the buyer won")
    ARRIVAL_TITLE = Text("When disputes begin")
    ARRIVAL_PANELS = Listed("Day of the week", "Disputes a day")
    ARRIVAL_SENTENCE = Text(
        "{log} disputes a day in the log, {made} simulated; days with {high} or more: "
        "{share_log} and {share}."
    )
    ARRIVAL_HEAD = Listed("Day", "Log", "Simulated")
    ARRIVAL_X = Text("Disputes on one day")
    ARRIVAL_Y = Text("Share of days with as many or fewer")
    WEEKDAYS = Listed("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    CAUSE_TITLE = Text("What buyers complain of")
    CAUSE_SENTENCE = Text("Shares of the disputes whose cause the log gives: {n}.")
    CAUSE_HEAD = Listed("Cause", "Log", "Simulated")
    MONEY_TITLE = Text("Amounts")
    MONEY_SENTENCE = Text("The median is {log} in the log and {made} simulated.")
    MONEY_X = Text("Amount, logarithm to base 10")
    MONEY_Y = Text("Share as large or smaller")
    MONEY_HEAD = Listed("Share", "Log", "Simulated")
    REVIEW_TITLE = Text("Who disputes the answer")
    REVIEW_SENTENCE = Text(
        "Of those who got something {won} dispute the answer, of the others {lost}. In the model "
        "only a ruling can be reviewed: who settled cannot dispute it, and has no share here."
    )
    REVIEW_AXIS = Text("Share that disputes the answer")
    REVIEW_HEAD = Listed("Outcome", "Log", "95 % interval", "n", "Simulated", "n simulated")
    SIZE_TITLE = Text("Differences between merchants")
    SIZE_SENTENCE = Text(
        "Two cases of one merchant end alike with a correlation of {win_log} in the log and "
        "{win} simulated; of log durations it is {icc_log} and {icc}."
    )
    SIZE_HEAD = Listed("Cases of a merchant", "Log", "Simulated")
    SIZE_BINS = Listed("1", "2", "3", "4 to 5", "6 to 9", "10 or more")
    HIDDEN_TITLE = Text("What no column shows")
    HIDDEN_SENTENCE = Text(
        "{kept} of {all} hidden settings matter to the match; the others are put back to the "
        "base's values because that costs less than luck moves the distance ({tolerance}). "
        "{trials} trials, the best {best}."
    )
    HIDDEN_NOTE = Text(
        "Bars span the values that are as good: those whose distance is within two standard "
        "deviations of luck, in any trial, or on steps from the value to either end, others "
        "held. A bar over most of the range means that the log hardly tells; a cross is the "
        "base's value. These are ranges, not confidence intervals."
    )
    HIDDEN_HEAD = Listed(
        "Setting",
        "Value",
        "Range searched",
        "As good from",
        "to",
        "Share of the range",
        "Cost of putting back",
        "Verdict",
    )
    HIDDEN_AXIS = Text("Range searched, from its low to its high end")
    LOG = Text("Log")
    SIMULATED = Text("Simulated")


texts = CalibrationWords()
