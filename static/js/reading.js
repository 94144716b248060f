// Reading a label without leaving the page: the form is sent, and its answer, the form filled in, takes its place.
// Without JavaScript the same buttons send the same form, and the answer is the page.

let control = null;

const told = (text) => (document.querySelector("[data-reading-told]").textContent = text);

const busy = (form, is) => {
  form.querySelector("[data-busy]").hidden = !is;
  form.querySelectorAll("[data-fill]").forEach((button) => button.setAttribute("aria-disabled", String(is)));
  form.toggleAttribute("aria-busy", is);
};

// Heard before app.js does, which would take the form for sent.
document.addEventListener(
  "submit",
  (e) => {
    if (!e.submitter?.matches("[data-reading] [data-fill]")) return;
    e.preventDefault();
    if (!control) fill(e.target, e.submitter);
  },
  true,
);

const fill = async (form, button) => {
  control = new AbortController();
  busy(form, true);
  if (button.name === "read") {
    told(form.querySelector("[data-busy] label").textContent.trim());
    form.querySelector("[data-cancel]").focus();
  }
  try {
    const body = new FormData(form, button);
    const answer = await fetch(button.formAction, { method: "POST", body, signal: control.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const filled = page.querySelector("[data-reading]");
    if (filled) return show(form, filled);
    if (answer.ok && answer.redirected) {
      isTyped = false; // it was saved before
      return location.assign(answer.url);
    }
    say(form, button, form.dataset.failed);
  } catch (error) {
    say(form, button, error.name === "AbortError" ? form.dataset.cancelled : form.dataset.failed);
  } finally {
    control = null;
    busy(form, false);
  }
};

const say = (form, button, text) => {
  told(text);
  let line = form.querySelector("[data-said]");
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "small" });
    line.dataset.said = "";
    form.querySelector("[data-busy]").after(line);
  }
  line.textContent = text;
  button.focus();
};

const show = (form, filled) => {
  form.replaceWith(filled);
  filled.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: filled } }));
  const panel = filled.querySelector("[data-told], .form-errors");
  told(panel?.innerText ?? "");
  panel?.focus();
  panel?.scrollIntoView({ block: "start" });
};

document.addEventListener("click", (e) => e.target.closest("[data-cancel]") && control?.abort());

// On a phone the fields for photos open the camera; a photo that was taken before is chosen with this button.
const offerChoosing = () => {
  const button = document.querySelector("[data-choose-photo]");
  button.hidden = !button.form.querySelector("[capture]"); // the style sheet shows it on phones alone
};
offerChoosing();
document.addEventListener("htmx:load", offerChoosing);
document.addEventListener("click", (e) => {
  const button = e.target.closest("[data-choose-photo]");
  if (!button) return;
  const photos = button.form.querySelectorAll("[capture]");
  photos.forEach((field) => field.removeAttribute("capture"));
  button.hidden = true;
  photos[0].focus();
  photos[0].click();
});

// What somebody has edited no longer comes from where it says.
const edited = (e) => e.target.closest?.("[data-reading] .field")?.querySelector("[data-mark]")?.remove();
document.addEventListener("input", edited);
document.addEventListener("change", edited);

// What was typed is not lost by leaving: the browser asks first, and the server keeps all but a photo it never got.
let isTyped = false;
const typed = (e) => (isTyped ||= Boolean(e.target.closest?.("[data-reading]")));
document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("submit", (e) => (isTyped &&= e.defaultPrevented || !e.target.matches("[data-reading]")));
addEventListener("beforeunload", (e) => isTyped && e.preventDefault());
document.addEventListener("visibilitychange", () => {
  const form = document.querySelector("[data-reading]");
  if (!isTyped || document.visibilityState !== "hidden") return;
  const body = new FormData(form);
  form.querySelectorAll("[type=file]").forEach((field) => body.delete(field.name));
  navigator.sendBeacon(form.dataset.keep, body);
});
