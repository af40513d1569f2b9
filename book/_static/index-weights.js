// 卡脖子指数：读者自己调权重，名次当场重算。算法同 chokepoint.composite.score（极差、给定的权），
// 分数舍去 12 位以下再排名，并列取最好的一名。没有脚本时，读者看到的是上面那张静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const NAME = "fig-idx-ranks";
  const SHOWN = 15;
  const START = 50;
  const source = document.getElementById(`${NAME}-data`);
  const panel = document.getElementById(`${NAME}-panel`);
  if (!source || !panel) return;
  const { indicators, nodes, floor, top, firm } = JSON.parse(source.textContent);

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  };

  // ---- 控件 ----
  const sliders = indicators.map(({ code, name }) => {
    const id = `${NAME}-w-${code}`;
    const input = make("input", { type: "range", id, min: 0, max: 100, step: 1, value: START });
    const output = make("output", { for: id });
    return { name, input, output, row: make("div", { class: "weights-row" }, make("label", { for: id }, name), input, output) };
  });
  const means = [
    ["arithmetic", "算术平均"],
    ["geometric", "几何平均"],
  ].map(([value, name], i) => {
    const input = make("input", { type: "radio", name: `${NAME}-mean`, id: `${NAME}-${value}`, value });
    input.defaultChecked = i === 0;
    return { input, label: make("label", { for: input.id }, input, ` ${name}`) };
  });
  const turned = make("input", { type: "checkbox", id: `${NAME}-turned` });
  const turn = make("label", { for: turned.id }, turned, " 市场规模改为越小越要紧");
  const reset = make("button", { type: "button", class: "weights-reset" }, "恢复原状");
  const status = make("p", { class: "weights-status", role: "status", "aria-live": "polite" });
  const body = make("tbody");
  const head = ["名次", "节点", "得分", "等权时", `抽取中居前 ${top}`];
  const table = make(
    "table",
    { class: "weights-table" },
    make("caption", {}, `按您的权重排在最前的 ${SHOWN} 个节点`),
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
    body,
  );
  panel.append(
    make("h3", { class: "weights-title" }, "自己调权重"),
    make(
      "fieldset",
      { class: "weights-box" },
      make("legend", {}, "各项指标的权（右侧为占总权的份额）"),
      ...sliders.map((s) => s.row),
    ),
    make("fieldset", { class: "weights-means" }, make("legend", {}, "合成办法与方向"), ...means.map((m) => m.label), turn),
    reset,
    status,
    make("div", { class: "weights-scroll", tabindex: 0, role: "region", "aria-label": "名次表" }, table),
  );

  // ---- 计算 ----
  const mean = () => means.find((m) => m.input.checked).input.value;
  const score = (x, w, how) => {
    const total = how === "geometric"
      ? Math.exp(x.reduce((sum, v, i) => sum + w[i] * Math.log(floor + (1 - floor) * v), 0))
      : x.reduce((sum, v, i) => sum + w[i] * v, 0);
    return Math.round(total * 1e12) / 1e12;
  };
  const last = indicators.findIndex(({ code }) => code === "size");
  const rank = (w, how) => {
    const facing = (x) => (turned.checked ? x.map((v, i) => (i === last ? 1 - v : v)) : x);
    const scored = nodes.map((node) => ({ node, score: score(facing(node.x), w, how) }));
    scored.forEach((s) => { s.rank = 1 + scored.filter((other) => other.score > s.score).length; });
    return scored.sort((a, b) => a.rank - b.rank || a.node.reference - b.node.reference);
  };

  const steadiness = (node) => (turned.checked ? node.turned : node.share);
  // 汉字与西文字母之间留一个空格
  const joined = (before, name, after) => `${before}${/^[A-Za-z]/.test(name) ? " " : ""}${name}${after}`;
  const percent = (share) => (share > 0 && share < 0.005 ? "<1%" : `${Math.round(100 * share)}%`);
  const show = () => {
    const given = sliders.map((s) => Number(s.input.value));
    const sum = given.reduce((a, b) => a + b, 0);
    sliders.forEach((s, i) => {
      s.output.textContent = sum ? percent(given[i] / sum) : "—";
      s.input.setAttribute("aria-valuetext", `${s.name}：${s.output.textContent}`);
    });
    body.replaceChildren();
    if (!sum) {
      status.textContent = "权重全是零，排不了名：请至少给一项指标一点权。";
      panel.dataset.ranks = "{}";
      return;
    }
    const found = rank(given.map((v) => v / sum), mean());
    found.slice(0, SHOWN).forEach(({ node, score: value, rank: place }) => {
      const moved = node.reference - place;
      const arrow = moved > 0 ? `${node.reference} ↑` : moved < 0 ? `${node.reference} ↓` : `${node.reference}`;
      const row = make("tr", {}, make("td", {}, String(place)), make("th", { scope: "row" }, node.name));
      row.append(make("td", {}, (100 * value).toFixed(1)), make("td", {}, arrow), make("td", {}, percent(steadiness(node))));
      if (place <= top) row.className = "weights-top";
      body.append(row);
    });
    const first = found.filter((f) => f.rank <= top);
    const kept = first.filter((f) => f.node.reference <= top).length;
    const steady = first.filter((f) => steadiness(f.node) >= firm).map((f) => f.node.name);
    status.textContent =
      joined("居首的是", found[0].node.name, `。前 ${top} 名里有 ${kept} 个等权时也在。`) +
      (steady.length
        ? joined("其中", steady.join("、"), "在绝大多数抽取里都居前列。")
        : "其中没有一个在绝大多数抽取里都居前列。");
    panel.dataset.ranks = JSON.stringify(Object.fromEntries(found.map((f) => [f.node.id, f.rank])));
  };

  sliders.forEach((s) => s.input.addEventListener("input", show));
  means.forEach((m) => m.input.addEventListener("change", show));
  turned.addEventListener("change", show);
  reset.addEventListener("click", () => {
    sliders.forEach((s) => { s.input.value = START; });
    means[0].input.checked = true;
    turned.checked = false;
    show();
  });
  panel.hidden = false;
  show();
});
