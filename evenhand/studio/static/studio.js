// What the pages do beyond htmx: marks of what was changed, keys, and a word before work is lost.
"use strict";
document.documentElement.classList.add("js");

const editor = document.getElementById("editor");
const inForm = (target) => target.closest && target.closest("input, select, textarea");

function mark(field) {
  const input = field.querySelector(".with-unit input, select, textarea");
  const base = field.dataset.base;
  if (!input || base === undefined || !field.querySelector(".tag")) return;
  const changed = input.value.trim() !== base;
  const word = field.querySelector(".tag");
  field.classList.toggle("changed", changed);
  word.textContent = changed ? "● " + document.body.dataset.changed : "";
}

if (editor) {
  let dirty = editor.dataset.unsaved === "yes";
  editor.addEventListener("input", (event) => {
    dirty = true;
    const field = event.target.closest(".field");
    if (field) mark(field);
  });
  editor.addEventListener("submit", () => { dirty = false; });
  document.addEventListener("htmx:after:swap", () => {
    const state = document.getElementById("state");
    if (state && state.dataset.saved === "yes") dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && editor.hasAttribute("data-unsaved")) event.preventDefault();
  });
  editor.addEventListener("click", (event) => {
    const back = event.target.closest("button.back");
    const field = back && back.closest(".field");
    const input = field && field.dataset.base !== undefined && field.querySelector(".with-unit input, select");
    if (!input) return;
    event.preventDefault();
    input.value = field.dataset.base;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    back.closest(".base").hidden = true;
    input.focus();
  });
}

for (const link of document.querySelectorAll("a[data-line]")) {
  link.addEventListener("click", (event) => {
    const text = document.getElementById("text");
    const line = Number(link.dataset.line);
    if (!text || !line) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] || "").length);
    text.scrollTop = Math.max(0, (line - 4) * text.scrollHeight / lines.length);
  });
}

document.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  const press = (id) => {
    const found = document.getElementById(id);
    if (!found) return;
    event.preventDefault();
    found.click();
  };
  if (command && event.key === "s") press("save");
  else if (command && event.key === "Enter") press("run");
  else if (event.key === "Escape" && !inForm(event.target)) press("stop");
  else if (event.key === "Escape") event.target.blur();
  else if (event.key === "/" && !command && !inForm(event.target)) {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
});
