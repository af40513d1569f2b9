// 攻关组合：读者设定预算、花费、成功概率与风险的读法，当场算出最优组合。
// 算法同 chokepoint.portfolio.best（整数花费的 0–1 背包，动态规划，次序也相同）；没有脚本时，读者看到的是静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const NAME = "fig-pf-frontier";
  const source = document.getElementById(`${NAME}-data`);
  const panel = document.getElementById(`${NAME}-panel`);
  if (!source || !panel) return;
  const data = JSON.parse(source.textContent);

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  };

  // ---- 控件 ----
  const budget = make("input", { type: "range", id: `${NAME}-budget`, min: 0, max: 100, step: 1, value: data.budget });
  const shown = make("output", { for: budget.id });
  const choices = ["cost", "success", "risk"].map((kind) => {
    const id = `${NAME}-${kind}`;
    const select = make("select", { id });
    data[kind].forEach(({ code, name }) => select.append(new Option(name, code)));
    const label = { cost: "花费", success: "成功的概率", risk: "风险的读法" }[kind];
    return { kind, select, row: make("div", { class: "weights-row" }, make("label", { for: id }, label), select) };
  });
  const reset = make("button", { type: "button", class: "weights-reset" }, "恢复原状");
  const status = make("p", { class: "weights-status", role: "status", "aria-live": "polite" });
  const body = make("tbody");
  const head = ["次序", "节点", "花费", "成功", "消去的风险"];
  const table = make(
    "table",
    { class: "weights-table" },
    make("caption", {}, "选中的节点，按性价比（期望消去的风险 ÷ 花费）从高到低"),
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
    body,
  );
  panel.append(
    make("h3", { class: "weights-title" }, "自己设参数"),
    make(
      "fieldset",
      { class: "weights-box" },
      make("legend", {}, "这几样都没有公开的数，由您设定"),
      make("div", { class: "weights-row" }, make("label", { for: budget.id }, "预算"), budget, shown),
      ...choices.map((c) => c.row),
    ),
    reset,
    status,
    make("div", { class: "weights-scroll", tabindex: 0, role: "region", "aria-label": "选中的节点" }, table),
  );

  // ---- 计算 ----
  const knapsack = (cost, gain, limit) => {
    const value = new Float64Array(limit + 1);
    const taken = cost.map(() => new Uint8Array(limit + 1));
    cost.forEach((c, i) => {
      for (let b = limit; b >= c; b -= 1) {
        const tried = value[b - c] + gain[i];
        if (tried > value[b]) {
          value[b] = tried;
          taken[i][b] = 1;
        }
      }
    });
    const chosen = [];
    for (let i = cost.length - 1, left = limit; i >= 0; i -= 1) {
      if (taken[i][left]) {
        chosen.unshift(i);
        left -= cost[i];
      }
    }
    return chosen;
  };
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const percent = (share) => `${(100 * share).toFixed(1)}%`;

  const show = () => {
    const share = Number(budget.value) / 100;
    const [cost, success, risk] = choices.map(
      ({ kind, select }) => data[kind].find(({ code }) => code === select.value).values,
    );
    const whole = sum(cost);
    const gain = risk.map((r, i) => success[i] * r);
    const chosen = knapsack(cost, gain, Math.floor(share * whole + 1e-9));
    const total = sum(risk);
    const left = total ? 1 - sum(chosen.map((i) => gain[i])) / total : 0;
    const have = new Set(chosen);
    const freed = data.readings.map(({ steps }) =>
      steps.filter(({ ways }) => ways.some((way) => way.every((i) => have.has(i)))).map(({ name }) => name));
    const kept = data.reference.filter((i) => have.has(i)).length;
    shown.textContent = `${budget.value}%`;
    budget.setAttribute("aria-valuetext", `全做一遍的 ${budget.value}%`);
    body.replaceChildren();
    const order = [...chosen].sort((a, b) => gain[b] / cost[b] - gain[a] / cost[a] || a - b);
    order.forEach((i, k) => {
      const row = make("tr", {}, make("td", {}, String(k + 1)), make("th", { scope: "row" }, data.nodes[i]));
      row.append(
        make("td", {}, percent(cost[i] / whole)),
        make("td", {}, `${Math.round(100 * success[i])}%`),
        make("td", {}, percent(gain[i] / total)),
      );
      body.append(row);
    });
    const steps = data.readings.map(({ name, steps: all }, r) => `${name} ${all.length} 道里凑齐 ${freed[r].length} 道`);
    status.textContent =
      `选 ${chosen.length} 项，期望还剩 ${percent(left)} 的风险；参照组合的 ${data.reference.length} 项里留下 ${kept} 项。` +
      `就算选中的样样做成，卡住的工序，${steps.join("，")}。`;
    panel.dataset.result = JSON.stringify({ chosen, residual: left, freed: freed.map((f) => f.length) });
  };

  budget.addEventListener("input", show);
  choices.forEach(({ select }) => select.addEventListener("change", show));
  reset.addEventListener("click", () => {
    budget.value = data.budget;
    choices.forEach(({ select }) => { select.selectedIndex = 0; });
    show();
  });
  panel.hidden = false;
  show();
});
