"""Labels of patterns and of comparisons over evidence-consistent parameter sets: English, then bokmål."""

from __future__ import annotations

PATTERN_WORDS = {
    "pattern": ("Pattern", "Mønster"),
    "pattern.claim": ("Claim, source (evidence)", "Påstand, kilde (belegg)"),
    "pattern.evidence": ("Evidence", "Belegg"),
    "pattern.statistic": ("Statistic\n(95 % interval)", "Mål\n(95 %-intervall)"),
    "pattern.share": ("Right sign,\n% of sets", "Riktig fortegn,\n% av settene"),
    "pattern.within": ("Within\ntolerance,\n% of sets", "Innenfor\ntoleransen,\n% av settene"),
    "pattern.verdict": ("Verdict", "Dom"),
    "pattern.sets": ("Sets", "Sett"),
    "pattern.orderings": ("Orderings that the sources report", "Rekkefølger som kildene melder om"),
    "pattern.distances": (
        "Distances from what was counted (smaller is better)",
        "Avstand fra det som er talt (mindre er bedre)",
    ),
    "verdict.holds": ("holds", "holder"),
    "verdict.leans": ("leans", "heller"),
    "verdict.fails": ("fails", "svikter"),
    "verdict.unknown": ("unknown", "ukjent"),
    "evidence.observed": ("observed", "observert"),
    "evidence.impression": ("impression", "inntrykk"),
    "evidence.advice": ("advice", "råd"),
    "evidence.external": ("external", "eksternt"),
    "note.patterns": (
        "{sets} parameter sets from the evidence ranges, {runs} runs each, seed {seed}. An ordering holds "
        "if the mean over sets and the share of sets with the right sign are both on the right side, each "
        "with its 95 % interval; it leans if both are, but an interval is not. A distance holds if most "
        "sets are within tolerance. † close to automatic: it shows that the mechanism works, not that it "
        "is true.",
        "{sets} parametersett fra belagte spenn, {runs} kjøringer av hvert, frø {seed}. En rekkefølge "
        "holder når gjennomsnittet over settene og andelen sett med riktig fortegn begge er på riktig "
        "side, hver med sitt 95 %-intervall; den heller når begge er det, men et intervall ikke. En "
        "avstand holder når de fleste settene er innenfor toleransen. † nesten automatisk: viser at "
        "mekanismen virker, ikke at den er sann.",
    ),
    "note.switched": (
        "For each pattern, the mechanism it rests on was taken away:",
        "For hvert mønster er mekanismen det hviler på, tatt bort:",
    ),
    "robust.share": ("% of sets", "% av settene"),
    "robust.spread": ("5 … 95 %\nof sets", "5 … 95 %\nav settene"),
    "robust.passed": ("Leaves in\n(% of all)", "Beholder\n(% av alle)"),
    "robust.others": ("Sets all\nothers keep", "Sett alle\nandre beholder"),
    "robust.left_out": ("Of these, it\nkeeps (%)", "Av disse\nbeholder det (%)"),
    "robust.criteria": (
        "What the sets were held against, and each criterion checked on what all others keep",
        "Hva settene ble holdt mot, og hvert kriterium prøvd på det alle andre beholder",
    ),
    "robust.regions": (
        "Where sets were ruled out: share kept (%) by third of the range, most uneven first",
        "Hvor sett ble utelukket: andel beholdt (%) etter tredel av spennet, mest ujevne først",
    ),
    "robust.third_low": ("Low", "Lav"),
    "robust.third_middle": ("Middle", "Midt"),
    "robust.third_high": ("High", "Høy"),
    "robust.kept_range": ("Kept,\n5 … 95 %", "Beholdt,\n5 … 95 %"),
    "robust.above": (
        "“{a}” has a higher implemented rate than “{b}” in {shares} % of the {sets} evidence-consistent "
        "parameter sets.",
        "«{a}» har høyere gjennomføringsgrad enn «{b}» i {shares} % av de {sets} evidenskonsistente "
        "parametersettene.",
    ),
    "robust.below": (
        "“{a}” has a higher implemented rate than “{b}” in only {shares} % of the {sets} "
        "evidence-consistent parameter sets.",
        "«{a}» har høyere gjennomføringsgrad enn «{b}» i bare {shares} % av de {sets} evidenskonsistente "
        "parametersettene.",
    ),
    "robust.undecided": (
        "The evidence does not settle whether “{a}” or “{b}” has the higher implemented rate: “{a}” has it "
        "in {shares} % of the {sets} evidence-consistent parameter sets.",
        "Belegget avgjør ikke om «{a}» eller «{b}» har høyest gjennomføringsgrad: «{a}» har det i {shares} "
        "% av de {sets} evidenskonsistente parametersettene.",
    ),
    "robust.equal": (
        "“{a}” and “{b}” have the same implemented rate in {equal} % of the {sets} evidence-consistent "
        "parameter sets; “{a}” has a higher one in {shares} %.",
        "«{a}» og «{b}» har samme gjennomføringsgrad i {equal} % av de {sets} evidenskonsistente "
        "parametersettene; «{a}» har høyere i {shares} %.",
    ),
    "robust.undefined": (
        "The implemented rate of “{a}” and “{b}” cannot be compared: it counts recommendations drafted at "
        "least {months} months before the end, and in no parameter set do both have any; try more months "
        "(--months).",
        "Gjennomføringsgraden for «{a}» og «{b}» kan ikke sammenlignes: den teller anbefalinger utarbeidet "
        "minst {months} måneder før slutten, og begge har ikke slike i noe parametersett; prøv flere måneder "
        "(--months).",
    ),
    "robust.split": (
        "What best tells the sets apart, checked on sets it was not chosen on: with {parameter} up to "
        "{threshold}, “{a}” is above “{b}” in {below} % of the sets; with more, in {above} %.",
        "Det som best skiller settene, prøvd på sett det ikke ble valgt på: med {parameter} til og med "
        "{threshold} er «{a}» over «{b}» i {below} % av settene; med mer, i {above} %.",
    ),
    "robust.no_split": (
        "No single parameter tells apart where “{a}” is above “{b}”: on sets it was not chosen on, no "
        "threshold separates.",
        "Ingen enkelt parameter skiller ut hvor «{a}» er over «{b}»: på sett den ikke ble valgt på, "
        "skiller ingen terskel.",
    ),
    "note.robust": (
        "{sets} evidence-consistent parameter sets, {runs} runs each on the same draws, seed {seed}, "
        "{months} months. In brackets: 95 % Wilson interval of the share. ± is the 95 % interval of the "
        "mean over sets.",
        "{sets} evidenskonsistente parametersett, {runs} kjøringer av hvert på de samme trekningene, frø "
        "{seed}, {months} måneder. I parentes: 95 % Wilson-intervall for andelen. ± er 95 %-intervallet "
        "for gjennomsnittet over settene.",
    ),
    "note.stale": (
        "The stored sets were made for other parameters (they differ in: {names}); “tverretatlig retain” "
        "makes new ones.",
        "De lagrede settene ble laget for andre parametre (forskjell i: {names}); «tverretatlig retain» "
        "lager nye.",
    ),
    "note.retained": (
        "{kept} of {drawn} parameter sets agree with what was observed ({share} %), drawn in {stages} "
        "stage(s).",
        "{kept} av {drawn} parametersett stemmer med det som er observert ({share} %), trukket i {stages} "
        "omgang(er).",
    ),
    "note.too_few": (
        "That is fewer than the {want} wanted ({kept}). No tolerance was loosened; draw more with --most.",
        "Det er færre enn de {want} ønskede ({kept}). Ingen toleranse er løsnet; trekk flere med --most.",
    ),
}
"""Words by key."""
