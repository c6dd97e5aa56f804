"""Every word of the page of a sweep; words it shares with the report of a run are there."""

from __future__ import annotations

from evenhand.analysis.report.texts import texts as shared
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import language

with language(ENGLISH):  # the page of a sweep speaks nothing else yet
    DATA = shared.DATA
    HEADLINES = shared.HEADLINES
    LANGUAGE = shared.LANGUAGE
    TABLE = shared.TABLE
    UNDEFINED = shared.UNDEFINED
    RANGE = shared.RANGE
    NO_INTERVAL = shared.NO_INTERVAL

TITLE = "{policy}: {count} settings varied"
TITLE_ONE = "{policy}: {name} varied"
UNDER = "In “{scenario}”, the same worlds at every point"
FACTS = {
    "design": "Design",
    "points": "Points",
    "worlds": "Worlds a point",
    "days": "Length",
    "seed": "Seed",
    "engine": "Engine",
    "axes": "Settings",
    "version": "Version",
}
DESIGNS = {
    "grid": "every combination of levels",
    "lhs": "Latin hypercube",
    "sobol": "Sobol points",
    "saltelli": "Saltelli’s points for Sobol indices",
}
ALERT = "At {settings}: {sentence}"
NOTE = (
    "Every point lived through the same worlds, so differences between points are pairs. 95 % intervals "
    "cover the luck of the worlds and, where it says so, which points were drawn; they do not cover doubt "
    "about the settings that were not varied."
)
NOTE_ONE = "One world only: there are no intervals. Sweep in more worlds to see what is luck."
METRICS = "All points"
METRICS_SENTENCE = (
    "Each point of the sweep with the measures of this page: mean, half-width of the 95 % interval, cases."
)
SETTINGS = "Settings"
SETTINGS_SENTENCE = "The policy and the scenario as they are at the base."

TORNADO_TITLE = "What moves “{metric}”"
TORNADO_ALT = "Tornado chart of {metric}, one setting at a time against the base. {parts}."
TORNADO_PART = "{name} at {setting}: {written}"
TORNADO_AXIS = "difference from the base, {unit}; 95 % intervals over {worlds} worlds"
TORNADO_AXIS_ONE = "difference from the base, {unit}; one world, no intervals"
TORNADO_HEAD = ("Setting", "Value", "Difference", "95 % interval", "Unit", "Worlds")
TORNADO_SENTENCE = "{name} moves it most: at {setting} it is {written} {unit} from the {base} of the base."
TORNADO_NONE = "No setting, alone and at either end, moves it beyond the luck of {worlds} worlds."
TORNADO_FLAT = "No setting moves it at all when it is changed alone."
LOW, HIGH = "low end of the setting", "high end"

CURVE_TITLE = "“{metric}” along each setting"
CURVE_ALT = "Response curve of {metric} along {name}, from {first} to {last}: {low} to {high}."
CURVE_SENTENCE = "On average over the points, from one end of a setting to the other: {parts}."
CURVE_PART = "{name} {first} to {last}"
CURVE_NOTE_GRID = (
    "A diamond is the mean of all points at that level, whatever the other settings were; bands cover the "
    "luck of {worlds} worlds. Small dots are single points."
)
CURVE_NOTE = (
    "A diamond is the mean of neighbouring points, whatever the other settings were; bands cover the luck of "
    "{worlds} worlds and which points were drawn. Small dots are single points."
)
CURVE_HEAD = ("Setting and value", "Mean", "95 % interval", "Points", "Worlds")
AS_IT_IS = "as it is"

INDEX_TITLE = "How much of the spread of “{metric}” each setting explains"
INDEX_ALT = "Sobol indices of {metric}. {parts}."
INDEX_PART = "{name}: total {total}, first order {first}"
INDEX_HEAD = ("Setting", "First order", "95 % interval", "Total", "95 % interval", "Rows", "Worlds")
INDEX_AXIS = "share of the variance of means over {worlds} worlds; bars are 95 % intervals"
INDEX_TOTAL, INDEX_FIRST = "total, with all interactions", "first order, alone"
INDEX_LUCK = "no more than luck"
INDEX_SENTENCE = "{name} explains most: {first} of the variance alone and {total} with all others. {floor}"
INDEX_FLOOR_NONE = "Every setting is above the floor of luck."
INDEX_FLOOR = "Not above the floor of luck: {names}."
INDEX_NONE = "The measure does not vary, or is undefined at some points: there are no indices."
INDEX_NOTE = (
    "The dummy changes nothing but the worlds. Up to the upper end of its total index a setting does no "
    "more to a mean of {worlds} worlds than luck does. Settings are taken as independent, "
    "and even over their axes."
)
POINT_HEAD = "Point"
UNITS = {
    "share": "points",
    "share of amount": "points of the amount",
    "h": "hours",
    "count": "a world",
    "per 1000 orders": "per 1000 orders",
}
