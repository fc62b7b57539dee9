// The grid of a week: keys lead from day to day, sums follow what is typed.
(() => {
  "use strict";

  const grid = document.querySelector("[data-hours-grid]");
  if (!grid) return;
  const inputs = [...grid.querySelectorAll("input[data-row]")];
  const told = [...grid.querySelectorAll("[data-row]")];

  // What cannot be read counts as nothing: the server says what is wrong with it.
  const hoursOf = (one) => {
    const text = "value" in one ? one.value : one.dataset.hours;
    const hours = Number(String(text || "0").replace(",", "."));
    return Number.isFinite(hours) ? hours : 0;
  };
  const sumOf = (found) => found.reduce((sum, one) => sum + hoursOf(one), 0);
  const shown = (hours) => String(Math.round(hours * 100) / 100);

  function count() {
    for (const out of grid.querySelectorAll("[data-sum-row]")) {
      out.value = shown(sumOf(told.filter((one) => one.dataset.row === out.dataset.sumRow)));
    }
    for (const out of grid.querySelectorAll("[data-sum-day]")) {
      const sum = sumOf(told.filter((one) => one.dataset.day === out.dataset.sumDay));
      out.value = shown(sum);
      out.classList.toggle("tone-bad", sum > 24);
    }
    grid.querySelector("[data-sum-all]").value = shown(sumOf(told));
  }

  const inColumn = (one) => inputs.filter((other) => other.dataset.day === one.dataset.day);
  const inRow = (one) => inputs.filter((other) => other.dataset.row === one.dataset.row);

  function go(among, one, by) {
    const next = among[among.indexOf(one) + by];
    if (next) {
      next.focus();
      next.select();
    }
    return Boolean(next);
  }

  const isAtStart = (one) => one.selectionStart === 0;
  const isAtEnd = (one) => one.selectionEnd === one.value.length;

  const keys = {
    ArrowUp: (one) => go(inColumn(one), one, -1),
    ArrowDown: (one) => go(inColumn(one), one, 1),
    // Never sends the form: the button does.
    Enter: (one) => go(inColumn(one), one, 1) || true,
    ArrowLeft: (one) => isAtStart(one) && go(inRow(one), one, -1),
    ArrowRight: (one) => isAtEnd(one) && go(inRow(one), one, 1),
  };

  grid.addEventListener("keydown", (event) => {
    const action = event.target.matches("input[data-row]") && keys[event.key];
    if (action && action(event.target)) event.preventDefault();
  });
  grid.addEventListener("input", count);
  count();
})();
