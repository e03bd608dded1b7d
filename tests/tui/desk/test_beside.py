"""Work beside the desk: what is quick keeps its place among the keys, what is slow lets keys go on, Esc ends it."""

import asyncio
import threading

import pytest

from analysis.errors import UsageError
from analysis.review import records
from tests.scenarios.driver import at_desk, events
from tui.desk import beside

pytestmark = pytest.mark.asyncio
