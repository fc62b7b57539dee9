// The board by keyboard, without losing the place. Its links, its forms and its rows
// work without this.
(() => {
  "use strict";

  const typing = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  const board = () => document.querySelector("[data-board]");
  const scroller = () => document.querySelector("[data-board-scroll]");

  // Keys press the links that say so: the address stays the single truth.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (typing(event.target) || !board()) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const link = board().querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  // Other days or another zoom show the same people again, and the focus stays.
  let place = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target.matches("[data-board]") || !scroller()) return;
    const key = document.activeElement.dataset.key;
    const row = document.activeElement.closest("[data-row]");
    place = { top: scroller().scrollTop, key, row: row && row.id };
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!place || !scroller()) return;
    const { top, key, row } = place;
    place = null;
    scroller().scrollTop = top;
    const chosen = key ? board().querySelector(`[data-key="${key}"]`) : row && document.getElementById(row);
    if (!chosen) return;
    if (chosen.id) chosen.tabIndex = -1;
    chosen.focus({ preventScroll: true });
  });
})();
