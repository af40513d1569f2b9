// 检索页：在 search-text.js 的全文里查子串。不分词，不联网。全文是 gzip 的 base64，由浏览器解开。
"use strict";

(() => {
  const TEXT = new URL("search-text.js", document.currentScript.src).href;
  const SNIPPET_BEFORE = 30;
  const SNIPPET_LENGTH = 110;

  // 规范化一段文字：NFKC、小写、去空白；map[i] 是第 i 个规范字符在原文里的位置。
  function fold(text) {
    let folded = "";
    const map = [];
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      const plain = code < 0x80 || (code >= 0x4e00 && code <= 0x9fff);
      const piece = (plain ? text[i] : text[i].normalize("NFKC")).toLowerCase();
      for (const char of piece) {
        if (!/\s/.test(char)) {
          folded += char;
          for (let k = 0; k < char.length; k += 1) map.push(i);
        }
      }
    }
    return { folded, map };
  }

  // 查询里用空白隔开的各项都要出现；两侧的引号不算。
  function termsOf(query) {
    return query
      .split(/\s+/)
      .map((term) => fold(term).folded.replace(/^["'“”‘’]+|["'“”‘’]+$/g, ""))
      .filter((term) => term.length > 0);
  }

  function count(text, term) {
    let n = 0;
    for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + term.length)) n += 1;
    return n;
  }

  function prepare(pages) {
    return pages.map((page) => {
      const sections = page.sections.map(([anchor, heading, text]) => ({
        anchor,
        heading,
        text,
        foldedHeading: fold(heading).folded,
        ...fold(text),
      }));
      return {
        title: page.title,
        url: page.url,
        foldedTitle: fold(page.title).folded,
        // 全页连成一串，跨小节的短语也查得到
        folded: sections.map((section) => section.foldedHeading + section.folded).join(""),
        sections,
      };
    });
  }

  // 一页的得分与最合适的小节；有一项不在这一页就返回 null。
  function match(page, terms) {
    let score = 0;
    for (const term of terms) {
      if (!page.folded.includes(term)) return null;
      let found = page.foldedTitle.includes(term) ? 1000 : 1;
      for (const section of page.sections) {
        if (section.foldedHeading.includes(term)) found += 50;
        found += Math.min(count(section.folded, term), 20);
      }
      score += found;
    }
    let best = page.sections[0];
    let bestScore = -1;
    for (const section of page.sections) {
      let value = 0;
      for (const term of terms) {
        if (section.foldedHeading.includes(term)) value += 100;
        if (section.folded.includes(term)) value += 100 + Math.min(count(section.folded, term), 20);
      }
      if (value > bestScore) {
        best = section;
        bestScore = value;
      }
    }
    return { page, score, section: best };
  }

  function search(pages, query) {
    const terms = termsOf(query);
    if (terms.length === 0) return [];
    return pages
      .map((page) => match(page, terms))
      .filter((hit) => hit !== null)
      .sort((a, b) => b.score - a.score);
  }

  // 把片段写进 element，命中处用 <mark> 标出。
  function writeSnippet(element, section, terms) {
    const spans = [];
    for (const term of terms) {
      for (let at = section.folded.indexOf(term); at !== -1; at = section.folded.indexOf(term, at + term.length)) {
        spans.push([section.map[at], section.map[at + term.length - 1] + 1]);
      }
    }
    spans.sort((a, b) => a[0] - b[0]);
    const start = Math.max(0, (spans.length > 0 ? spans[0][0] : 0) - SNIPPET_BEFORE);
    const end = Math.min(section.text.length, start + SNIPPET_LENGTH);
    if (start > 0) element.append("…");
    let at = start;
    for (const [from, to] of spans) {
      if (from < at || from >= end) continue;
      element.append(section.text.slice(at, from));
      const mark = document.createElement("mark");
      mark.textContent = section.text.slice(from, Math.min(to, end));
      element.append(mark);
      at = Math.min(to, end);
    }
    element.append(section.text.slice(at, end));
    if (end < section.text.length) element.append("…");
  }

  function show(hits, query) {
    const terms = termsOf(query);
    const status = document.getElementById("search-status");
    const list = document.getElementById("search-results");
    list.replaceChildren();
    if (terms.length === 0) {
      status.textContent = "请输入要找的词；几个词用空格隔开，表示都要出现。";
      return;
    }
    status.textContent =
      hits.length > 0 ? `找到 ${hits.length} 页含有“${query.trim()}”。` : `没有找到“${query.trim()}”。`;
    for (const hit of hits) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const anchor = hit.section.anchor ? `#${encodeURIComponent(hit.section.anchor)}` : "";
      link.href = `${hit.page.url}?highlight=${encodeURIComponent(query.trim())}${anchor}`;
      link.dataset.page = hit.page.url;
      const heading = hit.section.heading;
      link.textContent =
        heading && heading !== hit.page.title ? `${hit.page.title} › ${heading}` : hit.page.title;
      const snippet = document.createElement("p");
      writeSnippet(snippet, hit.section, terms);
      item.append(link, snippet);
      list.append(item);
    }
  }

  async function unpack(text) {
    const packed = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }

  // 全文很大，有词要找才取；用 script 元素取，从磁盘打开也行。
  function fetchText() {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = TEXT;
      script.onload = () => resolve(window.searchText);
      script.onerror = () => reject(new Error(`取不到检索文本 ${TEXT}`));
      document.head.append(script);
    });
  }

  async function start() {
    if (!("DecompressionStream" in window)) {
      document.getElementById("search-status").textContent =
        "这个浏览器太旧，解不开检索文本。请换用 2023 年以后的版本，或从左侧目录找。";
      return;
    }
    const input = document.querySelector("#main-content form.bd-search input");
    const query = new URLSearchParams(window.location.search).get("q") || "";
    input.value = query;
    const pages = termsOf(query).length > 0 ? prepare(await unpack(await fetchText())) : [];
    show(search(pages, query), query);
    input.focus();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
