// 产业链断供：去掉几家供应者，看哪些节点停下。规则与包里的 chain.knock_out 相同，由浏览器测试逐例对照。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const NAME = "fig-chn-knockout";
  const data = JSON.parse(document.getElementById(`${NAME}-data`).textContent);
  const panel = document.getElementById(`${NAME}-panel`);
  const STATES = ["断供", "说不准", "可得"];
  const CODES = ["blocked", "unknown", "producible"];
  const VERDICT = ["做不出", "说不准", "做得出"];
  const EPSILON = 1e-9; // 份额由取整的小数相加，恰好等于阈值的不应落到另一边
  const count = data.nodes.length;

  const inputs = data.nodes.map(() => []);
  const kinds = data.nodes.map(() => []);
  data.edges.forEach(([from, to, type]) => (type ? kinds : inputs)[to].push(from));
  const silent = new Set(data.silent);
  const listed = new Array(count).fill(0);
  data.shares.forEach(([node, , share]) => { listed[node] += share ?? 0; });

  // 只看自己的供应者：0 断供，1 说不准，2 可得。
  const own = (gone, threshold, remainder) => {
    const low = new Array(count).fill(0);
    const hidden = new Array(count).fill(false);
    data.shares.forEach(([node, provider, share]) => {
      if (!gone.has(provider)) return;
      if (share === null) hidden[node] = true;
      else low[node] += share;
    });
    return low.map((value, node) => {
      const lost = Math.min(value, 100);
      const open = gone.size > 0 && !silent.has(node) && (remainder === "unknown" || hidden[node]);
      const most = Math.min(100, lost + (open ? Math.max(0, 100 - listed[node]) : 0));
      return lost + EPSILON >= threshold ? 0 : most + EPSILON >= threshold ? 1 : 2;
    });
  };

  // 沿图传导到不再变：投入取最坏的；有子类的父类，乐观读法取最好的子类，悲观读法取最坏的。
  const settle = (gone, threshold, remainder, reading) => {
    const alone = own(gone, threshold, remainder);
    const pick = reading === "any" ? Math.max : Math.min;
    let state = new Array(count).fill(2);
    for (;;) {
      const next = state.map((_, node) => {
        const self = kinds[node].length ? pick(...kinds[node].map((kind) => state[kind])) : alone[node];
        return Math.min(self, ...inputs[node].map((input) => state[input]));
      });
      if (next.every((value, node) => value === state[node])) return state;
      state = next;
    }
  };

  // ---- 控件 ----
  const make = (tag, props = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...children);
    return element;
  };
  const boxes = data.providers.map(([code, name]) => make("input", {
    type: "checkbox", value: code, checked: data.preset.includes(code), name: "chain-provider", title: name,
  }));
  const labels = data.providers.map(([, name], i) => make("label", { className: "chain-choice" }, boxes[i], name));
  const nameOf = Object.fromEntries(data.providers.map(([code, name]) => [code, name]));
  const choose = (codes) => {
    boxes.forEach((box) => { box.checked = codes.includes(box.value); });
    show();
  };
  const presets = data.presets.map((codes) => make("button", {
    type: "button", className: "chain-preset", textContent: codes.map((code) => nameOf[code]).join("＋"),
    onclick: () => choose(codes),
  }));
  presets.push(make("button", {
    type: "button", className: "chain-preset", textContent: "全不选", onclick: () => choose([]),
  }));
  const select = (label, options) => {
    const box = make("select", {}, ...options.map(([value, text]) => make("option", { value, textContent: text })));
    box.addEventListener("change", () => show());
    return [make("label", { className: "chain-setting" }, label, box), box];
  };
  const [readingLabel, reading] = select("子类能否互相替代", [
    ["any", "有一类就够（乐观读法）"], ["all", "类类都要（悲观读法）"],
  ]);
  const [remainderLabel, remainder] = select("没有列名的份额", [
    ["others", "算别家的"], ["unknown", "也可能是被去掉者的"],
  ]);
  const threshold = make("input", { type: "range", min: "50", max: "80", step: "1", value: String(data.threshold) });
  const shown = make("output");
  const thresholdLabel = make("label", { className: "chain-setting" }, "断供的阈值", threshold, shown);
  const status = make("p", { className: "chain-status" });
  status.setAttribute("aria-live", "polite");
  const pointed = make("p", { className: "chain-pointed" });
  const lists = make("div", { className: "chain-lists" });

  // ---- 图面 ----
  const SVG = "http://www.w3.org/2000/svg";
  const PITCH = 11.1, ROW = 15, HEAD = 18, LEFT = 196, SPINE = 14, SIDE = 5, HALF = 4.4;
  const draw = (tag, attributes, text) => {
    const element = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const map = draw("svg", { class: "chain-map", role: "img" });
  const tops = [];
  let y = 0;
  data.rows.forEach(([stage, process, label], i) => {
    if (i === 0 || stage !== data.rows[i - 1][0]) {
      y += HEAD;
      map.append(draw("text", { x: 22, y: y - 2, class: "chain-stage" }, stage));
    }
    y += ROW;
    tops.push(y - ROW / 2);
    map.append(draw("text", { x: 22, y: y - 4, class: "chain-process" }, process));
    map.append(draw("text", { x: LEFT - 10, y: y - 4, "text-anchor": "end" }, label));
  });
  map.setAttribute("viewBox", `0 0 ${LEFT + 15 * PITCH} ${y + 4}`);
  const fed = new Map(); // 辅助工序供给几道工序
  data.edges.forEach(([from, to]) => {
    if (data.nodes[from][1] && data.nodes[to][1]) fed.set(from, (fed.get(from) ?? 0) + 1);
  });
  const place = (node) => {
    const [, process, row, column] = data.nodes[node];
    if (process) return [fed.get(node) > 1 ? SIDE : SPINE, tops[row]];
    return [LEFT + column * PITCH, tops[row]];
  };
  data.edges.forEach(([from, to]) => {
    if (!data.nodes[from][1] || !data.nodes[to][1]) return;
    const [[x1, y1], [x2, y2]] = [place(from), place(to)];
    map.append(draw("path", { d: `M${x1} ${y1}V${y2}H${x2}`, class: "chain-edge" }));
  });
  const marks = data.nodes.map(([name, process], node) => {
    const [x, top] = place(node);
    const group = draw("g", { class: "chain-node", transform: `translate(${x} ${top})` });
    group.append(draw("title", {}, name));
    group.append(process ? draw("circle", { r: HALF }) : draw("rect", { x: -HALF, y: -HALF, width: 2 * HALF, height: 2 * HALF }));
    group.append(draw("path", { d: `M${-HALF / 2} ${-HALF / 2}L${HALF / 2} ${HALF / 2}M${HALF / 2} ${-HALF / 2}L${-HALF / 2} ${HALF / 2}`, class: "chain-cross" }));
    group.addEventListener("pointerenter", () => tell(node));
    group.addEventListener("click", () => tell(node));
    map.append(group);
    return group;
  });
  let now = [];
  const tell = (node) => { pointed.textContent = `${data.nodes[node][0]}：${STATES[now[node]]}`; };

  // ---- 结果 ----
  const show = () => {
    const gone = new Set(boxes.flatMap((box, i) => (box.checked ? [i] : [])));
    now = settle(gone, Number(threshold.value), remainder.value, reading.value);
    marks.forEach((mark, node) => { mark.dataset.state = CODES[now[node]]; });
    shown.textContent = `${threshold.value}%`;
    const tally = STATES.map((_, state) => now.filter((value) => value === state).length);
    const who = gone.size ? `去掉${[...gone].map((i) => data.providers[i][1]).join("、")}` : "一家也没去掉";
    status.textContent = `${who}：${count} 个节点里 ${tally[0]} 个断供，${tally[1]} 个说不准，${tally[2]} 个可得；`
      + `${data.nodes[data.product][0]}${VERDICT[now[data.product]]}。`;
    map.setAttribute("aria-label", status.textContent);
    lists.replaceChildren(...[0, 1].map((state) => {
      const found = data.nodes.filter((_, node) => now[node] === state).map(([name]) => name);
      return make("details", { open: state === 0 && found.length > 0 },
        make("summary", { textContent: `${STATES[state]}的节点：${found.length} 个` }),
        make("p", { textContent: found.length ? `${found.join("、")}。` : "没有。" }));
    }));
    pointed.textContent = "点一个方块或圆点，看它是什么。";
  };

  const legend = make("p", { className: "chain-legend" });
  CODES.forEach((code, state) => {
    const sample = draw("svg", { class: "chain-map chain-sample", viewBox: "-6 -6 12 12", "aria-hidden": "true" });
    const group = draw("g", { class: "chain-node", "data-state": code });
    group.append(draw("rect", { x: -HALF, y: -HALF, width: 2 * HALF, height: 2 * HALF }), draw("path", { d: "M-2.2 -2.2L2.2 2.2M2.2 -2.2L-2.2 2.2", class: "chain-cross" }));
    sample.append(group);
    legend.append(sample, `${STATES[state]}　`);
  });
  legend.append("圆点为工序，方块为投入");

  boxes.forEach((box) => box.addEventListener("change", () => show()));
  threshold.addEventListener("input", () => show());
  panel.append(
    make("fieldset", { className: "chain-who" }, make("legend", { textContent: "去掉谁（可多选，按总部所在地）" }), ...labels),
    make("div", { className: "chain-presets" }, ...presets),
    make("div", { className: "chain-settings" }, readingLabel, remainderLabel, thresholdLabel),
    status, map, legend, pointed, lists,
  );
  panel.hidden = false;
  show();
});
