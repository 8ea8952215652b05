// The teacher's notes on the step one is at: N shows and hides them.

import { byId } from "../dom.js";

/** Turn to the notes on a step. */
export function turnTo(id) {
  for (const note of byId("notes").querySelectorAll("[data-notes]")) note.hidden = note.dataset.notes !== id;
}

function toggle() {
  const notes = byId("notes");
  notes.hidden = !notes.hidden;
  byId("noted").setAttribute("aria-pressed", String(!notes.hidden));
}

byId("noted").addEventListener("click", toggle);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key.toLowerCase() === "n") toggle();
});
