// Completing a wine: below producer and name opens a list of what the cellar has and of the catalogue's wines; the one
// that is chosen fills in what is empty. Without JavaScript a button of the form does that. The pattern is ARIA 1.2's
// combobox: the focus stays in the field.

const FEWEST_LETTERS = 2;
const PAUSE_MS = 150;

const told = (text) => (document.querySelector("[data-reading-told]").textContent = text);
const template = () => document.querySelector("template[data-completing]");
const say = (name, value) => template().dataset[name].replace("{}", value);
const make = (tag, facts, ...children) => {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...children);
  return made;
};

// -- The fields of a form, some of which are rows of two inputs

const inputsOf = (form, name) => [
  ...form.querySelectorAll(`[name="${name}"], [name="${name}_first"], [name="${name}_second"]`),
];
const valuesOf = (form, name) => inputsOf(form, name).map((input) => input.value);
const isEmpty = (form, name) => valuesOf(form, name).every((value) => !value.trim());
const fieldOf = (form, name) => inputsOf(form, name)[0]?.closest(".field");
const labelOf = (field) => field.querySelector("label, legend").firstChild.textContent.trim();
const wordsIn = (field) => {
  const rows = field.querySelectorAll("[data-repeat-row]");
  const inputs = (row) => [...row.querySelectorAll("input, select, textarea")];
  const words = (input) => input.selectedOptions?.[0].text ?? input.value;
  const texts = [...(rows.length ? rows : [field])].map((row) => inputs(row).map(words).filter(Boolean).join(" "));
  return texts.filter(Boolean).join(", ");
};
const markOf = (form, name) => fieldOf(form, name).querySelector("[data-mark]");

const put = (form, name, value) => {
  const values = [value].flat(2);
  const rows = fieldOf(form, name).querySelector("[data-repeat-rows]");
  while (rows && inputsOf(form, name).length < values.length)
    rows.append(rows.parentElement.querySelector("template").content.cloneNode(true));
  inputsOf(form, name).forEach((input, number) => {
    input.value = values[number] ?? "";
    input.dispatchEvent(new Event("change", { bubbles: true })); // takes a mark away, as for what somebody edits
  });
};

/** Say beside a field where its value comes from, like `Draft.mark` on the server. */
const mark = (form, name, chip) => {
  const field = fieldOf(form, name);
  const [input] = inputsOf(form, name);
  let help = field.querySelector(":scope > .helptext");
  if (!help) {
    help = make("div", { className: "helptext", id: `${input.id}_helptext` });
    field.append(help);
    input.setAttribute("aria-describedby", help.id);
  }
  help.prepend(chip, " ");
};

/** Say what was filled in where the page is folded together, like `folded` on the server. */
const sumUp = (form) => {
  const folded = form.querySelector("[data-folded]");
  for (const line of folded.children) {
    const chips = [...folded.previousElementSibling.querySelectorAll(`[data-mark].${line.dataset.tone}`)];
    const fields = chips.map((chip) => chip.closest(".field"));
    line.hidden = !fields.length;
    line.lastElementChild.textContent = fields.map((field) => `${labelOf(field)}: ${wordsIn(field)}`).join(" · ");
  }
};

/** Return the names of the fields that the catalogue filled in and nobody has edited since. */
const fromCatalogue = (form) =>
  [...form.querySelectorAll("[data-source=catalogue]")].map((chip) =>
    chip.closest(".field").querySelector("[name]").name.replace(/_first$/, ""),
  );

// -- Filling in, and taking that back

const fillIn = (input, wine) => {
  const { form } = input;
  const { completed } = form.elements;
  const guessed = fromCatalogue(form);
  const before = new Map(
    [...guessed, ...Object.keys(wine.fields)].map((name) => [name, [valuesOf(form, name), markOf(form, name)]]),
  );
  const completedBefore = completed.value;
  if (wine.fields[input.name]) put(form, input.name, ""); // what was typed there was the beginning of it
  guessed.forEach((name) => put(form, name, ""));
  const filled = Object.keys(wine.fields).filter((name) => isEmpty(form, name));
  const chips = template().content.querySelectorAll("[data-mark]");
  for (const name of filled) {
    put(form, name, wine.fields[name]);
    mark(form, name, chips[Number(wine.unsure.includes(name))].cloneNode(true));
  }
  sumUp(form);
  completed.value = [wine.number, ...filled].join(" "); // so that the server knows when it draws the form again
  tellFilled(input, filled, () => {
    for (const [name, [values, chip]] of before) {
      if (!isEmpty(form, name) && !markOf(form, name)) continue; // somebody typed it
      put(form, name, values);
      if (chip) mark(form, name, chip);
    }
    completed.value = completedBefore;
    sumUp(form);
  });
};

const tellFilled = (input, names, takeBack) => {
  input.form.querySelector("[data-completed]")?.remove();
  const line = template().content.querySelector("[data-completed]").cloneNode(true);
  const text = say("filled", names.map((name) => labelOf(fieldOf(input.form, name))).join(", "));
  line.querySelector("span").textContent = text;
  line.querySelector("button").addEventListener("click", () => {
    takeBack();
    line.remove();
    told(say("undone"));
    input.focus();
  });
  input.closest(".field").append(line);
  told(text);
};

// -- The list

/** Return what may be meant; null where there is no answer, which is no reason to disturb anybody who types. */
const ask = async (input, signal) => {
  const other = input.name === "name" ? "producer" : "name";
  const isTyped = !fieldOf(input.form, other).querySelector("[data-source=catalogue]");
  const beside = isTyped ? input.form.elements[other].value : "";
  const query = new URLSearchParams({ q: input.value.trim(), field: input.name, beside });
  try {
    const answer = await fetch(`/suggest/catalogue/?${query}`, { signal, headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // offline, aborted, or signed out: then the answer is a page
  }
};

const choicesOf = (input, { own, wines }) => [
  ...own
    .filter((value) => value !== input.value.trim())
    .map((value) => ({
      parts: [make("b", { textContent: value }), make("span", { className: "soft small", textContent: say("own") })],
      choose: () => put(input.form, input.name, value),
    })),
  ...wines.map((wine) => ({
    parts: [
      make("span", { className: "wine-name", textContent: wine.label }),
      make("span", { className: "soft small", textContent: wine.detail }),
    ],
    choose: () => fillIn(input, wine),
  })),
];

const attach = (input) => {
  const list = make("ul", { id: `${input.id}_list`, hidden: true, tabIndex: -1 }); // Tab goes on to the next field
  const box = make("div", { className: "combobox" });
  let control;
  let timer;
  let active = -1;
  let chosen;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", labelOf(input.closest(".field")));
  input.replaceWith(box);
  box.append(input, list);
  input.removeAttribute("data-suggest"); // app.js would open a second list
  const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.entries(facts).forEach(([name, value]) => input.setAttribute(name, value));

  const activate = (number) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = number;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    option ? input.setAttribute("aria-activedescendant", option.id) : input.removeAttribute("aria-activedescendant");
  };
  const forget = () => {
    clearTimeout(timer);
    control?.abort();
    activate(-1);
  };
  const close = () => {
    forget();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const show = (choices) => {
    list.replaceChildren(
      ...choices.map(({ parts, choose }, number) => {
        const option = make("li", { id: `${list.id}_${number}` }, ...parts);
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.addEventListener("click", () => {
          close();
          choose();
          chosen = input.value;
        });
        return option;
      }),
    );
    told(choices.length ? say("found", choices.length) : say("none"));
    if (!choices.length) return close();
    const wasClosed = list.hidden;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (wasClosed) list.scrollIntoView({ block: "nearest" });
  };
  const open = async () => {
    forget();
    const { signal } = (control = new AbortController());
    const found = await ask(input, signal);
    if (signal.aborted) return; // something else was typed, or the field was left
    found ? show(choicesOf(input, found)) : close();
  };
  const hasEnough = () => input.value.trim().length >= FEWEST_LETTERS;

  input.addEventListener("input", () => {
    if (!hasEnough()) return close();
    forget();
    timer = setTimeout(open, PAUSE_MS);
  });
  input.addEventListener("blur", close);
  // When the field is left, browsers tell of a change, but what was chosen there has not been edited.
  input.addEventListener("change", (e) => e.isTrusted && input.value === chosen && e.stopPropagation());
  list.addEventListener("mousedown", (e) => e.preventDefault()); // the focus stays in the field

  const keys = (last) => ({
    ArrowDown: () => (list.hidden ? hasEnough() && open() : activate(active < last ? active + 1 : 0)),
    ArrowUp: () => activate(active > 0 ? active - 1 : last),
    ...(active >= 0 && {
      Home: () => activate(0),
      End: () => activate(last),
      Enter: () => list.children[active].click(),
    }),
    Escape: close,
  });
  input.addEventListener("keydown", (e) => {
    if (e.isComposing || (list.hidden && e.key !== "ArrowDown")) return;
    const act = keys(list.children.length - 1)[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  });
};

const begin = () => {
  document.querySelectorAll("[data-reading] input").forEach((input) => (input.enterKeyHint = "next"));
  document
    .querySelectorAll("[data-reading] :is([name=producer], [name=name]):not([role])")
    .forEach((input) => attach(input));
};
begin();
document.addEventListener("htmx:load", begin);

// Heard after reading.js, which takes the mark of what somebody edits away.
const edited = (e) => e.target.closest?.("[data-reading] details") && sumUp(e.target.form);
document.addEventListener("input", edited);
document.addEventListener("change", edited);

// Enter goes on to the next field: what is half typed is not to be saved. A browser presses the form's first button.
document.addEventListener("click", (e) => {
  const button = e.target.closest?.("[data-enter]");
  if (!button) return;
  e.preventDefault();
  const stops = [...button.form.elements].filter(
    (one) => one.matches("input, select, textarea, .save > button") && one.checkVisibility(),
  );
  stops[stops.indexOf(document.activeElement) + 1]?.focus();
});
