// 关键基础材料：供应风险与经济重要性的平面，换版次，选一种材料看它走过的路。
// 分数与达线与否都在笔记本里算好，这里只画；没有脚本时，读者看到的是静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("fig-mat-plane-panel");
  const source = document.getElementById("fig-mat-plane-data");
  if (!panel || !source) return;
  const data = JSON.parse(source.textContent);
  const [width, height, left, right, top, bottom] = [400, 330, 34, 8, 22, 34];
  const [most, worst] = [10, 6.5];
  const x = (v) => left + (v / most) * (width - left - right);
  const y = (v) => height - bottom - (v / worst) * (height - top - bottom);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const draw = (tag, attributes, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    if (text) node.textContent = text;
    return node;
  };

  const group = make("fieldset", "crm-plane-years");
  group.append(make("legend", "", "哪一版研究"));
  const years = data.years.map((year, i) => {
    const label = make("label", "crm-plane-year");
    const button = make("input");
    button.type = "radio";
    button.name = "crm-plane-year";
    button.checked = i === data.years.length - 1;
    label.append(button, make("span", "", `${year} 年`));
    group.append(label);
    return button;
  });
  const choice = make("label", "crm-plane-choice");
  const select = make("select");
  data.materials.forEach((material, i) => {
    const option = make("option", "", material.name);
    option.value = i;
    select.append(option);
  });
  select.value = data.start;
  choice.append(make("span", "", "看哪一种材料"), select);

  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, class: "crm-plane", "aria-hidden": "true" });
  const said = make("p", "crm-plane-said");
  said.setAttribute("aria-live", "polite");

  const axes = () => {
    [0, 2, 4, 6, 8, 10].forEach((v) => {
      svg.append(draw("line", { x1: x(v), x2: x(v), y1: y(0), y2: y(worst), class: "crm-plane-grid" }));
      svg.append(draw("text", { x: x(v), y: y(0) + 14, "text-anchor": "middle" }, String(v)));
    });
    [0, 1, 2, 3, 4, 5, 6].forEach((v) => {
      svg.append(draw("line", { x1: x(0), x2: x(most), y1: y(v), y2: y(v), class: "crm-plane-grid" }));
      svg.append(draw("text", { x: x(0) - 6, y: y(v) + 4, "text-anchor": "end" }, String(v)));
    });
    svg.append(draw("text", { x: x(most), y: height - 4, "text-anchor": "end" }, "经济重要性（分）"));
    svg.append(draw("text", { x: 2, y: 13 }, "供应风险（分）"));
  };

  const path = (points, className) => {
    if (points.length > 1) {
      svg.append(draw("polyline", { points: points.map((p) => `${x(p[0])},${y(p[1])}`).join(" "), class: className }));
    }
  };

  const show = () => {
    const at = years.findIndex((button) => button.checked);
    const chosen = Number(select.value);
    const material = data.materials[chosen];
    svg.replaceChildren();
    axes();
    if (data.years[at] >= data.method) {
      svg.append(draw("line", { x1: x(data.lines[0]), x2: x(data.lines[0]), y1: y(0), y2: y(worst), class: "crm-plane-line" }));
      svg.append(draw("line", { x1: x(0), x2: x(most), y1: y(data.lines[1]), y2: y(data.lines[1]), class: "crm-plane-line" }));
    }
    data.materials.forEach(({ name, at: scores }, i) => {
      if (!scores[at] || i === chosen) return;
      const [ei, sr, hit] = scores[at];
      const applies = data.years[at] >= data.method && hit;
      const dot = draw("circle", { cx: x(ei), cy: y(sr), r: 4.5, class: applies ? "crm-plane-dot crm-plane-hit" : "crm-plane-dot" });
      dot.append(draw("title", {}, `${name}：经济重要性 ${ei.toFixed(1)}，供应风险 ${sr.toFixed(1)}`));
      dot.addEventListener("click", () => {
        select.value = i;
        show();
      });
      svg.append(dot);
    });
    const known = data.years.map((year, i) => ({ year, point: material.at[i] })).filter(({ point }) => point);
    path(known.filter(({ year }) => year < data.method).map(({ point }) => point), "crm-plane-path crm-plane-old");
    path(known.filter(({ year }) => year >= data.method).map(({ point }) => point), "crm-plane-path");
    // 当前一版的名字先写；别的年份挤在一起时挪到下方，再挤就不写（选那一版即可看到）。
    const written = [];
    const order = [...known].sort((a, b) => (b.year === data.years[at]) - (a.year === data.years[at]));
    order.forEach(({ year, point }) => {
      const current = year === data.years[at];
      svg.append(draw("circle", { cx: x(point[0]), cy: y(point[1]), r: current ? 7 : 3.5, class: current ? "crm-plane-now" : "crm-plane-then" }));
      const flip = point[0] > 8;
      const text = current ? `${material.name} ${year}` : String(year);
      const size = text.length * 9;
      const from = x(point[0]) + (flip ? -9 - size : 9);
      const free = (level) => written.every(([l, r, t]) => from > r || from + size < l || Math.abs(level - t) > 13);
      const level = [y(point[1]) - 5, y(point[1]) + 14].find(free);
      if (level === undefined) return;
      written.push([from, from + size, level]);
      const attributes = { x: x(point[0]) + (flip ? -9 : 9), y: level, "text-anchor": flip ? "end" : "start", class: "crm-plane-name" };
      svg.append(draw("text", attributes, text));
    });
    const point = material.at[at];
    const verdict = !point
      ? "这一版没有评估"
      : `经济重要性 ${point[0].toFixed(1)}，供应风险 ${point[1].toFixed(1)}` +
        (data.years[at] < data.method ? "" : point[2] ? "，达到两条线" : "，没有达到两条线");
    said.textContent = `${data.said[at]}。${material.name}：${verdict}。`;
  };

  years.forEach((button) => button.addEventListener("change", show));
  select.addEventListener("change", show);
  const note = make("p", "crm-plane-note", "实心圆点达到两条线，虚线即线；折线是所选材料走过的路，换方法处断开。点一下圆点也能换材料。");
  panel.append(group, choice, svg, said, note);
  panel.hidden = false;
  show();
});
