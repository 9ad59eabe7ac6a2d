// Comforts for people who read lists all day: keys, a list that says when it is out of date, and a question
// before words are lost.
// Every page works without this file; the keys can be switched off.

const LATER = 60_000;
const PAUSE = 1_500; // between the two keys of "g w"

// Keys: one letter each, never while somebody types, never with a modifier.
function keys(dialog) {
  const rows = () => [...document.querySelectorAll("main .worklist tbody tr")].filter((row) => row.querySelector("a"));
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
    all[next].querySelector("a").focus();
    all[next].scrollIntoView({ block: "nearest" });
  };
  const act = {
    j: () => step(1),
    k: () => step(-1),
    r: () => document.querySelector("[data-refresh]")?.click(),
    "/": () => document.querySelector("#id_q, #header-search")?.select(),
    "?": () => dialog.showModal(),
  };
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  let first = "";
  let timer;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const both = `${first} ${event.key}`;
    const link = first && dialog.querySelector(`[data-keys="${CSS.escape(both)}"]`);
    window.clearTimeout(timer);
    first = "";
    if (link) {
      event.preventDefault();
      return link.click();
    }
    if (event.key === "g") {
      first = "g";
      timer = window.setTimeout(() => { first = ""; }, PAUSE);
    } else if (Object.hasOwn(act, event.key)) {
      event.preventDefault();
      act[event.key]();
    }
  });
}

// The list asks once a minute, while somebody looks at it, whether a row of it has changed. It changes nothing
// by itself: what moves under a finger is opened by mistake.
function watch() {
  const list = () => document.getElementById("list");
  const news = document.querySelector("[data-news]");
  let over = false;

  async function ask() {
    if (over || document.hidden) return;
    try {
      // Says that nobody pressed anything, so that a list left open signs its reader out like any other page.
      const options = { headers: { "X-Unattended": "1" }, redirect: "manual", cache: "no-store" };
      const answer = await fetch(list().dataset.signsHref, options);
      if (!answer.ok) { over = true; return; } // signed out: the next press says so
      tell((await answer.json()).signs);
    } catch { /* no connection just now: it asks again */ }
  }

  function tell(signs) {
    const shown = new Set(list().dataset.signs.split(" ").filter(Boolean));
    const fresh = signs.filter((sign) => !shown.has(sign)).length;
    const gone = [...shown].filter((sign) => !signs.includes(sign)).length;
    const changed = Math.max(fresh, gone);
    const words = changed === 1 ? list().dataset.one : list().dataset.many.replace("%s", changed);
    const text = changed ? words : "";
    if (news.textContent !== text) news.textContent = text; // said once, not each minute
  }

  // The same page again, in its place: what had the focus has it still, and nothing scrolls away.
  async function refresh(event) {
    event.preventDefault();
    const link = event.currentTarget;
    const focused = list().contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    try {
      const answer = await fetch(link.href, { cache: "no-store" });
      if (!answer.ok || answer.redirected) throw new Error("not the list");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const at = window.scrollY;
      list().replaceWith(page.getElementById("list"));
      document.querySelector("[data-as-of]").textContent = page.querySelector("[data-as-of]").textContent;
      news.textContent = "";
      if (focused) (list().querySelector(`a[href="${CSS.escape(focused)}"]`) ?? link).focus({ preventScroll: true });
      window.scrollTo({ top: at, behavior: "instant" });
    } catch {
      window.location.assign(link.href);
    }
  }

  document.querySelector("[data-refresh]").addEventListener("click", refresh);
  document.addEventListener("visibilitychange", ask);
  window.setInterval(ask, LATER);
}

// A letter takes long to write: whoever leaves with words in the page that they do not send is asked first.
function leaving() {
  let sent = null;
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) sent = event.target; });
  window.addEventListener("beforeunload", (event) => {
    const boxes = [...document.querySelectorAll("main textarea")];
    if (boxes.some((box) => box.value !== box.defaultValue && box.form !== sent)) event.preventDefault();
  });
}

const dialog = document.getElementById("keys");
if (dialog) keys(dialog);
if (document.getElementById("list")) watch();
leaving();
