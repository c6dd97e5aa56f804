"""The twenty items of STRESS-DES, and what is the same in every run of Evenhand.

Source of the items: Monks, Currie, Onggo, Robinson, Kunc and Taylor (2019), Strengthening the reporting
of empirical simulation studies: introducing the STRESS guidelines, Journal of Simulation 13(1), 55-67.
What each asks for is said here in words of our own.
"""

from __future__ import annotations

SECTIONS = {
    "1": "Objectives",
    "2": "Logic",
    "3": "Data",
    "4": "Experimentation",
    "5": "Implementation",
    "6": "Code access",
}
ITEMS = {
    "1.1": ("Purpose of the model", "Why the model was made, and for what."),
    "1.2": ("Model outputs", "Every measure that is reported, how it is computed, and its error."),
    "1.3": ("Experimentation aims", "What the experiments were to find out."),
    "2.1": ("Base model overview diagram", "A picture of how the model works."),
    "2.2": ("Base model logic", "The rules by which the model moves."),
    "2.3": ("Scenario logic", "What differs between the cases that were run."),
    "2.4": ("Algorithms", "Formulas and procedures inside the model."),
    "2.5": ("Components", "Entities, activities, resources, queues; where entities enter and leave."),
    "3.1": ("Data sources", "Where the inputs come from."),
    "3.2": ("Pre-processing", "What was done to the data before they went in."),
    "3.3": ("Input parameters", "Every parameter with its value or distribution."),
    "3.4": ("Assumptions", "What was assumed where data were missing."),
    "4.1": ("Initialisation", "How a run starts, and how the start is kept out of the results."),
    "4.2": ("Run length", "How long a run lasts, and in which unit of time."),
    "4.3": ("Estimation approach", "Replications, and how errors are estimated."),
    "5.1": ("Software or programming language", "With their versions."),
    "5.2": ("Random sampling", "Generators, streams and seeds."),
    "5.3": ("Model execution", "How events are processed."),
    "5.4": ("System specification", "The machine, and how long a run took."),
    "6.1": ("Computer model sharing statement", "Where the model can be had, under which licence."),
}
"""Number of the item -> its title, and what it asks for."""

LEFT = {
    "1.1": "the question that the study answers, for whom, and what is known about it already",
    "1.3": "what the run was for, and why this scenario and this policy",
    "2.1": "a figure for the paper",
    "2.3": "how the runs that the study compares differ from this one",
    "3.1": "references for the sources that matter, and who may see the data",
    "3.2": "how figures were derived before they were written into the files",
    "3.4": "which settings are marked as assumed, why they were set so, and how much hangs on them",
    "4.1": "why an empty start suits the question",
    "5.4": "processor, memory, operating system, and the time that the run took",
    "6.1": "where the files of this study are kept for good (an archive, a DOI), and their licence",
}
"""What no run can know."""

STAGES = {
    "windows": "how long each side has",
    "negotiation": "buyer and merchant talk, in rounds, until they settle or one has had enough",
    "screening": "the platform checks that a filing may be heard",
    "answer": "the merchant's statement and evidence, and what its silence means",
    "mediation": "meetings with a mediator, where there are rounds of them",
    "burden": "who has to prove what",
    "decision": "an automatic rule, an arbiter at a desk, or a panel that votes",
    "review": "a second look that a party asks for",
    "returns": "the goods go back",
    "funding": "who pays the refund",
    "sanctions": "points, rating, suspension",
}
"""Blocks of a policy, in the order in which a dispute meets them."""

DIAGRAM = (
    "Grievance -> talks -> filing -> screening -> answer -> mediation (where there is one) -> decision -> "
    "return of the goods -> review -> close -> aftermath. The report of the run draws where disputes ended."
)
ALGORITHMS = (
    "Arrivals: candidates for a grievance are a Poisson process in the market's own time (weekday, hour, "
    "festivals, a common burst), thinned by the state of each merchant.\n"
    "Evidence: a party's evidence of strength d weighs N(+d²/2, d²) towards the buyer if the claim is valid "
    "and N(-d²/2, d²) if not, a calibrated log-likelihood ratio (Green & Swets 1966; Good 1950).\n"
    "Ruling: belief = burden of proof + records of both sides + weights of evidence + silence + noise, held "
    "against the log odds of the standard of proof. An arbiter's noise has a level, a pattern by cause and "
    "an occasion part (Kahneman, Sibony & Sunstein 2021).\n"
    "Talks: settled where the most that the merchant would pay meets what the buyer asks, both formed by "
    "what the platform would award (Landes 1971; Gould 1973; Shavell 1982).\n"
    "Races inside a stage are settled by comparing delays that were drawn before any rule acted."
).splitlines()
ASSUMPTIONS = (
    "Everybody in a group is alike but for the draws.\n"
    "A dispute is filed once.\n"
    "Settlements before filing move neither trust in the platform nor the rating.\n"
    "Carriers pay nothing.\n"
    "The truth of claims, the strength of evidence and the noise of arbiters are not observable; their "
    "values are judgements."
).splitlines()
INTERVALS = (
    "Values are means over replications. Intervals are 95 %, Student's t over replications; they cover the "
    "luck between replications and nothing else. n are the cases counted."
)
EXECUTION = (
    "Events at the same time happen in the order in which they were scheduled; what comes exactly at a "
    "deadline is in time. Both engines give equal records. Nothing in a replication runs in parallel."
)
TERMINATING = "It is a terminating run: there is no warm-up, and nothing is cut off."
STARTS_UP = "Its first {days} days are start-up: they are simulated, and nothing of them is counted."
CENSORED = "Disputes still open at the end count as open, and are censored in times to close."
INVERSION = "One uniform makes one variate through the inverse distribution function."
ACTIVITIES = "talking, filing, screening, answering, mediating, deciding, reviewing, sending back, paying"
SHARING = (
    "Evenhand is under the MIT licence. The manifest holds scenario and policy whole; with the seed they are "
    "all that is needed to run this again."
)
SOURCE = (
    "Items: STRESS-DES (Monks, Currie, Onggo, Robinson, Kunc & Taylor 2019, Journal of Simulation 13(1), "
    "55-67), in words of our own."
)
