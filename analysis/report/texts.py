"""Every word of the report that a reader sees, in one place, so that it can be translated.

Names in braces are filled in. Titles of metrics are with the metrics.
"""

from __future__ import annotations

LANGUAGE = "en"

# --- words for what records count -------------------------------------------------------------

CAUSES = {"opportunistic": "Opportunistic claim", "malicious": "Malicious claim"}
"""Causes whose title is not simply their name."""
DESKS = {
    "screening": "Screening",
    "decision": "Decision",
    "review": "Review",
    "mediation": "Mediation",
}
IN_WORDS = {
    "quality_defect": "quality defects",
    "not_as_described": "goods not as described",
    "return_refused": "refused returns",
    "promise_broken": "broken promises",
    "lost_or_damaged": "lost or damaged goods",
    "counterfeit": "counterfeits",
    "opportunistic": "opportunistic claims",
    "malicious": "malicious claims",
}
"""Causes inside a sentence, where that is not simply their name."""
KINDS = ("Valid grievance", "Groundless claim")
KINDS_SHORT = ("Valid", "Groundless")
STAGES = {"talks": "Talks", "filed": "Filing", "heard": "Hearing", "ruled_on": "Ruling"}
OUTCOMES = {
    "ruled_buyer": "Ruled for buyer",
    "ruled_merchant": "Ruled for merchant",
    "settled_late": "Settled after filing",
    "defaulted": "Decided by silence",
    "withdrawn": "Withdrawn",
    "inadmissible": "Not admitted",
    "settled": "Settled in talks",
    "abandoned": "Abandoned",
    "lapsed": "Lapsed",
    "open": "Still open",
}
ALL = "All disputes"
BUYERS = "By buyer group"
MERCHANTS = "By merchant group"

# --- numbers ----------------------------------------------------------------------------------

UNDEFINED = "undefined"
TINY = "<0.1 %"
NO_INTERVAL = "–"
HOURS = "{value} h"
DAYS = "{value} days"
RANGE = "{low} to {high}"
WITH_RANGE = "{value} ({low} to {high})"
COUNT = "n = {n}"
DISPUTES = ("{n} dispute", "{n} disputes")
REPLICATIONS = ("{n} replication", "{n} replications")
CASES = ("{n} case", "{n} cases")
N_DAYS = ("{n} day", "{n} days")

# --- the page ---------------------------------------------------------------------------------

IN_SCENARIO = "in the scenario “{scenario}”"
POLICY_IN_SCENARIO = "Policy “{policy}” in the scenario “{scenario}”"
FACTS = {
    "period": "Period",
    "counted": "Counted",
    "replications": "Replications",
    "seed": "Seed",
    "engine": "Engine",
    "behaviour": "Behaviour",
    "version": "Version",
}
PERIOD = "{first} to {last}, {days}"
REACTS = "reacts to outcomes"
FROZEN = "frozen (open loop)"
HEADLINES = "In short"
INTERVAL = "95 % interval {ends}"
ONE_REPLICATION = "one replication: no interval"
NO_CASE = "no case to count"
FEW_DEFINED = "too few replications for an interval"
COUNTED_ALL = "all of it"
COUNTED_LATER = "orders of days {first} to {last}; what came before is start-up"
COUNTED_BY = {
    "order": "orders of days {first} to {last}, followed to the end",
    "filing": "filings of days {first} to {last}, followed to the end",
}
NOTE_INTERVALS = (
    "Values are means of {replications}; n counts the cases of all of them. The 95 % intervals cover the "
    "luck of the draw between replications, not doubt about the assumptions of the scenario."
)
NOTE_ONE = (
    "This is one replication, so there are no intervals: how much of a difference is luck cannot be "
    "told from it. Run more replications to see."
)
DATA = "Data behind the chart"
METRICS = "All metrics"
METRICS_SENTENCE = "Every number this run was measured by, with its interval and what it counts."
METRIC_HEAD = ("Metric", "Value", "95 % interval", "n", "What it says")
SETTINGS = "Settings"
SETTINGS_SENTENCE = "The rules and the world this report is about, as they were used, defaults included."
SETTINGS_OF = {"policy": "Policy: {title}", "scenario": "Scenario: {title}"}
SETTING_HEAD = ("Setting", "Value")
NONE = "none"
YES, NO = "yes", "no"
LIST_MORE = "and {n} more"

# --- charts -----------------------------------------------------------------------------------

BARS_OVER_REPLICATIONS = "bars: 95 % interval over replications"
BARS_NONE = "one replication: no intervals"
BAND_OVER_REPLICATIONS = "bands: 95 % interval over replications"
DAYS_SINCE_START = "days since {start}"
DRAWN_OF = "{drawn} of {all} {side} groups are drawn, the largest; the table has all."
NOTHING = "Nothing to draw: {why}"

FLOW_TITLE = "Where disputes end"
FLOW_ALT = (
    "Flow chart from valid and groundless grievances through talks, filing, hearing and ruling to how "
    "disputes ended. {endings}."
)
FLOW_PART = "{name} {share}"
FLOW_EMPTY = "No dispute was noticed in this run, so there is nothing to follow."
FLOW_SENTENCE = "Of {disputes}, {talks} settled in talks and {filed} went to the platform; {rulings}."
FLOW_RULINGS = "{ruled} ended in a ruling, and {won} of the {n} rulings were for the buyer"
FLOW_NO_RULINGS = "none has ended in a ruling"
FLOW_NOTE = "Shares of all disputes, all replications (n\u00a0=\u00a0{n}); open means open when the run ends."
FLOW_HEAD = ("Outcome", "Valid", "Groundless", "All", "Share")
FLOW_STAGE = "Reached: {stage}"

TIME_TITLE = "Time to close"
TIME_ALT = "Survival curves: share of disputes still open by days since the complaint, {groups}. {medians}."
TIME_MEDIAN = "{name}: half closed within {median}"
TIME_NO_MEDIAN = "{name}: half not closed in this run"
TIME_EMPTY = "No dispute was noticed in this run, so none could close."
TIME_SENTENCE = "Half of all disputes closed within {half}{most}{groups}."
TIME_MOST = ", nine in ten within {days}"
TIME_NOT_HALF = "Fewer than half of all disputes were seen to close{groups}."
TIME_GROUPS = "; {one}"
TIME_BOTH = "; {one}, and {other}"
TIME_RANGE = "by {side} group the median runs from {low} (“{fastest}”) to {high} (“{slowest}”)"
TIME_SAME = "by {side} group the median is {low} everywhere"
TIME_ONE = "in the {side} group “{fastest}” half closed within {low}"
TIME_NONE = "no {side} group has closed half of its disputes"
TIME_X = "days since the complaint"
TIME_Y = "still open"
TIME_RISK = "still open and followed"
TIME_HEAD = ("Group", "Disputes", "Median", "90 % closed")
TIME_AFTER = "Open after {days}"
SIDES = {"buyer": "buyer", "merchant": "merchant"}

CAUSES_TITLE = "Outcomes by cause"
CAUSES_ALT = "Stacked bars: how disputes of each true cause ended, in percent. {parts}."
CAUSES_PART = "{name}: {share} {outcome}"
CAUSES_SENTENCE = (
    "Settlement, in talks or later, is most common for {most} ({most_share} of {most_n}) and rarest for "
    "{least} ({least_share} of {least_n})."
)
CAUSES_EQUAL = "Every cause with at least {few} disputes is settled equally often ({share})."
CAUSES_FEW = "Fewer than two causes have {few} disputes or more, too few to compare."
CAUSES_NOTE = "Causes are the true ones, which the platform does not see. Numbers in the bars are percent."
CAUSES_HEAD = ("Cause",)
CAUSES_COUNT = "n"

HARMS = {
    "full": "Deserved all",
    "half": "Deserved a part",
    "small": "Deserved little",
    "none": "Deserved nothing",
}
REMEDIES = {
    "nothing": "Nothing",
    "return": "Refund for the goods",
    "refund": "Refund, goods kept",
    "partial": "Part of the price",
    "replacement": "Replacement",
    "repair": "Repair, or sent again",
    "coupon": "Coupon",
}
REMEDIES_TITLE = "Remedies by what was deserved"
REMEDIES_ALT = "Stacked bars: what buyers got, by what they deserved, in percent. {parts}."
REMEDIES_PART = "{name}: {share} got something"
REMEDIES_SENTENCE = "{parts}."
REMEDIES_NOTE = (
    "What is deserved follows from how bad the harm is in truth. Closed disputes, however they ended."
)
REMEDIES_HEAD = ("What was deserved",)

TALKS_TITLE = "Asked, offered, agreed"
TALKS_KINDS = {"asked": "asked", "offered": "offered last", "agreed": "agreed, of those who settled"}
TALKS_DUE = "adequate: the harm"
TALKS_AXIS = "share of the price, as it is worth to the buyer"
TALKS_ALT = "Dots with intervals beside a line at the harm, by what was deserved. {parts}."
TALKS_PART = "{name} (harm {harm}): asked {asked}, offered {offered}, agreed {agreed}"
TALKS_EMPTY = "No remedy was offered in talks in this run, or talks are not about remedies."
TALKS_NOTE = (
    "Shares of the price in talks about remedies, means; offers and agreements at what they are worth to the "
    "buyer, freight and trouble of a return off. An adequate remedy is worth about the harm."
)
TALKS_HEAD = (
    "What was deserved",
    "Harm",
    "95 % interval",
    "n",
    "Asked",
    "95 % interval",
    "n",
    "Offered last",
    "95 % interval",
    "n",
    "Agreed",
    "95 % interval",
    "n",
)

WRONG_TITLE = "Wrong decisions"
WRONG_ALT = "Dots with intervals: {title}, by buyer and merchant group. {parts}."
WRONG_PART = "{name}: {value}, n\u00a0=\u00a0{n}"
WRONG_EMPTY = "No dispute was decided in this run, so no decision was wrong."
WRONG_SENTENCE = "{both}; {spread}."
WRONG_DENIED = "Decisions refused {value} of valid claims (n\u00a0=\u00a0{n})"
WRONG_CHARGED = "granted {value} of groundless ones (n\u00a0=\u00a0{n})"
WRONG_NO_VALID = "Decisions had no valid claim before them"
WRONG_NO_GROUNDLESS = "had no groundless one to grant"
WRONG_JOIN = "{denied} and {charged}"
WRONG_SPREAD = (
    "refusal was most common for {most} ({high}, n\u00a0=\u00a0{n_high}) "
    "and least common for {least} ({low}, n\u00a0=\u00a0{n_low}), {sure}"
)
WRONG_NO_SPREAD = "there are no two groups with valid claims decided to compare"
WRONG_EVEN = "in every group the share of valid claims refused is {value}"
WRONG_WHOSE = {"buyer": "claims by the group “{name}”", "merchant": "claims against the group “{name}”"}
WRONG_APART = "with intervals that do not overlap"
WRONG_OVERLAP = "with intervals that overlap"
WRONG_TOO_FEW = "in too few replications to tell from luck"
WRONG_UNSURE = "which one replication cannot tell from luck"
WRONG_PANELS = {
    "wrongful_denial_rate": "Valid claims refused (wrongful denial)",
    "wrongful_grant_rate": "Groundless claims granted (wrongful grant)",
}
WRONG_AXES = {
    "wrongful_denial_rate": "share of decided valid claims",
    "wrongful_grant_rate": "share of decided groundless claims",
}
WRONG_HEAD = (
    "Group",
    "Valid claims refused",
    "95 % interval",
    "n",
    "Groundless claims granted",
    "95 % interval",
    "n",
)
BUYER_GROUP = "buyers: {name}"
MERCHANT_GROUP = "merchants: {name}"

DESKS_TITLE = "The desks over time"
DESKS_PANELS = ("Cases at each desk, end of day", "Staff time in use, by week")
DESKS_ALT = "Lines over time: {title}. {parts}."
LINE_PART = "{name}: from {first} to {last}, highest {high}"
DESKS_EMPTY = "No case came to a desk in this run."
DESKS_BACKLOG = "The fullest desk was {desk}, with {peak} on day {day} and {end} at the end{mean}"
DESKS_MEAN = " (means over replications)"
DESKS_BUSY = "{desk} was the busiest, with {mean} of its staff's time in use in the average week"
DESKS_IDLE = "no working time was recorded"
DESKS_SENTENCE = "{backlog}; {busy}."
DESK = "the {desk} desk"
BACKLOG_Y = "cases waiting or in work"
USE_Y = "share of open hours"
BACKLOG_NONE = "no case came to a desk."
USE_NONE = "no working time was recorded."

CLAIMS_TITLE = "Who claims, over time"
CLAIMS_PANELS = {False: "Claims brought forward, by week", True: "Claims brought forward, by month"}
CLAIMS_YS = {False: "claims a week", True: "claims a month"}
"""By whether the run is shown by months."""
CLAIMS_NONE = "nobody claimed anything."
CLAIMS_EMPTY = "Nobody claimed anything in this run."
CLAIMS_SENTENCE = "Of {n}: {parts}."
CLAIMS_COLUMN = "{name}, claims"
CLAIM_KINDS = {
    "valid": "With a reason",
    "remorse": "Changed their minds",
    "opportunistic": "Took the occasion",
    "malicious": "Malicious",
}

PEOPLE_TITLE = "Trust, rating and care over time"
PEOPLE_PANELS = (
    "Buyers' trust in the platform, by group",
    "Merchants' rating, by group",
    "Merchants' problem rate, by group",
)
PEOPLE_ALT = "Lines over time: {title}. {parts}."
PEOPLE_SENTENCE = "{trust}, {rating}, and {care}."
TRUST_MOVED = "Buyers' trust moved most in the group “{name}”, from {first} to {last}"
TRUST_STILL = "Buyers' trust stayed as it was"
RATING_MOVED = "merchants' rating moved most in the group “{name}”, from {first} to {last}"
RATING_STILL = "merchants' rating stayed as it was"
CARE_MOVED = (
    "their problem rate moved most in the group “{name}”, from {first} to {last} times the declared one"
)
CARE_STILL = "their problem rate stayed as it was"
TRUST_Y = "mean trust, 0 to 1"
RATING_Y = "mean rating, 0 to 1"
CARE_Y = "times the declared rate"
PEOPLE_NONE = "there is nobody to follow."

DAY = "Day"
BACKLOG_COLUMN = "{name}, cases"
USE_COLUMN = "{name}, time in use"
TRUST_COLUMN = "Trust: {name}"
RATING_COLUMN = "Rating: {name}"
CARE_COLUMN = "Problem rate: {name}"
NOT_INSTALLED = "not installed"
TABLE = "Table"


def cause(name: str) -> str:
    """The title of a cause."""
    return CAUSES.get(name, name.replace("_", " ").capitalize())


def cause_in_sentence(name: str) -> str:
    """A cause as it stands inside a sentence."""
    return IN_WORDS.get(name, name.replace("_", " "))
