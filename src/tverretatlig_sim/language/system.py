"""What the operating system says when it refuses, as messages."""

from __future__ import annotations

from tverretatlig_sim.language import say

REASONS = (
    say("Address already in use"),
    say("Cannot assign requested address"),
    say("File exists"),
    say("File name too long"),
    say("Input/output error"),
    say("Is a directory"),
    say("Name or service not known"),
    say("No space left on device"),
    say("No such file or directory"),
    say("Not a directory"),
    say("Operation not permitted"),
    say("Permission denied"),
    say("Read-only file system"),
    say("Too many levels of symbolic links"),
)
"""Those a user may meet; others stay in the system's own words."""


def reason_of(error: OSError) -> str:
    """Why the system refused."""
    said = error.strerror or str(error) or say("the system refuses")
    return next((reason for reason in REASONS if reason == said), said)
