"""The desk application, built by composition.

::

    Desk (app.py)         Textual's App: layout, areas, life cycle; the `Host` that actions see (host.py)
    |- Dispatcher        a key event -> prompt, palette, filter or action, in the order typed
    |- PromptFlow        one action at a time, and the prompts it shows
    |- Messages          toasts, and the list of them
    |- BackgroundJobs    one job at a time in a Textual thread worker
    |- ScreenSync        the screen follows the review: own changes, changes by others
    |- Frames            one frame per key; input waits for the frame it refers to
    `- StatusLines       state and areas above, keys below

`Keymap` (keymap.py) is the table `KEYS` (keys.py) with a person's own keys; `Session` (session.py) is the open review
with filter and marks. Widgets never write to a review: actions do, through the session.
"""
