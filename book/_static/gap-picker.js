// 先进基础工艺：两级节点各认一个日期，看晚几年、差距是缩小还是拉大。
// 每种配法的结果都在笔记本里算好，这里只查表；没有脚本时，读者看到的是静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("fig-prc-nodes-panel");
  const source = document.getElementById("fig-prc-nodes-data");
  if (!panel || !source) return;
  const data = JSON.parse(source.textContent);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  const group = make("fieldset", "gap-picker");
  group.append(make("legend", "", "认哪一个日期？"));
  const rows = data.levels.map((level, i) => {
    const label = make("label", "gap-picker-row");
    const select = make("select");
    level.readings.forEach((reading, j) => {
      const option = make("option", "", reading.label);
      option.value = String(j);
      select.append(option);
    });
    select.value = String(data.start[i]);
    const track = make("span", "gap-picker-track");
    track.setAttribute("aria-hidden", "true");
    const bar = make("span", "gap-picker-bar");
    track.append(bar);
    const value = make("span", "gap-picker-value");
    label.append(make("span", "gap-picker-name", level.name), select, track, value);
    group.append(label);
    return { select, bar, value, level };
  });
  const said = make("p", "gap-picker-said");
  said.setAttribute("aria-live", "polite");

  const show = () => {
    const picked = rows.map(({ select }) => Number(select.value));
    const spans = rows.map(({ bar, value, level }, i) => {
      const { low, high } = level.readings[picked[i]];
      bar.style.left = `${(low / data.top) * 100}%`;
      bar.style.width = `${((high - low) / data.top) * 100}%`;
      value.textContent = `${low.toFixed(1)}–${high.toFixed(1)} 年`;
      return `${level.name}晚 ${low.toFixed(1)}–${high.toFixed(1)} 年`;
    });
    const verdict = data.verdicts[picked[0]][picked[1]];
    said.textContent = `${spans.join("，")}：${
      verdict === "分不出" ? "两段重叠，分不出缩小还是拉大" : `差距${verdict}`
    }。`;
  };

  rows.forEach(({ select }) => select.addEventListener("change", show));
  panel.append(group, said);
  panel.hidden = false;
  show();
});
