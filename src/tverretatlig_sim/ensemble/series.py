"""Monthly series: what is read off the state each month, and its moments over runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from tverretatlig_sim.arrays import Array, Floats, by_run, quotient, total
from tverretatlig_sim.i18n import _, label
from tverretatlig_sim.inputs import check_callable, check_name
from tverretatlig_sim.kernel.rules import RuleSet, name_of
from tverretatlig_sim.kernel.state import IMPLEMENTED, NEVER, STAGES, State, variables
from tverretatlig_sim.own import keep, with_own
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

CORE, PERIPHERY = True, False
"""Agencies of the core, and all others."""

SeriesKind = Literal["moments", "runs", "none"] | tuple[str, ...]
"""What to keep of the monthly series: mean and standard deviation over runs, every run, nothing, or every run
of some by name."""


class Series(NamedTuple):
    """A monthly series.

    Attributes:
        dims: its dimensions between month and run.
        read: gives a month of it from the state after the month.
        name: what one of the user's own is called.
        unit: what it is counted in.
    """

    dims: tuple[str, ...]
    read: Callable[[State, World, Month], Floats]
    name: str = ""
    unit: str = ""

    def of(self, state: State, world: World, month: Month) -> Floats:
        """A month of it, for all that is shown. Shape (…, run).

        Raises:
            ValueError: it has another shape.
        """
        found: Floats = np.asarray(self.read(state, world, month))
        for axis, dim in enumerate(self.dims[: found.ndim]):
            if dim in world.rows and len(world.rows[dim]) < found.shape[axis] == world.sizes[dim]:
                found = found.take(world.rows[dim], axis=axis)
        shape = (*(len(world.shown.get(dim, STAGES)) for dim in self.dims), state.runs)
        if found.shape != shape:
            given = {"name": self.name, "shape": found.shape, "dims": ", ".join((*self.dims, "run"))}
            raise ValueError(
                _("series {name!r} gives shape {shape}; allowed: ({dims}) = {due}", due=shape, **given)
            )
        return found


def series(
    dims: str = "", unit: str = "", name: str = ""
) -> Callable[[Callable[[State, World, Month], Floats]], Series]:
    """Make a function a monthly series of one's own, which is in use from now on wherever series are.

    Args:
        dims: tables of the world along which it has values, such as ``agency``; with spaces between them.
        unit: what it is counted in.
        name: what it is called; default: as the function.

    Raises:
        ValueError: there is no such table, or the name is taken or cannot be one.

    Example:
        >>> @series("ministry", "share")
        ... def attention_lost(state, world, month):
        ...     return 1.0 - state.attention
    """

    def made(read: Callable[[State, World, Month], Floats]) -> Series:
        own = name if isinstance(name, str) and name else name_of(read)
        return use_series(Series(tuple(str(dims).split()), read, own, unit))

    return made


def use_series(own: Series) -> Series:
    """Have a series of one's own in use; one of that name that was, gives way."""
    check_callable(own.name, own.read)
    known = sorted({dim for variable in variables().values() for dim in variable.dims} | {"stage"})
    for dim in own.dims:
        if dim not in known:
            raise ValueError(_("dims = {dim!r}; allowed: {known}", dim=dim, known=", ".join(known)))
    check_name("series", own.name, (*known, "month", "date", "run", "statistic"))
    return keep("series", own.name, own, SERIES)


def series_of(rules: RuleSet) -> dict[str, Series]:
    """Every series by name, with those of the user's own that go with the rules."""
    return {**SERIES, **{it.name: it for it in rules.readouts if isinstance(it, Series)}}


def mean_rows(values: Array, chosen: Array | None = None) -> Floats:
    """Mean over entities, row by row; NaN where none is chosen. Shape (run,)."""
    number = len(values) if chosen is None else int(np.count_nonzero(chosen))
    return total(values, chosen) / number if number else np.full(values.shape[-1], np.nan)


def ratio(part: Array, whole: Array) -> Floats:
    """Share of a whole; NaN where the whole is 0."""
    return quotient(np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64), np.nan)


def trust_between(
    state: State, world: World, source: bool | None = None, target: bool | None = None
) -> Floats:
    """Mean trust over ties between agencies, NaN without any. Shape (run,).

    Args:
        state: when.
        world: whose ties.
        source: where a tie must begin, ``CORE`` or ``PERIPHERY``; None for anywhere.
        target: where it must end.
    """
    core, ties = world.agencies.core, world.ties
    chosen = ~(world.agencies.is_ministry[ties.source] | world.agencies.is_ministry[ties.target])
    for wanted, ends in ((source, ties.source), (target, ties.target)):
        if wanted is not None:
            chosen &= core[ends] == wanted
    return mean_rows(state.trust, chosen)


def understanding_gap(state: State, world: World) -> Floats:
    """Root mean square distance of participants' understanding from their mean."""
    participant = world.agencies.participant
    apart = np.zeros(state.runs)
    for theme in state.understanding:
        gap = theme - mean_rows(theme, participant)
        gap *= gap
        apart += mean_rows(gap, participant)
    return np.sqrt(apart)


def attendance(state: State, world: World, month: Month, agencies: Array) -> tuple[Floats, int]:
    """Seats some agencies took in this month's meetings, and seats they were invited to."""
    theirs = agencies.take(world.seats.agency)
    return total(state.attended, theirs), int(np.count_nonzero(theirs.take(month.meeting.seats)))


def structure_hours(state: State, world: World) -> tuple[Floats, Floats]:
    """Seat-meetings that agencies attended this month, those weighted with time on structure first."""
    attended = world.seats.by_forum @ (
        state.attended & ~by_run(world.agencies.is_ministry, world.seats.agency)
    )
    return total(attended * state.structure), total(attended)


def letter_concreteness(state: State, world: World, month: Month) -> Floats:
    """Of members of projects that have started, the share whose letters name the project or its results."""
    stakes, duties = world.stakes, world.duties
    member = stakes.works & (world.projects.start[stakes.project] <= month.index)
    named = np.repeat(month.named[:, None] > 0.0, state.runs, axis=1)
    taken_up = state.letter_at != NEVER
    np.logical_or.at(named, duties.stake, taken_up)
    return mean_rows(named.astype(np.float64), member)


def stage_counts(state: State) -> Floats:
    """Recommendations in each stage. Shape (stage, run)."""
    return np.array(
        [np.count_nonzero(state.stage == code, axis=0) for code in range(len(STAGES))], dtype=float
    )


def implemented_share(state: State) -> Floats:
    """Implemented so far, of those drafted so far; NaN before the first draft."""
    drafted = np.count_nonzero(state.drafted_at != NEVER, axis=0)
    return ratio(np.count_nonzero(state.stage == IMPLEMENTED, axis=0), drafted)


def _attended(state: State, world: World, month: Month, agencies: Array) -> Floats:
    taken, invited = attendance(state, world, month, agencies)
    return ratio(taken, np.full_like(taken, invited))


def _of_state(name: str) -> Series:
    """A variable of the state, as it is."""
    return Series(variables()[name].dims, lambda s, w, m: getattr(s, name), name, variables()[name].unit)


SHIPPED: Mapping[str, Series] = {
    **{name: _of_state(name) for name in ("attention", "ownership", "confidence", "inclusion", "effort")},
    **{name: _of_state(name) for name in ("meeting_time", "load", "understanding", "trust")},
    "clarity": Series(("project",), lambda s, w, m: s.project_clarity, unit="level"),
    **{name: _of_state(name) for name in ("service_quality", "backlog", "progress")},
    "recommendations": Series(("stage",), lambda s, w, m: stage_counts(s), unit="count"),
    "implemented_share": Series((), lambda s, w, m: implemented_share(s), unit="share"),
    "structure_share": Series((), lambda s, w, m: ratio(*structure_hours(s, w)), unit="share"),
    "coherence": Series((), lambda s, w, m: mean_rows(s.coherence), unit="level"),
    "letter_concreteness": Series((), letter_concreteness, unit="share"),
    "trust_mean": Series((), lambda s, w, m: trust_between(s, w), unit="level"),
    "trust_core": Series((), lambda s, w, m: trust_between(s, w, CORE, CORE), unit="level"),
    "trust_periphery_to_core": Series((), lambda s, w, m: trust_between(s, w, PERIPHERY, CORE), unit="level"),
    "understanding_gap": Series((), lambda s, w, m: understanding_gap(s, w), unit="level"),
    "ownership_mean": Series(
        (), lambda s, w, m: mean_rows(s.ownership, w.agencies.participant), unit="level"
    ),
    "attendance_core": Series((), lambda s, w, m: _attended(s, w, m, w.agencies.core), unit="share"),
    "attendance_periphery": Series(
        (), lambda s, w, m: _attended(s, w, m, w.agencies.periphery), unit="share"
    ),
}
SERIES: Mapping[str, Series] = with_own("series", SHIPPED)
"""Every monthly series by name, then the user's own."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and sum of squared deviations over runs, missing values left out."""

    count: Floats
    mean: Floats
    squares: Floats

    @classmethod
    def of(cls, values: Floats) -> Moments:
        """Moments over the last axis."""
        total = np.asarray(values.sum(axis=-1))
        if np.isnan(total).any():  # where anything is missing, so is its sum
            known = ~np.isnan(values)
            count = known.sum(axis=-1).astype(np.float64)
            mean = np.where(known, values, 0.0).sum(axis=-1) / np.maximum(count, 1.0)
            apart = np.where(known, values - mean[..., None], 0.0)
        else:
            count = np.full(total.shape, float(values.shape[-1]))
            mean = total / count
            apart = values - mean[..., None]
        apart *= apart
        return cls(count, mean, np.asarray(apart.sum(axis=-1)))

    @classmethod
    def stack(cls, months: Sequence[Moments]) -> Moments:
        """Moments of several months, along a first axis."""
        return cls(*(np.stack([getattr(m, name) for m in months]) for name in ("count", "mean", "squares")))

    def merge(self, other: Moments) -> Moments:
        """Moments of both sets of runs together (Chan's update)."""
        count = self.count + other.count
        safe = np.maximum(count, 1.0)
        shift = other.mean - self.mean
        mean = self.mean + shift * other.count / safe
        squares = self.squares + other.squares + shift**2 * self.count * other.count / safe
        return Moments(count, mean, squares)

    def statistics(self) -> Floats:
        """Mean and standard deviation, NaN where unknown. Shape (2, …)."""
        known = np.where(self.count > 0, self.mean, np.nan)
        freedom = np.where(self.count > 1, self.count - 1.0, np.nan)
        return np.stack([known, np.sqrt(self.squares / freedom)])


class SeriesDataset(xr.Dataset):  # type: ignore[no-untyped-call]
    """A dataset that is no table: its variables share only the months, as they are of different things."""

    __slots__ = ()

    def to_dataframe(self, *given: Any, **named: Any) -> pd.DataFrame:  # noqa: ANN401 - as xarray has them
        """As xarray does; but not every forum beside every project and tie, in hundreds of millions of rows.

        Raises:
            ValueError: with what to do instead.
        """
        if prod(self.sizes.values()) > 2 * sum(series.size for series in self.values()):
            first = next(map(str, self))
            raise ValueError(
                _(
                    "series are of different things; make a table of one: series[{name!r}].to_dataframe()",
                    name=first,
                )
            )
        return super().to_dataframe(*given, **named)


def series_dataset(
    values: Mapping[str, Floats], world: World, kind: SeriesKind, known: Mapping[str, Series]
) -> xr.Dataset:
    """Monthly series as a dataset whose arrays are read-only.

    Args:
        values: by name, of shape (statistic, month, …) for moments and (month, …, run) for runs.
        world: gives the names along each dimension; a tie is called ``source → target``.
        kind: what is kept.
        known: every series by name.
    """
    variables: dict[str, Any] = {}
    for name, array in values.items():
        array.flags.writeable = False
        middle = ("month", *known[name].dims)
        dims = ("statistic", *middle) if kind == "moments" else (*middle, "run")
        variables[name] = dims, array, {"units": known[name].unit, "long_name": label(name)}
    used = {dim for dims, *_rest in variables.values() for dim in dims}
    coordinates: dict[str, Any] = {dim: names for dim, names in _names(world).items() if dim in used}
    if variables:
        coordinates["month"] = np.arange(world.months)
        coordinates["date"] = ("month", [world.calendar.date(month) for month in range(world.months)])
    if "statistic" in used:
        coordinates["statistic"] = ["mean", "sd"]
    return SeriesDataset(variables, coordinates)


def size_of_series(world: World, kind: SeriesKind, rules: RuleSet) -> int:
    """How many numbers are kept of the series of every run."""
    sizes, known = {dim: len(names) for dim, names in _names(world).items()}, series_of(rules)
    kept = kind if isinstance(kind, tuple) else known if kind == "runs" else ()
    return world.months * sum(prod(sizes[dim] for dim in known[name].dims) for name in kept)


def _names(world: World) -> dict[str, list[str]]:
    named = {
        dim: [key if isinstance(key, str) else " → ".join(key) for key in keys]
        for dim, keys in world.everyone.items()
    }
    return {**named, "stage": list(STAGES)}
