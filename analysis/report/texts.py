"""Every word of the report that a reader sees, in one place, so that it can be translated.

Names in braces are filled in. Titles of metrics are with the metrics.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.report.page_texts import PageWords
from evenhand.locale.current import gettext
from evenhand.locale.words import Listed, Message, Named, Text
from evenhand.sim.scenario.vocabulary import CAUSES


class ReportWords(PageWords):
    """The words of the report of a run, in the language in force."""

    # --- words for what records count -------------------------------------------------------------

    CAUSES = Named(opportunistic="Opportunistic claim", malicious="Malicious claim")
    """Causes whose title is not simply their name."""
    DESKS = Named(
        screening="Screening",
        decision="Decision",
        review="Review",
        mediation="Mediation",
    )
    IN_WORDS = Named(
        quality_defect="quality defects",
        not_as_described="goods not as described",
        return_refused="refused returns",
        promise_broken="broken promises",
        lost_or_damaged="lost or damaged goods",
        counterfeit="counterfeits",
        opportunistic="opportunistic claims",
        malicious="malicious claims",
    )
    """Causes inside a sentence, where that is not simply their name."""
    KINDS = Listed("Valid grievance", "Groundless claim")
    KINDS_SHORT = Listed("Valid", "Groundless")
    STAGES = Named(talks="Talks", filed="Filing", heard="Hearing", ruled_on="Ruling")
    OUTCOMES = Named(
        ruled_buyer="Ruled for buyer",
        ruled_merchant="Ruled for merchant",
        settled_late="Settled after filing",
        defaulted="Decided by silence",
        withdrawn="Withdrawn",
        inadmissible="Not admitted",
        settled="Settled in talks",
        abandoned="Abandoned",
        lapsed="Lapsed",
        open="Still open",
    )
    OUTCOMES_SAID = Named(
        ruled_buyer="ruled for buyer",
        ruled_merchant="ruled for merchant",
        settled_late="settled after filing",
        defaulted="decided by silence",
        withdrawn="withdrawn",
        inadmissible="not admitted",
        settled="settled in talks",
        abandoned="abandoned",
        lapsed="lapsed",
        open="still open",
    )
    """Inside a sentence."""
    ALL = Text("All disputes")
    BUYERS = Text("By buyer group")
    MERCHANTS = Text("By merchant group")

    # --- the page ---------------------------------------------------------------------------------

    FEW = Text("{n} (few)")
    FEW_MEANS = Text("Few: a rate of fewer than {few} cases, which luck may have made.")
    REACHED = Text("Exceptions and reforms")
    IN_SCENARIO = Text("in the scenario “{scenario}”")
    POLICY_IN_SCENARIO = Text("Policy “{policy}” in the scenario “{scenario}”")
    FACTS = Named(
        period="Period",
        counted="Counted",
        replications="Replications",
        seed="Seed",
        engine="Engine",
        behaviour="Behaviour",
        version="Version",
    )
    PERIOD = Text("{first} to {last}, {days}")
    REACTS = Text("reacts to outcomes")
    FROZEN = Text("frozen (open loop)")
    INTERVAL = Text("95 % interval {ends}")
    ONE_REPLICATION = Text("one replication: no interval")
    NO_CASE = Text("no case to count")
    FEW_DEFINED = Text("too few replications for an interval")
    COUNTED_ALL = Text("all of it")
    COUNTED_LATER = Text("orders of days {first} to {last}; what came before is start-up")
    COUNTED_BY = Named(
        order="orders of days {first} to {last}, followed to the end",
        filing="filings of days {first} to {last}, followed to the end",
    )
    NOTE_INTERVALS = Text(
        "The 95 % intervals cover the luck of the draw between {replications}, not doubt about the "
        "assumptions of the scenario."
    )
    TERMS = Named(
        values="Values",
        intervals="95 % intervals",
        still_open="Still open",
        start_up="Start-up",
    )
    STATISTICS = Named(
        values="Rates and means are ratios of sums over all replications, everything else is the mean of the "
        "replications; n counts the cases of all of them.",
        intervals="They are Student's t over replications, of the jackknife of a ratio: disputes of one "
        "replication share their merchants, desks and queues, so they do not count one by one.",
        still_open="Times to close count open disputes for as long as they were followed (Kaplan-Meier), so "
        "that slow rules do not look fast.",
        start_up="Disputes about orders before the counted days are simulated and not counted, so that "
        "queues and people have settled.",
    )
    PLAIN_TITLE = Text("In plain words")
    PLAIN_SURE = Text("{value} ({ends})")
    PLAIN_WAYS = Text(
        "Of {n} disputes {settled_share} are settled and {filed_share} are brought before the platform; half "
        "are closed within {median_hours_to_close}."
    )
    PLAIN_WRONGED = Text(
        "Where somebody decides, {wrongful_denial_rate} of valid claims are refused and "
        "{wrongful_grant_rate} of groundless ones granted; in all, {effective_denial_rate} of valid "
        "grievances end without an adequate remedy."
    )
    PLAIN_COSTS = Text(
        "A dispute costs the platform {platform_cost_per_dispute}, buyers {buyer_loss_per_dispute} and "
        "merchants {merchant_loss_per_dispute}."
    )
    PLAIN_ALERT = Text("Mind the warning above: the numbers describe it more than the rules.")
    PLAIN_ONE = Text("Mind that this is one replication, which shows no more than its luck.")
    PLAIN_LUCK = Text("In brackets is what luck makes of {replications}, 95 % intervals.")
    PLAIN_OPEN = Text("{open} of the disputes are still open, and how they end is not counted.")
    PLAIN_ASSUMED = Text("{n} of {all} settings of the files are assumed, and no interval covers that.")
    NOTE_ONE = Text(
        "This is one replication, so there are no intervals: how much of a difference is luck cannot be "
        "told from it. Run more replications to see."
    )
    METRICS = Text("All metrics")
    METRICS_SENTENCE = Text("Every number this run was measured by, with its interval and what it counts.")
    METRIC_HEAD = Listed("Metric", "Value", "95 % interval", "n", "What it says")
    SETTINGS = Text("Settings")
    SETTINGS_SENTENCE = Text(
        "The rules and the world this report is about, as they were used, defaults included."
    )
    SETTINGS_OF = Named(policy="Policy: {title}", scenario="Scenario: {title}")

    # --- charts -----------------------------------------------------------------------------------

    BARS_OVER_REPLICATIONS = Text("bars: 95 % interval over replications")
    BARS_NONE = Text("one replication: no intervals")
    MONEY_TITLE = Text("What disputes cost a month, and whom")
    MONEY_SIDES = Named(
        platform="Platform",
        merchants="Merchants",
        buyers="Buyers",
        firms="Claims firms",
        everybody="All together",
    )
    MONEY_ITEMS = Named(
        platform_payroll="payroll",
        platform_panel="jurors",
        platform_machine="model and checks",
        platform_refunds="refunds it pays, less goods",
        platform_fees="fees it takes",
        merchants_remedies="remedies",
        merchants_answers="answers",
        merchants_fees="fees",
        buyers_harm="harm that is left, less remedies",
        buyers_trouble="trouble of filing",
        buyers_fees="fees and commission",
        firms_work="work and fees",
        firms_commission="commission",
    )
    MONEY_ROW = Text("{side}: {item}")
    MONEY_ALL = Text("{side}: in all")
    MONEY_UNIT = Text("{currency} a month")
    MONEY_JUDGEMENTS = Named(other="paid; received, left of nothing")
    MONEY_ALT = Text("Costs a month by side and item, with intervals. {parts}.")
    MONEY_PART = Text("{name}: {value}")
    MONEY_SENTENCE = Text(
        "Disputes cost {all} {currency} a month in all, {each} for each ({parts}); what one side pays "
        "another cancels."
    )
    MONEY_NOTE = Text(
        "In {currency}; left of nothing a side receives. Payroll is of all staff, time without work too. "
        "Harm counts for real grievances, also for those that nobody heard of; a groundless claim that is "
        "paid is a gain of its buyer. What care costs merchants is not on record. Each interval is of its "
        "row alone. n counts disputes, all replications together."
    )
    MONEY_HEAD = Listed("For", "A month", "95 % interval", "A dispute")

    UNCOUNTED = Text("start-up")
    BANDS_NOTE = Text("Bands: 95 % interval over replications.")
    NO_BANDS_NOTE = Text("One replication: no intervals.")
    DRAWN_OF = Named(
        buyer="{drawn} of {all} buyer groups are drawn, the largest; the table has all.",
        merchant="{drawn} of {all} merchant groups are drawn, the largest; the table has all.",
    )

    FLOW_TITLE = Text("Where disputes end")
    FLOW_ALT = Text(
        "Flow chart from valid and groundless grievances through talks, filing, hearing and ruling to how "
        "disputes ended. {endings}."
    )
    FLOW_PART = Text("{name} {share}")
    FLOW_EMPTY = Text("No dispute was noticed in this run, so there is nothing to follow.")
    FLOW_NOTHING = Text("No dispute was noticed in this run, so there is nothing to follow")
    """Inside a sentence."""
    FLOW_SENTENCE = Text(
        "Of {disputes}, {talks} settled in talks and {filed} went to the platform; {ruled} ended in a "
        "ruling, and {won} of the {n} rulings were for the buyer."
    )
    FLOW_NO_RULINGS = Text(
        "Of {disputes}, {talks} settled in talks and {filed} went to the platform; none has ended in a "
        "ruling."
    )
    FLOW_NOTE = Text(
        "Shares of all disputes, all replications (n\u00a0=\u00a0{n}); open means open when the run ends."
    )
    FLOW_HEAD = Listed("Outcome", "Valid", "Groundless", "All", "Share")
    FLOW_STAGE = Text("Reached: {stage}")

    TIME_TITLE = Text("Time to close")
    TIME_ALT = Named(
        buyer="Survival curves: share of disputes still open by days since the complaint, by buyer "
        "group. {medians}.",
        merchant="Survival curves: share of disputes still open by days since the complaint, by merchant "
        "group. {medians}.",
    )
    TIME_MEDIAN = Text("{name}: half closed within {median}")
    TIME_NO_MEDIAN = Text("{name}: half not closed in this run")
    TIME_EMPTY = Text("No dispute was noticed in this run, so none could close.")
    TIME_HALF = Text("Half of all disputes closed within {half}")
    TIME_HALF_AND_MOST = Text("Half of all disputes closed within {half}, nine in ten within {most}")
    TIME_NOT_HALF = Text("Fewer than half of all disputes were seen to close")
    TIME_SENTENCE = Text("{all}.")
    TIME_ONE_SIDE = Text("{all}; {one}.")
    TIME_BOTH_SIDES = Text("{all}; {one}, and {other}.")
    TIME_RANGE = Named(
        buyer="by buyer group the median runs from {low} (“{fastest}”) to {high} (“{slowest}”)",
        merchant="by merchant group the median runs from {low} (“{fastest}”) to {high} (“{slowest}”)",
    )
    TIME_SAME = Named(
        buyer="by buyer group the median is {low} everywhere",
        merchant="by merchant group the median is {low} everywhere",
    )
    TIME_ONE = Named(
        buyer="in the buyer group “{fastest}” half closed within {low}",
        merchant="in the merchant group “{fastest}” half closed within {low}",
    )
    TIME_NONE = Named(
        buyer="no buyer group has closed half of its disputes",
        merchant="no merchant group has closed half of its disputes",
    )
    TIME_X = Text("days since the complaint")
    TIME_Y = Text("still open")
    TIME_RISK = Text("still open and followed")
    TIME_HEAD = Listed("Group", "Disputes", "Median", "90 % closed")
    TIME_AFTER = Text("Open after {days}")

    CAUSES_TITLE = Text("Outcomes by cause")
    CAUSES_ALT = Text("Stacked bars: how disputes of each true cause ended, in percent. {parts}.")
    CAUSES_PART = Text("{name}: {share} {outcome}")
    CAUSES_SENTENCE = Text(
        "Settlement, in talks or later, is most common for {most} ({most_share} of {most_n}) and rarest for "
        "{least} ({least_share} of {least_n})."
    )
    CAUSES_EQUAL = Text("Every cause with at least {few} disputes is settled equally often ({share}).")
    CAUSES_FEW = Text("Fewer than two causes have {few} disputes or more, too few to compare.")
    CAUSES_NOTE = Text(
        "Causes are the true ones, which the platform does not see. Numbers in the bars are percent."
    )
    CAUSES_HEAD = Listed("Cause")
    CAUSES_COUNT = Text("n")

    HARMS = Named(
        full="Deserved all",
        half="Deserved a part",
        small="Deserved little",
        none="Deserved nothing",
    )
    REMEDIES = Named(
        {
            "nothing": "Nothing",
            "return": "Refund for the goods",
            "refund": "Refund, goods kept",
            "partial": "Part of the price",
            "replacement": "Replacement",
            "repair": "Repair, or sent again",
            "coupon": "Coupon",
        }
    )
    REMEDIES_TITLE = Text("Remedies by what was deserved")
    REMEDIES_ALT = Text("Stacked bars: what buyers got, by what they deserved, in percent. {parts}.")
    REMEDIES_PART = Text("{name}: {share} got something")
    REMEDIES_SENTENCE = Text("{parts}.")
    REMEDIES_NOTE = Text(
        "What is deserved follows from how bad the harm is in truth. Closed disputes, however they ended."
    )
    REMEDIES_HEAD = Listed("What was deserved")

    TALKS_TITLE = Text("Asked, offered, agreed")
    TALKS_KINDS = Named(asked="asked", offered="offered last", agreed="agreed, of those who settled")
    TALKS_DUE = Text("adequate: the harm")
    TALKS_AXIS = Text("share of the price, as it is worth to the buyer")
    TALKS_ALT = Text("Dots with intervals beside a line at the harm, by what was deserved. {parts}.")
    TALKS_PART = Text("{name} (harm {harm}): asked {asked}, offered {offered}, agreed {agreed}")
    TALKS_EMPTY = Text("No remedy was offered in talks in this run, or talks are not about remedies.")
    TALKS_NOTE = Text(
        "Shares of the price in talks about remedies, means; offers and agreements at what they are worth to "
        "the buyer, freight and trouble of a return off. An adequate remedy is worth about the harm."
    )
    TALKS_HEAD = Listed(
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

    WRONG_TITLE = Text("Wrong decisions")
    WRONG_ALT = Text("Dots with intervals: {title}, by buyer and merchant group. {parts}.")
    WRONG_PART = Text("{name}: {value}, n\u00a0=\u00a0{n}")
    WRONG_EMPTY = Text("No dispute was decided in this run, so no decision was wrong.")
    WRONG_SENTENCE = Text("{both}; {spread}.")
    WRONG_BOTH = Text(
        "Decisions refused {denied} of valid claims (n\u00a0=\u00a0{n_valid}) and granted {granted} of "
        "groundless ones (n\u00a0=\u00a0{n_groundless})"
    )
    WRONG_NO_VALID = Text(
        "Decisions had no valid claim before them and granted {granted} of groundless ones "
        "(n\u00a0=\u00a0{n_groundless})"
    )
    WRONG_NO_GROUNDLESS = Text(
        "Decisions refused {denied} of valid claims (n\u00a0=\u00a0{n_valid}) and had no groundless one "
        "to grant"
    )
    WRONG_SPREAD = Named(
        apart="refusal was most common for {most} ({high}, n\u00a0=\u00a0{n_high}) and least common for "
        "{least} ({low}, n\u00a0=\u00a0{n_low}), with intervals that do not overlap",
        overlap="refusal was most common for {most} ({high}, n\u00a0=\u00a0{n_high}) and least common for "
        "{least} ({low}, n\u00a0=\u00a0{n_low}), with intervals that overlap",
        few="refusal was most common for {most} ({high}, n\u00a0=\u00a0{n_high}) and least common for "
        "{least} ({low}, n\u00a0=\u00a0{n_low}), in too few replications to tell from luck",
        one="refusal was most common for {most} ({high}, n\u00a0=\u00a0{n_high}) and least common for "
        "{least} ({low}, n\u00a0=\u00a0{n_low}), which one replication cannot tell from luck",
    )
    """By how sure the difference is."""
    WRONG_NO_SPREAD = Text("there are no two groups with valid claims decided to compare")
    WRONG_EVEN = Text("in every group the share of valid claims refused is {value}")
    WRONG_WHOSE = Named(buyer="claims by the group “{name}”", merchant="claims against the group “{name}”")
    WRONG_PANELS = Named(
        wrongful_denial_rate="Valid claims refused (wrongful denial)",
        wrongful_grant_rate="Groundless claims granted (wrongful grant)",
    )
    WRONG_AXES = Named(
        wrongful_denial_rate="share of decided valid claims",
        wrongful_grant_rate="share of decided groundless claims",
    )
    WRONG_HEAD = Listed(
        "Group",
        "Valid claims refused",
        "95 % interval",
        "n",
        "Groundless claims granted",
        "95 % interval",
        "n",
    )
    BUYER_GROUP = Text("buyers: {name}")
    MERCHANT_GROUP = Text("merchants: {name}")

    DESKS_TITLE = Text("The desks over time")
    DESKS_PANELS = Listed("Cases at each desk, end of day", "Staff time in use, by week")
    LINES_ALT = Text("Lines over time: {title}. {parts}.")
    LINE_PART = Text("{name}: from {first} to {last}, highest {high}")
    DESKS_EMPTY = Text("No case came to a desk in this run.")
    DESKS_BACKLOG = Text("The fullest desk was {desk}, with {peak} on {day} and {end} at the end")
    DESKS_BACKLOG_MEANS = Text(
        "The fullest desk was {desk}, with {peak} on {day} and {end} at the end (means over replications)"
    )
    DESKS_BUSY = Text("{desk} was the busiest, with {mean} of its staff's time in use in the average week")
    DESKS_IDLE = Text("no working time was recorded")
    DESKS_SENTENCE = Text("{backlog}; {busy}.")
    DESKS_NAMED = Named(
        screening="the screening desk",
        decision="the decision desk",
        review="the review desk",
        mediation="the mediation desk",
    )
    """Inside a sentence."""
    BACKLOG_Y = Text("cases waiting or in work")
    USE_Y = Text("share of open hours")
    BACKLOG_NONE = Text("Nothing to draw: no case came to a desk.")
    USE_NONE = Text("Nothing to draw: no working time was recorded.")

    CLAIMS_TITLE = Text("Who claims, over time")
    CLAIMS_PANELS = Named(week="Claims brought forward, by week", month="Claims brought forward, by month")
    CLAIMS_YS = Named(week="claims a week", month="claims a month")
    """By whether the run is shown by months."""
    CLAIMS_NONE = Text("Nothing to draw: nobody claimed anything.")
    CLAIMS_EMPTY = Text("Nobody claimed anything in this run.")
    CLAIMS_SENTENCE = Text("Of {n}: {parts}.")
    CLAIMS_COLUMN = Text("{name}, claims")
    CLAIM_PARTS = Named(
        valid="{share} with a reason",
        remorse="{share} changed their minds",
        opportunistic="{share} took the occasion",
        malicious="{share} malicious",
    )
    CLAIM_KINDS = Named(
        valid="With a reason",
        remorse="Changed their minds",
        opportunistic="Took the occasion",
        malicious="Malicious",
    )

    PEOPLE_TITLE = Text("Trust, rating and care over time")
    PEOPLE_PANELS = Listed(
        "Buyers' trust in the platform, by group",
        "Merchants' rating, by group",
        "Merchants' problem rate, by group",
    )
    PEOPLE_SENTENCE = Text("{trust}, {rating}, and {care}.")
    TRUST_MOVED = Text("Buyers' trust moved most in the group “{name}”, from {first} to {last}")
    TRUST_STILL = Text("Buyers' trust stayed as it was")
    RATING_MOVED = Text("merchants' rating moved most in the group “{name}”, from {first} to {last}")
    RATING_STILL = Text("merchants' rating stayed as it was")
    CARE_MOVED = Text(
        "their problem rate moved most in the group “{name}”, from {first} to {last} times the declared one"
    )
    CARE_STILL = Text("their problem rate stayed as it was")
    TRUST_Y = Text("mean trust, 0 to 1")
    RATING_Y = Text("mean rating, 0 to 1")
    CARE_Y = Text("times the declared rate")
    PEOPLE_NONE = Text("Nothing to draw: there is nobody to follow.")

    DAY = Text("Day")
    BACKLOG_COLUMN = Text("{name}, cases")
    USE_COLUMN = Text("{name}, time in use")
    TRUST_COLUMN = Text("Trust: {name}")
    RATING_COLUMN = Text("Rating: {name}")
    CARE_COLUMN = Text("Problem rate: {name}")

    @classmethod
    def messages(cls) -> Iterator[Message]:
        """Everything that a catalogue must have, the names of causes too."""
        yield from super().messages()
        yield from (_title(name) for name in CAUSES if name not in cls.CAUSES)
        yield from (_inside(name) for name in CAUSES if name not in cls.IN_WORDS)

    def cause(self, name: str) -> str:
        """The title of a cause."""
        return self.CAUSES.get(name) or gettext(_title(name))

    def cause_in_sentence(self, name: str) -> str:
        """A cause as it stands inside a sentence."""
        return self.IN_WORDS.get(name) or gettext(_inside(name))


def _title(cause: str) -> str:
    """The English title of a cause that has none of its own."""
    return _inside(cause).capitalize()


def _inside(cause: str) -> str:
    return cause.replace("_", " ")


texts = ReportWords()
