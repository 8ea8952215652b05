"""What is read off the state each month."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tverretatlig_sim.arrays import Array, Floats, quotient, total
from tverretatlig_sim.kernel.state import IMPLEMENTED, NEVER, STAGES, State
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

Observer = Callable[[State, World, Month], Floats]


def mean_rows(values: Array, chosen: Array | None = None) -> Floats:
    """Mean over entities, row by row; NaN where none is chosen. Shape (run,)."""
    number = len(values) if chosen is None else int(np.count_nonzero(chosen))
    return total(values, chosen) / number if number else np.full(values.shape[-1], np.nan)


def ratio(part: Array, whole: Array) -> Floats:
    """Share of a whole; NaN where the whole is 0."""
    return quotient(np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64), np.nan)


def trust_between(
    state: State, world: World, sources: Array | None = None, targets: Array | None = None
) -> Floats:
    """Mean trust over ties, from some agencies to some. Shape (run,)."""
    chosen = np.ones(len(world.ties.source), dtype=bool)
    if sources is not None:
        chosen &= sources[world.ties.source]
    if targets is not None:
        chosen &= targets[world.ties.target]
    return mean_rows(state.trust, chosen)


def trust_core(state: State, world: World) -> Floats:
    """Mean trust among core agencies; NaN without a core."""
    return trust_between(state, world, world.agencies.core, world.agencies.core)


def trust_periphery_to_core(state: State, world: World) -> Floats:
    """Mean trust of other agencies in core agencies."""
    return trust_between(state, world, ~world.agencies.core, world.agencies.core)


def trust_core_to_periphery(state: State, world: World) -> Floats:
    """Mean trust of core agencies in others."""
    return trust_between(state, world, world.agencies.core, ~world.agencies.core)


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
    """Attended seat-meetings this month, those weighted with time on structure first."""
    attended = world.seats.by_forum @ state.attended
    return total(attended * state.structure), total(attended)


def stage_counts(state: State) -> Floats:
    """Recommendations in each stage. Shape (stage, run)."""
    return np.array(
        [np.count_nonzero(state.stage == code, axis=0) for code in range(len(STAGES))], dtype=float
    )


def implemented_share(state: State) -> Floats:
    """Implemented so far, of those drafted so far; NaN before the first draft."""
    drafted = np.count_nonzero(state.drafted_at != NEVER, axis=0)
    return ratio(np.count_nonzero(state.stage == IMPLEMENTED, axis=0), drafted)


SERIES: Mapping[str, tuple[tuple[str, ...], Observer]] = {
    "attention": (("ministry",), lambda s, w, m: s.attention),
    "ownership": (("agency",), lambda s, w, m: s.ownership),
    "confidence": (("agency",), lambda s, w, m: s.confidence),
    "inclusion": (("agency",), lambda s, w, m: s.inclusion),
    "effort": (("agency",), lambda s, w, m: s.effort),
    "meeting_time": (("agency",), lambda s, w, m: s.meeting_time),
    "load": (("agency",), lambda s, w, m: s.load),
    "understanding": (("theme", "agency"), lambda s, w, m: s.understanding),
    "trust": (("tie",), lambda s, w, m: s.trust),
    "clarity": (("forum",), lambda s, w, m: np.where(m.standing.alive[:, None] > 0, s.clarity, np.nan)),
    "service_quality": (("secretariat",), lambda s, w, m: s.service_quality),
    "backlog": (("secretariat",), lambda s, w, m: s.backlog),
    "progress": (("project",), lambda s, w, m: s.progress),
    "recommendations": (("stage",), lambda s, w, m: stage_counts(s)),
    "implemented_share": ((), lambda s, w, m: implemented_share(s)),
    "structure_share": ((), lambda s, w, m: ratio(*structure_hours(s, w))),
    "coherence": ((), lambda s, w, m: mean_rows(s.coherence)),
    "trust_mean": ((), lambda s, w, m: trust_between(s, w)),
    "trust_core": ((), lambda s, w, m: trust_core(s, w)),
    "trust_periphery_to_core": ((), lambda s, w, m: trust_periphery_to_core(s, w)),
    "understanding_gap": ((), lambda s, w, m: understanding_gap(s, w)),
    "ownership_mean": ((), lambda s, w, m: mean_rows(s.ownership, w.agencies.participant)),
    "attendance_core": ((), lambda s, w, m: ratio(*_column(attendance(s, w, m, w.agencies.core)))),
    "attendance_periphery": ((), lambda s, w, m: ratio(*_column(attendance(s, w, m, ~w.agencies.core)))),
}
"""Monthly series: dimensions between month and run, and how to read it."""


def _column(counts: tuple[Floats, int]) -> tuple[Floats, Floats]:
    taken, invited = counts
    return taken, np.full_like(taken, invited)


def labels(world: World) -> dict[str, list[str]]:
    """Names along each dimension of the series; a tie is called ``source → target``."""
    names = world.agencies.names
    return {
        "theme": list(world.themes),
        "tie": [
            f"{names[i]} → {names[j]}" for i, j in zip(world.ties.source, world.ties.target, strict=True)
        ],
        "ministry": list(world.ministries.names),
        "agency": list(world.agencies.names),
        "forum": list(world.forums.names),
        "secretariat": list(world.secretariats.names),
        "project": list(world.projects.names),
        "stage": list(STAGES),
    }
