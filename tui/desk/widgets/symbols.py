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
#: A progress bar: the part done, the rest.
DONE: Final = "━"
LEFT: Final = "╌"
#: Bars from lowest to highest.
SPARK: Final = "▁▂▃▄▅▆▇█"
#: Horizontal and vertical.
RULE: Final = "─│"

_OURS: Final = {
    DOT: ".", ELLIPSIS: "~", NONE: "-", ARROW: ">", UP: "^", DOWN: "v", DONE: "=", LEFT: "-",
    **dict(zip(SPARK, "_.-:+*%#", strict=True)), **dict(zip(RULE, "-|", strict=True)),
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
