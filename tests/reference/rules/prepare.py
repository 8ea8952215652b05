"""Phase 3, prepare (ODD 7.3)."""

from __future__ import annotations

from ..entities import Secretariat, World


def run(world: World) -> None:
    """Secretariats work."""
    for secretariat in world.secretariats.values():
        if secretariat.span.holds(world.month):
            serve(world, secretariat)


def serve(world: World, secretariat: Secretariat) -> None:
    """Work through the queue of one secretariat."""
    p = world.parameters
    demand = (1.0 - p["backlog_abandonment"]) * secretariat.backlog + work(world, secretariat)
    served = secretariat.staff * secretariat.experience
    secretariat.backlog = max(0.0, demand - served)
    in_time = 1.0 if demand <= served else served / demand
    secretariat.quality += p["adjustment"] * (in_time - secretariat.quality)


def work(world: World, secretariat: Secretariat) -> float:
    """Add up the new work of the month."""
    p, month = world.parameters, world.month
    seats = sum(len(forum.seats) for forum in secretariat.serves if forum.meets(month))
    active = [project for project in world.projects.values() if project.active(month)]
    followed = sum(project.facilitator in secretariat.serves for project in active)
    return p["work_per_seat"] * seats + p["work_per_project"] * followed
