// Saves the open form of the editor by itself and says so. Without this file the buttons save.

const form = document.querySelector("form[data-autosave]");
const said = form.querySelector("[data-said]");
const PAUSE = 2500; // milliseconds after the last key
const LONGEST = 10_000; // milliseconds to wait for an answer
let timer = 0;
let sending = null; // the save that has no answer yet
let kept = content();

function content() {
  const now = new FormData(form);
  now.delete("seen");
  return new URLSearchParams(now).toString();
}

function later() {
  window.clearTimeout(timer);
  timer = window.setTimeout(save, PAUSE);
}

function save() {
  if (content() === kept) return;
  if (sending) return later();
  sending = send(content()).finally(() => {
    sending = null;
  });
}

async function send(sent) {
  try {
    const answer = await fetch(window.location.pathname, {
      method: "POST",
      headers: { "X-Autosave": "1" },
      body: new FormData(form),
      signal: AbortSignal.timeout(LONGEST),
    });
    const told = await answer.json();
    said.textContent = told.said;
    if (answer.ok) {
      kept = sent;
      form.elements.seen.value = told.seen;
    }
  } catch {
    said.textContent = form.dataset.unsaved; // no connection just now, or signed out: the buttons say more
  }
}

// The answers that a browser offers for a row are those of its question.
function listAnswers(select) {
  const values = form.elements[select.name.replace("question", "values")];
  values.setAttribute("list", `answers-${select.value}`);
}

form.addEventListener("input", later);
form.addEventListener("change", (event) => {
  const { name } = event.target;
  if (name.startsWith("when-question_")) listAnswers(event.target);
  if (/^when-(question|values|comparison)_/.test(name)) choose("rows");
  later();
});

// Whoever fills in a row means the rows, whoever writes an expression means that.
function choose(how) {
  const radio = form.querySelector(`input[name="when-how"][value="${how}"]`);
  if (radio) radio.checked = true;
}

const expression = form.elements["when-text"];
if (expression) expression.addEventListener("input", () => choose("cql"));

// A button waits for a save that is under way: two at once would look like two people.
form.addEventListener("submit", async (event) => {
  window.clearTimeout(timer);
  if (!sending) return;
  event.preventDefault();
  await sending;
  form.requestSubmit(event.submitter);
});
