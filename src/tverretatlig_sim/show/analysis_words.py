"""Labels of the command ``study analyse``: English, then Norwegian bokmål."""

ANALYSES = {
    "analysis.points": ("Points", "Punkter"),
    "analysis.luck": ("Luck", "Tilfeldighet"),
    "analysis.luck.known": (
        "Luck: share of the variance between points that is replication noise. It was told apart from single "
        "runs, and is removed from indices.",
        "Tilfeldighet: andel av variansen mellom punktene som skyldes for få kjøringer. Den er skilt ut fra "
        "enkeltkjøringene og fjernet fra indeksene.",
    ),
    "analysis.luck.independent": (
        "Luck: share of the variance between points that is replication noise, at most: points share their "
        "luck, and this study kept no single runs to tell how much ([record] replicates = true does).",
        "Tilfeldighet: andel av variansen mellom punktene som skyldes for få kjøringer, i høyden: punktene "
        "deler tilfeldigheter, og studien har ikke enkeltkjøringer som viser hvor mye ([record] replicates = "
        "true gir dem).",
    ),
    "analysis.luck.unknown": (
        "Luck cannot be told apart: some points have a single run. Indices hold it.",
        "Tilfeldighet kan ikke skilles ut: noen punkter har bare én kjøring. Den er med i indeksene.",
    ),
    "analysis.sobol": ("Share of the variance (Sobol)", "Andel av variansen (Sobol)"),
    "analysis.sobol.note": (
        "Alone: by the factor itself; in all: with its interactions. In brackets: 95 % interval.",
        "Alene: av faktoren selv; i alt: med samspill. I parentes: 95 %-intervall.",
    ),
    "analysis.index.first": ("Alone", "Alene"),
    "analysis.index.total": ("In all", "I alt"),
    "analysis.morris": (
        "How far a factor moves the outcome (Morris)",
        "Hvor mye en faktor flytter utfallet (Morris)",
    ),
    "analysis.morris.note": (
        "Mean absolute effect over the whole range, with 95 % interval. Effects no larger than luck say "
        "nothing.",
        "Gjennomsnittlig absolutt effekt over hele spennet, med 95 %-intervall. Effekter som ikke er større "
        "enn tilfeldigheten, sier ingenting.",
    ),
    "analysis.index.morris": ("Effect", "Effekt"),
    "analysis.pawn": (
        "How far a factor moves the distribution (PAWN)",
        "Hvor mye en faktor flytter fordelingen (PAWN)",
    ),
    "analysis.pawn.note": (
        "Median distance of distributions, from 0 to 1. A factor without any effect gets up to the floor.",
        "Median avstand mellom fordelinger, fra 0 til 1. En faktor uten effekt får opp til gulvet.",
    ),
    "analysis.index.pawn": ("Distance", "Avstand"),
    "analysis.floor": ("Floor", "Gulv"),
    "analysis.dependence": ("Mean at the ends of a factor", "Gjennomsnitt i endene av en faktor"),
    "analysis.lowest": ("Lowest bin", "Laveste del"),
    "analysis.highest": ("Highest bin", "Høyeste del"),
    "analysis.move": ("Change", "Endring"),
    "analysis.convergence": (
        "Share of points where the ordering is settled with so many runs (* extrapolated)",
        "Andel punkter der rekkefølgen er avgjort med så mange kjøringer (* framskrevet)",
    ),
    "analysis.runs": ("Runs", "Kjøringer"),
    "analysis.left_out": ("Left out: {reason}", "Utelatt: {reason}"),
    "analysis.and": ("and", "og"),
    "analysis.limit.from": ("{factor} is at least {low}", "{factor} er minst {low}"),
    "analysis.limit.to": ("{factor} is at most {high}", "{factor} er høyst {high}"),
    "analysis.limit.between": (
        "{factor} is between {low} and {high}",
        "{factor} er mellom {low} og {high}",
    ),
    "analysis.discover.found": (
        "Where {conditions}, “{a}” has less than “{b}” in “{outcome}” at {density} of the points ({low} to "
        "{high}); that is {coverage} of all points where it has less. Over all {points} points it has less "
        "at {base}. Counted on points the conditions were not found on.",
        "Der {conditions}, har «{a}» mindre enn «{b}» i «{outcome}» i {density} av punktene ({low} til "
        "{high}); det er {coverage} av alle punkter der den har mindre. Over alle {points} punkter har den "
        "mindre i {base}. Telt på punkter som vilkårene ikke ble funnet på.",
    ),
    "analysis.discover.none": (
        "No conditions were found under which “{a}” has less than “{b}” in “{outcome}” clearly more often "
        "than elsewhere. Over all {points} points it has less at {base}.",
        "Det ble ikke funnet vilkår der «{a}» har mindre enn «{b}» i «{outcome}» klart oftere enn ellers. "
        "Over alle {points} punkter har den mindre i {base}.",
    ),
}
"""Words by key."""
