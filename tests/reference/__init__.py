"""The scalar reference: the model a second time, entity by entity, from the ODD document alone.

`run_reference` runs it, `mesa_reference.MesaReference` is the same as a Mesa model. Nothing of the vectorised
kernel is used here: where the two differ, one of them has misread `docs/odd.md`, or the document is at fault.
"""

from .model import ReferenceModel, ReferenceRun, run_reference
from .parameters import default_parameters

__all__ = ["ReferenceModel", "ReferenceRun", "default_parameters", "run_reference"]
