// All recommendations of one history as strands from stage to stage; a lever bends some of them onto another path.

import { button, ease, frame, html, lines, play, press, say, set, svg } from "../dom.js";

const IMPLEMENTED = 1; // code of that end
const LOSSES = ["", "", "disagreement", "ministries", "line", "municipalities"];

export function drawFlows({ figure, cast, doc, words, open }) {
  const lever = doc.lever;
  const field = html("div", { class: "strands" });
  const buttons = open || !lever ? [] : [words["story.lever.off"], lever.title].map((text, on) => button(text, () => turn(on), { class: "option" }));
  press(buttons, 1);
  figure.replaceChildren(field, ...(buttons.length ? [html("div", { class: "switch", role: "group", "aria-label": words["story.lever.title"] }, ...buttons)] : []));
  const ends = open ? lever?.before : lever?.after;
  const label = lever ? say(words["story.lever.chart"], { planned: ends.length, done: ends.filter((it) => it[1] === IMPLEMENTED).length }) : words["story.lever.title"];
  const { w, h, u, narrow, root } = frame(field, label);
  if (!lever) return () => {};
  const [left, right] = [0.6 * u, w - (narrow ? 2.4 : 3.4) * u];
  const [top, floor] = [2.4 * u, h - (narrow ? 2.7 : 1.6) * u];
  const stages = cast.stages.length;
  const x = (stage) => left + ((right - left) * stage) / (stages - 1);
  const order = lever.before.map((it, index) => [it[0], it[1], index]).sort((p, q) => q[0] - p[0] || p[1] - q[1] || p[2] - q[2]).map((it) => it[2]);
  const gap = (floor - top - 3 * u) / order.length;
  const height = (piece) => top + order.indexOf(piece) * gap;
  const changed = (piece) => !open && lever.before[piece][0] !== lever.after[piece][0];
  const strands = lever.titles.map((text, piece) => svg("path", { class: changed(piece) ? "strand changed" : "strand" }, svg("title", { text })));
  const counts = cast.stages.map((_, stage) => svg("text", { x: x(stage), y: 1.9 * u, "text-anchor": stage ? (stage === stages - 1 ? "end" : "middle") : "start", class: "number" }));
  const falls = cast.stages.slice(1).map((_, stage) => svg("text", { x: (x(stage) + x(stage + 1)) / 2, y: floor - 0.5 * u, "text-anchor": "middle", class: "number falls" }));
  root.append(
    ...cast.stages.map((name, stage) => svg("g", {}, svg("line", { x1: x(stage), x2: x(stage), y1: top, y2: floor, class: "gate" }),
      lines(name, 20, { x: x(stage), y: h - (narrow && stage % 2 === 0 ? 1.4 : 0.3) * u, "text-anchor": stage ? (stage === stages - 1 ? "end" : "middle") : "start", class: "small strong" }, (narrow ? 0.8 : 0.9) * u))),
    ...[...order].sort((one, other) => changed(one) - changed(other)).map((piece) => strands[piece]), ...counts, ...falls);
  const ways = [lever.before, lever.after].map((ends) => ends.map(([depth], piece) =>
    Array.from({ length: stages }, (_, stage) => (stage <= depth ? height(piece) : floor + 0.2 * u))));
  let shownShare = 0;
  let stop = () => {};
  bend(0);
  return (t) => bend(ease(t, 0.15, 1));

  function turn(on) {
    stop();
    const from = shownShare;
    press(buttons, on);
    stop = play(350, (t) => bend(from + (on - from) * ease(t)));
  }

  /** Draw all strands at a share of the way from before to after. */
  function bend(share) {
    shownShare = share;
    strands.forEach((strand, piece) => {
      const ys = ways[0][piece].map((y, stage) => y + (ways[1][piece][stage] - y) * share);
      const [depth, end] = (share < 0.5 ? lever.before : lever.after)[piece];
      const furthest = Math.max(lever.before[piece][0], lever.after[piece][0]);
      let d = `M${x(0)} ${ys[0].toFixed(1)}`;
      for (let stage = 1; stage <= Math.min(stages - 1, furthest + 1); stage += 1) {
        const [from, to] = [x(stage - 1), x(stage)];
        const half = (to - from) / 2;
        d += `C${from + half} ${ys[stage - 1].toFixed(1)} ${to - half} ${ys[stage].toFixed(1)} ${to} ${ys[stage].toFixed(1)}`;
      }
      set(strand, { d, "data-end": end === IMPLEMENTED ? "implemented" : LOSSES[end], "data-depth": depth });
    });
    const now = share < 0.5 ? lever.before : lever.after;
    counts.forEach((count, stage) => { count.textContent = now.filter(([depth]) => depth >= stage).length; });
    falls.forEach((fall, stage) => {
      const lost = now.filter(([depth, end]) => depth === stage && end !== IMPLEMENTED);
      fall.textContent = lost.length ? `−${lost.length}` : "";
    });
  }
}
