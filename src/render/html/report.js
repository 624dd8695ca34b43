"use strict";
(() => {
  const form = document.getElementById("filters");
  const articles = Array.from(document.querySelectorAll("article[data-rule]"));
  const shown = document.getElementById("shown");
  const has = (list, wanted) => wanted === "" || list.split("\n").includes(wanted);
  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    let count = 0;
    for (const article of articles) {
      const fits = has(article.dataset.servers, wanted.server) && has(article.dataset.sites, wanted.site)
        && has(article.dataset.rule, wanted.rule) && has(article.dataset.severity, wanted.severity);
      article.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = count + " of " + articles.length + " findings shown";
  };
  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply, 0));
  document.getElementById("open-all").addEventListener("click", () => {
    const details = articles.filter((article) => !article.hidden).map((article) => article.querySelector("details"));
    const open = details.some((it) => !it.open);
    for (const it of details) it.open = open;
  });
  // On paper everything is open but long lists of names.
  const openForPaper = () => {
    const closed = Array.from(document.querySelectorAll("details:not([open]):not(.names)"));
    for (const it of closed) it.open = true;
    return closed;
  };
  let opened = [];
  window.addEventListener("beforeprint", () => { opened = openForPaper(); });
  window.addEventListener("afterprint", () => { for (const it of opened) it.open = false; });
  apply();
})();
