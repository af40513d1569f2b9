// 事实核查：按判定、节与类型挑选说法。选项取自表本身；没有脚本时各条全部显示，挑选框不出现。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("fact-check-filter");
  const rows = [...document.querySelectorAll("#tbl-fc-register tbody tr")];
  if (!box || !rows.length) return;
  const clean = (text) => text.replace(/\s+/g, "");
  const cells = rows.map((row) => {
    const [, text, verdict] = [...row.cells].map((cell) => clean(cell.textContent));
    const [section, kind] = text.slice(text.lastIndexOf("［") + 1, -1).split("·");
    return { verdict, section, kind };
  });

  const output = document.createElement("output");
  output.setAttribute("aria-live", "polite");
  const selects = [["verdict", "判定"], ["section", "哪一节"], ["kind", "类型"]].map(([key, title]) => {
    const label = document.createElement("label");
    label.className = "pillar-picker-who";
    const select = document.createElement("select");
    select.id = `fact-check-${key}`;
    select.append(new Option("全部", ""));
    [...new Set(cells.map((cell) => cell[key]))].forEach((text) => select.append(new Option(text, text)));
    select.addEventListener("change", () => show());
    label.append(`${title} `, select);
    box.append(label, " ");
    return [key, select];
  });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pillar-picker-button";
  button.id = "fact-check-reset";
  button.textContent = "全部显示";
  button.addEventListener("click", () => {
    selects.forEach(([, select]) => {
      select.value = "";
    });
    show();
  });
  box.append(button, " ", output);

  function show() {
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !selects.every(([key, select]) => !select.value || cells[i][key] === select.value);
      shown += row.hidden ? 0 : 1;
    });
    output.textContent = `显示 ${shown} 条，共 ${rows.length} 条`;
  }

  box.className = "pillar-picker-top";
  box.hidden = false;
  show();
});
