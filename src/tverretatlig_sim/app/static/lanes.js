// The lanes: each recommendation keeps its column and sinks from stage to stage.

import { byId, cut, html, rem, roving, say, svg } from "./dom.js";

const STAGES = ["planned", "drafted", "decided", "handed_over", "adopted", "implemented", "dropped"];
const DROPPED = 6;

export function drawLanes(side, data, words, month, choose) {
  const root = byId(`lanes-${side}`);
  const unit = rem();
  const width = Math.max(260, root.clientWidth);
  const left = Math.min(unit * 8, width * 0.32);
  const right = unit * 2;
  const row = unit * 1.4;
  const height = row * STAGES.length;
  const step = (width - left - right) / Math.max(1, data.lanes.length);
  const size = { width: Math.max(1.6, Math.min(unit * 0.62, step * 0.76)), height: unit * 0.72 };
  const middle = (stage) => row * (stage + 0.5);
  const counts = STAGES.map((_, stage) =>
    svg("text", { x: width - 2, y: middle(stage), class: "count", "text-anchor": "end", "dominant-baseline": "central" }));
  const rows = STAGES.map((stage, index) =>
    svg("g", { class: `row ${stage}` },
      svg("rect", { x: 0, y: row * index, width, height: row, class: index % 2 ? "odd" : "even" }),
      svg("text", { x: unit * 0.4, y: middle(index), "dominant-baseline": "central", text: cut(words[`stage.${stage}`], left, unit * 0.78) })));
  const pieces = data.lanes.map((lane, index) => {
    const piece = svg("rect", { ...size, x: -size.width / 2, y: -size.height / 2, rx: size.width / 3, role: "button", "data-name": lane.name, "aria-pressed": "false" });
    piece.dataset.x = (left + step * (index + 0.5)).toFixed(2);
    piece.append(svg("title", { text: lane.title }));
    return piece;
  });
  const drawing = svg("svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": words["app.board"] },
    svg("g", { "aria-hidden": "true" }, ...rows, ...counts), svg("g", { class: "pieces" }, ...pieces));
  if (pieces.length) roving(drawing, pieces, (index) => choose(data.lanes[index].name));
  legend(side, data, words);

  function show(month) {
    const tally = new Array(STAGES.length).fill(0);
    data.lanes.forEach((lane, index) => {
      const stage = stageAt(lane, month);
      tally[stage] += 1;
      pieces[index].style.transform = `translate(${pieces[index].dataset.x}px, ${middle(stage)}px)`;
      const reason = stage === DROPPED ? lane.loss : "";
      pieces[index].setAttribute("class", `piece ${STAGES[stage]} ${reason && `loss-${reason}`}`);
      const stageName = words[`stage.${STAGES[stage]}`] + (reason && ` (${words[`reason.${reason}`]})`);
      pieces[index].setAttribute("aria-label", say(words["app.piece"], { name: lane.title, stage: stageName }));
    });
    counts.forEach((text, stage) => { text.textContent = tally[stage]; });
  }

  function mark(name) {
    for (const piece of pieces) piece.setAttribute("aria-pressed", String(piece.dataset.name === name));
  }
  show(month); // before it is seen, so that nothing flies in from the corner
  root.replaceChildren(drawing);
  return { show, mark };
}

/** Stage after a month: that of the last move so far. */
export const stageAt = (lane, month) =>
  lane.moves.reduce((stage, [at, to]) => (at <= month ? to : stage), 0);

function legend(side, data, words) {
  const reasons = [...new Set(data.lanes.map((lane) => lane.loss).filter(Boolean))].sort();
  const items = reasons.map((reason) => {
    const count = data.lanes.filter((lane) => lane.loss === reason).length;
    return html("li", { class: `loss-${reason}` }, html("span", { text: `${words["stage.dropped"]}: ${words[`reason.${reason}`]} (${count})` }));
  });
  byId(`losses-${side}`).replaceChildren(...items);
}
