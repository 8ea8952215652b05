// The way of one recommendation: stations on a road, a card that travels it month by month, and where it falls.

import { clamp, ease, frame, lines, say, svg, through } from "../dom.js";
import { clothesOf, face } from "./faces.js";

const DROPPED = 5; // places in a fate: drafted, decided, handed over, adopted, implemented, dropped; then end, who
export const END = 6;
const WHO = 7;

/** Why a history ended in the line: who said no, or that it was forgotten. */
export function reason(fate, bearers, words) {
  const names = bearers.filter((_, index) => fate[WHO] & (1 << index));
  return names.length ? say(words["story.road.refused"], { agency: names.join(words["story.and"]) }) : words["story.road.forgotten"];
}

/** Stations of a fate with their months; the start of the work first. */
export const stations = (fate, begins) => [begins, ...fate.slice(0, 5)].map((month, stage) => ({ stage, month })).filter((it) => it.month > 0);

export function drawRoad({ figure, cast, doc, words }) {
  const pair = doc.pair;
  const fate = pair?.a.fates[pair.run];
  const told = fate ? stations(fate, pair.begins).map((it) => `${cast.stages[it.stage]} ${it.month}`).join(", ") : "";
  const { w, h, u, narrow, root } = frame(figure, say(words["story.road.chart"], { way: told }));
  const margin = narrow ? 2.4 * u : 5 * u;
  const place = (stage) => {
    const x = margin + ((w - 2 * margin) * stage) / 5;
    return [x, h * 0.48 + Math.sin(stage * 1.35 + 0.4) * h * (narrow ? 0.18 : 0.15)];
  };
  const way = through(Array.from({ length: 101 }, (_, k) => place(k / 20)));
  root.append(svg("path", { d: way, class: "road" }), svg("path", { d: way, class: "stripe" }));
  const marks = cast.stages.map((name, stage) => {
    const [x, y] = place(stage);
    const title = lines(name, narrow ? 8 : 14, { x, y: y + 2 * u, "text-anchor": "middle", class: "small strong" }, 0.95 * u);
    const mark = svg("g", { class: "station" }, svg("circle", { cx: x, cy: y, r: 0.62 * u }), title,
      svg("text", { x, y: y + (2.15 + 0.95 * title.childElementCount) * u, "text-anchor": "middle", class: "small when" }));
    root.append(mark);
    return mark;
  });
  const month = svg("text", { x: w / 2, y: 1.6 * u, "text-anchor": "middle", class: "large" });
  const shadow = svg("ellipse", { rx: 1.5 * u, ry: 0.4 * u, class: "shadow" });
  const card = svg("g", { class: "card" }, svg("rect", { x: -1.5 * u, y: -2 * u, width: 3 * u, height: 2 * u, rx: 0.2 * u }),
    ...[0, 1, 2].map((row) => svg("line", { x1: -1.05 * u, x2: (1.05 - 0.5 * (row === 2)) * u, y1: (-1.5 + 0.5 * row) * u, y2: (-1.5 + 0.5 * row) * u })));
  const bubble = svg("g", { class: "bubble" });
  root.append(month, shadow, card, bubble);
  if (!fate) {
    const [x, y] = place(0);
    card.setAttribute("transform", `translate(${x} ${y - 0.5 * u})`);
    shadow.setAttribute("transform", `translate(${x} ${y})`);
    return () => {};
  }
  const stops = stations(fate, pair.begins);
  const fell = fate[DROPPED] > 0;
  const last = fell ? fate[DROPPED] : stops.at(-1).month;
  const furthest = stops.at(-1).stage;
  const [fx, fy] = place(furthest + 0.5);
  if (fell) {
    const why = cast.ends[fate[END]] === cast.ends[4] ? reason(fate, pair.bearers, words) : cast.ends[fate[END]];
    const [bx, by] = [clamp(fx + 2.2 * u, 7 * u, w - 7 * u), Math.max(4 * u, fy - 5.2 * u)];
    const speaker = cast.agencies.findIndex((agency) => pair.bearers.some((name, index) => name === agency.name && fate[WHO] & (1 << index)));
    bubble.append(svg("rect", { x: bx - 5.8 * u, y: by - 1.7 * u, width: 11.6 * u, height: 3 * u, rx: 1.2 * u }),
      svg("path", { d: `M${bx - 2 * u} ${by + 1.2 * u} l${0.2 * u} ${1.5 * u} l${1.4 * u} ${-1.5 * u}Z` }),
      svg("g", { transform: `translate(${bx - 4.2 * u} ${by - 0.35 * u}) scale(${u / 22})` }, face(speaker + 1 || 11, { mood: -1, clothes: speaker < 0 ? "var(--line-lost)" : clothesOf(cast.agencies)(cast.agencies[speaker]) })),
      lines(why, 14, { x: bx + 1.3 * u, y: by - 0.2 * u, "text-anchor": "middle", class: "strong" }, 1.1 * u, true));
  }
  return (t) => {
    const now = pair.begins + (last - pair.begins) * clamp(t / 0.85, 0, 1);
    const [x, y] = place(where(now));
    const drop = fell ? ease(t, 0.85, 0.97) : 0;
    card.setAttribute("transform", `translate(${x + drop * 0.6 * u} ${y - 0.5 * u + drop * (h - y - 0.9 * u)}) rotate(${drop * 96})`);
    shadow.setAttribute("transform", `translate(${x} ${y})`);
    shadow.style.opacity = String(1 - drop);
    month.textContent = say(words["story.road.month"], { n: Math.round(now) });
    marks.forEach((mark, stage) => {
      const at = stops.find((it) => it.stage === stage)?.month;
      const passed = t > 0 && at !== undefined && now >= at - 0.01;
      mark.classList.toggle("passed", passed);
      mark.querySelector(".when").textContent = passed ? say(words["story.road.month"], { n: at }).toLowerCase() : "";
    });
    bubble.style.opacity = String(ease(t, 0.9, 1));
  };

  /** How far along, in stages, at a month. */
  function where(now) {
    const legs = fell ? [...stops, { stage: furthest + 0.5, month: last }] : stops;
    const next = legs.findIndex((it) => it.month > now);
    if (next < 0) return legs.at(-1).stage;
    if (next === 0) return 0;
    const [from, to] = [legs[next - 1], legs[next]];
    return from.stage + (to.stage - from.stage) * ease(now, from.month, to.month);
  }
}
