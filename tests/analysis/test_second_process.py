"""Work in a second process: its result, and none where it fails or is ended; nothing of it is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

import pytest

from analysis import second_process as module
from analysis.second_process import can_start, second_process, started_early

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="second processes are for Linux")


def wait(result, calls=None):
    return result(lambda: calls.append(1) if calls is not None else None)


def test_what_it_returns_comes_back():
    own = [1, 2, 3]
    with second_process(lambda: (os.getpid(), own)) as result:
        pid, returned = wait(result)
    assert pid != os.getpid()
    assert returned == own
    assert not multiprocessing.active_children()


def test_its_own_process_goes_on_meanwhile():
    calls: list[int] = []
    with second_process(lambda: time.sleep(0.5)) as result:
        assert wait(result, calls) is None
    assert 1 < len(calls) < 10


@pytest.mark.parametrize("how", ["raises", "killed", "interrupted", "leaves"])
def test_work_that_fails_has_no_result_and_says_nothing(how, capfd):
    def work():
        match how:
            case "raises":
                raise ValueError(how)
            case "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "interrupted":
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(1)
            case _:
                raise SystemExit(3)

    with second_process(work) as result:
        assert wait(result) is None
    assert capfd.readouterr() == ("", "")


def test_an_error_here_ends_it():
    def stop():
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), second_process(lambda: time.sleep(60)) as result:
        result(stop)
    assert time.monotonic() - began < 10
    assert not multiprocessing.active_children()


def test_where_none_can_be_made_there_is_no_result(monkeypatch):
    def full():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", full)
    with second_process(lambda: 1) as result:
        assert wait(result) is None
    monkeypatch.setattr(module, "can_start", lambda: True)
    with started_early(lambda: 2, worth=True) as early:
        assert early() == 2


@pytest.mark.parametrize("worth", [True, False])
def test_work_that_was_started_early_is_done_once_and_what_it_raises_is_raised(monkeypatch, worth):
    monkeypatch.setattr(module, "can_start", lambda: True)
    with started_early(os.getpid, worth=worth) as result:
        assert (result() != os.getpid()) == worth

    def fails():
        raise ValueError("faulty")

    with started_early(fails, worth=worth) as result, pytest.raises(ValueError, match="faulty"):
        result()


def test_it_is_not_started_beside_threads_nor_where_one_processor_is_all(monkeypatch):
    held = threading.Event()
    thread = threading.Thread(target=held.wait)
    thread.start()
    try:
        assert not can_start()
    finally:
        held.set()
        thread.join()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert not can_start()
