"""The root of every error that is this package's own."""

from tverretatlig_sim.i18n import Message


class TverretatligError(Exception):
    """Something is wrong that the package can name: a scenario, a store, a file to be written.

    Attributes:
        advice: what to do next; empty if nothing more can be said.
        system: whether the system failed, rather than what was asked for.
    """

    advice: Message | str = ""
    system: bool = False
