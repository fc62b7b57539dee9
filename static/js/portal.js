// Comfort on top of pages that work without it: menus, toasts, keys, copying.
(() => {
  "use strict";

  const typing = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  // Menus close on Escape and on a click elsewhere.
  const openMenus = () => document.querySelectorAll("details[data-menu][open], details.menu[open]");

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const close = event.target.closest("[data-toast-close]");
    if (close) close.closest("[data-toast]").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy) copyText(copy);
  });

  function closeMenus() {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }

  // data-copy holds the id of what is copied; data-copied says it was done.
  async function copyText(button) {
    const source = document.getElementById(button.dataset.copy);
    if (!source) return;
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    if (button.dataset.copied) toast(button.dataset.copied, "good");
  }

  function toast(text, tone) {
    const area = document.getElementById("notices");
    if (!area) return;
    const line = document.createElement("div");
    line.className = `toast-line toast-${tone}`;
    line.dataset.toast = "";
    const words = document.createElement("span");
    words.className = "toast-text";
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.dataset.toastClose = "";
    close.setAttribute("aria-label", area.dataset.close);
    close.textContent = "×";
    line.append(words, close);
    area.append(line);
  }

  // What the server refused without an answer to show is said in a toast.
  document.addEventListener("htmx:responseError", () => {
    toast(document.getElementById("notices").dataset.failed, "bad");
  });
  // What is asked for again by itself, or says so in its place, needs no toast.
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.closest("[data-quiet]")) return;
    toast(document.getElementById("notices").dataset.offline, "bad");
  });

  // Rows by keyboard: j/k or arrows move, x ticks, Enter or o opens.
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
  let lastIndex = -1;

  function goTo(index) {
    const all = rows();
    const row = all[Math.max(0, Math.min(index, all.length - 1))];
    if (!row) return;
    row.tabIndex = -1;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    lastIndex = all.indexOf(row);
  }

  function currentIndex() {
    const row = document.activeElement.closest("[data-row]");
    return row ? rows().indexOf(row) : -1;
  }

  function press(selector) {
    const row = document.activeElement.closest("[data-row]");
    const target = row && row.querySelector(selector);
    if (target) target.click();
    return Boolean(target);
  }

  const step = (by) => {
    const index = currentIndex();
    if (index < 0 && lastIndex < 0) return goTo(0);
    return goTo((index < 0 ? lastIndex : index) + by);
  };

  const keys = {
    j: () => (step(1), true),
    k: () => (step(-1), true),
    x: () => press("[data-row-tick]"),
    o: () => press("[data-row-link]"),
    "/": () => {
      const search = document.querySelector("[data-search]");
      if (search) search.focus();
      return Boolean(search);
    },
  };

  // Arrows and Enter only once a row is chosen: before that they belong to the page.
  const rowKeys = {
    ArrowDown: () => (step(1), true),
    ArrowUp: () => (step(-1), true),
    Enter: () => press("[data-row-link]"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return closeMenus();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const onRow = event.target.matches("[data-row]");
    const action = keys[event.key] || (onRow && rowKeys[event.key]);
    if (action && action()) event.preventDefault();
  });

  // A row that was replaced or has left gives the focus to the one in its place.
  document.addEventListener("htmx:beforeSwap", () => {
    const index = currentIndex();
    if (index >= 0) lastIndex = index;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (lastIndex >= 0 && document.activeElement === document.body) goTo(lastIndex);
  });
})();
