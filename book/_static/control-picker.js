// 芯片制造：挑一本账、一种比法、从哪年起、“之后”怎样算，看前后变为几倍。
// 每种做法的结果都在笔记本里算好，这里只查表；没有脚本时，读者看到的是静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("fig-chips-equipment-panel");
  const source = document.getElementById("fig-chips-equipment-data");
  if (!panel || !source) return;
  const data = JSON.parse(source.textContent);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const low = Math.log(data.edge[0]);
  const high = Math.log(data.edge[1]);
  const at = (value) => {
    const share = (Math.log(value) - low) / (high - low);
    return 100 * Math.min(Math.max(share, 0), 1);
  };

  const group = make("fieldset", "gap-picker");
  group.append(make("legend", "", "换一种比法"));
  const fill = (select, names) => {
    select.replaceChildren();
    names.forEach((name, i) => {
      const option = make("option", "", name);
      option.value = String(i);
      select.append(option);
    });
  };
  const selects = ["哪本账", "与谁比", "从哪年起", "算作以后"].map((name) => {
    const label = make("label", "gap-picker-row");
    const select = make("select");
    label.append(make("span", "gap-picker-name", name), select);
    group.append(label);
    return select;
  });
  const track = make("div", "gap-picker-track");
  track.setAttribute("aria-hidden", "true");
  track.style.marginTop = "0.8rem";
  const bar = make("span", "gap-picker-bar");
  const one = make("span");
  one.style.cssText = `position:absolute;top:-3px;bottom:-3px;left:${at(1)}%;border-left:2px dashed currentColor`;
  track.append(bar, one);
  group.append(track);
  const said = make("p", "gap-picker-said");
  said.setAttribute("aria-live", "polite");

  const ledger = () => data.ledgers[Number(selects[0].value)];
  const show = () => {
    const [, way, start, after] = selects.map((s) => Number(s.value));
    const found = ledger().found[way][start][after];
    const name = `${ledger().name}，${ledger().ways[way]}`;
    panel.dataset.result = JSON.stringify(found);
    bar.hidden = !found;
    if (!found) {
      said.textContent = `${name}：前或后不足两年，算不出。`;
      return;
    }
    const [estimate, left, right] = found;
    bar.style.left = `${at(left)}%`;
    bar.style.width = `${Math.max(at(right) - at(left), 0.5)}%`;
    const verdict = left > 1 ? "多了" : right < 1 ? "少了" : "分不出多少（区间含一）";
    said.textContent =
      `${name}：变为 ${estimate.toFixed(2)} 倍（95% 区间 ${left.toFixed(2)} 到 ${right.toFixed(2)}），${verdict}。` +
      `条的两端是区间，虚线是没有变；左右两端是 ${data.edge[0]} 倍与 ${data.edge[1]} 倍。`;
  };

  fill(selects[0], data.ledgers.map((item) => item.name));
  selects[0].value = String(data.start[0]);
  fill(selects[1], ledger().ways);
  selects[1].value = String(data.start[1]);
  fill(selects[2], data.starts);
  selects[2].value = String(data.start[2]);
  fill(selects[3], data.afters);
  selects[3].value = String(data.start[3]);
  selects[0].addEventListener("change", () => {
    fill(selects[1], ledger().ways);
    show();
  });
  selects.slice(1).forEach((select) => select.addEventListener("change", show));
  panel.append(group, said);
  panel.hidden = false;
  show();
});
