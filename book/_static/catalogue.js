// 数据目录：只显示含有所查词语的表。没有脚本时各表全部显示，查找框不出现。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const box = document.getElementById("catalogue-filter");
  const input = box.querySelector("input");
  const output = box.querySelector("output");
  const rows = [...document.querySelectorAll("#tbl-catalogue-tables tbody tr")];
  const texts = rows.map((row) => fold(row.textContent));

  const show = () => {
    const terms = input.value.split(/\s+/).map(fold).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !terms.every((term) => texts[i].includes(term));
      shown += row.hidden ? 0 : 1;
    });
    output.textContent = `${shown} 张表`;
  };

  box.hidden = false;
  input.addEventListener("input", show);
  show();
});
