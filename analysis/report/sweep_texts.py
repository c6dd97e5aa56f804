"""Every word of the page of a sweep; words it shares with the report of a run are there."""

from __future__ import annotations

from evenhand.analysis.report.page_texts import PageWords
from evenhand.locale.words import Listed, Named, Text


class SweepWords(PageWords):
    """The words of the page of a sweep."""

    TITLE = Text("{policy}: {count} settings varied")
    TITLE_ONE = Text("{policy}: {name} varied")
    UNDER = Text("In “{scenario}”, the same worlds at every point")
    FACTS = Named(
        {
            "design": "Design",
            "points": "Points",
            "worlds": "Worlds a point",
            "days": "Length",
            "seed": "Seed",
            "engine": "Engine",
            "axes": "Settings",
            "version": "Version",
        }
    )
    DESIGNS = Named(
        {
            "grid": "every combination of levels",
            "lhs": "Latin hypercube",
            "sobol": "Sobol points",
            "saltelli": "Saltelli’s points for Sobol indices",
        }
    )
    ALERT = Text("At {settings}: {sentence}")
    NOTE = Text(
        "Every point lived through the same worlds, so differences between points are pairs. 95 "
        "% intervals cover the luck of the worlds and, where it says so, which points were "
        "drawn; they do not cover doubt about the settings that were not varied."
    )
    NOTE_ONE = Text("One world only: there are no intervals. Sweep in more worlds to see what is luck.")
    METRICS = Text("All points")
    METRICS_SENTENCE = Text(
        "Each point of the sweep with the measures of this page: mean, half-width of the 95 % "
        "interval, cases."
    )
    SETTINGS = Text("Settings")
    SETTINGS_SENTENCE = Text("The policy and the scenario as they are at the base.")
    TORNADO_TITLE = Text("What moves “{metric}”")
    TORNADO_ALT = Text("Tornado chart of {metric}, one setting at a time against the base. {parts}.")
    TORNADO_PART = Text("{name} at {setting}: {written}")
    TORNADO_AXIS = Text("difference from the base, {unit}; 95 % intervals over {worlds} worlds")
    TORNADO_AXIS_ONE = Text("difference from the base, {unit}; one world, no intervals")
    TORNADO_HEAD = Listed("Setting", "Value", "Difference", "95 % interval", "Unit", "Worlds")
    TORNADO_SENTENCE = Text(
        "{name} moves it most: at {setting} it is {written} {unit} from the {base} of the base."
    )
    TORNADO_NONE = Text("No setting, alone and at either end, moves it beyond the luck of {worlds} worlds.")
    TORNADO_FLAT = Text("No setting moves it at all when it is changed alone.")
    LOW = Text("low end of the setting")
    HIGH = Text("high end")
    CURVE_TITLE = Text("“{metric}” along each setting")
    CURVE_ALT = Text("Response curve of {metric} along {name}, from {first} to {last}: {low} to {high}.")
    CURVE_SENTENCE = Text("On average over the points, from one end of a setting to the other: {parts}.")
    CURVE_PART = Text("{name} {first} to {last}")
    CURVE_NOTE_GRID = Text(
        "A diamond is the mean of all points at that level, whatever the other settings were; "
        "bands cover the luck of {worlds} worlds. Small dots are single points."
    )
    CURVE_NOTE = Text(
        "A diamond is the mean of neighbouring points, whatever the other settings were; bands "
        "cover the luck of {worlds} worlds and which points were drawn. Small dots are single "
        "points."
    )
    CURVE_HEAD = Listed("Setting and value", "Mean", "95 % interval", "Points", "Worlds")
    AS_IT_IS = Text("as it is")
    INDEX_TITLE = Text("How much of the spread of “{metric}” each setting explains")
    INDEX_ALT = Text("Sobol indices of {metric}. {parts}.")
    INDEX_PART = Text("{name}: total {total}, first order {first}")
    INDEX_HEAD = Listed("Setting", "First order", "95 % interval", "Total", "95 % interval", "Rows", "Worlds")
    INDEX_AXIS = Text("share of the variance of means over {worlds} worlds; bars are 95 % intervals")
    INDEX_TOTAL = Text("total, with all interactions")
    INDEX_FIRST = Text("first order, alone")
    INDEX_LUCK = Text("no more than luck")
    INDEX_SENTENCE = Text(
        "{name} explains most: {first} of the variance alone and {total} with all others. {floor}"
    )
    INDEX_FLOOR_NONE = Text("Every setting is above the floor of luck.")
    INDEX_FLOOR = Text("Not above the floor of luck: {names}.")
    INDEX_NONE = Text("The measure does not vary, or is undefined at some points: there are no indices.")
    INDEX_NOTE = Text(
        "The dummy changes nothing but the worlds. Up to the upper end of its total index a "
        "setting does no more to a mean of {worlds} worlds than luck does. Settings are taken as "
        "independent, and even over their axes."
    )
    POINT_HEAD = Text("Point")
    UNITS = Named(
        {
            "share": "points",
            "share of amount": "points of the amount",
            "h": "hours",
            "count": "a world",
            "per 1000 orders": "per 1000 orders",
        }
    )


texts = SweepWords()
