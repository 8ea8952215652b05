"""What a study file may say. One model a table; unknown keys are refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tverretatlig_sim.scenario.schema import PRINTABLE, Name, Table
from tverretatlig_sim.world.numbers import Numbers

Kind = Literal["grid", "list", "latin-hypercube", "sobol", "saltelli", "morris"]
Distribution = Literal["uniform", "log-uniform", "triangular", "normal"]

LARGEST_SEED = 2**63 - 1
"""Largest seed a TOML file can hold."""

Text = Annotated[str, StringConstraints(max_length=2000, pattern=PRINTABLE)]
Positive = Annotated[int, Field(ge=1, le=10**9)]
Shares = Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(max_length=20)]


class FactorTable(Table):
    """A parameter that varies over a range.

    Attributes:
        low, high: ends of the range, in the parameter's unit.
        distribution: over the range.
        mode: most likely value of a triangular distribution.
        mean, sd: of a normal distribution, which is cut off at the ends of the range.
        levels: values of a grid, evenly spread over the distribution.
    """

    low: float
    high: float
    distribution: Distribution = "uniform"
    mode: float | None = None
    mean: float | None = None
    sd: Annotated[float, Field(gt=0)] | None = None
    levels: Annotated[int, Field(ge=2, le=10**6)] | None = None


class DesignTable(Table):
    """Which points of the parameter space are run.

    Attributes:
        kind: how they are chosen.
        points: their number, in a Latin hypercube or a Sobol sequence.
        base: points of the two base samples of a Saltelli design, a power of 2.
        second_order: whether a Saltelli design allows second-order indices.
        trajectories: of a Morris design.
        levels: of the factors of a Morris design, or of a grid's ranges.
        file: table of points for a list, a CSV file with a column a parameter; or ``evidence-consistent``.
    """

    kind: Kind
    points: Positive | None = None
    base: Positive | None = None
    second_order: bool | None = None
    trajectories: Positive | None = None
    levels: Annotated[int, Field(ge=2, le=10**6)] | None = None
    file: Name | None = None


class SwapTable(Table):
    """Scenarios from which every arrangement takes parts; see ``scenario.combine``."""

    portfolio: Name | None = None
    agencies: Name | None = None
    letters: Name | None = None


class CrossTable(Table):
    """Alternatives: every arrangement is run with each combination. An empty text means: as it is.

    Attributes:
        levers: levers, or several joined by ``+``.
        portfolio, agencies, letters: scenarios to take parts from.
    """

    levers: list[Text] = Field(default_factory=list)
    portfolio: list[Text] = Field(default_factory=list)
    agencies: list[Text] = Field(default_factory=list)
    letters: list[Text] = Field(default_factory=list)


class RecordTable(Table):
    """What is kept of each point.

    Attributes:
        outcomes: names of outcomes; default: all.
        quantiles: over the runs of a point, as shares.
        replicates: keep every run too.
    """

    outcomes: list[Name] | Literal["all"] = "all"
    quantiles: Shares = Field(default_factory=list)
    replicates: bool = False


class StudyFile(Table):
    """A study, but for its parameters; each of these is checked against what is known about it.

    Attributes:
        name: short name; default: the file's.
        title: what is asked.
        arrangements: scenario names or paths, with levers of their own after ``+``.
        levers: pulled in every arrangement.
        swaps: parts that every arrangement takes from other scenarios.
        cross: alternatives with which every arrangement is combined.
        design: the points.
        runs: of each point and arrangement; run k has the same luck everywhere.
        months: length of a run; default: the longest of the arrangements' own.
        seed: of the draws and of the design.
        record: what to keep.
        numbers: ``double`` or ``single`` precision.
    """

    name: Name
    title: Text = ""
    arrangements: Annotated[list[Name], Field(min_length=1, max_length=1000)]
    levers: list[Name] = Field(default_factory=list)
    swaps: SwapTable = SwapTable()
    cross: CrossTable = CrossTable()
    design: DesignTable
    runs: Positive = 50
    months: Annotated[int, Field(ge=1, le=600)] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 1
    record: RecordTable = RecordTable()
    numbers: Numbers = "double"
