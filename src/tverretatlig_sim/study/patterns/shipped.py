"""Names that the patterns share: shipped scenarios, assignments the sources list, switches."""

from __future__ import annotations

from tverretatlig_sim.study.patterns import changes
from tverretatlig_sim.study.patterns.pattern import switch

COOPERATION, WITH_THE_FEW, SIMPLIFIED = "etatssamarbeidet-2022", "etatssamarbeidet-2023", "dfo-simplified"
SPREAD, TARGETED = "0-24-2015", "0-24-2018"
OF_FIVE = TARGETED
HOUSING, INTEGRATION = "housing-for-welfare-2014", "integration-goals-2006"

ASSIGNMENTS = (
    "prevention-guidance", "leadership-development", "school-absence", "best-interests", "sentences-18-24",
    "adopted-persons", "substance-prevention", "unaccompanied-minors", "reactions-15-18",
)  # fmt: skip
"""What project groups of the 13-agency cooperation have worked on (DFO25 2.3): the eight assignments listed,
and the one on sanctions, whose report is finished. Not among them are yearly tasks, the groups for KS and for
communication, and the two themes, which had groups of another kind."""

FREE_ATTENDANCE = switch(
    "whether an agency attends depends on nothing",
    "om en etat møter, avhenger ikke av noe",
    parameters={"attendance_commitment": 0.0, "meeting_cost": 0.0},
)
FAST: dict[str, float] = {
    "adoption_pace": 1.0, "priority_intercept": 40.0, "fit_intercept": 40.0, "ministry_consent": 1.0,
    "attention_level": 1.0, "acceptance_intercept": 40.0, "bystander_consent": 1.0, "effort_intercept": 40.0,
}  # fmt: skip
EAGER = switch(
    "everyone works and accepts, and lines carry out at once whatever they get",
    "alle arbeider og godtar, og linjene gjennomfører straks alt de får",
    changes.light_line_work().change,
    FAST,
)
