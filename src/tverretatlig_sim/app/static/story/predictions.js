// Questions before the reveal, and the hook by which a class takes part.
//
// A prediction is { id, kind, … }: kind "choice" has options [{ value, label }], kind "funnel" has stages [{ value,
// label }] and most, and is answered by an array with a number for each stage. Three events on the document are all
// that another module needs:
//
//   "step"        sent   detail { id, section }  another step is on the screen; id of its prediction, or null
//   "prediction"  sent   detail { id, value }   an answer was given here; value is null if the question was skipped
//   "tallies"     heard  detail { id, counts }  what a class answered: { value: number } of a choice, a list of
//                                               drawn funnels (arrays) of a funnel; shown once the answer is out
//
// predictions() lists all of them; answer(id, value) answers for the page, as a teacher's key may do.

import { html, say } from "../dom.js";

const asked = new Map(); // by id: { prediction, value, answered, tallies, reveal, show }

export const predictions = () => [...asked.values()].map((it) => it.prediction);
export const isOpen = (id) => asked.has(id) && !asked.get(id).answered;
export const valueOf = (id) => asked.get(id)?.value ?? null;
export const talliesOf = (id) => asked.get(id)?.tallies ?? null;

/** Ask; reveal(value) is called once, when the answer is given or the question is skipped. */
export function ask(prediction, reveal) {
  asked.set(prediction.id, { prediction, value: null, answered: false, tallies: null, reveal });
}

export function answer(id, value = null) {
  const it = asked.get(id);
  if (!it || it.answered) return;
  Object.assign(it, { value, answered: true });
  document.dispatchEvent(new CustomEvent("prediction", { detail: { id, value } }));
  it.reveal(value);
}

/** Buttons of a choice, and one to skip it. */
export function choices(prediction, words) {
  const buttons = prediction.options.map(({ value, label }) => {
    const button = html("button", { type: "button", class: "option", "data-value": value, text: label });
    button.addEventListener("click", () => answer(prediction.id, value));
    return button;
  });
  return html("div", { class: "options" }, ...buttons, skipper(prediction, words));
}

export function skipper(prediction, words) {
  const skip = html("button", { type: "button", class: "skip", text: words["story.skip"] });
  skip.addEventListener("click", () => answer(prediction.id));
  return skip;
}

/** After the answer: what was chosen here, and what a class chose. */
export function chosen(prediction, words) {
  const { value, tallies } = asked.get(prediction.id);
  const items = prediction.options
    .filter((option) => option.value === value || tallies?.[option.value])
    .map((option) => html("li", { class: option.value === value ? "mine" : "" },
      ...(option.value === value ? [html("b", { text: `${words["story.yours"]}: ` })] : []),
      option.label,
      ...(tallies?.[option.value] ? [html("small", { text: say(words["story.class"], { n: tallies[option.value] }) })] : [])));
  return html("ul", { class: "chosen" }, ...items);
}

document.addEventListener("tallies", ({ detail }) => {
  const it = asked.get(detail.id);
  if (!it) return;
  it.tallies = detail.counts;
  document.dispatchEvent(new CustomEvent("tallied", { detail: { id: detail.id } }));
});
