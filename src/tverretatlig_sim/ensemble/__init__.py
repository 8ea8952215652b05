"""Many runs of a scenario: outcomes, monthly series, paired comparison, and the sources' frameworks.

Import names from the modules, or from ``tverretatlig_sim``; this file stays free of numerical libraries.
"""

HEADLINE = "implemented_rate"
"""The outcome that findings, and the stopping rule, speak of."""
