// Questions before the reveal, and the hook by which a class takes part.
//
// A prediction is { id, kind, … }: kind "choice" has options [{ value, label }], kind "funnel" has stages [{ value,
// label }] and most, and is answered by an array with a number for each stage. It is open until it is answered, and
// then has a value, or null if it was skipped; tallies are what a class answered. Three events on the document are
// all that another module needs:
//
//   "step"        sent   detail { id, section }  another step is on the screen; id of its prediction, or null
//   "prediction"  sent   detail { id, value }   an answer was given here; value is null if the question was skipped
//   "tallies"     heard  detail { id, counts }  what a class answered: { value: number } of a choice, a list of
//                                               drawn funnels (arrays) of a funnel; shown once the answer is out
//
// predictions lists all of them; answer(prediction, value) answers for the page, as a teacher's key may do.

import { button, html, say } from "../dom.js";

export const predictions = [];

/** Ask; reveal() is called once, when the answer is given or the question is skipped. */
export function ask(prediction, reveal) {
  predictions.push(Object.assign(prediction, { open: true, value: null, tallies: null, reveal }));
}

export function answer(prediction, value = null) {
  if (!prediction.open) return;
  Object.assign(prediction, { open: false, value });
  document.dispatchEvent(new CustomEvent("prediction", { detail: { id: prediction.id, value } }));
  prediction.reveal();
}

/** Buttons of a choice, and one to skip it. */
export function choices(prediction, words) {
  const buttons = prediction.options.map(({ value, label }) =>
    button(label, () => answer(prediction, value), { class: "option", "data-value": value }));
  return html("div", { class: "options" }, ...buttons, skipper(prediction, words));
}

export const skipper = (prediction, words) =>
  button(words["story.skip"], () => answer(prediction), { class: "skip" });

/** After the answer: what was chosen here, and what a class chose. */
export function chosen({ options, value, tallies }, words) {
  const items = options
    .filter((option) => option.value === value || tallies?.[option.value])
    .map((option) => html("li", { class: option.value === value ? "mine" : "" },
      option.value === value ? html("b", { text: `${words["story.yours"]}: ` }) : null,
      option.label,
      tallies?.[option.value] ? html("small", { text: say(words["story.class"], { n: tallies[option.value] }) }) : null));
  return html("ul", { class: "chosen" }, ...items);
}

document.addEventListener("tallies", ({ detail: { id, counts } }) => {
  for (const prediction of predictions) if (prediction.id === id) prediction.tallies = counts;
  document.dispatchEvent(new CustomEvent("tallied", { detail: { id } }));
});
