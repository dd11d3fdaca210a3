// Runs before the first paint, so that a dark screen does not flash white.
(() => {
  let scheme = "auto";
  try {
    scheme = localStorage.getItem("mantine-color-scheme-value") ?? "auto";
  } catch {}
  const isDark = scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();

// Says that the console's own script did not load: the page stays empty otherwise. Such errors do not bubble.
addEventListener(
  "error",
  ({ target }) => {
    const root = document.getElementById("root");
    if (!(target instanceof HTMLScriptElement) || target.type !== "module" || !root) return;
    const message = Object.assign(document.createElement("p"), {
      textContent: "The console did not load. Check the connection, then reload.",
    });
    const reload = Object.assign(document.createElement("button"), { type: "button", textContent: "Reload" });
    reload.addEventListener("click", () => location.reload());
    message.setAttribute("role", "alert");
    root.replaceChildren(message, reload);
  },
  true,
);
