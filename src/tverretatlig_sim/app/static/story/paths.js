// The same recommendation twice, on the same draws: one path until the two part, and all histories as squares.

import { clamp, ease, frame, html, roving, say, svg } from "../dom.js";
import { END, reason, stations } from "./road.js";

const KINDS = ["neither", "only_b", "only_a", "both"];
const CELL = 26; // pixels: a square can be hit by a finger
const IMPLEMENTED = 1; // code of that end

export function drawPaths({ figure, cast, doc, words, draft, redraw, open }) {
  const pair = doc.pair;
  const place = html("div", { class: "forks" });
  const quilt = html("div", { class: "quilt" });
  figure.replaceChildren(place, ...(open ? [] : [quilt]));
  if (!pair) return () => {};
  if (open) return drawFork(place, cast, pair, words, pair.run, true);
  const run = draft.run ?? pair.run;
  const wrap = drawQuilt(quilt, pair, words, run, (chosen) => { draft.run = chosen; redraw(); });
  const show = drawFork(place, cast, pair, words, run);
  return (t) => {
    show(ease(t, 0, 0.6));
    wrap(ease(t, 0.55, 1));
  };
}

/** Both paths over the months; what they share is drawn once. */
function drawFork(place, cast, pair, words, run, alone = false) {
  const fates = alone ? [pair.a.fates[run]] : [pair.a.fates[run], pair.b.fates[run]];
  const told = fates.map((fate) => cast.ends[fate[END]]);
  const { w, h, u, narrow, root } = frame(place, `${say(words["story.paths.shown"], { n: run })}. ${told.map((end, side) => `${pair["ab"[side]].title}: ${end}.`).join(" ")}`);
  const [left, right] = [(narrow ? 1 : 3.6) * u, w - (narrow ? 1 : 2) * u];
  const last = Math.max(...fates.map((fate) => Math.max(...fate.slice(0, 6)))) + 2;
  const x = (month) => left + ((right - left) * (month - pair.begins)) / (last - pair.begins);
  const apart = alone ? pair.begins : partsAt(fates, pair.begins);
  const middle = (3 * u + h - 3.4 * u) / 2;
  const [up, down] = [3 * u, h - 3.4 * u];
  const bend = Math.min(2.6 * u, (right - left) * 0.08);
  const drawn = fates.map((fate, side) => {
    const y = alone ? middle : side ? up : down;
    const over = alone ? left : x(apart) + bend;
    const end = Math.max(over, x(Math.max(...fate.slice(0, 6), apart)));
    const path = svg("path", { class: `fork ${"ab"[side]}`, pathLength: 1, d: alone ? `M${left} ${y} H${end}` : `M${x(apart)} ${middle} C${x(apart) + bend} ${middle} ${x(apart)} ${y} ${over} ${y} H${end}` });
    const marks = marked(stations(fate, pair.begins).filter((it) => it.month > apart), (month) => Math.max(over, x(month)), y, "ab"[side]);
    const fell = fate[END] !== IMPLEMENTED;
    const text = fate[END] === 4 ? reason(fate, pair.bearers, words) : told[side];
    const beside = end < w - 12 * u;
    const why = svg("g", { class: fell ? "fell" : "done" }, svg("text", {
      x: beside ? end + u : w, y: beside ? y + 0.35 * u : y + 2.1 * u, "text-anchor": beside ? "start" : "end", class: "strong", text: `${fell ? "✕" : "✓"} ${text}`,
    }));
    const name = svg("text", { x: 0.4 * u, y: side ? 1.1 * u : h - 0.5 * u, class: `strong name ${"ab"[side]}`, text: pair["ab"[side]].title });
    return { path, marks, why, name };
  });
  const before = marked(stations(fates[0], pair.begins).filter((it) => it.month <= apart), x, middle, "both");
  const here = svg("text", { x: x(apart) + bend + 0.6 * u, y: middle + 0.35 * u, class: "small parting", text: words["story.paths.part"] });
  root.append(svg("path", { class: "fork", d: `M${left} ${middle} H${x(apart)}` }), ...drawn.map((it) => it.path), ...before, ...drawn.flatMap((it) => [...it.marks, it.why, it.name]));
  if (alone) return () => {};
  root.append(here);
  return (t) => {
    for (const it of drawn) it.path.style.strokeDashoffset = String(1 - t);
    for (const it of drawn) it.marks.concat(it.why).forEach((part) => { part.style.opacity = String(ease(t, 0.6, 1)); });
    here.style.opacity = String(ease(t, 0.5, 0.8));
  };

  /** Stations of a path; of those that stand close together, the last has its name. */
  function marked(stops, placed, y, kind) {
    return stops.map(({ stage, month }, index) => {
      const at = placed(month);
      const crowded = stops[index + 1] && placed(stops[index + 1].month) - at < 7 * u;
      return svg("g", { class: `stop ${kind}` }, svg("circle", { cx: at, cy: y, r: 0.42 * u }),
        svg("title", { text: `${cast.stages[stage]}: ${say(words["story.road.month"], { n: month })}` }),
        narrow || crowded ? null : svg("text", { x: kind === "both" ? at + 0.3 * u : at, y: kind === "a" ? y + 1.5 * u : y - 0.9 * u, "text-anchor": kind === "both" ? "end" : "middle", class: "small", text: cast.stages[stage] }));
    });
  }
}

/** The last month in which both had gone the same way. */
function partsAt(fates, begins) {
  const [a, b] = fates.map((fate) => stations(fate, begins));
  const same = a.filter((it, index) => b[index]?.month === it.month);
  const differing = Math.min(...fates.flatMap((fate) => fate.slice(0, 6).filter((month) => month > 0 && !same.some((it) => it.month === month))), Infinity);
  const before = same.at(-1)?.month ?? begins;
  return Number.isFinite(differing) ? clamp(differing - 1, before, differing) : before;
}

/** A square for each history, sorted by what becomes of it in both. */
function drawQuilt(place, pair, words, run, choose) {
  const kinds = pair.a.fates.map((fate, index) => (fate[END] === IMPLEMENTED ? 2 : 0) + (pair.b.fates[index][END] === IMPLEMENTED ? 1 : 0));
  const order = kinds.map((kind, index) => [kind, index]).sort(([k, i], [l, j]) => k - l || i - j);
  const field = html("div", { class: "squares" });
  const legend = html("ul", { class: "legend" }, ...KINDS.map((kind, code) =>
    html("li", { class: kind }, html("b", { text: kinds.filter((it) => it === code).length }), ` ${words[`story.paths.${kind}`]}`)));
  place.replaceChildren(field, legend);
  const room = [place.clientWidth, place.parentElement.clientHeight * 0.4];
  const size = clamp(Math.floor(Math.sqrt((room[0] * room[1]) / order.length)), CELL, 2 * CELL);
  const down = Math.ceil(order.length / Math.floor(room[0] / size));
  field.style.height = `${down * size}px`;
  const { w: width, root } = frame(field, words["story.paths.quilt"], "group");
  const shift = (width - size * Math.ceil(order.length / down)) / 2;
  const squares = order.map(([kind, index], position) => svg("rect", {
    x: shift + Math.floor(position / down) * size, y: (position % down) * size, width: size - 1, height: size - 1, rx: 2, role: "button",
    class: `square ${KINDS[kind]}`, "aria-pressed": String(index === run), "aria-label": say(words["story.paths.square"], { n: index, kind: words[`story.paths.${KINDS[kind]}`] }),
  }));
  root.append(...squares);
  roving(root, squares, (position) => choose(order[position][1]));
  return (t) => {
    squares.forEach((square, position) => { square.style.opacity = position / squares.length <= t ? "1" : "0"; });
    legend.style.opacity = String(t);
  };
}
