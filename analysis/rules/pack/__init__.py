"""The rule pack: one file or folder per family."""

#: The module or folder of each family, by the letters that the ids of its rules begin with.
FAMILY_MODULES = {
    "ACC": "accountability",
    "CHG": "change",
    "CRD": "credentials",
    "DAT": "returned_data",
    "EFF": "effects",
    "EXP": "exposure",
    "FLO": "flows",
    "INJ": "injection",
    "QLT": "quality",
}

#: The modules of rules that do not look at definitions, but at tools with their decisions, or at the whole review.
REVIEW_MODULES = (
    "accountability",
    "change",
    "credentials.authentication",
    "credentials.schemes",
    "exposure.decided",
    "exposure.undecided",
    "flows.exposed_set",
    "flows.single_tool",
    "quality.tool_set",
)
