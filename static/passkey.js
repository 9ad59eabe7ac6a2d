// Signs a form with a passkey. Without this file a code signs it.

const button = document.querySelector("[data-passkey]");
const said = document.querySelector("[data-passkey-said]");
const answer = document.querySelector("input[name=passkey]");
const options = JSON.parse(document.getElementById("passkey-options").textContent);

button.addEventListener("click", async () => {
  said.textContent = "";
  button.disabled = true; // one question at a time
  try {
    answer.value = JSON.stringify(await window.webauthnJSON.get(options));
    answer.form.requestSubmit();
  } catch {
    said.textContent = said.dataset.failed; // closed by the person, or no passkey at hand
    button.disabled = false;
  }
});
button.hidden = !window.webauthnJSON.supported();
