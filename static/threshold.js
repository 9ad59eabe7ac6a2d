// Comforts only: every page works without this file.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// The summary takes focus so that a screen reader starts there; its links focus the control, not only scroll to it.
function errorSummary() {
  const summary = document.querySelector("[data-module='nhsuk-error-summary']");
  if (!summary) return;
  summary.setAttribute("tabindex", "-1");
  summary.addEventListener("blur", () => summary.removeAttribute("tabindex"), { once: true });
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    const group = control.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for='${control.id}']`);
    (group ?? control).scrollIntoView();
    control.focus({ preventScroll: true });
  });
}

// A tremor or a slow connection sends a form twice. The first press counts; going back gives the button back.
function doubleClicks() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "true";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
}

// A page that says what is wrong answers a press, and whoever comes back to it is asked to send that again. Once
// it is mended and sent, the browser keeps its address alone. Some forms are shown at another: not those.
function goingBack() {
  const [here] = location.href.split("#");
  if (!("posted" in document.documentElement.dataset) || document.referrer !== here) return;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) history.replaceState(null, "");
  });
}

// "None of these" and the rest exclude each other; the server checks it again.
function exclusiveChoices() {
  document.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox" || !target.checked || !target.name) return;
    const alone = target.dataset.behaviour === "exclusive";
    for (const other of all(`input[type=checkbox][name="${CSS.escape(target.name)}"]`, target.form ?? document)) {
      if (other !== target && (alone || other.dataset.behaviour === "exclusive")) other.checked = false;
    }
  });
}

function characterCounts() {
  for (const box of all("[data-module='nhsuk-character-count']")) {
    const text = box.querySelector("textarea");
    const limit = Number(box.dataset.maxlength);
    const note = document.getElementById(`${text.id}-info`);
    if (!note || !limit) continue;
    const spoken = note.cloneNode();
    spoken.removeAttribute("id");
    spoken.className = "nhsuk-u-visually-hidden";
    spoken.setAttribute("aria-live", "polite");
    note.after(spoken);
    let waiting;
    const show = () => {
      // Spread into whole characters, as the server counts them: an emoji is one, not two.
      const left = limit - [...text.value].length;
      const words = left < 0 ? box.dataset.over : box.dataset.under;
      note.textContent = words.replace("%s", Math.abs(left).toLocaleString("en-GB"));
      note.classList.toggle("nhsuk-error-message", left < 0);
      text.classList.toggle("nhsuk-textarea--error", left < 0);
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => { spoken.textContent = note.textContent; }, 1200);
    };
    text.addEventListener("input", show);
    show();
  }
}

function showPasswords() {
  for (const box of all("[data-secret]")) {
    const input = box.querySelector("input");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "secret__toggle", textContent: box.dataset.show });
    button.setAttribute("aria-controls", input.id);
    button.setAttribute("aria-label", box.dataset.showLabel);
    const hide = () => {
      input.type = "password";
      button.textContent = box.dataset.show;
      button.setAttribute("aria-label", box.dataset.showLabel);
    };
    button.addEventListener("click", () => {
      if (input.type === "text") return hide();
      input.type = "text";
      button.textContent = box.dataset.hide;
      button.setAttribute("aria-label", box.dataset.hideLabel);
    });
    input.form?.addEventListener("submit", hide);
    box.append(button);
  }
}

errorSummary();
doubleClicks();
goingBack();
exclusiveChoices();
characterCounts();
showPasswords();
