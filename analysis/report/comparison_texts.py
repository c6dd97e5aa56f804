"""Every word of the comparison page, in one place; words it shares with the report of a run are there."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.charts.forest import Words
from evenhand.analysis.report.page_texts import PageWords
from evenhand.locale.formats import numerals
from evenhand.locale.words import Counted, Listed, Named, Text


class ComparisonWords(PageWords):
    """The words of the page of a comparison, in the language in force."""

    # --- the page ---------------------------------------------------------------------------------

    TITLE = Text("{policy} against {baseline}")
    TITLE_MANY = Text("{count} policies against {baseline}")
    CHANGES = Text("What “{policy}” changes against “{baseline}”")
    OVERLOADED = Text("Under “{policy}”: {warning}")
    OVERLOADED_IN = Text("Under “{policy}” in “{scenario}”: {warning}")
    UNDER = Text("The same people, truths and delays under every policy, in {scenarios}")
    FACTS = Named(
        baseline="Baseline",
        worlds="Worlds",
        days="Length",
        seed="Seed",
        engine="Engine",
        version="Version",
        policies="Policies",
    )
    PER_SCENARIO = Text("{scenario}: {value}")
    STOPPED = Text("{worlds} ({reason})")
    NOTE = Text(
        "Each policy met the same worlds. The 95 % intervals cover the luck of the worlds, not doubt about "
        "the assumptions of the scenario."
    )
    TERMS = Named(
        pairing="Pairing",
        holm="Adjusted p (Holm)",
        simultaneous="Simultaneous intervals",
        why="Why",
    )
    STATISTICS = Named(
        pairing="Every policy meets the same people, truths and delays, so a difference is taken world by "
        "world; its interval is the paired t over worlds, and “pairing saves” is how many times more worlds "
        "independent seeds would have needed for the same interval.",
        holm="Among many differences some look real by luck alone; what is said to differ does so at a level "
        "of 5 % over all {family} shown here, after Holm.",
        simultaneous="They are wider, so that all of them together hold the truth in 95 of 100 studies; the "
        "95 % interval of one difference holds its own.",
        why="Disputes are matched by their number in each world; what each change of path adds to a "
        "difference of rates is exact, and for times it is of the disputes that take longer than the time "
        "under the baseline.",
    )

    # --- in plain words, and why ------------------------------------------------------------------

    PLAIN_TITLE = Text("In plain words")
    PLAIN_TITLE_OF = Text("“{policy}” in plain words, in “{scenario}”")
    PLAIN_SIDES = Named(buyers="buyers", merchants="merchants")
    PLAIN_FOR = Named(better="Better for {who}: {change}.", worse="Worse for {who}: {change}.")
    PLAIN_RISES = Text("“{title}” rises from {before} to {after}, by {amount} ({low} to {high}; {n})")
    PLAIN_FALLS = Text("“{title}” falls from {before} to {after}, by {amount} ({low} to {high}; {n})")
    PLAIN_N = Text("{worlds}, {cases}")
    PLAIN_NOBODY = Text("What buyers and merchants get is not told apart from luck in {worlds}.")
    PLAIN_COSTS = Text("What it costs: {changes}.")
    PLAIN_NO_COSTS = Text("What it costs: no difference that is told apart from luck.")
    PLAIN_COSTS_UNKNOWN = Text("What it costs was not measured.")
    PLAIN_OVERLOAD = Text("Mind: a desk cannot keep up, so these numbers describe the backlog.")
    PLAIN_SILENCE = Text("Mind that no answer of the merchant in time after filing means: {meaning}.")
    PLAIN_FEW_WORLDS = Text("Mind that {worlds} are few: more (--replications) make the intervals narrower.")
    PLAIN_UNSURE = Text("{n} of {all} measures are not told apart from luck.")
    PLAIN_ASSUMED = Text("{n} of {all} settings of the files are assumed, and no interval covers that.")
    WHY_TITLE = Text("Why {policy} differs from {baseline}")
    WHY_TITLE_IN = Text("Why {policy} differs from {baseline}, in {scenario}")
    WHY_COUNTED = Text(
        "Of {all} disputes that arise under {policy} or {baseline}, {n} take another path or have another "
        "result."
    )
    WHY_OF = Text("“{title}”: {why}")
    WHY_CHANGE = Text("{before} → {after}")
    WHY_STAYS = Text("{before}, another result")
    WHY_ARISE = Text("arises under {policy} only (the other way: under {baseline} only)")
    WHY_DISPUTE = Text("dispute {dispute} of world {world}")
    WHY_HEAD = Listed("Change of path", "Disputes", "The other way", "One of them", "Its two lives")
    WHY_NOTE = Text(
        "Counted dispute by dispute in the same worlds; who differs only in time is left out. The one of "
        "them is of the first world that has any, and its amount is the middle one. DIR is the folder of "
        "this page."
    )
    NOTE_ONE = Text(
        "Each policy met the same one world, so there are no intervals: how much of a difference is luck "
        "cannot be told from it. Compare in more worlds to see."
    )
    NO_RUNS = Text(
        "Who gains, behaviour over time, time to close, pairings of groups, how losses are shared, and the "
        "impossibility of all fairness at once are left out: they need the records of single disputes, and "
        "this page was written without runs."
    )
    LISTED = Text("{others} and {last}")
    """The last of several after the others."""
    QUOTED = Text("“{name}”")
    N_WORLDS = Counted("{n} world", "{n} worlds")
    NO_FRONT = Text("The picture of two metrics is left out: {missing} was not measured.")
    FROM_RUNS = Text("Charts of single disputes, from who gains on, show {worlds} of “{scenario}”.")
    WORLDS = Counted("the first world", "the first {n} worlds")
    WORLDS_IN = Text("in {unit}, {worlds}")
    METRICS = Text("All differences")
    METRICS_SENTENCE = Text(
        "Every difference in words. The adjusted p allows for all differences shown; pairing saves so many "
        "times more worlds as independent seeds would have needed."
    )
    SETTINGS = Text("Settings")
    SETTINGS_SENTENCE = Text("Where the rules of the policies differ, defaults included.")
    SETTINGS_DIFFER = Counted("{n} setting differs", "{n} settings differ")

    # --- paired differences -----------------------------------------------------------------------

    FOREST_TITLE = Text("{policy} less {baseline}")
    FOREST_TITLE_IN = Text("{policy} less {baseline}, in {scenario}")
    FOREST_ALT = Text(
        "Forest plot of paired differences, {policy} less {baseline}, with a line at nothing. {parts}. "
        "Not told apart: {unsure}."
    )
    FOREST_PART = Text("{name}: {written}, {judgement}")
    NOBODY = Text("none")
    JUDGEMENTS = Named(
        better="better",
        worse="worse",
        other="differs, neither better nor worse",
        unsure="not told apart",
    )
    FOREST_BETTER = Text("this side is better")
    FOREST_BAR = Text("95 % paired-t interval")
    FOREST_WIDER = Text("simultaneous: all together hold with 95 %")
    UNITS = Named(
        {
            "share": "Shares, difference in points",
            "share of amount": "Shares of the amount, difference in points",
            "h": "Times, difference in hours",
            "count": "Counts, difference a world",
            "per 1000 orders": "Per 1000 orders",
            "ratio": "Ratios",
            "rating": "Ratings, from 0 to 1",
        }
    )
    UNIT_OTHER = Text("In {unit}")
    FOREST_SENTENCE = Text(
        "Of {all} measures, {told} tell {policy} from {baseline} beyond luck: {better} for the better, "
        "{worse} for the worse, {other} neither."
    )
    FOREST_NONE = Text(
        "None of {all} measures tells {policy} from {baseline} in {worlds}: the differences are no larger "
        "than luck makes them."
    )
    FOREST_EMPTY = Counted(
        "Of {n} other nothing is known: there was nothing to count, or no end to be seen.",
        "Of {n} others nothing is known: there was nothing to count, or no end to be seen.",
    )
    FOREST_ALL_EMPTY = Text(
        "Nothing is known of any measure: there was nothing to count, or no end to be seen."
    )
    FOREST_IDENTICAL = Text("{policy} and {baseline} are exactly the same in all {all} measures.")
    FOREST_ONE = Text("One world cannot tell {policy} from {baseline}: its differences have no intervals.")
    FOREST_CLEAREST = Named(
        better="Clearest for the better: {sentence}",
        worse="Clearest for the worse: {sentence}",
    )
    FOREST_HEAD = Listed(
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
    FEW_MEANS = Text("*: cases of a rate that counts fewer than {few} of them, which luck may have made.")
    DIFFERENCE_HEAD = Listed("Measure", "Adjusted p", "Pairing saves", "What it says")
    WHOSE = Text("{title}, {policy}")
    WHOSE_IN = Text("{title}, {policy} in {scenario}")
    INTERVAL_OF = Text("95 % interval {low} to {high}")
    NO_INTERVAL_LONG = Text("no interval")

    # --- by group ---------------------------------------------------------------------------------

    GROUPS_COLUMNS = Named(
        buyer_group="group of buyers",
        merchant_group="group of merchants",
        cause="true cause",
        claimed="claimed cause",
        category="category of goods",
        amount_band="amount in dispute",
    )
    GROUPS_PANEL = Text("{metric}, by {column}")
    GROUPS_ALT = Text("Forest plot of differences by group: {title}. {sentence}")
    GROUPS_UNIT = Text("{policy} less {baseline}: {unit}")
    GROUPS_UNIT_IN = Text("{policy} less {baseline}, in {scenario}: {unit}")
    GROUPS_GAP = Text("gap: {group} less {reference}")
    GROUPS_WRITTEN = Text("{before} → {after}: {difference}")
    GROUPS_SENTENCE = Text("Under {policy}, compared with {baseline}, “{metric}” {parts}.")
    GROUPS_SAID = Named(
        lower="falls by {amount} for {group} ({low} to {high})",
        higher="rises by {amount} for {group} ({low} to {high})",
        unsure="is not told apart from luck for {group} ({amount}, {low} to {high})",
        allowed="is not told apart from luck for {group} once all {family} differences are allowed for "
        "({amount}, {low} to {high})",
        identical="is exactly the same for {group}",
        unknown="is not known for {group}",
    )
    GROUPS_GAP_SENTENCE = Text(
        "Gap between {group} and {reference}: before {before}, after {after}, change {change} "
        "({low} to {high}): {verdict}."
    )
    GROUPS_GAP_FEW = Text(
        "Gap between {group} and {reference}: before {before}, after {after}, change {change}; no interval, "
        "because {worlds} with cases of both under both are too few."
    )
    GROUPS_GAP_NONE = Text(
        "Gap between {group} and {reference}: not known, because no world has cases of both under both, or "
        "some ended too early."
    )
    GAP_VERDICTS = Named(
        narrower="narrower",
        wider="wider",
        unsure="not told apart from luck",
        allowed="not told apart from luck once all {family} gaps are allowed for",
        identical="exactly the same",
    )
    GROUPS_LEGEND = Named(
        better="better, or a gap that narrows",
        worse="worse, or a gap that widens",
        other="differs, neither better nor worse",
        unsure="not told apart",
    )
    GROUPS_NOTE = Text(
        "Paired over the worlds in which a group has cases under both policies; fewer than {fewest} have no "
        "interval, and a group without a case is undefined. Adjusted p and simultaneous intervals allow for "
        "all {family} differences in groups (measures × groups × policies); changes of gaps are a family of "
        "their own, of {gaps}."
    )
    GROUPS_N = Text("n: cases under the policy; for a gap, worlds.")
    GROUPS_HEAD = Listed(
        "Measure",
        "Policy",
        "Group",
        "Before",
        "n before",
        "After",
        "n after",
        "Difference",
        "95 % interval",
        "Simultaneous",
        "Adjusted p",
        "Worlds",
    )

    # --- two metrics ------------------------------------------------------------------------------

    FRONT_TITLE = Text("{x} and {y}")
    FRONT_TITLE_IN = Text("{x} and {y}, in {scenario}")
    FRONT_ALT = Text("Scatter plot: {x} across, {y} upwards. {parts}.")
    FRONT_PART = Text("{name}: {x} and {y}, on the front with probability {probability}")
    FRONT_ROW = Text("on the front: {probability}")
    FRONT_UNKNOWN = Text("front not known")
    FRONT_NOTE = Text("dots: worlds; cross: mean, 95 % interval")
    FRONT_OF_AMOUNT = Text("% of the amount")
    FRONT_BETTER = Text("better")
    FRONT_EMPTY = Text("In no world are both metrics defined under every policy.")
    FRONT_UNSEEN = Text("Some worlds ended before both metrics could be seen.")
    FRONT_SURE = Counted(
        "{names} is on the front: no policy is better in one of both and no worse in the other.",
        "{names} are on the front: no policy is better in one of both and no worse in the other.",
    )
    FRONT_MIXED = Text("On the front with probability: {parts}.")
    FRONT_CHANCE = Text("{name} {probability}")
    FRONT_LITTLE = Text(
        "Who is on the front is not known: it takes two worlds or more in which both can be seen."
    )
    FRONT_EXPLAINED = Text(
        "A policy is on the front if no other is at least as good in both metrics and better in one. The "
        "probability is the share of {draws} resamples of the worlds, all policies together, in which it is."
    )
    FRONT_HEAD = Listed("Policy", "95 % interval", "Worlds", "On the front")

    # --- time to close ----------------------------------------------------------------------------

    TIME_TITLE = Text("Time to close")
    TIME_PANELS = Listed("All disputes, from complaint to close", "Filed disputes, from filing to close")
    TIME_WHO = Listed("all disputes", "filed disputes")
    TIME_ALT = Text("Survival curves of open disputes by policy: {title}. Medians: {parts}.")
    TIME_MEDIAN = Text("{name} {median}")
    TIME_LONGER = Text("not reached")
    TIME_X = Listed("days since the complaint", "days since filing")
    TIME_Y = Text("still open")
    TIME_RISK = Text("open and followed")
    TIME_SENTENCE = Text("Half of {who} are closed within {parts}.")
    TIME_PART = Text("{median} under {name}")
    TIME_PART_LONGER = Text("no time that was seen under {name}")
    TIME_EMPTY = Listed("No dispute arose in these worlds.", "No dispute was filed in these worlds.")
    TIME_NOTE = Text(
        "Disputes still open at the end count as open for as long as they were followed (Kaplan-Meier)."
    )
    TIME_HEAD = Listed("Policy", "Disputes", "n", "Half closed within", "90 % within")

    # --- who gains, and behaviour over time ------------------------------------------------------

    GAINS_TITLE = Text("Who gains")
    GAINS_PANEL = Text("{policy} against {baseline}")
    GAINS_PARTIES = Named(
        valid="with a real grievance",
        remorse="who changed their minds",
        opportunistic="who took the occasion",
        malicious="with a malicious claim",
        firms="claims firms",
        platform="the platform",
        everybody="everybody together",
    )
    GAINS_SIDES = Named(buyer="buyers {name}", merchant="merchants: {name}")
    """Parties of a side; the others are named by themselves."""
    GAINS_UNIT = Text("{currency} for 1000 orders")
    GAINS_JUDGEMENTS = Named(better="gains", worse="loses", other="differs", unsure="not told apart")
    GAINS_BETTER = Text("this side is a gain")
    GAINS_ALT = Text("Forest plot of gains and losses for every thousand orders: {title}. {parts}.")
    GAINS_PART = Text("{name}: {value}")
    GAINS_SAID = Named(better="{who} gain", worse="{who} lose")
    GAINS_NOBODY = Named(better="nobody surely gains", worse="nobody surely loses")
    GAINS_WHO = Text("{who} ({value} {currency})")
    GAINS_SENTENCE = Text("Under {policy} {gains}; {losses}.")
    GAINS_NOTE = Text(
        "What each party loses less by disputes, in {currency} for every thousand orders of the market. A "
        "buyer's loss is harm, trouble and fees less the remedy; a merchant's the remedy, its answer and "
        "fees less what comes back; the platform's is work and refunds less fees; a claims firm's, where "
        "there are any, is work and fees less its part of refunds. Refunds and fees cancel in the last row: "
        "it is what is saved or wasted. Harm that nobody heard of counts for buyers with a real grievance; "
        "what care costs does not. Each interval is of its row alone. n counts disputes under the baseline."
    )
    GAINS_HEAD = Listed("Party", "Policy", "Gain for 1000 orders", "95 % interval", "n")

    COSTS_TITLE = Text("What it costs and saves a month")
    COSTS_JUDGEMENTS = Named(better="less", worse="more", other="differs", unsure="not told apart")
    COSTS_BETTER = Text("this side is less")
    COSTS_ALT = Text("Forest plot of costs a month, more to the right: {title}. {parts}.")
    COSTS_SAID = Named(worse="more is paid by {who}", better="less is paid by {who}")
    COSTS_NOBODY = Text("no side surely pays more or less")
    COSTS_ALL = Named(
        better="Under {policy} disputes cost {value} {currency} a month less in all: {sides}.",
        worse="Under {policy} disputes cost {value} {currency} a month more in all: {sides}.",
        unsure="What disputes cost in all is not told apart under {policy}: {sides}.",
        other="Under {policy} disputes cost {value} {currency} a month more or less in all: {sides}.",
    )
    COSTS_NOTE = Text(
        "More or less a month than under the baseline, in {currency}, in the same worlds. Staff are counted "
        "at their whole pay, also while they wait for work: a desk that is less used saves nothing until "
        "somebody is sent elsewhere. What one side pays another, as refunds and fees, cancels in the last "
        "row. Each interval is of its row alone."
    )
    COSTS_HEAD = Listed("For", "Policy", "A month", "95 % interval", "A dispute")

    BEHAVIOUR_TITLE = Text("What people make of it, over time")
    BEHAVIOUR_PANELS = Named(
        groundless="Claims without a grievance",
        care="Merchants' problem rate",
        trust="Buyers' trust in the platform",
    )
    BEHAVIOUR_YS = Named(care="times the declared rate", trust="mean trust, 0 to 1")
    BEHAVIOUR_STEPS = Named(week="claims a week", month="claims in thirty days")
    BEHAVIOUR_ALT = Text("Lines over time, one a policy: {title}. {parts}.")
    BEHAVIOUR_PART = Text("{name}: from {first} to {last}")
    BEHAVIOUR_EMPTY = Named(
        groundless="Nobody claimed without a grievance in these worlds.",
        care="There are no merchants to follow in these worlds.",
        trust="There are no buyers to follow in these worlds.",
    )
    BEHAVIOUR_SENTENCE = Text("{what} at the end: {parts}.")
    BEHAVIOUR_END = Text("{value} under {name}")
    BEHAVIOUR_NOTE = Text(
        "Bands: 95 % interval over worlds. Every merchant and every buyer counts the same; those without a "
        "dispute stay as they were."
    )
    BEHAVIOUR_NOTE_ONE = Text(
        "One world: no intervals. Every merchant and every buyer counts the same; those without a dispute "
        "stay as they were."
    )
    BEHAVIOUR_HEAD = Listed("What", "Policy", "Day", "Value", "95 % interval")

    # --- pairings of groups -----------------------------------------------------------------------

    PAIRS_TITLE = Text("Wrong decisions by buyer and merchant group")
    PAIRS_PANELS = Named(
        wrongful_denial="Valid claims refused: {policy}",
        wrongful_grant="Groundless claims granted: {policy}",
    )
    PAIRS_ALT = Text("Grid of buyer groups by merchant groups: {title}. {parts}.")
    PAIRS_PART = Text("{name}: {value}, n = {n}")
    PAIRS_ROWS = Text("buyers")
    PAIRS_COLUMNS = Text("merchants")
    PAIRS_NOTE = Text("height: the share; ± half the 95 % interval, the wider the fainter")
    PAIR = Text("{buyer} × {merchant}")
    PAIRS_WORST = Named(
        wrongful_denial="Under {policy}, valid claims are refused most often between {pair} ({value}, "
        "n\u00a0=\u00a0{n})",
        wrongful_grant="Under {policy}, groundless claims are granted most often between {pair} ({value}, "
        "n\u00a0=\u00a0{n})",
    )
    PAIRS_FEW = Named(
        wrongful_denial="Under {policy}, no pairing has {few} cases to say between whom valid claims are "
        "refused most often.",
        wrongful_grant="Under {policy}, no pairing has {few} cases to say between whom groundless claims are "
        "granted most often.",
    )
    PAIRS_ALONE = Text("{worst}.")
    PAIRS_BOTH = Text("{worst}; {interaction}.")
    PAIRS_NO_INTERACTION = Text("no pairing adds to what its two groups bring beyond luck")
    PAIRS_INTERACTION = Text(
        "the pairing {pair} adds {points} points to what its two groups bring ({low} to {high})"
    )
    PAIRS_RESAMPLED = Named(merchants="merchants", replications="replications")
    PAIRS_EXPLAINED = Text(
        "Of disputes filed and decided; the sentence leaves aside pairings with fewer than {few} cases. The "
        "intervals resample {what}, never single disputes."
    )
    PAIRS_HEAD = Listed(
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

    LOSS_TITLE = Text("Who bears the wrongful losses")
    LOSS_PANELS = Named(buyer="Buyers", merchant="Merchants")
    LOSS_ALT = Named(
        buyer="Lorenz curves of wrongful losses of buyers, by policy. {parts}.",
        merchant="Lorenz curves of wrongful losses of merchants, by policy. {parts}.",
    )
    LOSS_PART = Text("{name}: Gini {gini}, the worst-hit tenth bears {top}")
    LOSS_X = Text("share of parties, least hit first")
    LOSS_Y = Text("share of the wrongful loss")
    LOSS_EVEN = Text("all bear the same")
    LOSS_GINI = Text("Gini {value}, n = {n}")
    LOSS_UNDEFINED = Text("undefined")
    LOSS_SENTENCE = Text("{buyers}; {merchants}.")
    LOSS_WORST = Named(
        buyer="The worst-hit tenth of buyers bears {parts}",
        merchant="the worst-hit tenth of merchants bears {parts}",
    )
    LOSS_TOP = Text("{top} of their wrongful losses under {name}")
    LOSS_NOBODY = Named(
        buyer="No buyer lost anything to a wrong outcome",
        merchant="no merchant lost anything to a wrong outcome",
    )
    LOSS_NOTE = Text(
        "A wrongful loss is the part of the deserved refund that a buyer did not get, or what a merchant "
        "paid beyond it. Parties with an ended dispute count, each in its world; with a Gini of 0 all bear "
        "the same."
    )
    LOSS_HEAD = Listed(
        "Side", "Policy", "Parties", "Gini", "95 % interval", "On the worst-hit tenth", "95 % interval"
    )

    # --- not all at once --------------------------------------------------------------------------

    ALL_TITLE = Text("Why not all fairness can be had at once")
    ALL_PANELS = Named(buyer_group="{policy}, by buyer group", merchant_group="{policy}, by merchant group")
    ALL_ALT = Text(
        "Error rates of groups, valid claims refused across and groundless claims granted upwards, with the "
        "line of each group's base rate for equal trust in wins: {title}. {parts}."
    )
    ALL_PART = Text("{name}: base rate {base}, refused {denial}, granted {charge}")
    ALL_X = Text("valid claims refused")
    ALL_Y = Text("groundless claims granted")
    ALL_ROW = Text("{base} % valid, n = {n}")
    ALL_LINES = Text("lines: where {value} of wins are deserved in the group")
    ALL_SENTENCE = Text(
        "Under {policy}, {value} of wins are deserved; for the group “{low}” ({low_base} of decided claims "
        "valid) and the group “{high}” ({high_base}) the same trust in wins would take granting "
        "{low_charge} and {high_charge} of groundless claims, at the shares of valid claims refused that "
        "they have now."
    )
    ALL_EQUAL = Text(
        "Under {policy}, base rates hardly differ between groups, so that nothing stands in the way."
    )
    ALL_NONE = Text("Under {policy}, there are too few decided claims to show it.")
    ALL_TOO_MUCH = Text("more than all")
    ALL_NOTE = Text(
        "Chouldechova's identity: FPR = p / (1 − p) × (1 − v) / v × (1 − FNR), p the share of valid claims "
        "among the decided, v the share of wins that are deserved. With unequal p, equal v and equal error "
        "rates exclude each other, unless every valid claim is refused or every win is deserved."
    )
    ALL_HEAD = Listed(
        "Group",
        "Policy",
        "Valid among decided",
        "Valid claims refused",
        "Groundless claims granted",
        "Wins deserved",
        "Granted, if wins were deserved as overall",
        "n",
    )
    GROUP_OF = Named(buyer_group="buyers: {name}", merchant_group="merchants: {name}")

    # --- paths ------------------------------------------------------------------------------------

    PATHS_TITLE = Text("What a group's traits do, path by path")
    PATHS_PANEL = Text("{policy}: {title}")
    PATHS_ALT = Text("Waterfall of the change in refund by path: {title}. {parts}.")
    PATHS_PART = Text("{name}: {value}")
    PATHS_AXIS = Text("change of the refund of a dispute, {currency}")
    PATHS_WHISKERS = Text("whiskers: 95 % interval over worlds")
    PATHS_HEAD = Listed("Measure", "Policy", "Path", "Value", "95 % interval", "n", "Unit")
    PATHS_SENTENCE = Text("Under {policy}: {sentence}")
    PATHS_NOTE = Text(
        "Each path is switched alone, then all at once, under the same luck; what they do only together is "
        "the interaction."
    )

    @property
    def forest(self) -> Words:
        """What the plot of paired differences says in words."""
        return Words(self.JUDGEMENTS, self.FOREST_BETTER, self.FOREST_BAR, self.FOREST_WIDER)

    @property
    def groups(self) -> Words:
        """What the plot of differences by group says in words."""
        return Words(self.GROUPS_LEGEND, self.FOREST_BETTER, self.FOREST_BAR, self.FOREST_WIDER)

    @property
    def gains(self) -> Words:
        """What the plot of gains says in words."""
        return Words(self.GAINS_JUDGEMENTS, self.GAINS_BETTER, self.FOREST_BAR, "")

    @property
    def costs(self) -> Words:
        """What the plot of costs and savings says in words."""
        return Words(self.COSTS_JUDGEMENTS, self.COSTS_BETTER, self.FOREST_BAR, "")

    def listed(self, parts: Sequence[str]) -> str:
        """Parts of a sentence, one after the other."""
        *others, last = parts
        return self.LISTED.format(others=self.ITEMS.join(others), last=last) if others else last

    def worlds(self, n: int) -> str:
        """A number of worlds."""
        return self.N_WORLDS(n).format(n=numerals(f"{n:,}"))


texts = ComparisonWords()
