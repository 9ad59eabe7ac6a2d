// Says in good time that the form will close, or that staff will be signed out, with a button to stay.
// Without this file the page of a form says how long one has.

const dialog = document.querySelector("dialog.stay");
const form = dialog.querySelector("form");
const left = dialog.querySelector("[data-left]");
const idle = Number(dialog.dataset.idle) * 1000;
const warning = Number(dialog.dataset.warning) * 1000;
// For so long after the end the date of birth alone opens the form again.
const lapsed = Number(dialog.dataset.lapsed) * 1000;
const parts = ["#stay-title", "#stay-text", "button"].map((selector) => dialog.querySelector(selector));
// Whoever types or presses is there: so long after it nobody is asked.
const RECENT = 60_000;
const staying = parts.map((part) => part.textContent);
// A page saved or opened in another tab of the same browser keeps this one open, too.
const tabs = new BroadcastChannel(dialog.dataset.channel);
let since = Date.now();
let isOver = false;
let isGone = false;
let isAsking = false;
let lastSeen = 0;

function say(words) {
  parts.forEach((part, place) => { part.textContent = words[place]; });
  left.textContent = "";
}

function again({ tell }) {
  since = Date.now();
  if (tell) tabs.postMessage("here");
  isOver = isGone = false;
  if (dialog.open) dialog.close(); // gives the focus back to where it was
  say(staying);
}

function over(text = dialog.dataset.overText) {
  isOver = true;
  say([dialog.dataset.overTitle, text, dialog.dataset.overButton]);
  if (!dialog.open) dialog.showModal();
}

// No button of this page can save anything now: said before somebody presses one.
function gone() {
  isGone = true;
  over(dialog.dataset.goneText);
}

function look() {
  if (isGone) return;
  const remains = idle - (Date.now() - since);
  if (remains <= -lapsed) return gone();
  if (isOver) return;
  if (remains <= 0) return over();
  if (remains > warning) return;
  if (!dialog.open && Date.now() - lastSeen < RECENT) return stay();
  if (!dialog.open) dialog.showModal(); // puts the focus on the button
  const minutes = Math.floor(remains / 60000);
  const { minute, one, minutes: many } = dialog.dataset;
  const words = minutes < 1 ? minute : minutes === 1 ? one : many.replace("%s", minutes);
  if (left.textContent !== words) left.textContent = words; // said once a minute, not once a second
}

async function stay() {
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (answer.status === 204) again({ tell: true });
    else if (answer.status === 404) gone(); // left in another tab
    else over();
  } catch {
    lastSeen = 0; // no connection just now: the button comes, or stays, and may be pressed again
    left.textContent = "";
  }
  isAsking = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isOver) dialog.close();
  else stay();
});
for (const kind of ["keydown", "pointerdown", "input"]) {
  document.addEventListener(kind, () => { lastSeen = Date.now(); }, { capture: true, passive: true });
}
dialog.addEventListener("cancel", (event) => {
  if (isOver) return;
  event.preventDefault();
  form.requestSubmit(); // Escape means: I am here
});
tabs.addEventListener("message", () => again({ tell: false }));
document.addEventListener("visibilitychange", look); // timers sleep with the telephone; the clock does not
tabs.postMessage("here");
window.setInterval(look, 1000);
