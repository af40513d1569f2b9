// 进口依赖：勾选哪些供应方结成一伙，看世界出口的集中度过不过线。
// 各种组合的结果都在笔记本里算好，这里只查表；没有脚本时，读者看到的是静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("fig-imp-blocs-panel");
  const source = document.getElementById("fig-imp-blocs-data");
  if (!panel || !source) return;
  const data = JSON.parse(source.textContent);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  const group = make("fieldset", "bloc-picker");
  group.append(make("legend", "", "谁和谁算一家？"));
  const boxes = data.members.map((name, i) => {
    const label = make("label", "bloc-picker-member");
    const box = make("input");
    box.type = "checkbox";
    box.checked = Boolean((data.start >> i) & 1);
    label.append(box, make("span", "", name));
    group.append(label);
    return box;
  });

  const rows = data.codes.map((name) => {
    const row = make("div", "bloc-picker-row");
    const track = make("div", "bloc-picker-track");
    const bar = make("div", "bloc-picker-bar");
    const mark = make("div", "bloc-picker-mark");
    mark.style.left = `${data.threshold * 100}%`;
    track.setAttribute("aria-hidden", "true");
    track.append(bar, mark);
    const value = make("span", "bloc-picker-value");
    row.append(make("span", "bloc-picker-name", name), track, value);
    return { row, bar, value, name };
  });
  const said = make("p", "bloc-picker-said");
  said.setAttribute("aria-live", "polite");

  const show = () => {
    const mask = boxes.reduce((sum, box, i) => sum + (box.checked ? 2 ** i : 0), 0);
    const found = data.cases[mask];
    rows.forEach(({ bar, value }, i) => {
      bar.style.width = `${found[i] * 100}%`;
      bar.classList.toggle("bloc-picker-over", found[i] > data.threshold);
      value.textContent = found[i].toFixed(3);
    });
    const over = data.codes.filter((_, i) => found[i] > data.threshold);
    const values = data.codes.map((name, i) => `${name} ${found[i].toFixed(3)}`).join("，");
    said.textContent = `${data.year} 年：${values}；${
      over.length ? `${over.join("、")}超过门槛 ${data.threshold}` : `都没有超过门槛 ${data.threshold}`
    }。`;
  };

  boxes.forEach((box) => box.addEventListener("change", show));
  panel.append(group, ...rows.map(({ row }) => row), said);
  panel.hidden = false;
  show();
});
