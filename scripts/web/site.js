// The site's own behaviour: progressive, each page works without it.
import "htmx.org";

const root = document.documentElement;

// Dark or light, kept in this browser only.
for (const button of document.querySelectorAll("button.theme")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("waqai-theme", root.dataset.theme); } catch { /* private window */ }
  });
}

// Copy a citation.
for (const button of document.querySelectorAll("button.copy")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, " ").trim();
    await navigator.clipboard.writeText(text);
    button.textContent = "✓ " + button.dataset.done;
  });
}

// Empty fields have no place in a lasting address.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ((form.method || "get").toLowerCase() !== "get") return;
  for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  setTimeout(() => { for (const field of form.elements) field.disabled = false; }, 0);
});

// Article and panel: pointing at either side shows the other.
const reading = document.querySelector(".reading");
if (reading) {
  const show = (id) => {
    for (const e of reading.querySelectorAll(".on")) e.classList.remove("on");
    if (!id) return;
    for (const e of reading.querySelectorAll("[data-ev]")) if (e.dataset.ev.split(" ").includes(id)) e.classList.add("on");
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  reading.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const at = event.target.closest("[data-ev]");
    const id = link ? link.hash.slice(1).replace(/^t-/, "") : at && at.dataset.ev.split(" ")[0];
    if (!id || (event.target.closest("a") && !link)) return;
    show(id);
    const inText = event.target.closest(".article");
    const goal = document.getElementById(inText ? id : "t-" + id);
    if (goal && (link || inText)) {
      event.preventDefault();
      goal.scrollIntoView({ behavior: calm, block: "center" });
      history.replaceState(null, "", "#" + id);
    }
  });
  if (location.hash) show(location.hash.slice(1).replace(/^t-/, ""));
}
