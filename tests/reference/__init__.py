"""The model a second time: entity by entity, in plain Python, from the ODD document alone.

Nothing of the kernel is used here: where the two differ, one of them has misread `docs/odd.md`, or the
document is at fault. `rules` are the rules, `entities` what they act on, `outcomes` what is seen of them.
"""

from .model import ReferenceModel, default_parameters

__all__ = ["ReferenceModel", "default_parameters"]
