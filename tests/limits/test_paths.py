"""Paths without luck: ownership, attention, trust, the secretariat's queue, and the certain world."""

from __future__ import annotations

import numpy as np
import pytest

from tverretatlig_sim import load_scenario, simulate

from .laboratory import EXACT, Matrix, Row, agencies, agency, forum, path_of, project, world

MONTHS = 36
MONTH = np.arange(1, MONTHS + 1)
"""Months that have passed at each entry of a series."""


def paths(tables: Row, *names: str) -> list[Matrix]:
    ensemble = simulate(load_scenario(tables), runs=1, series="runs")
    return [path_of(ensemble, name) for name in names]


def assert_equal(values: Matrix, expected: Matrix) -> None:
    np.testing.assert_allclose(values, np.broadcast_to(expected, values.shape), rtol=0, atol=EXACT)


@pytest.mark.parametrize("half_life", [0.5, 6.0, 18.0])
def test_ownership_decays_with_its_half_life(half_life: float) -> None:
    start = np.array([1.0, 0.4, 0.0])
    members = [agency(name, ownership=share) for name, share in zip("ABC", start.tolist(), strict=True)]
    tables = world(members, months=MONTHS, parameters={"ownership_half_life": half_life})
    (ownership,) = paths(tables, "ownership")
    assert_equal(ownership, start * 2.0 ** (-MONTH[:, None] / half_life))


def test_an_event_renews_ownership_by_a_share_of_what_is_missing() -> None:
    half_life, result, strength, at = 12.0, 0.5, 0.8, 10
    letters = {"event": [{"name": "launch", "ministries": "all", "month": "2020-11", "strength": strength}]}
    parameters = {"ownership_half_life": half_life, "ownership_result": result}
    tables = world(agencies(1, ownership=0.6), months=MONTHS, letters=letters, parameters=parameters)
    (ownership,) = paths(tables, "ownership")
    before = 0.6 * 2.0 ** (-MONTH / half_life)
    renewed = before[at] + result * strength * (1.0 - before[at])
    after = renewed * 2.0 ** (-(MONTH - MONTH[at]) / half_life)
    assert_equal(ownership[:, 0], np.where(np.arange(MONTHS) < at, before, after))


@pytest.mark.parametrize("back", [0.0, 0.08, 1.0])
def test_attention_returns_geometrically_after_each_event(back: float) -> None:
    """Attention starts at its level, so it takes an event to move it."""
    level, jumps = 0.3, {0: 0.5, 20: 0.9}
    dates = {0: "2020-01", 20: "2021-09"}
    events = [
        {"name": f"event-{t}", "ministries": ["M"], "month": dates[t], "strength": strength}
        for t, strength in jumps.items()
    ]
    parameters = {"attention_level": level, "attention_return": back}
    tables = world(agencies(1), months=MONTHS, letters={"event": events}, parameters=parameters)
    (attention,) = paths(tables, "attention")
    first = level + jumps[0] * (1.0 - level)
    decay = level + (first - level) * (1.0 - back) ** np.arange(MONTHS)
    second = decay[20] + jumps[20] * (1.0 - decay[20])
    after = level + (second - level) * (1.0 - back) ** (np.arange(MONTHS) - 20.0).clip(0)
    assert_equal(attention[:, 0], np.where(np.arange(MONTHS) < 20, decay, after))


@pytest.mark.parametrize(("seats", "clarity"), [(2, 1.0), (4, 1.0), (4, 0.2)])
def test_trust_grows_by_contact_less_at_a_distance(seats: int, clarity: float) -> None:
    """Agencies of one ministry, one size, in different places: half of full distance."""
    growth, drag, start = 0.2, 0.6, 0.3
    members = [agency(name, place=name) for name in "ABCD"[:seats]]
    tables = world(
        members,
        months=MONTHS,
        forum=[forum()],
        start={"trust": start},
        parameters={"trust_growth": growth, "distance_drag": drag, "structure_half": 4.0},
    )
    tables["arrangement"]["mandate_clarity"] = clarity
    substance = 1.0 - (1.0 - clarity) * seats / (seats + 4.0)
    pace = growth * substance / (seats - 1) * (1.0 - drag / 2.0)
    (trust,) = paths(tables, "trust")
    assert_equal(trust, (1.0 - (1.0 - start) * (1.0 - pace) ** MONTH)[:, None])


@pytest.mark.parametrize("staff", [0.0, 1.0])
def test_preparation_makes_up_for_distance(staff: float) -> None:
    """Apart in place alone, half the drag is lost; a forum that is served in full loses nothing."""
    members = [agency(name, place=name) for name in "AB"]
    parameters = {"trust_growth": 0.2, "distance_drag": 0.6}
    table = forum(secretariat_fte=staff)
    tables = world(members, months=MONTHS, forum=[table], start={"trust": 0.3}, parameters=parameters)
    (trust,) = paths(tables, "trust")
    pace = 0.2 * (1.0 - (0.6 / 2.0 if staff == 0.0 else 0.0))
    assert_equal(trust, (1.0 - 0.7 * (1.0 - pace) ** MONTH)[:, None])


def test_the_stronger_hears_less_of_the_weaker() -> None:
    """Half more of all resources and no authority: a quarter of power distance, for one direction alone."""
    core = ({"health": 1.0}, {"labour": 1.0})
    members = [
        agency(name, capacity=c, core_tasks=t) for name, c, t in zip("AB", (3.0, 1.0), core, strict=True)
    ]
    parameters = {"learning": 0.5, "distance_drag": 1.0}
    tables = world(members, months=1, forum=[forum()], start={"trust": 1.0}, parameters=parameters)
    (gap,) = paths(tables, "understanding_gap")
    strong, weak = 0.5 * (1.0 - 0.25), 0.5
    assert gap[0] == pytest.approx((1.0 / (1.0 + strong) - weak / (1.0 + weak)) / np.sqrt(2.0))


def test_certain_turnover_shrinks_trust_at_both_ends() -> None:
    parameters = {"turnover": 1.0, "turnover_loss": 0.1}
    tables = world(agencies(3), months=MONTHS, forum=[forum()], start={"trust": 0.9}, parameters=parameters)
    (trust,) = paths(tables, "trust")
    assert_equal(trust, (0.9 * 0.9 ** (2 * MONTH))[:, None])


def test_inclusion_falls_to_what_exclusion_leaves() -> None:
    """C sits in the large forum but not in the exclusive one."""
    adjustment, exclusion = 0.2, 0.4
    few = forum("few", seats=["A", "B"], exclusive=True)
    parameters = {"adjustment": adjustment, "exclusion": exclusion}
    tables = world(agencies(3), months=MONTHS, forum=[forum(), few], parameters=parameters)
    (inclusion,) = paths(tables, "inclusion")
    outside = 1.0 - exclusion * (1.0 - (1.0 - adjustment) ** MONTH)
    assert_equal(inclusion, np.stack([np.ones(MONTHS), np.ones(MONTHS), outside], axis=1))


def desk(arrivals: float, staff: float, abandonment: float, adjustment: float, **table: str) -> Row:
    """A secretariat that serves one monthly forum of four seats and never meets itself; arrivals a month."""
    office = forum("office", function="prepare", seats=["A"], cadence=600, secretariat_fte=staff)
    return world(
        agencies(4),
        months=MONTHS,
        forum=[forum(served_by="office", **table), office],
        parameters={
            "work_per_seat": arrivals / 4.0,
            "backlog_abandonment": abandonment,
            "adjustment": adjustment,
        },
    )


@pytest.mark.parametrize("arrivals", [0.1, 1.9, 2.0])
@pytest.mark.parametrize("abandonment", [0.0, 0.3])
def test_no_backlog_up_to_full_utilisation(arrivals: float, abandonment: float) -> None:
    backlog, quality = paths(desk(arrivals, 2.0, abandonment, 0.3), "backlog", "service_quality")
    assert_equal(backlog, np.zeros(1))
    assert_equal(quality, np.ones(1))


@pytest.mark.parametrize("arrivals", [2.5, 10.0])
def test_backlog_grows_linearly_above_full_utilisation(arrivals: float) -> None:
    """The share served in time falls like 1 / t, and service quality smooths it."""
    adjustment, staff = 0.3, 2.0
    backlog, quality = paths(desk(arrivals, staff, 0.0, adjustment), "backlog", "service_quality")
    assert_equal(backlog[:, 0], (arrivals - staff) * MONTH)
    in_time = staff / ((arrivals - staff) * MONTH + staff)
    assert_equal(quality[:, 0], smoothed(in_time, adjustment))


@pytest.mark.parametrize("arrivals", [2.5, 10.0])
@pytest.mark.parametrize("abandonment", [0.05, 0.3, 1.0])
def test_impatience_bounds_the_backlog(arrivals: float, abandonment: float) -> None:
    adjustment, staff = 0.3, 2.0
    tables = desk(arrivals, staff, abandonment, adjustment)
    backlog, quality = paths(tables, "backlog", "service_quality")
    fixed_point = (arrivals - staff) / abandonment
    expected = fixed_point * (1.0 - (1.0 - abandonment) ** MONTH)
    assert_equal(backlog[:, 0], expected)
    assert_equal(quality[:, 0], smoothed(staff / (expected + staff), adjustment))


def smoothed(shares: Matrix, adjustment: float) -> Matrix:
    """Exponential smoothing from 1, as a weighted sum."""
    age = np.arange(len(shares))[:, None] - np.arange(len(shares))
    weights = np.where(age >= 0, adjustment * (1.0 - adjustment) ** age.clip(0), 0.0)
    return np.asarray((1.0 - adjustment) ** (np.arange(len(shares)) + 1.0) + weights @ shares)


def test_backlog_drains_when_nothing_more_arrives() -> None:
    """Twelve months of overload, then capacity eats it month by month."""
    tables = desk(3.0, 2.0, 0.0, 0.3, ends="2020-12")
    (backlog,) = paths(tables, "backlog")
    assert_equal(backlog[:, 0], np.where(MONTH <= 12, MONTH, np.maximum(0.0, 12.0 - 2.0 * (MONTH - 12.0))))


def test_a_forum_with_staff_serves_itself() -> None:
    parameters = {"work_per_seat": 0.5}
    tables = world(agencies(4), months=MONTHS, forum=[forum(secretariat_fte=1.25)], parameters=parameters)
    (backlog,) = paths(tables, "backlog")
    assert_equal(backlog[:, 0], 0.75 * MONTH)


def test_projects_are_work_for_the_secretariat_too() -> None:
    tables = desk(2.0, 2.0, 0.0, 0.3)
    tables["parameters"]["work_per_project"] = 0.25
    tables["arrangement"]["facilitator"] = "table"
    tables["portfolio"]["project"] = [project(f"P{k}", size=1000.0) for k in range(3)]
    (backlog,) = paths(tables, "backlog")
    assert_equal(backlog[:, 0], 0.75 * MONTH)


@pytest.mark.parametrize("gap", [0.0, 0.3, 1.0])
def test_progress_is_work_times_efficiency(gap: float) -> None:
    """Three members of two FTE each; trust 0.4 in the lead, clarity 0.7, and a gap to the lead's view."""
    friction, drag = 0.5, 0.3
    view = {"understanding": {"health": 1.0 - gap, "labour": gap}}
    members = [agency("A", capacity=2.0), *(agency(name, capacity=2.0, **view) for name in "BC")]
    tables = world(
        members,
        months=12,
        projects=[project(size=100.0)],
        start={"trust": 0.4},
        project_clarity=0.7,
        parameters={"friction": friction, "group_drag": drag},
    )
    (progress,) = paths(tables, "progress")
    pace = 6.0 / 100.0 * np.exp(-friction * (gap + 0.6 + 0.3)) * 3.0**-drag
    assert_equal(progress[:, 0], np.minimum(1.0, pace * np.arange(1, 13)))


@pytest.mark.parametrize(("line_work", "months"), [(0.0, 1), (2.0, 1), (2.1, 2), (9.0, 5)])
def test_in_the_certain_world_everything_is_done_at_once(line_work: float, months: int) -> None:
    """Drafted in month 0, decided in 1, taken up in 2; then the line works off what it has to."""
    plan = project(recommendations=1, parties=2, line_work=line_work)
    tables = world(
        agencies(2, line_capacity=2.0), months=12, projects=[plan], forum=[forum()], route=["table"]
    )
    moves = simulate(load_scenario(tables), runs=1).trace()
    assert dict(zip(moves["to_stage"], moves["month"], strict=True)) == {
        "drafted": 0,
        "decided": 1,
        "handed_over": 1,
        "adopted": 2,
        "implemented": 2 + months,
    }


def test_nothing_moves_unless_it_is_switched_on() -> None:
    """Letters, an exclusive forum, a secretariat, and projects without end change nothing but progress."""
    letter = {"name": "all", "ministries": ["M"], "to": "all", "begins": "2020-01", "strength": 1.0}
    members = [agency(name, core_tasks={theme: 1.0}) for name, theme in zip("ABC", "xyz", strict=True)]
    office = forum("office", function="prepare", seats=["A"], secretariat_fte=1.0)
    few = forum("few", seats=["A", "B"], exclusive=True)
    tables = world(
        members,
        months=MONTHS,
        projects=[project(size=1000.0)],
        letters={"letter": [letter]},
        forum=[forum(served_by="office"), office, few],
        facilitator="table",
        project_clarity=1.0,
    )
    ensemble = simulate(load_scenario(tables), runs=1, series="runs")
    for name in ("attention", "inclusion", "understanding", "trust", "clarity", "service_quality", "load"):
        values = path_of(ensemble, name)
        assert (values == values[0]).all(), name
    assert (path_of(ensemble, "effort") == 1.0).all()
    assert (path_of(ensemble, "backlog") == 0.0).all()
