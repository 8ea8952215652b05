// The funnel that is drawn by hand, and the model's laid over it.

import { clamp, ease, frame, lines, onKey, say, set, stopAt, svg } from "../dom.js";

const BIG = 5; // recommendations that Page Up and Page Down add and take away

export function drawFunnel({ figure, cast, doc, words, prediction, value, open, draft }) {
  const { w, h, u, narrow, root } = frame(figure, words["story.funnel.title"], "group");
  const most = cast.planned;
  const drawn = value ?? draft.values ?? (draft.values = cast.stages.map(() => most));
  const reached = doc.pair?.a.reached;
  const [top, base] = [1.8 * u, h - 3.2 * u];
  const column = w / cast.stages.length;
  const wide = column * 0.66;
  const y = (number) => base - ((base - top) * number) / most;
  const inside = (stage) => base - y(reached[stage]) > 1.6 * u;
  const columns = cast.stages.map((name, stage) => {
    const x = column * (stage + 0.5);
    const bar = svg("rect", { x: x - wide / 2, width: wide, class: stage ? "drawn" : "drawn given", rx: 3 });
    const model = svg("rect", { x: x - wide * 0.23, width: wide * 0.46, class: "model", rx: 3 });
    const number = svg("text", { x: open ? x : x - wide / 2 + 2, "text-anchor": open ? "middle" : "start", class: "number" });
    const models = svg("text", { x, "text-anchor": "middle", class: "number models" });
    const grip = svg("g", { class: "grip" }, svg("rect", { x: x - wide / 2 - 4, width: wide + 8, height: 0.5 * u, rx: 0.25 * u }));
    const last = narrow && stage === cast.stages.length - 1;
    const title = lines(name, 20, { x: last ? w : x, y: base + (narrow && stage % 2 ? 2.6 : 1.5) * u, "text-anchor": last ? "end" : "middle", class: "small strong" }, (narrow ? 0.8 : 0.95) * u);
    return { x, bar, model, number, models, grip, title };
  });
  // What a class drew: a thin line each.
  const classes = () => (prediction.tallies ?? []).map((numbers) => svg("polyline", { class: "other", points: numbers.map((number, stage) => `${columns[stage].x},${y(number)}`).join(" ") }));
  root.append(svg("line", { x1: 0, x2: w, y1: base, y2: base, class: "floor" }),
    ...columns.flatMap((it) => [it.bar, it.model, it.title]), ...(open ? [] : classes()), ...columns.flatMap((it) => [it.number, it.models]), ...(open ? [] : legend()));
  if (open) makeDraggable();
  place();
  return (t) => {
    columns.forEach((it, stage) => {
      const number = reached ? reached[stage] * ease(t, stage * 0.12, 0.4 + stage * 0.12) : 0;
      set(it.model, { y: y(number), height: base - y(number) });
      const seen = t > 0.3 + stage * 0.12 && reached;
      it.models.textContent = seen ? Math.round(reached[stage]) : "";
      if (reached) it.models.setAttribute("y", y(reached[stage]) + (inside(stage) ? 1.2 : -0.4) * u);
      it.models.classList.toggle("inside", Boolean(reached) && inside(stage));
    });
  };

  /** Which columns are whose. */
  function legend() {
    const keys = value === null ? ["model"] : ["drawn", "model"];
    return keys.map((kind, index) => svg("g", { transform: `translate(${w - 8 * u} ${(0.9 + 1.5 * index) * u})` },
      svg("rect", { width: 0.9 * u, height: 0.9 * u, y: -0.75 * u, class: kind, rx: 2 }),
      svg("text", { x: 1.3 * u, class: "strong", text: words[kind === "model" ? "story.model" : "story.yours"] })));
  }

  function place() {
    columns.forEach((it, stage) => {
      const hidden = !open && value === null;
      const high = y(drawn[stage]);
      set(it.bar, { y: high, height: hidden ? 0 : base - high });
      set(it.number, { y: high - 0.5 * u, text: hidden ? "" : drawn[stage] });
      set(it.grip.firstChild, { y: high - 0.25 * u });
      set(it.grip, { "aria-valuenow": drawn[stage] });
    });
  }

  function reach(stage, number) {
    if (stage === 0) return;
    drawn[stage] = clamp(Math.round(number), 0, most);
    for (let other = 1; other < drawn.length; other += 1)
      drawn[other] = other < stage ? Math.max(drawn[other], drawn[stage]) : Math.min(drawn[other], drawn[stage]);
    draft.touched = true;
    figure.dispatchEvent(new Event("drawn"));
    place();
  }

  function makeDraggable() {
    const grips = columns.slice(1).map(({ grip }, index) => set(grip, {
      role: "slider", "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": most, "aria-label": say(words["story.funnel.handle"], { stage: cast.stages[index + 1] }),
    }));
    stopAt(grips, 0);
    root.append(...grips);
    root.classList.add("drawable");
    root.style.touchAction = "none";
    const at = (event) => {
      const box = root.getBoundingClientRect();
      const stage = clamp(Math.floor((event.clientX - box.left) / (box.width / columns.length)), 0, columns.length - 1);
      reach(stage, ((base - ((event.clientY - box.top) * h) / box.height) / (base - top)) * most);
    };
    root.addEventListener("pointerdown", (event) => { root.setPointerCapture(event.pointerId); at(event); });
    root.addEventListener("pointermove", (event) => { if (event.buttons) at(event); });
    grips.forEach((grip, index) => onKey(grip, ({ key }) => {
      const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: BIG, PageDown: -BIG, Home: -most, End: most };
      const aside = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (aside) return stopAt(grips, clamp(index + aside, 0, grips.length - 1)).focus();
      return key in steps && reach(index + 1, drawn[index + 1] + steps[key]);
    }));
  }
}
