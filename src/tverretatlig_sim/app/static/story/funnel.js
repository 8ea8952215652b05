// The funnel that is drawn by hand, and the model's laid over it.

import { say, svg } from "../dom.js";
import { clamp, ease, frame, lines } from "./frame.js";
import { talliesOf } from "./predictions.js";

const BIG = 5; // recommendations that Page Up and Page Down add and take away

export function drawFunnel({ figure, cast, doc, words, value, open, draft }) {
  const { w, h, u, narrow, root } = frame(figure, words["story.funnel.title"], "group");
  const most = cast.planned;
  const drawn = value ?? draft.values ?? (draft.values = cast.stages.map(() => most));
  const reached = doc.pair?.a.reached;
  const [top, base] = [1.8 * u, h - 3.2 * u];
  const column = w / cast.stages.length;
  const wide = column * 0.66;
  const y = (number) => base - ((base - top) * number) / most;
  const columns = cast.stages.map((name, stage) => {
    const x = column * (stage + 0.5);
    const bar = svg("rect", { x: x - wide / 2, width: wide, class: stage ? "drawn" : "drawn given", rx: 3 });
    const model = svg("rect", { x: x - wide * 0.27, width: wide * 0.54, class: "model", rx: 3 });
    const number = svg("text", { x: open ? x : x - wide / 2 + 2, "text-anchor": open ? "middle" : "start", class: "number" });
    const models = svg("text", { x, "text-anchor": "middle", class: "number models" });
    const grip = svg("g", { class: "grip" }, svg("rect", { x: x - wide / 2 - 4, width: wide + 8, height: 0.5 * u, rx: 0.25 * u }));
    const last = narrow && stage === cast.stages.length - 1;
    const title = lines(name, 20, { x: last ? w : x, y: base + (narrow && stage % 2 ? 2.6 : 1.5) * u, "text-anchor": last ? "end" : "middle", class: "small strong" }, (narrow ? 0.8 : 0.95) * u);
    return { x, bar, model, number, models, grip, title };
  });
  root.append(svg("line", { x1: 0, x2: w, y1: base, y2: base, class: "floor" }),
    ...columns.flatMap((it) => [it.bar, it.model, it.title]), ...classes(), ...columns.flatMap((it) => [it.number, it.models]), ...legend());
  if (open) makeDraggable();
  place();
  return (t) => {
    columns.forEach((it, stage) => {
      const number = reached ? reached[stage] * ease(t, stage * 0.12, 0.4 + stage * 0.12) : 0;
      it.model.setAttribute("y", y(number));
      it.model.setAttribute("height", base - y(number));
      const seen = t > 0.3 + stage * 0.12 && reached;
      it.models.textContent = seen ? Math.round(reached[stage]) : "";
      if (reached) it.models.setAttribute("y", y(reached[stage]) + (inside(stage) ? 1.2 : -0.4) * u);
      it.models.classList.toggle("inside", Boolean(reached) && inside(stage));
    });
  };

  function inside(stage) {
    return base - y(reached[stage]) > 1.6 * u;
  }

  /** Which columns are whose. */
  function legend() {
    if (open) return [];
    const keys = value === null ? ["model"] : ["drawn", "model"];
    return keys.map((kind, index) => svg("g", { transform: `translate(${w - 8 * u} ${(0.9 + 1.5 * index) * u})` },
      svg("rect", { width: 0.9 * u, height: 0.9 * u, y: -0.75 * u, class: kind, rx: 2 }),
      svg("text", { x: 1.3 * u, class: "strong", text: words[kind === "model" ? "story.model" : "story.yours"] })));
  }

  /** What a class drew: a thin line each. */
  function classes() {
    if (open) return [];
    return (talliesOf("funnel") ?? []).map((numbers) => svg("polyline", { class: "other", points: numbers.map((number, stage) => `${columns[stage].x},${y(number)}`).join(" ") }));
  }

  function place() {
    columns.forEach((it, stage) => {
      const hidden = !open && value === null;
      it.bar.setAttribute("y", y(drawn[stage]));
      it.bar.setAttribute("height", hidden ? 0 : base - y(drawn[stage]));
      it.number.setAttribute("y", y(drawn[stage]) - 0.5 * u);
      it.number.textContent = hidden ? "" : drawn[stage];
      it.grip.firstChild.setAttribute("y", y(drawn[stage]) - 0.25 * u);
      it.grip.setAttribute("aria-valuenow", drawn[stage]);
    });
  }

  function set(stage, number) {
    if (stage === 0) return;
    drawn[stage] = clamp(Math.round(number), 0, most);
    for (let other = 1; other < drawn.length; other += 1)
      drawn[other] = other < stage ? Math.max(drawn[other], drawn[stage]) : Math.min(drawn[other], drawn[stage]);
    draft.touched = true;
    figure.dispatchEvent(new Event("drawn"));
    place();
  }

  function makeDraggable() {
    const grips = columns.slice(1).map((it, index) => {
      for (const [key, text] of Object.entries({ role: "slider", tabindex: index ? -1 : 0, "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": most, "aria-label": say(words["story.funnel.handle"], { stage: cast.stages[index + 1] }) }))
        it.grip.setAttribute(key, text);
      return it.grip;
    });
    root.append(...grips);
    root.classList.add("drawable");
    root.style.touchAction = "none";
    const at = (event) => {
      const box = root.getBoundingClientRect();
      const stage = clamp(Math.floor((event.clientX - box.left) / (box.width / columns.length)), 0, columns.length - 1);
      set(stage, ((base - ((event.clientY - box.top) * h) / box.height) / (base - top)) * most);
    };
    root.addEventListener("pointerdown", (event) => { root.setPointerCapture(event.pointerId); at(event); });
    root.addEventListener("pointermove", (event) => { if (event.buttons) at(event); });
    grips.forEach((grip, index) => grip.addEventListener("keydown", (event) => {
      const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: BIG, PageDown: -BIG };
      const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key in steps) set(index + 1, drawn[index + 1] + steps[event.key]);
      else if (event.key === "Home") set(index + 1, 0);
      else if (event.key === "End") set(index + 1, most);
      else if (aside) {
        const next = grips[clamp(index + aside, 0, grips.length - 1)];
        grips.forEach((it) => it.setAttribute("tabindex", it === next ? "0" : "-1"));
        next.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }));
  }
}
