"""The page that shows the desk in a browser: all of it comes from this server, and it takes keys from the first one on."""

from __future__ import annotations

from typing import Final

#: Headers of every answer but the policy of the page: no other site may frame, read or keep it, or learn the address.
HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
#: Interval at which the page looks for the terminal until it is there, milliseconds.
_FOCUS_MILLISECONDS: Final = 50
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Clearance</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{static}css/xterm.css">
<style>
@font-face {{ font-family: "Roboto Mono"; src: url("{static}fonts/RobotoMono-VariableFont_wght.ttf"); font-weight: 100 700; }}
@font-face {{ font-family: "Roboto Mono"; font-style: italic; src: url("{static}fonts/RobotoMono-Italic-VariableFont_wght.ttf"); }}
html, body {{ margin: 0; height: 100%; background: #101418; color: #e6e6e6; font: 16px "Roboto Mono", monospace; }}
#terminal {{ width: 100vw; height: 100vh; }}
#ended {{ display: none; position: fixed; inset: 0; place-content: center; text-align: center; background: #101418; }}
body.-closed #ended {{ display: grid; }}
#ended a {{ color: inherit; }}
</style>
<script nonce="{nonce}" src="{static}js/textual.js"></script>
<script nonce="{nonce}">
function takeKeys() {{
  const line = document.querySelector(".xterm-helper-textarea");
  if (line) line.focus();
  return line !== null;
}}
window.addEventListener("load", () => {{
  const timer = setInterval(() => {{ if (takeKeys()) clearInterval(timer); }}, {interval});
}});
window.addEventListener("focus", takeKeys);
</script>
</head>
<body>
<div id="terminal" class="textual-terminal" data-session-websocket-url="{socket}" data-font-size="{size}"></div>
<div id="ended"><p>The desk was left; everything is recorded. <a href="">Open it again</a></p></div>
</body>
</html>
"""


def page(*, static: str, socket: str, nonce: str, size: int = 16) -> str:
    """Return the page. `static` and `socket` are addresses of this server, `nonce` is that of its policy, `size` in pixels."""
    return _PAGE.format(static=static, socket=socket, nonce=nonce, size=size, interval=_FOCUS_MILLISECONDS)


def content_policy(nonce: str, socket_origin: str) -> str:
    """Return the Content-Security-Policy of the page: nothing from elsewhere, in no frame.

    The terminal sets styles of its own, so that inline styles are allowed.
    """
    return "; ".join((
        "default-src 'none'", f"script-src 'nonce-{nonce}'", "style-src 'self' 'unsafe-inline'", "font-src 'self'",
        "img-src 'self' data:", f"connect-src {socket_origin}", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
    ))  # fmt: skip
