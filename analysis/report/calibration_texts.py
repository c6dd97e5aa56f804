"""Every word of the goodness-of-fit page, in one place; names in braces are filled in."""

from __future__ import annotations

LANGUAGE = "en"
TABLE = "Table, scrolls sideways"
HEADLINES = "In short"
UNDEFINED = "undefined"
DATA = "Data behind the chart"
METRICS = "Every fitted setting"
METRICS_SENTENCE = (
    "What goes into the scenario file, with the interval, what kind of interval it is, and the cases counted."
)
SETTINGS = "What the log does not say"
SETTINGS_SENTENCE = "Settings that stay the base's, and why."
METRIC_HEAD = ("Setting", "Value", "Confidence", "How sure, and what says so")
MORE = "{some}, … ({n})"

MADE = "Calibrated on {name}"
CHECKED = "{scenario} against {name}"
UNDER = "{title}, under the policy “{policy}”"
FACTS = {
    "log": "Log",
    "days": "Days",
    "rows": "Disputes",
    "base": "Base",
    "policy": "Policy",
    "trials": "Trials",
    "version": "Version",
}
DAYS = "{first} to {last}, {days} days"
HALVES = "Two halves of the log"
HALVES_NOTE = "The grey bar ends at the 95th percentile of 100 halvings, its line is their mean."
NOTE = (
    "Distances run from 0 (alike) to 1. The floor is what two random halves of the log are apart by luck "
    "alone; halves have half the cases, so a perfect scenario, simulated at length, would lie below it. "
    "Worlds used here were not used in the search."
)

FIT_TITLE = "How far from the log: {log}"
FIT_SENTENCE = (
    "The scenario is {score} from the log on average, {floor} lies between two random halves of it; "
    "{inside} of {all} distances are within the 95th percentile of halves.{rivals}"
)
FIT_RIVAL = " {title}: {score}."
FIT_HEAD = ("Respect", "Distance", "n", "Halves: mean", "Halves: 95 %")
FIT_AXIS = "Distance from the log (KS, TV or difference)"

DURATION_TITLE = "How long disputes take"
DURATION_PANELS = {True: "Where the buyer won", False: "Where not"}
DURATION_SENTENCE = (
    "Where the buyer won the median is {won_log} days in the log and {won} simulated, "
    "where not {lost_log} and {lost}."
)
DURATION_X = "Days from opening to closing"
DURATION_Y = "Share closed by then"
DURATION_HEAD = ("Days", "Won: log", "Won: simulated", "Not: log", "Not: simulated")

DELAY_TITLE = "Delays and their laws"
DELAYS = {
    "duration": "From opening to closing",
    "answered": "Until the merchant answers",
    "filed": "From complaint to filing",
    "decision": "From filing to the ruling",
    "review": "From the ruling to a request for review",
}
DELAY_SENTENCE = (
    "The law with the least AIC is drawn over what the log shows; what had not ended counts as open. "
    "Delays: {n}."
)
DELAY_NEVER = " A law holds for those that ever end."
DELAY_X = "Days"
DELAY_Y = "Share ended by then"
DELAY_HEAD = (
    "Delay",
    "Law",
    "Parameters (hours) with 95 % intervals",
    "Never ends",
    "n",
    "Censored",
    "AIC above the best",
)
LAW = "Law"

ENDING_TITLE = "How disputes end"
ENDING_SENTENCE = (
    "The buyer got something in {log} of the log's disputes and in {made} of the simulated ones."
)
ENDING_HEAD = ("Outcome", "Log", "Simulated")
ENDINGS = {
    "open": "Open",
    "settled": "Settled",
    "lapsed": "Lapsed",
    "abandoned": "Abandoned",
    "withdrawn": "Withdrawn",
    "inadmissible": "Not admitted",
    "defaulted": "Decided by silence",
    "ruled": "Ruled",
}
FOR = {True: "{ending}, for the buyer", False: "{ending}, for the merchant"}
TWO_SIDED = ("defaulted", "ruled")

WIN_TITLE = "Who wins, by how long it took"
WIN_SENTENCE = "Each point is a band of durations; bars are 95 % Wilson intervals of the log's shares."
WIN_HEAD = ("Days", "Log", "95 % interval", "n", "Simulated", "n simulated")
WIN_BAND = "{low} to {high} days"
WIN_LAST = "{low} days or more"
WIN_AXIS = "Share of closed disputes that the buyer won"

ARRIVAL_TITLE = "When disputes begin"
ARRIVAL_PANELS = ("Day of the week", "Disputes a day")
ARRIVAL_SENTENCE = (
    "{log} disputes a day in the log, {made} simulated; days with {high} or more: {share_log} and {share}."
)
ARRIVAL_HEAD = ("Day", "Log", "Simulated")
ARRIVAL_X = "Disputes on one day"
ARRIVAL_Y = "Share of days with as many or fewer"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

CAUSE_TITLE = "What buyers complain of"
CAUSE_SENTENCE = "Shares of the disputes whose cause the log gives: {n}."
CAUSE_HEAD = ("Cause", "Log", "Simulated")

MONEY_TITLE = "Amounts"
MONEY_SENTENCE = "The median is {log} in the log and {made} simulated."
MONEY_X = "Amount, logarithm to base 10"
MONEY_Y = "Share as large or smaller"
MONEY_HEAD = ("Share", "Log", "Simulated")

REVIEW_TITLE = "Who disputes the answer"
REVIEW_SENTENCE = (
    "Of those who got something {won} dispute the answer, of the others {lost}. In the model only a ruling "
    "can be reviewed: who settled cannot dispute it, and has no share here."
)
REVIEW_AXIS = "Share that disputes the answer"
REVIEW_HEAD = ("Outcome", "Log", "95 % interval", "n", "Simulated", "n simulated")

SIZE_TITLE = "Differences between merchants"
SIZE_SENTENCE = (
    "Two cases of one merchant end alike with a correlation of {win_log} in the log and {win} simulated; "
    "of log durations it is {icc_log} and {icc}."
)
SIZE_HEAD = ("Cases of a merchant", "Log", "Simulated")
SIZE_BINS = ("1", "2", "3", "4 to 5", "6 to 9", "10 or more")

HIDDEN_TITLE = "What no column shows"
HIDDEN_SENTENCE = (
    "{kept} of {all} hidden settings matter to the match; the others are put back to the base's values "
    "because that costs less than luck moves the distance ({tolerance}). {trials} trials, the best {best}."
)
HIDDEN_NOTE = (
    "Bars span the values that are as good: those whose distance is within two standard deviations of luck, "
    "in any trial, or on steps from the value to either end, others held. A bar over most of the range means "
    "that the log hardly tells; a cross is the base's value. These are ranges, not confidence intervals."
)
HIDDEN_HEAD = (
    "Setting",
    "Value",
    "Range searched",
    "As good from",
    "to",
    "Share of the range",
    "Cost of putting back",
    "Verdict",
)
HIDDEN_AXIS = "Range searched, from its low to its high end"
LOG = "Log"
SIMULATED = "Simulated"
