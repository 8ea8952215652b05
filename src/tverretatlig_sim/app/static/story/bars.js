// Options as rows: buttons before the answer, bars with intervals after it.

import { button, comma, ease, html, say } from "../dom.js";
import { answer, skipper } from "./predictions.js";

const DECIMALS = 1;

/** Rows of one prediction, or of none: { id, options: [{ value, label, text }], bars, mine }. */
export function drawBars({ figure, words, prediction, bars, open, value, sign }) {
  const rows = (bars ?? prediction.options.map(({ value: id, label, text }) => ({ id, title: label, text }))).map((bar) => ({ bar, ...row(bar) }));
  const list = html("div", { class: `ballot${open ? " open" : ""}${bars?.[0].claim ? " claims" : ""}` }, ...rows.map((it) => it.element));
  figure.replaceChildren(list, ...(open ? [html("div", { class: "options" }, skipper(prediction, words))] : []));
  const most = bars ? Math.max(...bars.map((bar) => bar.high), 0.5) : 1;
  return (t) => rows.forEach((it, index) => {
    if (!bars || open) return;
    const share = ease(t, index * 0.06, 0.6 + index * 0.06);
    const at = (number) => `${(100 * Math.max(0, number) * share) / most}%`;
    it.fill.style.width = at(it.bar.mean);
    it.whisker.style.left = at(it.bar.low);
    it.whisker.style.width = `${(100 * (it.bar.high - Math.max(0, it.bar.low)) * share) / most}%`;
    it.number.textContent = t > 0 ? signed(it.bar.mean) : "";
  });

  function signed(number) {
    const text = comma(Math.abs(number).toFixed(DECIMALS));
    if (!sign || Number(number.toFixed(DECIMALS)) === 0) return text;
    return `${number < 0 ? "−" : "+"}${text}`;
  }

  function row(bar) {
    const mine = !open && value !== undefined && value === bar.id;
    const votes = open || !prediction ? null : prediction.tallies?.[bar.id];
    const label = html("span", { class: "label" }, html("b", { text: bar.title }), ...(bar.text || bar.claim ? [html("small", { text: ` ${bar.text ?? bar.claim} ` }, ...(bar.source ? [html("cite", { text: `(${bar.source})` })] : []))] : []),
      ...(mine ? [html("em", { text: words[prediction.id === "vote" ? "story.vote.yours" : "story.yours"].toLowerCase() })] : []), ...(votes ? [html("em", { class: "class", text: say(words["story.class"], { n: votes }) })] : []));
    const [fill, whisker, number] = [html("i", { class: "fill" }), html("i", { class: "whisker" }), html("span", { class: "number" })];
    const track = html("span", { class: "track" }, fill, whisker);
    const attributes = { class: `row${mine ? " mine" : ""}`, "data-value": bar.id };
    const element = open ? button("", () => answer(prediction, bar.id), attributes, label) : html("div", attributes, label, track, number);
    return { element, fill, whisker, number };
  }
}
