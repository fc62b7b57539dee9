// The board with pointer and keys: bookings are dragged, what others change comes in,
// and moving in time loses no place. Links, forms and rows work without this.
(() => {
  "use strict";

  const EDGE = 6; // pixels of a bar at either end that stretch it
  const START = 4; // pixels that a pointer moves before it drags
  const NEAR = 40; // pixels from the border within which the board scrolls along
  const SPEED = 12; // pixels that it scrolls in a frame
  const REACHED = 2; // pixels from either end that count as having scrolled there

  const typing = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const board = () => document.querySelector("[data-board]");
  const scroller = () => document.querySelector("[data-board-scroll]");
  const table = () => document.querySelector("[data-board-table]");
  const dialog = () => document.querySelector("[data-board-dialog]");
  const says = () => document.querySelector("[data-board-says]");

  // Days, as the server writes them.

  const zoom = () => table().dataset.boardTable;

  function shifted(day, columns) {
    const date = new Date(`${day}T00:00:00Z`);
    if (zoom() === "month") {
      const dayOfMonth = date.getUTCDate();
      date.setUTCDate(1);
      date.setUTCMonth(date.getUTCMonth() + columns);
      const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0));
      date.setUTCDate(Math.min(dayOfMonth, last.getUTCDate()));
    } else {
      date.setUTCDate(date.getUTCDate() + columns * (zoom() === "week" ? 7 : 1));
    }
    return date.toISOString().slice(0, 10);
  }

  const dayText = (day) =>
    new Date(`${day}T00:00:00Z`).toLocaleDateString(navigator.language, {
      weekday: "short", day: "numeric", month: "short", timeZone: "UTC",
    });

  // Where a bar stands is written in its classes.

  function placeOf(bar) {
    const [, column] = bar.className.match(/\bc-(\d+)/);
    const [, width] = bar.className.match(/\bw-(\d+)/);
    return { column: Number(column), width: Number(width) };
  }

  function putAt(bar, column, width) {
    const count = Number(table().dataset.columns);
    const start = Math.min(Math.max(column, 1), count);
    const end = Math.min(Math.max(column + width - 1, start), count);
    bar.className = bar.className.replace(/\bc-\d+/, `c-${start}`).replace(/\bw-\d+/, `w-${end - start + 1}`);
  }

  // One booking on its way, by pointer or by keys.

  class Move {
    constructor(bar, edge) {
      this.bar = bar;
      this.edge = edge; // "", "first" or "last"
      this.row = bar.closest("[data-row]");
      this.from = this.row;
      this.by = 0;
      this.place = placeOf(bar);
      this.ghost = bar.cloneNode(true);
      this.ghost.removeAttribute("data-bar");
      this.ghost.setAttribute("aria-hidden", "true");
      this.ghost.tabIndex = -1;
      this.ghost.classList.add("is-ghost");
      bar.classList.add("is-moving");
      board().classList.add("has-move");
      this.show();
    }

    get first() {
      const { first } = this.bar.dataset;
      return this.edge === "last" ? first : shifted(first, this.by);
    }

    get last() {
      const { last } = this.bar.dataset;
      return this.edge === "first" ? last : shifted(last, this.by);
    }

    get isSame() {
      return this.by === 0 && this.row === this.from;
    }

    to(row, by) {
      const target = this.edge ? this.from : row || this.row;
      if (this.edge === "first") by = Math.min(by, this.place.width - 1);
      if (this.edge === "last") by = Math.max(by, 1 - this.place.width);
      if (target === this.row && by === this.by) return;
      this.row = target;
      this.by = by;
      this.show();
    }

    show() {
      const { column, width } = this.place;
      const starts = { "": column + this.by, first: column + this.by, last: column }[this.edge];
      const wide = { "": width, first: width - this.by, last: width + this.by }[this.edge];
      putAt(this.ghost, starts, wide);
      const bars = this.row.querySelector(".b-bars");
      if (this.ghost.parentElement !== bars) bars.append(this.ghost);
    }

    end() {
      this.ghost.remove();
      this.bar.classList.remove("is-moving");
      const here = board();
      if (here) here.classList.remove("has-move");
    }

    ask() {
      const address = new URLSearchParams({
        booking: this.bar.dataset.bar,
        version: this.bar.dataset.version,
        person: this.row.dataset.person,
        first: this.first,
      });
      if (this.edge) address.set("last", this.last);
      opened = this;
      const url = `${dialog().dataset.moveUrl}?${address}`;
      htmx.ajax("GET", url, { target: "#board-dialog-body", swap: "innerHTML" }).then(() => {
        if (!dialog().open && opened === this) dialog().showModal();
      });
    }
  }

  let move = null; // being dragged or moved by keys
  let opened = null; // dropped, and asked about in the dialog
  let isByKeys = false;

  function leave() {
    if (move) move.end();
    move = null;
    isByKeys = false;
  }

  function drop() {
    const done = move;
    move = null;
    isByKeys = false;
    if (done.isSame) return done.end();
    done.ask();
  }

  // The pointer. Fingers scroll; they open the booking, whose page has the same form.

  let press = null;

  document.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest(".b-bar[data-version]");
    if (!bar || event.button !== 0 || event.pointerType === "touch" || move) return;
    if (bar.dataset.hold === "offer") return;
    press = { bar, x: event.clientX, y: event.clientY, scroll: scroller().scrollLeft, edge: edgeAt(bar, event.clientX) };
  });

  function edgeAt(bar, x) {
    const box = bar.getBoundingClientRect();
    if (x - box.left < EDGE && !bar.classList.contains("goes-before")) return isEnd(bar, "first");
    if (box.right - x < EDGE && !bar.classList.contains("goes-on")) return isEnd(bar, "last");
    return "";
  }

  // Of a booking with gaps only the outer ends stretch it.
  function isEnd(bar, edge) {
    const runs = [...bar.parentElement.querySelectorAll(`[data-bar="${bar.dataset.bar}"]`)];
    return runs.at(edge === "first" ? 0 : -1) === bar ? edge : "";
  }

  let pointer = null;
  let frame = 0;

  document.addEventListener("pointermove", (event) => {
    if (!press) return;
    pointer = { x: event.clientX, y: event.clientY };
    const far = Math.abs(pointer.x - press.x) + Math.abs(pointer.y - press.y);
    if (!move && far < START) return;
    if (!move) {
      move = new Move(press.bar, press.edge);
      scroller().setPointerCapture(event.pointerId);
    }
    event.preventDefault();
    if (!frame) frame = requestAnimationFrame(follow);
  });

  function follow() {
    frame = 0;
    if (!move || isByKeys || !pointer) return;
    const isScrolling = scrollAlong();
    const node = document.elementFromPoint(pointer.x, pointer.y);
    const row = node && node.closest("[data-person]");
    const width = move.from.querySelector(".b-bars").offsetWidth / Number(table().dataset.columns);
    const moved = pointer.x - press.x + scroller().scrollLeft - press.scroll;
    move.to(row, Math.round(moved / width));
    if (isScrolling) frame = requestAnimationFrame(follow);
  }

  function scrollAlong() {
    const box = scroller().getBoundingClientRect();
    const names = 200;
    const left = pointer.x < box.left + names + NEAR ? -1 : pointer.x > box.right - NEAR ? 1 : 0;
    const top = pointer.y < box.top + 60 + NEAR ? -1 : pointer.y > box.bottom - NEAR ? 1 : 0;
    if (!left && !top) return false;
    scroller().scrollBy(left * SPEED, top * SPEED);
    return true;
  }

  document.addEventListener("pointerup", () => {
    if (move && !isByKeys) {
      swallowClick();
      drop();
    }
    press = null;
  });

  document.addEventListener("pointercancel", () => {
    press = null;
    if (!isByKeys) leave();
  });

  // The click that ends a drag opens nothing.
  function swallowClick() {
    const swallow = (event) => event.preventDefault();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
  }

  // Keys: m takes the booking that has the focus.

  function tell(words, values = {}) {
    says().textContent = Object.entries(values).reduce(
      (text, [name, value]) => text.replace(`%(${name})s`, value), words,
    );
  }

  function grab(bar) {
    move = new Move(bar, "");
    isByKeys = true;
    tell(says().dataset.grabbed, { booking: bar.querySelector("b").textContent });
  }

  function step(event) {
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (sideways && event.shiftKey && !move.edge && move.by === 0 && move.row === move.from) move.edge = "last";
    if (sideways) move.to(move.row, move.by + sideways);
    if (down) move.to(neighbour(move.row, down), move.by);
    if (!sideways && !down) return false;
    move.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
    const person = move.row.querySelector(".b-person").textContent;
    const words = move.edge ? says().dataset.until : says().dataset.at;
    tell(words, { person, day: dayText(move.edge ? move.last : move.first) });
    return true;
  }

  function neighbour(row, down) {
    const rows = [...board().querySelectorAll("[data-person]")];
    return rows[rows.indexOf(row) + down] || row;
  }

  document.addEventListener("keydown", (event) => {
    if (!move) return;
    if (event.key === "Escape") {
      leave();
      if (says()) tell(says().dataset.left);
    } else if (isByKeys && event.key === "Enter") {
      drop();
    } else if (!isByKeys || !step(event)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (typing(event.target) || !board() || (dialog() && dialog().open)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const bar = event.target.closest(".b-bar[data-version]");
    if (key === "m" && bar && bar.dataset.hold !== "offer") {
      event.preventDefault();
      return grab(bar);
    }
    // The links say which key presses them: the address stays the single truth.
    const link = board().querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  // The dialog that asks why.

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-board-close]") || !dialog() || !dialog().open) return;
    event.preventDefault();
    dialog().close();
  });

  document.addEventListener("close", (event) => {
    if (!event.target.matches("[data-board-dialog]") || !opened) return;
    const { bar } = opened.bar.dataset;
    opened.end();
    opened = null;
    focusAgain(bar);
  }, { capture: true });

  document.addEventListener("board-moved", () => dialog() && dialog().close());

  // What others changed: only the rows that are here are put in their place.

  document.addEventListener("htmx:beforeRequest", (event) => {
    const isPoll = event.detail.elt.matches("[data-board-poll]");
    if (isPoll && (document.hidden || move)) event.preventDefault();
  });

  document.addEventListener("htmx:load", (event) => {
    if (!event.detail.elt.matches("[data-board-poll]")) return;
    const focused = document.activeElement;
    const row = focused.closest("[data-row]");
    for (const news of event.detail.elt.querySelectorAll("template[data-news]")) {
      const old = document.getElementById(news.dataset.news);
      if (old) replace(old, news.content.firstElementChild);
    }
    event.detail.elt.replaceChildren();
    if (document.activeElement === document.body) focusAgain(focused.dataset.bar, row);
  });

  function replace(old, fresh) {
    if (!fresh) return old.remove();
    old.replaceWith(fresh);
    htmx.process(fresh);
  }

  // The booking may stand in another row now.
  function focusAgain(bar, row) {
    const again = bar ? document.querySelector(`[data-bar="${bar}"]`) : null;
    const chosen = again || (row && document.getElementById(row.id));
    if (!chosen) return;
    if (!again) chosen.tabIndex = -1;
    chosen.focus({ preventScroll: true });
  }

  // Whoever scrolls to the first or the last day gets the days beyond: the link is
  // pressed that the arrow keys press, and the days seen stay where they are.

  let scrolled = 0; // how far to the right, when it was noted last
  let isByKeyboard = false; // the focus scrolls too, and asks for nothing
  let isMoving = false;

  for (const name of ["wheel", "pointerdown", "touchstart"])
    document.addEventListener(name, () => { isByKeyboard = false; }, { capture: true, passive: true });
  document.addEventListener("keydown", () => { isByKeyboard = true; }, { capture: true });

  document.addEventListener("scroll", (event) => {
    if (event.target !== scroller()) return;
    const { scrollLeft, clientWidth, scrollWidth } = event.target;
    const direction = Math.sign(scrollLeft - scrolled);
    scrolled = scrollLeft;
    if (!direction || isByKeyboard || isMoving || move || press) return;
    const left = direction > 0 ? scrollWidth - clientWidth - scrollLeft : scrollLeft;
    if (left <= REACHED) moveOn(direction > 0 ? "ArrowRight" : "ArrowLeft");
  }, { capture: true, passive: true });

  function moveOn(key) {
    const link = board().querySelector(`[data-key="${key}"]`);
    isMoving = Boolean(link);
    if (link) link.click();
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) isMoving = false;
  });

  // A column stays where it is on the screen, where it is in both windows.
  function scrollAsBefore({ first, zoom: before, left }) {
    const { first: now, columns } = table().dataset;
    const width = table().querySelector(".b-months").offsetWidth / Number(columns);
    if (zoom() === before) scroller().scrollLeft = left - columnsBetween(first, now) * width;
  }

  function columnsBetween(first, now) {
    const [from, to] = [first, now].map((day) => new Date(`${day}T00:00:00Z`));
    const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
    const days = Math.round((to - from) / 86400000);
    return { month: months, week: days / 7, day: days }[zoom()];
  }

  // Other days or another zoom show the same people again, and the focus stays.

  let place = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target.matches("[data-board]") || !scroller()) return;
    leave();
    const key = document.activeElement.dataset.key;
    const row = document.activeElement.closest("[data-row]");
    place = { top: scroller().scrollTop, key, row: row && row.id };
    if (isMoving) place.days = { first: table().dataset.first, zoom: zoom(), left: scroller().scrollLeft };
    // Nothing in the rows needs htmx to clean up after it, node by node.
    for (const group of table().querySelectorAll("[role=rowgroup]")) group.replaceChildren();
  });

  // Before it is seen.
  document.addEventListener("htmx:afterSwap", () => {
    if (!place || !scroller()) return;
    isMoving = false;
    scroller().scrollTop = place.top;
    if (place.days) scrollAsBefore(place.days);
    scrolled = scroller().scrollLeft;
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!place || !scroller()) return;
    const { key, row } = place;
    place = null;
    const link = key && board().querySelector(`[data-key="${key}"]`);
    if (link) link.focus({ preventScroll: true });
    else if (row) focusAgain("", { id: row });
  });
})();
