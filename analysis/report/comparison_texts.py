"""Every word of the comparison page, in one place; words it shares with the report of a run are there."""

from __future__ import annotations

from evenhand.analysis.charts.forest import Words
from evenhand.analysis.report.texts import texts as shared
from evenhand.locale.words import Counted

DATA = shared.DATA
HEADLINES = shared.HEADLINES
LANGUAGE = shared.LANGUAGE
N_DAYS = shared.N_DAYS
NO_INTERVAL = shared.NO_INTERVAL
RANGE = shared.RANGE
SETTING_HEAD = shared.SETTING_HEAD
TABLE = shared.TABLE
UNDEFINED = shared.UNDEFINED

# --- the page ---------------------------------------------------------------------------------

TITLE = "{policy} against {baseline}"
TITLE_MANY = "{count} policies against {baseline}"
UNDER = "The same people, truths and delays under every policy, in {scenarios}"
FACTS = {
    "baseline": "Baseline",
    "worlds": "Worlds",
    "days": "Length",
    "seed": "Seed",
    "engine": "Engine",
    "version": "Version",
    "policies": "Policies",
}
PER_SCENARIO = "{scenario}: {value}"
STOPPED = "{worlds} ({reason})"
NOTE = (
    "Each policy met the same worlds, and each difference is over all of them, policy less baseline. The "
    "95 % intervals are paired-t intervals of one difference; they cover the luck of the worlds, not doubt "
    "about the assumptions of the scenario. What is said to differ does so at a level of 5 % over all "
    "{family} differences shown here (Holm)."
)
NOTE_ONE = (
    "Each policy met the same one world, so there are no intervals: how much of a difference is luck "
    "cannot be told from it. Compare in more worlds to see."
)
NO_RUNS = (
    "Who gains, behaviour over time, time to close, pairings of groups, how losses are shared, and the "
    "impossibility of all fairness at once are left out: they need the records of single disputes, and this "
    "page was written without runs."
)
NO_FRONT = "The picture of two metrics is left out: {missing} was not measured."
FROM_RUNS = "Charts of single disputes, from who gains on, show {worlds} of “{scenario}”."
WORLDS = Counted("the first world", "the first {n} worlds")
WORLDS_IN = "in {unit}, {worlds}"
METRICS = "All differences"
METRICS_SENTENCE = (
    "Every difference in words. The adjusted p allows for all differences shown; pairing saves so many times "
    "more worlds as independent seeds would have needed."
)
SETTINGS = "Settings"
SETTINGS_SENTENCE = "Where the rules of the policies differ, defaults included."
SETTINGS_DIFFER = Counted("{n} setting differs", "{n} settings differ")

# --- paired differences -----------------------------------------------------------------------

FOREST_TITLE = "{policy} less {baseline}"
FOREST_TITLE_IN = "{policy} less {baseline}, in {scenario}"
FOREST_ALT = (
    "Forest plot of paired differences, {policy} less {baseline}, with a line at nothing. {parts}. "
    "Not told apart: {unsure}."
)
FOREST_PART = "{name}: {written}, {judgement}"
NOBODY = "none"
WORDS = Words(
    judgements={
        "better": "better",
        "worse": "worse",
        "other": "differs, neither better nor worse",
        "unsure": "not told apart",
    },
    better="this side is better",
    bar="95 % paired-t interval",
    wider="simultaneous: all together hold with 95 %",
)
UNITS = {
    "share": "Shares, difference in points",
    "share of amount": "Shares of the amount, difference in points",
    "h": "Times, difference in hours",
    "count": "Counts, difference a world",
    "per 1000 orders": "Per 1000 orders",
    "ratio": "Ratios",
    "rating": "Ratings, from 0 to 1",
}
UNIT_OTHER = "In {unit}"
FOREST_SENTENCE = (
    "Of {all} measures, {told} tell {policy} from {baseline} beyond luck: {split}.{empty}{clear}"
)
FOREST_SPLIT = "{better} for the better, {worse} for the worse, {other} neither"
FOREST_NONE = (
    "None of {all} measures tells {policy} from {baseline} in {worlds}: the differences are no larger than "
    "luck makes them.{empty}"
)
FOREST_EMPTY = (
    " Of {n} other nothing is known: there was nothing to count, or no end to be seen.",
    " Of {n} others nothing is known: there was nothing to count, or no end to be seen.",
)
FOREST_ALL_EMPTY = "Nothing is known of any measure: there was nothing to count, or no end to be seen."
FOREST_IDENTICAL = "{policy} and {baseline} are exactly the same in all {all} measures.{empty}"
FOREST_ONE = "One world cannot tell {policy} from {baseline}: its differences have no intervals."
FOREST_CLEAREST = {
    "better": "Clearest for the better: {sentence}",
    "worse": "Clearest for the worse: {sentence}",
}
FOREST_HEAD = (
    "Measure",
    "Baseline",
    "Policy",
    "Difference",
    "95 % interval",
    "Simultaneous",
    "Unit",
    "Worlds",
    "Adjusted p",
    "Pairing saves",
)
DIFFERENCE_HEAD = ("Measure", "Adjusted p", "Pairing saves", "What it says")
WHOSE = "{title}, {policy}"
WHOSE_IN = "{title}, {policy} in {scenario}"
INTERVAL = "95 % interval {low} to {high}"
NO_INTERVAL_LONG = "no interval"

# --- two metrics ------------------------------------------------------------------------------

FRONT_TITLE = "{x} and {y}"
FRONT_TITLE_IN = "{x} and {y}, in {scenario}"
FRONT_ALT = "Scatter plot: {x} across, {y} upwards. {parts}."
FRONT_PART = "{name}: {x} and {y}, on the front with probability {probability}"
FRONT_ROW = "on the front: {probability}"
FRONT_UNKNOWN = "front not known"
FRONT_NOTE = "dots: worlds; cross: mean, 95 % interval"
FRONT_BETTER = "better"
FRONT_EMPTY = "In no world are both metrics defined under every policy."
FRONT_UNSEEN = "Some worlds ended before both metrics could be seen."
FRONT_SURE = "{names} {is_are} on the front: no policy is better in one of both and no worse in the other."
FRONT_MIXED = "On the front with probability: {parts}."
FRONT_CHANCE = "{name} {probability}"
FRONT_LITTLE = "Who is on the front is not known: it takes two worlds or more in which both can be seen."
FRONT_EXPLAINED = (
    "A policy is on the front if no other is at least as good in both metrics and better in one. The "
    "probability is the share of {draws} resamples of the worlds, all policies together, in which it is."
)
FRONT_HEAD = ("Policy", "{x}", "95 % interval", "{y}", "95 % interval", "Worlds", "On the front")

# --- time to close ----------------------------------------------------------------------------

TIME_TITLE = "Time to close"
TIME_PANELS = ("All disputes, from complaint to close", "Filed disputes, from filing to close")
TIME_WHO = ("all disputes", "filed disputes")
TIME_ALT = "Survival curves of open disputes by policy: {title}. Medians: {parts}."
TIME_MEDIAN = "{name} {median}"
TIME_LONGER = "not reached"
TIME_X = ("days since the complaint", "days since filing")
TIME_Y = "still open"
TIME_RISK = "open and followed"
TIME_SENTENCE = "Half of {who} are closed within {parts}."
TIME_PART = "{median} under {name}"
TIME_PART_LONGER = "no time that was seen under {name}"
TIME_EMPTY = ("No dispute arose in these worlds.", "No dispute was filed in these worlds.")
TIME_NOTE = "Disputes still open at the end count as open for as long as they were followed (Kaplan-Meier)."
TIME_HEAD = ("Policy", "Disputes", "n", "Half closed within", "90 % within")

# --- who gains, and behaviour over time ------------------------------------------------------

GAINS_TITLE = "Who gains"
GAINS_PANEL = "{policy} against {baseline}"
GAINS_PARTIES = {
    "valid": "with a real grievance",
    "remorse": "who changed their minds",
    "opportunistic": "who took the occasion",
    "malicious": "with a malicious claim",
    "firms": "claims firms",
    "platform": "the platform",
    "everybody": "everybody together",
}
GAINS_SIDES = {
    "buyer": "buyers {name}",
    "merchant": "merchants: {name}",
    "firms": "{name}",
    "platform": "{name}",
    "everybody": "{name}",
}
GAINS_UNIT = "{currency} for 1000 orders"
GAINS_WORDS = Words(
    judgements={
        "better": "gains",
        "worse": "loses",
        "other": "differs",
        "unsure": "not told apart",
    },
    better="this side is a gain",
    bar="95 % paired-t interval",
    wider="",
)
GAINS_ALT = "Forest plot of gains and losses for every thousand orders: {title}. {parts}."
GAINS_PART = "{name}: {value}"
GAINS_SAID = {"better": "{who} gain", "worse": "{who} lose"}
GAINS_NOBODY = {"better": "nobody surely gains", "worse": "nobody surely loses"}
GAINS_WHO = "{who} ({value} {currency})"
GAINS_SENTENCE = "Under {policy} {gains}; {losses}."
GAINS_NOTE = (
    "What each party loses less by disputes, in {currency} for every thousand orders of the market. A "
    "buyer's loss is harm, trouble and fees less the remedy; a merchant's the remedy, its answer and fees "
    "less what comes back; the platform's is work and refunds less fees; a claims firm's, where there are "
    "any, is work and fees less its part of refunds. Refunds and fees cancel in the last row: it is what is "
    "saved or wasted. Harm that nobody heard of counts for buyers with a real grievance; what care costs "
    "does not. Each interval is of its row alone. n counts disputes under the baseline."
)
GAINS_HEAD = ("Party", "Policy", "Gain for 1000 orders", "95 % interval", "n")

BEHAVIOUR_TITLE = "What people make of it, over time"
BEHAVIOUR_PANELS = {
    "groundless": "Claims without a grievance",
    "care": "Merchants' problem rate",
    "trust": "Buyers' trust in the platform",
}
BEHAVIOUR_YS = {"care": "times the declared rate", "trust": "mean trust, 0 to 1"}
BEHAVIOUR_STEPS = {False: "claims a week", True: "claims in thirty days"}
BEHAVIOUR_X = "days since {start}"
BEHAVIOUR_ALT = "Lines over time, one a policy: {title}. {parts}."
BEHAVIOUR_PART = "{name}: from {first} to {last}"
BEHAVIOUR_EMPTY = {
    "groundless": "Nobody claimed without a grievance in these worlds.",
    "care": "There are no merchants to follow in these worlds.",
    "trust": "There are no buyers to follow in these worlds.",
}
BEHAVIOUR_SENTENCE = "{what} at the end: {parts}."
BEHAVIOUR_END = "{value} under {name}"
BEHAVIOUR_NOTE = (
    "Bands: 95 % interval over worlds. Every merchant and every buyer counts the same; those without a "
    "dispute stay as they were."
)
BEHAVIOUR_NOTE_ONE = (
    "One world: no intervals. Every merchant and every buyer counts the same; those without a dispute stay "
    "as they were."
)
BEHAVIOUR_HEAD = ("What", "Policy", "Day", "Value", "95 % interval")

# --- pairings of groups -----------------------------------------------------------------------

PAIRS_TITLE = "Wrong decisions by buyer and merchant group"
PAIRS_PANELS = {
    "wrongful_denial": "Valid claims refused: {policy}",
    "wrongful_grant": "Groundless claims granted: {policy}",
}
PAIRS_MEASURES = {
    "wrongful_denial": "valid claims are refused",
    "wrongful_grant": "groundless claims are granted",
}
PAIRS_ALT = "Grid of buyer groups by merchant groups: {title}. {parts}."
PAIRS_PART = "{name}: {value}, n = {n}"
PAIRS_ROWS = "buyers"
PAIRS_COLUMNS = "merchants"
PAIRS_NOTE = "height: the share; ± half the 95 % interval, the wider the fainter"
PAIR = "{buyer} × {merchant}"
PAIRS_WORST = "Under {policy}, {what} most often between {pair} ({value}, n\u00a0=\u00a0{n})"
PAIRS_FEW = "Under {policy}, no pairing has {few} cases to say between whom {what} most often"
PAIRS_JOIN = "{worst}{interaction}."
PAIRS_NO_INTERACTION = "; no pairing adds to what its two groups bring beyond luck"
PAIRS_INTERACTION = "; the pairing {pair} adds {points} points to what its two groups bring ({low} to {high})"
PAIRS_UNKNOWN = ""
PAIRS_EXPLAINED = (
    "Of disputes filed and decided; the sentence leaves aside pairings with fewer than {few} cases. The "
    "intervals resample {what}, never single disputes."
)
PAIRS_HEAD = (
    "Pairing",
    "Policy",
    "Valid claims refused",
    "± half the 95 % interval",
    "n",
    "Groundless claims granted",
    "± half the 95 % interval",
    "n",
)

# --- how losses are shared --------------------------------------------------------------------

LOSS_TITLE = "Who bears the wrongful losses"
LOSS_PANELS = {"buyer": "Buyers", "merchant": "Merchants"}
LOSS_ALT = "Lorenz curves of wrongful losses of {side}, by policy. {parts}."
LOSS_PART = "{name}: Gini {gini}, the worst-hit tenth bears {top}"
LOSS_X = "share of parties, least hit first"
LOSS_Y = "share of the wrongful loss"
LOSS_EVEN = "all bear the same"
LOSS_GINI = "Gini {value}, n = {n}"
LOSS_UNDEFINED = "undefined"
LOSS_SENTENCE = "The worst-hit tenth of {side} bears {parts}"
LOSS_TOP = "{top} of their wrongful losses under {name}"
LOSS_NOBODY = "No {side} lost anything to a wrong outcome"
LOSS_SIDES = {"buyer": "buyers", "merchant": "merchants"}
LOSS_NOTE = (
    "A wrongful loss is the part of the deserved refund that a buyer did not get, or what a merchant paid "
    "beyond it. Parties with an ended dispute count, each in its world; with a Gini of 0 all bear the same."
)
LOSS_HEAD = ("Side", "Policy", "Parties", "Gini", "95 % interval", "On the worst-hit tenth", "95 % interval")

# --- not all at once --------------------------------------------------------------------------

ALL_TITLE = "Why not all fairness can be had at once"
ALL_PANELS = {"buyer_group": "{policy}, by buyer group", "merchant_group": "{policy}, by merchant group"}
ALL_ALT = (
    "Error rates of groups, valid claims refused across and groundless claims granted upwards, with the line "
    "of each group's base rate for equal trust in wins: {title}. {parts}."
)
ALL_PART = "{name}: base rate {base}, refused {denial}, granted {charge}"
ALL_X = "valid claims refused"
ALL_Y = "groundless claims granted"
ALL_ROW = "{base} % valid, n = {n}"
ALL_LINES = "lines: where {value} of wins are deserved in the group"
ALL_SENTENCE = (
    "Under {policy}, {value} of wins are deserved; for the group “{low}” ({low_base} of decided claims "
    "valid) and the group “{high}” ({high_base}) the same trust in wins would take granting {low_charge} and "
    "{high_charge} of groundless claims, at the shares of valid claims refused that they have now"
)
ALL_EQUAL = "Under {policy}, base rates hardly differ between groups, so that nothing stands in the way"
ALL_NONE = "Under {policy}, there are too few decided claims to show it"
ALL_TOO_MUCH = "more than all"
ALL_NOTE = (
    "Chouldechova's identity: FPR = p / (1 − p) × (1 − v) / v × (1 − FNR), p the share of valid claims among "
    "the decided, v the share of wins that are deserved. With unequal p, equal v and equal error rates "
    "exclude each other, unless every valid claim is refused or every win is deserved."
)
ALL_HEAD = (
    "Group",
    "Policy",
    "Valid among decided",
    "Valid claims refused",
    "Groundless claims granted",
    "Wins deserved",
    "Granted, if wins were deserved as overall",
    "n",
)
GROUP_OF = {"buyer_group": "buyers: {name}", "merchant_group": "merchants: {name}"}

# --- paths ------------------------------------------------------------------------------------

PATHS_TITLE = "What a group's traits do, path by path"
PATHS_PANEL = "{policy}: {title}"
PATHS_ALT = "Waterfall of the change in refund by path: {title}. {parts}."
PATHS_PART = "{name}: {value}"
PATHS_AXIS = "change of the refund of a dispute, {currency}"
PATHS_WHISKERS = "whiskers: 95 % interval over worlds"
PATHS_HEAD = ("Measure", "Policy", "Path", "Value", "95 % interval", "n", "Unit")
PATHS_SENTENCE = "Under {policy}: {sentence}"
PATHS_NOTE = (
    "Each path is switched alone, then all at once, under the same luck; what they do only together is the "
    "interaction."
)
