// The teacher's notes on the step one is at: N shows and hides them.

import { all, byId, onKey } from "../dom.js";

/** Turn to the notes on a step. */
export function turnTo(id) {
  for (const note of all("[data-notes]")) note.hidden = note.dataset.notes !== id;
}

function toggle() {
  const notes = byId("notes");
  notes.hidden = !notes.hidden;
  byId("noted").setAttribute("aria-pressed", String(!notes.hidden));
}

byId("noted").addEventListener("click", toggle);
onKey(document, ({ key, target }) => key.toLowerCase() === "n" && !target.closest("input, select, textarea") && toggle());
