// Runs before the first paint: the theme of the device, where no other was chosen.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    if (root.dataset.theme === "auto") {
      root.dataset.bsTheme = dark.matches ? "dark" : "light";
    }
  };
  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);
})();
