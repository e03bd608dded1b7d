"""Every character of the desk that is not ASCII, by name, and what stands for each where a terminal shows ASCII only.

A table, and no library: commands that print a page of the desk read it too.
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
#: A bar: what is done, what is left.
DONE: Final = "━"
LEFT: Final = "╌"
#: From the lowest to the highest.
SPARK: Final = "▁▂▃▄▅▆▇█"
#: Across and down.
RULE: Final = "─│"

_OURS: Final = {
    DOT: ".", ELLIPSIS: "~", NONE: "-", ARROW: ">", UP: "^", DOWN: "v", DONE: "=", LEFT: "-",
    **dict(zip(SPARK, "_.-:+*%#", strict=True)), **dict(zip(RULE, "-|", strict=True)),
}  # fmt: skip
#: What the service puts around a character that cannot be shown.
_AROUND: Final = {"⟨": "<", "⟩": ">"}
#: What the library draws: boxes, edges of boxes, the sign of a search. Each takes as many cells as before.
_ACROSS: Final = "━┄┅┈┉═╍▔▀"
_DOWN: Final = "┃┆┇┊┋║▉▊▋▌▍▎▏▐▕"
_LIBRARY: Final = {
    **{chr(code): "+" for code in range(0x2500, 0x2580)},
    **{chr(code): "#" for code in range(0x2580, 0x25A0)},
    **dict.fromkeys(_ACROSS, "-"), **dict.fromkeys(_DOWN, "|"), "●": "*", "🔎": "? ", "✔": "x", "▶": ">", "▼": "v",
}  # fmt: skip

#: For `str.translate`: ASCII in place of each, of the same width.
TO_ASCII: Final = str.maketrans(_LIBRARY | _AROUND | _OURS)
