// 四类实施机制：读者自己改收益、分成、成本、违约金与补助，相图与盆地当场重算。
// 式子同 chokepoint.games.Partnership（复制者动态）；盆地从同样的格子出发，用四阶龙格—库塔积分。
// 没有脚本时，读者看到的是上面那张静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const NAME = "fig-mec-phase";
  const source = document.getElementById(`${NAME}-data`);
  const panel = document.getElementById(`${NAME}-panel`);
  if (!source || !panel) return;
  const given = JSON.parse(source.textContent);
  const SIZE = 320;
  const PAD = 14;
  const ARROWS = 13;
  const STEP = 0.05;
  const UNTIL = 400;
  const SVG = "http://www.w3.org/2000/svg";

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  };
  const draw = (tag, attributes) => {
    const element = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };

  // ---- 模型：各式与 chokepoint.games 相同 ----
  const advantage = (g, other, side) => {
    const share = side === 0 ? g.share : 1 - g.share;
    const cost = side === 0 ? g.c1 : g.c2;
    const grab = side === 0 ? g.b1 : g.b2;
    return other * (share * g.gain - grab) - (cost - g.penalty - g.incentive);
  };
  const drift = (g, x, y) => [x * (1 - x) * advantage(g, y, 0), y * (1 - y) * advantage(g, x, 1)];
  const saddle = (g) => {
    const slopes = [g.share * g.gain - g.b1, (1 - g.share) * g.gain - g.b2];
    if (slopes.some((s) => Math.abs(s) < 1e-12)) return null;
    const point = [
      (g.c2 - g.penalty - g.incentive) / slopes[1],
      (g.c1 - g.penalty - g.incentive) / slopes[0],
    ];
    return point.every((v) => v > 0 && v < 1) ? point : null;
  };
  const eigenvalues = (g, x, y) => {
    const a = (1 - 2 * x) * advantage(g, y, 0);
    const b = x * (1 - x) * (g.share * g.gain - g.b1);
    const c = y * (1 - y) * ((1 - g.share) * g.gain - g.b2);
    const d = (1 - 2 * y) * advantage(g, x, 1);
    const middle = (a + d) / 2;
    const square = ((a - d) / 2) ** 2 + b * c;
    const half = square > 0 ? Math.sqrt(square) : 0;
    return [middle - half, middle + half];
  };
  const kind = (g, x, y) => {
    const [low, high] = eigenvalues(g, x, y);
    if (Math.min(Math.abs(low), Math.abs(high)) < 1e-12) return "neutral";
    if (high < 0) return "stable";
    return low > 0 ? "unstable" : "saddle";
  };
  const restPoints = (g) => {
    const inner = saddle(g);
    return [[0, 0], [0, 1], [1, 0], [1, 1], ...(inner ? [inner] : [])].map(([x, y]) => ({ x, y, kind: kind(g, x, y) }));
  };
  const advance = (g, x, y, h) => {
    const [a1, b1] = drift(g, x, y);
    const [a2, b2] = drift(g, x + (h * a1) / 2, y + (h * b1) / 2);
    const [a3, b3] = drift(g, x + (h * a2) / 2, y + (h * b2) / 2);
    const [a4, b4] = drift(g, x + h * a3, y + h * b3);
    return [x + (h * (a1 + 2 * a2 + 2 * a3 + a4)) / 6, y + (h * (b1 + 2 * b2 + 2 * b3 + b4)) / 6];
  };
  // 走到四角之一的附近为止；没有走定返回 null
  const settle = (g, x, y, trail) => {
    for (let time = 0; time < UNTIL; time += STEP) {
      [x, y] = advance(g, x, y, STEP);
      if (trail) trail.push([x, y]);
      const near = Math.max(Math.min(x, 1 - x), Math.min(y, 1 - y));
      if (near < 0.01 && kind(g, Math.round(x), Math.round(y)) === "stable") return [x, y];
    }
    return null;
  };
  const basin = (g) => {
    if (kind(g, 1, 1) !== "stable") return 0;
    let reached = 0;
    for (let i = 0; i < given.side; i += 1) {
      for (let j = 0; j < given.side; j += 1) {
        const end = settle(g, (i + 0.5) / given.side, (j + 0.5) / given.side);
        if (!end) return null;
        if (end[0] > 0.5 && end[1] > 0.5) reached += 1;
      }
    }
    return reached / given.side ** 2;
  };

  // ---- 控件 ----
  const sliders = given.sliders.map((s) => {
    const id = `${NAME}-${s.key}`;
    const input = make("input", { type: "range", id, min: s.min, max: s.max, step: s.step, value: s.value });
    const output = make("output", { for: id });
    const row = make("div", { class: "weights-row", style: "grid-template-columns:minmax(0,11em) 1fr 3em" }, make("label", { for: id }, `${s.name}（${s.kind}）`), input, output);
    return { ...s, input, output, row };
  });
  const reset = make("button", { type: "button", class: "weights-reset", id: `${NAME}-reset` }, "恢复原状");
  const presets = given.statutory.map((share) => {
    const text = `分成取 ${Math.round(100 * share)}%`;
    const button = make("button", { type: "button", class: "weights-reset", id: `${NAME}-share-${Math.round(100 * share)}` }, text);
    button.addEventListener("click", () => {
      sliders.find((s) => s.key === "share").input.value = share;
      show();
    });
    return button;
  });
  const status = make("p", { class: "weights-status", role: "status", "aria-live": "polite" });
  const view = draw("svg", {
    viewBox: `0 0 ${SIZE + 2 * PAD} ${SIZE + 2 * PAD}`,
    role: "img",
    "aria-label": "相图：横轴是守约的团队的比例，纵轴是守约的单位的比例",
    style: "display:block;width:100%;max-width:26rem;height:auto;margin:0.6rem auto",
  });
  panel.append(
    make("h3", { class: "weights-title" }, "自己改收益与规则"),
    make(
      "fieldset",
      { class: "weights-box" },
      make("legend", {}, "模型的参数：除分成的几档外，没有一个是测出来的"),
      ...sliders.map((s) => s.row),
    ),
    make("div", { style: "display:flex;flex-wrap:wrap;gap:0.5rem" }, ...presets, reset),
    status,
    view,
  );

  // ---- 画 ----
  const at = (x, y) => [PAD + x * SIZE, PAD + (1 - y) * SIZE];
  const FILL = { stable: "currentColor", saddle: "none", unstable: "#bdbdbd", neutral: "#e4e4e4" };
  const paint = (g, points) => {
    view.replaceChildren();
    view.append(draw("rect", { x: PAD, y: PAD, width: SIZE, height: SIZE, fill: "none", stroke: "currentColor", "stroke-width": 1 }));
    const field = [];
    for (let i = 0; i < ARROWS; i += 1) {
      for (let j = 0; j < ARROWS; j += 1) {
        const x = (i + 0.5) / ARROWS;
        const y = (j + 0.5) / ARROWS;
        field.push([x, y, ...drift(g, x, y)]);
      }
    }
    const top = Math.max(...field.map(([, , u, v]) => Math.hypot(u, v)), 1e-12);
    const lines = field.map(([x, y, u, v]) => {
      const size = Math.hypot(u, v);
      if (!size) return "";
      const length = (0.9 / ARROWS) * Math.sqrt(size / top);
      const [ux, uy] = [u / size, v / size];
      const [x0, y0] = at(x, y);
      const [x1, y1] = at(x + ux * length, y + uy * length);
      const wing = (turn) => {
        const [c, s] = [Math.cos(turn), Math.sin(turn)];
        const [dx, dy] = [ux * c - uy * s, ux * s + uy * c];
        const [wx, wy] = at(x + ux * length - dx * 0.018, y + uy * length - dy * 0.018);
        return `M${x1.toFixed(1)} ${y1.toFixed(1)}L${wx.toFixed(1)} ${wy.toFixed(1)}`;
      };
      return `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}${wing(0.5)}${wing(-0.5)}`;
    });
    view.append(draw("path", { d: lines.join(""), fill: "none", stroke: "#8a8a8a", "stroke-width": 1 }));
    [[0.1, 0.9], [0.3, 0.6], [0.6, 0.3], [0.9, 0.1], [0.2, 0.2], [0.5, 0.8], [0.8, 0.5]].forEach(([x, y]) => {
      const trail = [[x, y]];
      const end = settle(g, x, y, trail);
      const good = end && end[0] > 0.5 && end[1] > 0.5;
      const d = trail.filter((_, i) => i % 4 === 0 || i === trail.length - 1).map((p, i) => {
        const [px, py] = at(...p);
        return `${i ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
      });
      view.append(draw("path", { d: d.join(""), fill: "none", stroke: good ? "#0072b2" : "#d55e00", "stroke-width": 1.8 }));
    });
    points.forEach((p) => {
      const [cx, cy] = at(p.x, p.y);
      view.append(draw("circle", { cx, cy, r: 6, fill: FILL[p.kind], stroke: "currentColor", "stroke-width": 1.6 }));
    });
  };

  function show() {
    const g = Object.fromEntries(sliders.map((s) => [s.key, Number(s.input.value)]));
    sliders.forEach((s) => {
      const value = g[s.key];
      s.output.textContent = s.key === "share" ? `${Math.round(100 * value)}%` : value.toFixed(1);
      s.input.setAttribute("aria-valuetext", `${s.name}：${s.output.textContent}`);
    });
    const points = restPoints(g);
    const inner = saddle(g);
    const found = basin(g);
    paint(g, points);
    const stable = points.filter((p) => p.kind === "stable");
    const both = stable.some((p) => p.x === 1 && p.y === 1);
    const none = stable.some((p) => p.x === 0 && p.y === 0);
    const words = [];
    words.push(both ? "都守约是稳定的" : "都守约站不住");
    words.push(none ? "都背约也是稳定的" : "都背约站不住");
    const share = found === null ? "有起点没有走定，算不出比例" : `从各处出发，走到都守约的占 ${(100 * found).toFixed(0)}%`;
    const where = inner ? `分界经过（${inner.map((v) => v.toFixed(2)).join("，")}）` : "没有内部的分界点";
    status.textContent = `${words.join("，")}；${share}；${where}。横轴是守约的团队的比例，纵轴是守约的单位的比例；蓝线走到都守约，橙线走到别处，实心圆是稳定的。`;
    panel.dataset.result = JSON.stringify({ points, saddle: inner, basin: found });
  }

  sliders.forEach((s) => s.input.addEventListener("input", show));
  reset.addEventListener("click", () => {
    sliders.forEach((s) => { s.input.value = s.value; });
    show();
  });
  panel.hidden = false;
  show();
});
