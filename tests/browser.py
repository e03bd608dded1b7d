"""Chromium without a window, over its debugging pipe: pages as a reader sees them, on paper, on a phone, on a dark screen."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from contextlib import contextmanager

PROGRAM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome-headless-shell"))), ""
)


class Page:
    """One open page."""

    def __init__(self, reading, writing):
        self._reading, self._writing, self._number, self._session = reading, writing, 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def call(self, method, until="", **parameters):
        """Call a method and return its result, once the event `until` has arrived."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._writing.write(json.dumps(message).encode() + b"\0")
        self._writing.flush()
        result, seen = None, not until
        while result is None or not seen:
            answer = json.loads(self._read())
            seen = seen or answer.get("method") == until
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result = answer["result"]
        return result

    def _read(self):
        data = bytearray()
        while (byte := self._reading.read(1)) != b"\0":
            assert byte, "Chromium has ended"
            data += byte
        return bytes(data)

    def show(self, path, width=1280, *, dark=False):
        """Load a file at a width in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", until="Page.loadEventFired", url=path.resolve().as_uri())

    def value(self, script):
        """Evaluate an expression, whatever the policy of the page says."""
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def picture(self, path, top=0, width=1280, height=900):
        """Write a part of the page as a PNG file."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self):
        """Return the page as it is printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])


@contextmanager
def open_page(folder):
    """Start Chromium with a profile in a folder, and yield a page."""
    to_browser, writing = os.pipe()
    reading, from_browser = os.pipe()
    # Chromium reads from descriptor 3 and writes to 4.
    command = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={folder}")
    process = subprocess.Popen(
        ["bash", "-c", command, PROGRAM, *flags], pass_fds=(to_browser, from_browser), stderr=subprocess.DEVNULL
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        with os.fdopen(reading, "rb") as answers, os.fdopen(writing, "wb") as calls:
            yield Page(answers, calls)
            calls.write(b'{"id": 0, "method": "Browser.close"}\0')
            calls.flush()
    finally:
        process.terminate()
        process.wait(20)
