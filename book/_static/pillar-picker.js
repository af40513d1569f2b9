// 四大支柱全景：换经济体、换领域的归类，看份额与相对技术优势怎样变。
// 各领域的专利数来自笔记本，这里只做加法与除法，算法与 overview.advantage 相同；没有脚本时，读者看到的是静态的图。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("fig-ovw-rta-panel");
  const source = document.getElementById("fig-ovw-rta-data");
  if (!panel || !source) return;
  const data = JSON.parse(source.textContent);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const sum = (list) => list.reduce((a, b) => a + b, 0);

  const top = make("div", "pillar-picker-top");
  const who = make("label", "pillar-picker-who");
  const economy = make("select");
  economy.id = "fig-ovw-rta-economy";
  data.economies.forEach((name, i) => economy.append(new Option(name, String(i))));
  who.append(make("span", "", "经济体"), economy);
  top.append(who);

  const details = make("details", "pillar-picker-fields");
  details.append(make("summary", "", `给 ${data.fields.length} 个领域换归类`));
  const grid = make("div", "pillar-picker-grid");
  const selects = data.fields.map((field, i) => {
    const label = make("label", "pillar-picker-field");
    const select = make("select");
    select.id = `fig-ovw-rta-f-${i}`;
    data.pillars.forEach((name, p) => select.append(new Option(name, String(p))));
    select.value = String(field.main);
    select.addEventListener("change", () => show());
    label.append(make("span", "", field.name), select);
    grid.append(label);
    return select;
  });
  details.append(grid);

  const set = (choose) => {
    data.fields.forEach((field, i) => {
      selects[i].value = String(choose(field));
    });
    show();
  };
  const buttons = make("div", "pillar-picker-buttons");
  [
    ["main", "本书的归类", (f) => f.main],
    ["alternative", "全部改用备选", (f) => f.alternative],
    ["five", "软件另立一基", (f) => (f.software ? f.alternative : f.main)],
  ].forEach(([id, text, choose]) => {
    const button = make("button", "pillar-picker-button", text);
    button.type = "button";
    button.id = `fig-ovw-rta-${id}`;
    button.addEventListener("click", () => set(choose));
    buttons.append(button);
  });
  top.append(buttons);

  const table = make("table", "pillar-picker-table");
  const caption = make("caption");
  const head = make("thead");
  const line = make("tr");
  const heading = (text) => {
    const cell = make("th", "", text);
    cell.scope = "col";
    line.append(cell);
  };
  heading("支柱");
  data.measures.forEach((name) => {
    heading(`${name}份额`);
    heading(`${name} RTA`);
  });
  head.append(line);
  const body = make("tbody");
  table.append(caption, head, body);
  const said = make("p", "pillar-picker-said");
  said.setAttribute("aria-live", "polite");

  const compute = () => {
    const e = Number(economy.value);
    return data.measures.map((_, m) => {
      const whole = sum(data.fields.map((f) => f.counts[m][e])) / sum(data.fields.map((f) => f.world[m]));
      return data.pillars.map((_, p) => {
        const own = data.fields.filter((_, i) => p !== data.outside && Number(selects[i].value) === p);
        if (!own.length) return null;
        const share = sum(own.map((f) => f.counts[m][e])) / sum(own.map((f) => f.world[m]));
        return { share, rta: share / whole };
      });
    });
  };

  function show() {
    const found = compute();
    const name = data.economies[Number(economy.value)];
    caption.textContent = `${name}，${data.year} 年`;
    body.replaceChildren();
    const best = found.map((rows) =>
      rows.reduce((top, row, p) => (row && (top < 0 || row.rta > rows[top].rta) ? p : top), -1)
    );
    data.pillars.forEach((pillar, p) => {
      if (!found[0][p]) return;
      const row = make("tr");
      const first = make("th", "", pillar);
      first.scope = "row";
      row.append(first);
      found.forEach((rows, m) => {
        row.append(make("td", "", `${(rows[p].share * 100).toFixed(1)}%`));
        row.append(make("td", best[m] === p ? "pillar-picker-best" : "", rows[p].rta.toFixed(2)));
      });
      body.append(row);
    });
    const none = best.some((p) => p < 0);
    said.textContent = none ? "没有一个领域归入支柱，无从比较。" : `${name}：${data.measures
      .map((measure, m) => `按${measure}，${data.pillars[best[m]]}的 RTA 最高（${found[m][best[m]].rta.toFixed(2)}）`)
      .join("；")}。`;
    panel.dataset.result = JSON.stringify(found);
  }

  economy.addEventListener("change", show);
  panel.append(top, table, said, details);
  panel.hidden = false;
  show();
});
