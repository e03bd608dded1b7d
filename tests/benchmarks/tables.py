"""Sections of the report of benchmarks: tables of figures, each with its goal where there is one, and what misses it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, with its unit and, where there is one, the most that the goal allows. None: could not be measured."""

    value: float | None
    unit: str = ""
    goal: float | None = None

    @property
    def missed(self):
        """Whether the goal is not reached."""
        return self.goal is not None and (self.value is None or self.value > self.goal)

    def __str__(self):
        if self.value is None:
            return "failed"
        said = f"{_rounded(self.value)}{f' {self.unit}' if self.unit else ''}"
        if self.goal is None:
            return said
        return f"**{said}** (> {self.goal:g})" if self.missed else f"{said} (≤ {self.goal:g})"


def text_of(cell):
    """Return a cell as text: a text, a figure, or several figures."""
    return ", ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell)


def _rounded(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


@dataclass(slots=True)
class Section:
    """One table of the report: its title, what it measures, and rows of figures and texts."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was left out, and why

    def add(self, name, *cells):
        """Add a row, and print it, as a run takes long."""
        self.rows.append((name, *cells))
        print(f"  {name}: {' · '.join(map(text_of, cells))}", flush=True)

    def note(self, text):
        """Say what was left out."""
        self.notes.append(text)
        print(f"  {text}", flush=True)

    @property
    def missed(self):
        """The figures that miss their goal, in words."""
        return [
            f"{self.title}: {name}, {column}: {str(figure).replace('*', '')}"
            for name, *cells in self.rows
            for column, cell in zip(self.columns[1:], cells, strict=True)
            for figure in (cell if isinstance(cell, tuple) else (cell,))
            if isinstance(figure, Figure) and figure.missed
        ]

    @property
    def markdown(self):
        """The section as Markdown."""
        lines = [f"## {self.title}", "", self.about, ""]
        if self.rows:
            lines += [f"| {' | '.join(self.columns)} |", f"|{'---|' * len(self.columns)}"]
            lines += [f"| {' | '.join(text_of(cell).replace('|', '¦') for cell in row)} |" for row in self.rows]
            lines += [""]
        lines += [f"* {note}" for note in self.notes] + ([""] if self.notes else [])
        return "\n".join(lines)
