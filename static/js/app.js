// What a page can do beyond links and forms. Each function hangs on a data- attribute; without it, or without
// JavaScript, the page still works. Listeners sit on the document, so that what htmx brings in later works too.

const on = (event, selector, act) =>
  document.addEventListener(event, (e) => {
    const element = e.target.closest?.(selector);
    if (element) act(element, e);
  });

/** Run `act` for each match now and in everything htmx swaps in. */
const each = (selector, act) => {
  const run = (root) => root.querySelectorAll(selector).forEach(act);
  run(document);
  document.addEventListener("htmx:load", (e) => run(e.detail.elt.parentElement ?? document));
};

const once = (element, name) => {
  if (element.dataset[name]) return false;
  element.dataset[name] = "1";
  return true;
};

const button = (text, label) => {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent: text, className: "square" });
  made.setAttribute("aria-label", label);
  return made;
};

// A second tap on a button that is already sending does nothing.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method !== "post" || form.target === "_blank" || e.defaultPrevented) return;
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = "1";
  e.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(unsend, 8000); // the answer may be a file, which leaves the page as it is
});
document.addEventListener("change", () => unsend()); // something else is asked for now

const unsend = () => {
  document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("button[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
};
addEventListener("pageshow", (e) => e.persisted && unsend());
document.addEventListener("htmx:afterRequest", unsend);

// data-theme-switch: the theme changes at once; the server remembers it.
on("submit", "[data-theme-switch]", (form, e) => {
  e.preventDefault();
  const body = new FormData(form, e.submitter);
  document.documentElement.dataset.theme = body.get("theme");
  document.querySelectorAll("[data-theme-switch] button").forEach((b) => {
    b.setAttribute("aria-pressed", String(b.value === body.get("theme")));
  });
  delete form.dataset.sent;
  e.submitter?.removeAttribute("aria-disabled");
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});

// What was not filled in stays out of the address.
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.method !== "get") return;
  for (const name of new Set(formData.keys())) {
    const given = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    given.forEach((value) => formData.append(name, value));
  }
});

// data-auto-submit: a form that is sent when one of its choices changes; not in a sheet, where several are made at once.
on("change", "[data-auto-submit]", (form) => {
  const opener = form.closest(".sheet")?.querySelector("summary");
  if (opener?.checkVisibility()) return;
  sessionStorage.focus = document.activeElement.id;
  form.requestSubmit();
});

// Whoever works with keys stays where they were: at the choice that brought this page ...
document.getElementById(sessionStorage.focus)?.focus({ preventScroll: true });
sessionStorage.removeItem("focus");

// ... and at the button that was pressed in a list, though the list is a new one; else where it is taken back.
let pressed = null;
document.addEventListener("htmx:beforeSwap", () => {
  const button = document.activeElement.closest("#results button, #messages button");
  pressed = button && (button.getAttribute("formaction") ?? "");
});
document.addEventListener("htmx:afterSettle", () => {
  if (pressed === null || document.activeElement !== document.body) return;
  const find = (selector) => document.querySelector(selector);
  (find(`[formaction="${pressed}"]`) ?? find("#messages form button") ?? find("main")).focus({ preventScroll: true });
});
on("keydown", "button", (_button, e) => e.repeat && e.key === "Enter" && e.preventDefault());

// data-copy="#id": copies the text or value of that element and says so.
on("click", "[data-copy]", async (control) => {
  const source = document.querySelector(control.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const label = control.lastChild;
  const before = label.textContent;
  label.textContent = control.dataset.copied ?? "✓";
  setTimeout(() => (label.textContent = before), 2000);
});

// data-stepper on a number field: − and + around it.
each("input[data-stepper]", (input) => {
  if (!once(input, "ready")) return;
  const step = (by) => () => {
    by < 0 ? input.stepDown() : input.stepUp();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const less = button("−", input.dataset.less ?? "Less");
  const more = button("+", input.dataset.more ?? "More");
  less.addEventListener("click", step(-1));
  more.addEventListener("click", step(1));
  const row = Object.assign(document.createElement("div"), { className: "stepper" });
  input.replaceWith(row);
  row.append(less, input, more);
});

// data-preview: shows the chosen photo. A canvas, because the content security policy allows no blob: images.
on("change", "input[type=file][data-preview]", async (input) => {
  const shown = input.parentElement.querySelector("canvas.preview");
  const [file] = input.files;
  if (!file) return shown?.remove();
  const canvas = shown ?? Object.assign(document.createElement("canvas"), { className: "preview" });
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 640 / Math.max(picture.width, picture.height));
    canvas.width = picture.width * scale;
    canvas.height = picture.height * scale;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    if (!shown) input.after(canvas);
  } catch {
    shown?.remove(); // a kind of photo the browser cannot draw, such as HEIC; the server can
  }
});

// data-suggest="/suggest/producer/": fills the field's list of suggestions while typing.
const asking = new WeakMap();
const suggest = async (input) => {
  asking.get(input)?.abort();
  const text = input.value.trim();
  if (text.length < 2) return;
  const control = new AbortController();
  asking.set(input, control);
  const url = `${input.dataset.suggest}?${new URLSearchParams({ q: text })}`;
  try {
    const answer = await fetch(url, { signal: control.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { suggestions } = await answer.json();
    input.list.replaceChildren(...suggestions.map((value) => new Option("", value)));
  } catch (error) {
    if (error.name !== "AbortError" && error.name !== "TypeError") throw error; // offline: no suggestions
  }
};
const timers = new WeakMap();
let lists = 0;
on("input", "[data-suggest]", (input, e) => {
  if (!input.list) {
    const list = document.createElement("datalist");
    list.id = `suggestions-${++lists}`;
    input.after(list);
    input.setAttribute("list", list.id);
  }
  if (e.inputType === "insertReplacementText" || !e.inputType) return; // one was chosen
  clearTimeout(timers.get(input));
  timers.set(input, setTimeout(suggest, 150, input));
});

// data-print: the print dialog, which also makes a PDF.
each("[data-print]", (control) => (control.hidden = false));
on("click", "[data-print]", () => print());

// data-repeat: rows of fields; data-repeat-add copies the box's <template>, data-repeat-remove takes a row away.
each("[data-repeat-add], [data-repeat-remove]", (control) => (control.hidden = false));
on("click", "[data-repeat-add]", (control) => {
  const box = control.closest("[data-repeat]");
  const rows = box.querySelector("[data-repeat-rows]");
  rows.append(box.querySelector("template").content.cloneNode(true));
  rows.lastElementChild.querySelector("input, select")?.focus();
});
on("click", "[data-repeat-remove]", (control) => {
  const row = control.closest("[data-repeat-row]");
  if (row.parentElement.children.length > 1) return row.remove();
  row.querySelectorAll("input, select, textarea").forEach((field) => (field.value = ""));
});

// data-only-with="id_of_a_choice" data-values="a b": fields that are asked for while one of these is chosen. What was
// typed is kept while they are hidden, and not sent; what was refused stays in sight.
each("[data-only-with]", (group) => {
  const choice = document.getElementById(group.dataset.onlyWith);
  if (!choice || !once(group, "ready")) return;
  const refused = group.querySelector(".errorlist, [aria-invalid]");
  const show = () => {
    group.hidden = !refused && !group.dataset.values.split(" ").includes(choice.value);
    group.querySelectorAll("input, select").forEach((field) => (field.disabled = group.hidden));
  };
  choice.addEventListener("change", show);
  show();
});

// data-close: closes the sheet or menu it is in. So does Escape.
on("click", "[data-close]", (control) => control.closest("details").removeAttribute("open"));
on("keydown", "details.sheet[open], details.menu[open]", (box, e) => {
  if (e.key !== "Escape") return;
  box.removeAttribute("open");
  box.querySelector("summary").focus();
});

// data-dismiss on a button: takes the message it is in away.
on("click", "[data-dismiss]", (control) => {
  control.closest("li").remove();
  document.querySelector("main").focus();
});
