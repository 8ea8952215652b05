// The lanes: each recommendation sinks from stage to stage, straight down where there is room.

import { byId, cut, html, press, rem, roving, say, svg } from "./dom.js";

const STAGES = ["planned", "drafted", "decided", "handed_over", "adopted", "implemented", "dropped"];
const DROPPED = 6;
const SIGNS = { implemented: "✓", dropped: "×" };

/** Side of a piece's square: large enough for a finger. */
const square = () => Math.max(24, rem() * 1.5);

/** Room for names on the left and counts on the right, and the columns between. */
function measure(root) {
  const width = Math.max(240, root.clientWidth);
  const left = Math.min(rem() * 7.7, width * 0.34);
  const right = rem() * 1.9;
  return { width, left, right, columns: Math.max(1, Math.floor((width - left - right) / square())) };
}

/** Moves of each recommendation as [month, stage, slot]: in a new stage it takes the free slot nearest below it, in
 * the first row that has one, and keeps it. Those that leave last were planned on top. */
function slotted(lanes, columns) {
  const taken = STAGES.map(() => new Set());
  const leaves = (lane) => lane.moves[0]?.[0] ?? Infinity;
  const order = lanes.map((_, index) => index).sort((one, other) => leaves(lanes[other]) - leaves(lanes[one]) || one - other);
  const made = lanes.map(() => []);
  order.forEach((index, slot) => { made[index].push([0, 0, slot]); taken[0].add(slot); });
  const events = lanes.flatMap((lane, index) => lane.moves.map(([month, to]) => ({ month, to, index })));
  for (const { month, to, index } of events.sort((one, other) => one.month - other.month || other.to - one.to)) {
    const [, from, slot] = made[index].at(-1);
    taken[from].delete(slot);
    const free = freeNear(slot % columns, taken[to], columns);
    taken[to].add(free);
    made[index].push([month, to, free]);
  }
  return made;
}

function freeNear(column, taken, columns) {
  for (let row = 0; ; row++)
    for (let off = 0; off < columns; off++)
      for (const at of [column + off, column - off])
        if (at >= 0 && at < columns && !taken.has(row * columns + at)) return row * columns + at;
}

const placeAt = (moves, month) => moves.findLast(([at]) => at <= month);

/** The height of each stage in squares, month by month from 0: the same on both sides, so that they can be compared. */
export function heights(sides, months) {
  const { columns } = measure(byId("lanes-a"));
  const all = sides.flatMap(({ lanes }) => slotted(lanes, columns));
  return Array.from({ length: months + 1 }, (_, month) => {
    const most = STAGES.map(() => 1);
    for (const moves of all) {
      const [, stage, slot] = placeAt(moves, month);
      most[stage] = Math.max(most[stage], Math.floor(slot / columns) + 1);
    }
    return most;
  });
}

export function drawLanes(side, data, words, high, month, choose) {
  const root = byId(`lanes-${side}`);
  const unit = rem();
  const size = square();
  const { width, left, right, columns } = measure(root);
  const slots = slotted(data.lanes, columns);
  const gap = (width - left - right) / columns;
  const height = size * Math.max(...high.map((stages) => stages.reduce((sum, one) => sum + one)));
  const counts = STAGES.map(() => svg("text", { x: width - 4, y: size / 2, class: "count", "text-anchor": "end", "dominant-baseline": "central" }));
  const bands = STAGES.map((_, index) => svg("rect", { x: 0, y: 0, width, height: size, class: index % 2 ? "odd" : "even" }));
  const rows = STAGES.map((stage, index) =>
    svg("g", { class: `row ${stage}` }, bands[index], counts[index],
      svg("text", { x: unit * 0.4, y: size / 2, "dominant-baseline": "central", text: cut(words[`stage.${stage}`], left, unit * 0.78) })));
  const pieces = data.lanes.map((lane) =>
    svg("g", { role: "button", "aria-pressed": "false" },
      svg("rect", { width: size, height: size, class: "target" }),
      svg("rect", { x: 1, y: 1, width: size - 2, height: size - 2, rx: size / 5, class: "shape" }),
      svg("text", { x: size / 2, y: size / 2, "text-anchor": "middle", "dominant-baseline": "central" }),
      svg("title", { text: lane.title })));
  const drawing = svg("svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": words["app.board"] },
    svg("g", { "aria-hidden": "true" }, ...rows), svg("g", { class: "pieces" }, ...pieces));
  if (pieces.length) roving(drawing, pieces, (index) => choose(data.lanes[index].name));
  legend(side, data, words);

  function show(now) {
    const tally = new Array(STAGES.length).fill(0);
    const tops = high[now].map((_, stage) => size * high[now].slice(0, stage).reduce((sum, one) => sum + one, 0));
    slots.forEach((moves, index) => {
      const [, stage, slot] = placeAt(moves, now);
      tally[stage] += 1;
      const [piece, lane] = [pieces[index], data.lanes[index]];
      const down = tops[stage] + size * Math.floor(slot / columns);
      piece.style.transform = `translate(${left + gap * (slot % columns)}px, ${down}px)`;
      const reason = stage === DROPPED ? lane.loss : "";
      const stageName = words[`stage.${STAGES[stage]}`] + (reason && ` (${words[`reason.${reason}`]})`);
      piece.setAttribute("class", `piece ${STAGES[stage]} ${reason && `loss-${reason}`} ${lane.bent ? "bent" : ""}`);
      piece.setAttribute("aria-label", say(words["app.piece"], { name: lane.title, stage: stageName }));
      piece.querySelector("text").textContent = SIGNS[STAGES[stage]] ?? "";
    });
    rows.forEach((row, stage) => {
      row.style.transform = `translateY(${tops[stage]}px)`;
      bands[stage].setAttribute("height", size * high[now][stage]);
      counts[stage].textContent = tally[stage];
    });
    for (const item of byId(`losses-${side}`).children) {
      const lost = data.lanes.filter((lane, index) => lane.loss === item.dataset.loss && placeAt(slots[index], now)[1] === DROPPED).length;
      item.lastChild.textContent = lost;
      item.classList.toggle("later", !lost);
    }
  }

  const mark = (name) => press(pieces, data.lanes.findIndex((lane) => lane.name === name));
  show(month); // before it is seen, so that nothing flies in from the corner
  root.replaceChildren(drawing);
  return { show, mark };
}

/** Where a recommendation ends, and why. */
export const fate = (lane) => `${lane.moves.at(-1)?.[1] ?? 0} ${lane.loss}`;

/** A reason is named once it has taken something: an answer is not told before its question. */
function legend(side, data, words) {
  const reasons = [...new Set(data.lanes.map((lane) => lane.loss).filter(Boolean))].sort();
  byId(`losses-${side}`).replaceChildren(...reasons.map((reason) =>
    html("li", { class: `loss-${reason}`, "data-loss": reason },
      html("span", { text: `${words["stage.dropped"]}: ${words[`reason.${reason}`]} ` }), html("b"))));
}
