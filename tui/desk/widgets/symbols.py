"""Every non-ASCII character of the desk, by name, with its replacement on ASCII-only terminals.

Loads no terminal: commands that print a page of the desk use it too.
"""

from __future__ import annotations

from typing import Final

DOT: Final = "·"
SEP: Final = f" {DOT} "
ELLIPSIS: Final = "…"
NONE: Final = "—"
ARROW: Final = "→"
UP: Final = "↑"
DOWN: Final = "↓"
#: Frames of a pane: corners from the top left on, horizontal, vertical; round, and heavy where the keyboard is.
ROUND: Final = "╭╮╰╯─│"
HEAVY: Final = "┏┓┗┛━┃"
#: The thumb of a scroll bar, the cursor of a list with and without the keyboard, a mark.
THUMB: Final = "▐"
CURSOR: Final = "▌"
CURSOR_PALE: Final = "▏"
MARKED: Final = "■"
#: States of a decision, a proposal, and what makes a state doubtful.
APPROVED: Final = "✓"
CONDITIONAL: Final = "◐"
BLOCKED: Final = "✕"
UNDECIDED: Final = DOT
PROPOSED: Final = "»"
STALE: Final = "↻"
DIFFERS: Final = "≠"
NOT_KNOWN: Final = "?"
#: The end of an arrow.
POINTER: Final = "▶"
#: Severity: critical and high, then less.
SEVERE: Final = "▲"
MODERATE: Final = "△"
#: A gate: met, open. A person: here, elsewhere.
MET: Final = "✔"
OPEN: Final = "○"
HERE: Final = "●"
#: The sign of the product, the steps of a breadcrumb, a minus sign, a section that is open.
LOGO: Final = "◆"
STEP: Final = "›"  # noqa: RUF001 - drawn as it is
MINUS: Final = "−"  # noqa: RUF001 - drawn as it is
SECTION: Final = "▾"
#: A bar of full and of half height, and the dashed line of a cap.
BAR: Final = "▆"
HALF: Final = "▄"
CAP: Final = "╎"
#: Parts of a stacked bar where colours are not shown.
TEXTURES: Final = {"approved": "█", "conditional": "▓", "blocked": "▒", "undecided": "░"}
#: Severity -> its symbol; less is blank.
SEVERITIES: Final = {"critical": SEVERE, "high": SEVERE, "medium": MODERATE}
#: Risk as steps: lit ones rise, the rest stays low.
STEPS: Final = {"high": ("▂▄▆", ""), "medium": ("▂▄", "▁"), "low": ("▂", "▁▁")}

_OURS: Final = {
    DOT: ".", ELLIPSIS: "~", NONE: "-", ARROW: ">", UP: "^", DOWN: "v",
    **dict(zip("▁▂▄▆█", "_.:*#", strict=True)), **dict(zip(ROUND, "++++-|", strict=True)),
    **dict(zip(HEAVY, "++++=|", strict=True)),
    THUMB: "#", CURSOR: ">", CURSOR_PALE: "|", MARKED: "*", APPROVED: "A", CONDITIONAL: "C", BLOCKED: "B", PROPOSED: ">", STALE: "~",
    DIFFERS: "#", SEVERE: "!", MODERATE: "-", MET: "x", OPEN: "o", HERE: "*", LOGO: "*", STEP: ">", MINUS: "-",
    SECTION: "v", "▓": "%", "▒": "=", "░": ".", CAP: ":",
}  # fmt: skip
#: Delimiters that `analysis.text` puts around the code of a character that cannot be shown.
_DELIMITERS: Final = {"⟨": "<", "⟩": ">"}
#: Characters of the library: boxes, edges, the search icon. Each replacement has the same width.
_HORIZONTAL: Final = "━┄┅┈┉═╍▔▀"
_VERTICAL: Final = "┃┆┇┊┋║▉▊▋▌▍▎▏▐▕"
_LIBRARY: Final = {
    **{chr(code): "+" for code in range(0x2500, 0x2580)},
    **{chr(code): "#" for code in range(0x2580, 0x25A0)},
    **dict.fromkeys(_HORIZONTAL, "-"), **dict.fromkeys(_VERTICAL, "|"), "●": "*", "🔎": "? ", "✔": "x", "▶": ">", "▼": "v",
}  # fmt: skip

#: For `str.translate`.
TO_ASCII: Final = str.maketrans(_LIBRARY | _DELIMITERS | _OURS)
