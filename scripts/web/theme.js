// Runs before the first paint, so that a chosen theme does not flash.
try {
  const theme = localStorage.getItem("waqai-theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch { /* no storage in this window */ }
document.documentElement.classList.add("has-js");
