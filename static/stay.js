// Says in good time that the form will close, with a button to stay. Without this file the page says how long one has.

const dialog = document.querySelector("dialog.stay");
const form = dialog.querySelector("form");
const left = dialog.querySelector("[data-left]");
const idle = Number(dialog.dataset.idle) * 1000;
const warning = Number(dialog.dataset.warning) * 1000;
// A page saved or opened in another tab of the same browser keeps this one open, too.
const tabs = new BroadcastChannel("stay");
let since = Date.now();
let isOver = false;

function again({ tell }) {
  since = Date.now();
  if (tell) tabs.postMessage("here");
  if (dialog.open && !isOver) dialog.close(); // gives the focus back to where it was
}

function over() {
  isOver = true;
  dialog.querySelector("#stay-title").textContent = dialog.dataset.overTitle;
  dialog.querySelector("#stay-text").textContent = dialog.dataset.overText;
  dialog.querySelector("button").textContent = dialog.dataset.overButton;
  left.textContent = "";
  if (!dialog.open) dialog.showModal();
}

function look() {
  if (isOver) return;
  const remains = idle - (Date.now() - since);
  if (remains <= 0) return over();
  if (remains > warning) return;
  if (!dialog.open) dialog.showModal(); // puts the focus on the button
  const minutes = Math.floor(remains / 60000);
  const words = minutes < 1 ? dialog.dataset.minute : dialog.dataset.minutes.replace("%s", minutes);
  if (left.textContent !== words) left.textContent = words; // said once a minute, not once a second
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isOver) return dialog.close();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (answer.status === 204) again({ tell: true });
    else over();
  } catch {
    left.textContent = ""; // no connection just now: the button stays, and may be pressed again
  }
});
dialog.addEventListener("cancel", (event) => {
  if (isOver) return;
  event.preventDefault();
  form.requestSubmit(); // Escape means: I am here
});
tabs.addEventListener("message", () => again({ tell: false }));
document.addEventListener("visibilitychange", look); // timers sleep with the telephone; the clock does not
tabs.postMessage("here");
window.setInterval(look, 1000);
