"""The secretariats of one arrangement moved into the forums of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import Arrangement, Forum, given
from tverretatlig_sim.study.fitting import named
from tverretatlig_sim.study.notes import Notes


def staffed(
    forums: Sequence[Forum], served: Arrangement, structure: Arrangement, notes: Notes
) -> list[Forum]:
    """Forums with the secretariats of an arrangement, each in its place, serving whom it serves there.

    Args:
        forums: those of the hybrid, with the secretariats of their own arrangement.
        served: the arrangement the secretariats come from.
        structure: the arrangement the forums come from.
        notes: takes the rules that were used.
    """
    homes = _homes(forums, served, structure.facilitator, notes)
    return [_with_service(forum, served, homes, notes) for forum in forums]


def facilitator(
    forums: Sequence[Forum], served: Arrangement, structure: Arrangement, notes: Notes
) -> str | None:
    """The forum that follows projects up, if the secretariats' arrangement has one."""
    wanted = named(served.forum, served.facilitator)
    if wanted is None or named(forums, wanted.name):
        return wanted.name if wanted else None
    notes.add("facilitator", wanted.name)
    home = _homes(forums, served, structure.facilitator, Notes()).get(wanted.name)
    alike = [forum for forum in forums if forum.function == wanted.function]
    own = structure.facilitator if named(forums, structure.facilitator) else None
    return home or (_first(alike).name if alike else own)


def _is_staffed(forum: Forum | None) -> bool:
    return forum is not None and float(forum.secretariat_fte) > 0


def _homes(
    forums: Sequence[Forum], served: Arrangement, facilitator: str | None, notes: Notes
) -> dict[str, str]:
    """The forum in which each secretariat sits."""
    homes = {}
    for secretariat in filter(_is_staffed, served.forum):
        home = secretariat.name if named(forums, secretariat.name) else _new_home(forums, facilitator)
        if home != secretariat.name:
            notes.add("secretariat" if home else "unstaffed", secretariat.name)
        if home is not None:
            homes[secretariat.name] = home
    return homes


def _new_home(forums: Sequence[Forum], facilitator: str | None) -> str | None:
    """A forum that prepares, else the facilitator, else one that steers, else the first by name."""
    preparing, steering = ([f for f in forums if f.function == kind] for kind in ("prepare", "steer"))
    facilitating = [forum for forum in forums if forum.name == facilitator]
    ranked = next(filter(None, (preparing, facilitating, steering, list(forums))), None)
    return _first(ranked).name if ranked else None


def _first(forums: Sequence[Forum]) -> Forum:
    """The one with most staff of its own, then the one that meets most often, then the first by name."""
    return min(forums, key=lambda f: (-float(f.secretariat_fte), float(f.cadence), f.name))


def _with_service(forum: Forum, served: Arrangement, homes: Mapping[str, str], notes: Notes) -> Forum:
    model = _counterpart(forum, served, notes)
    server = homes.get(_server(model, served) or "")
    service = {
        "secretariat_fte": _staff(forum, served, homes),
        "served_by": server if server != forum.name else None,
    }
    return forum.model_copy(update=service)


def _staff(forum: Forum, served: Arrangement, homes: Mapping[str, str]) -> Quantity:
    """Staff of all secretariats that sit in a forum."""
    here = [f.secretariat_fte for f in served.forum if homes.get(f.name) == forum.name]
    if len(here) > 1:
        total = sum(float(staff) for staff in here)
        return Quantity(value=total, grade="derived", source="hybrid", note="secretariats that share a forum")
    namesake = named(served.forum, forum.name)
    return here[0] if here else namesake.secretariat_fte if namesake else given(0.0)


def _counterpart(forum: Forum, served: Arrangement, notes: Notes) -> Forum | None:
    """Its namesake, else a served forum with the same function, else none."""
    namesake = named(served.forum, forum.name)
    if namesake is not None:
        return namesake
    alike = [other for other in served.forum if other.function == forum.function and _server(other, served)]
    if not alike:
        return None
    notes.add("served", forum.name)
    return min(alike, key=lambda other: other.name)


def _server(forum: Forum | None, served: Arrangement) -> str | None:
    """The secretariat that serves a forum; one with staff serves itself unless it names another."""
    if forum is None:
        return None
    server = forum.served_by or forum.name
    return server if _is_staffed(named(served.forum, server)) else None
