// The lab's page, brought to life. The server draws everything; this script
// sends what people do to the control API, fetches fragments when the stream
// says that something changed, and puts in place only what differs.
"use strict";

const byId = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 760px)");
const roomy = matchMedia("(min-width: 1100px)");

// ---- where we are ------------------------------------------------------

const here = () => new URLSearchParams(location.search);
// The server settles who and where; an address may leave both open.
function place() {
  const messages = document.querySelector("[data-part=conversation] [data-place]");
  const [user, channel] = (messages?.dataset.place || "").split("/");
  return { user: user || here().get("as") || "", channel: channel || "" };
}
const me = () => document.querySelector(".switcher-menu a[aria-current]")?.search.match(/as=([^&]+)/)?.[1] || place().user;

const store = {
  get(area, key) { try { return JSON.parse(area.getItem(key)); } catch { return null; } },
  set(area, key, value) { try { area.setItem(key, JSON.stringify(value)); } catch { /* private mode */ } },
};

// ---- talking to the server ---------------------------------------------

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const text = await response.text();
    let data = {};
    try { data = JSON.parse(text); } catch { /* not JSON: told below */ }
    if (response.ok) return data;
    return { acknowledged: false, error: data.error || `The lab answered ${response.status}.` };
  } catch {
    return { acknowledged: false, error: "The lab does not answer. Is it still running?" };
  }
}

let fetching = false;
let again = false;
async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    do {
      again = false;
      const search = location.search;
      const response = await fetch("/lab/page/fragment" + search);
      if (!response.ok) throw new Error(`fragment: ${response.status}`);
      const html = await response.text();
      if (search === location.search) apply(html); else again = true;
    } while (again);
    connected(true);
  } catch {
    connected(false);
  } finally {
    fetching = false;
  }
}

let stream;
function listen() {
  stream?.close();
  stream = new EventSource("/lab/page/stream" + location.search);
  stream.addEventListener("change", refresh);
  stream.onerror = () => {
    connected(false);
    // A refused stream is not tried again by the browser.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}
function connected(yes) {
  document.body.toggleAttribute("data-offline", !yes);
}

// ---- putting fragments in place ----------------------------------------

function apply(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (fresh.title) document.title = fresh.title;
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (old && old.dataset.etag !== part.dataset.etag) patch(old, part);
  }
  settle();
}

function patch(old, fresh) {
  const oldList = old.querySelectorAll("[data-keyed]");
  const freshList = fresh.querySelectorAll("[data-keyed]");
  if (oldList.length === 1 && freshList.length === 1 && oldList[0].dataset.place === freshList[0].dataset.place) {
    reconcile(oldList[0], freshList[0]);
    old.dataset.etag = fresh.dataset.etag;
    return;
  }
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const typed = old.dataset.part === "composer" ? byId("composer-text")?.value : "";
  carry(old, fresh);
  old.replaceChildren(...fresh.childNodes);
  old.dataset.etag = fresh.dataset.etag;
  if (typed && byId("composer-text")) { byId("composer-text").value = typed; }
  for (const list of old.querySelectorAll("[data-keyed]")) rest(list);
  if (focused?.id) byId(focused.id)?.focus({ preventScroll: true });
}

// What a person opened, typed or filtered survives a new drawing.
function carry(old, fresh) {
  const sameForm = old.querySelector("form[data-view]")?.dataset.view === fresh.querySelector("form[data-view]")?.dataset.view;
  for (const was of old.querySelectorAll("details[id]")) {
    const now = fresh.querySelector("#" + CSS.escape(was.id));
    if (now) now.open = was.open && !was.matches(".switcher, .overflow");
  }
  for (const was of old.querySelectorAll("input[data-filter]")) {
    const now = fresh.querySelector("#" + CSS.escape(was.id));
    if (now) now.value = was.value;
  }
  if (!sameForm) return;
  for (const was of old.querySelectorAll("[data-field]")) {
    const now = fresh.querySelector(`[data-block="${CSS.escape(was.dataset.block || "")}"][data-action="${CSS.escape(was.dataset.action || "")}"]`);
    if (!now || now.dataset.field !== was.dataset.field) continue;
    if (was.matches("input, select:not([multiple]), textarea")) now.value = was.value;
    for (const item of was.querySelectorAll("input, option")) {
      for (const twin of now.querySelectorAll("input, option")) {
        if (twin.value !== item.value) continue;
        if (item.matches("input")) twin.checked = item.checked;
        else if (was.multiple) twin.selected = item.selected;
      }
    }
  }
}

// A list of messages changes message by message, so that the focus, an open
// menu or a half-read card elsewhere in it stays.
function reconcile(old, fresh) {
  const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 80 || Math.abs(old.scrollTop - (resting.get(old) ?? -99)) < 4;
  const keep = new Map([...old.children].map((child) => [child.id, child]));
  let before = null;
  for (const child of [...fresh.children]) {
    const was = keep.get(child.id);
    let now = was;
    if (!was || was.dataset.etag !== child.dataset.etag) {
      now = child;
      if (was) {
        const focused = was.contains(document.activeElement) ? document.activeElement.id : "";
        carry(was, child);
        was.replaceWith(child);
        if (focused) byId(focused)?.focus({ preventScroll: true });
      } else if (child.matches(".msg")) {
        child.classList.add("is-new");
      }
    }
    const next = before ? before.nextSibling : old.firstChild;
    if (now !== next) old.insertBefore(now, next);
    before = now;
    keep.delete(child.id);
  }
  for (const gone of keep.values()) gone.remove();
  for (const text of [...old.childNodes]) if (text.nodeType === Node.TEXT_NODE) text.remove();
  if (atEnd) rest(old);
}

// A list rests at its end; where the last message is taller than the screen,
// at the beginning of that message, because the verdict stands there.
const resting = new WeakMap();
function rest(list) {
  const last = list.lastElementChild;
  const tall = last && last.offsetHeight > list.clientHeight;
  list.scrollTop = tall ? last.offsetTop - list.offsetTop : list.scrollHeight;
  resting.set(list, list.scrollTop);
}

// ---- after every drawing -----------------------------------------------

function settle() {
  settleModal();
  settleUnread();
  for (const input of document.querySelectorAll("input[data-filter]")) filter(input);
  tick();
}

function settleUnread() {
  const key = "seen/" + me();
  const seen = store.get(localStorage, key) || {};
  for (const link of document.querySelectorAll("[data-nav-channel]")) {
    const { navChannel: channel, last } = link.dataset;
    if (link.hasAttribute("aria-current") || !(channel in seen)) seen[channel] = last;
    const unread = last > (seen[channel] || "");
    link.classList.toggle("is-unread", unread);
    link.querySelector(".unread").hidden = !unread;
  }
  store.set(localStorage, key, seen);
}

// The lab's clock runs between two looks at it.
let clockBase = 0;
let clockRead = 0;
function tick() {
  const shown = byId("clock-time");
  if (!shown) return;
  const base = Number(shown.dataset.now);
  if (base !== clockBase) { clockBase = base; clockRead = performance.now(); }
  const now = new Date(base + performance.now() - clockRead);
  shown.textContent = now.toISOString().slice(11, 19);
  byId("clock-day").textContent = now.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).replace(",", "");
}
setInterval(tick, 1000);

// ---- moving about ------------------------------------------------------

async function go(href) {
  const url = new URL(href, location.href);
  const stayed = url.searchParams.get("thread") && url.searchParams.get("channel") === place().channel;
  history.pushState(null, "", url);
  delete document.body.dataset.nav;
  await refresh();
  arrive(!stayed);
}
function arrive(focus) {
  if (here().get("home") === "1") post("/lab/home", { user: me() }).then(refresh);
  if (!focus || narrow.matches) return;
  const target = byId("composer-text") || byId("home") || byId("main");
  target?.focus({ preventScroll: true });
}
addEventListener("popstate", () => refresh().then(() => arrive(true)));

function togglePanel(open) {
  const shown = getComputedStyle(byId("panel")).display !== "none";
  const now = open ?? !shown;
  // Where room is short a thread takes the panel's place.
  if (now && !shown) document.querySelector("[data-close-thread]")?.click();
  document.body.dataset.lab = now ? "open" : "closed";
  if (roomy.matches) store.set(localStorage, "lab", now ? "open" : "closed");
  if (now) byId("panel").querySelector("button, input").focus({ preventScroll: true });
  else byId("panel-toggle")?.focus({ preventScroll: true });
}

// ---- the composer ------------------------------------------------------

const composer = {
  get form() { return byId("composer"); },
  get box() { return byId("composer-text"); },
  get list() { return byId("completion"); },
  get commands() { try { return JSON.parse(this.form.dataset.commands) || []; } catch { return []; } },
  active: -1,
  recalled: -1,
  draft: "",

  history() { return store.get(sessionStorage, "sent/" + me()) || []; },
  remember(line) {
    const lines = this.history().filter((one) => one !== line);
    store.set(sessionStorage, "sent/" + me(), [line, ...lines].slice(0, 50));
  },

  suggestions(line) {
    if (!line.startsWith("/") || line.includes("\n")) return [];
    const found = [];
    for (const command of this.commands) {
      if (!line.includes(" ") && command.name.startsWith(line)) {
        if (line !== command.name) found.push({ text: command.name + " ", hint: command.description || command.usage_hint });
      }
      for (const one of command.completions || []) {
        const text = command.name + " " + one.text;
        if (text.startsWith(line) && text !== line && line.length >= command.name.length) found.push({ text, hint: one.hint });
      }
    }
    return found.slice(0, 12);
  },

  show() {
    const found = this.suggestions(this.box.value);
    this.active = -1;
    this.list.replaceChildren(...found.map((one, i) => {
      const row = document.createElement("div");
      row.className = "suggestion";
      row.id = "suggestion-" + i;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.dataset.text = one.text;
      const text = document.createElement("span");
      text.className = "suggestion-text";
      text.textContent = one.text;
      const hint = document.createElement("span");
      hint.className = "suggestion-hint";
      hint.textContent = one.hint || "";
      row.append(text, hint);
      return row;
    }));
    this.list.hidden = found.length === 0;
    this.box.removeAttribute("aria-activedescendant");
    if (found.length) announce(found.length === 1 ? "1 suggestion" : `${found.length} suggestions`);
  },
  hide() { if (this.list) { this.list.hidden = true; this.active = -1; this.box?.removeAttribute("aria-activedescendant"); } },
  mark(step) {
    const rows = this.list.children;
    this.active = (this.active + step + rows.length + (this.active < 0 && step < 0 ? 1 : 0)) % rows.length;
    [...rows].forEach((row, i) => row.setAttribute("aria-selected", String(i === this.active)));
    this.box.setAttribute("aria-activedescendant", rows[this.active].id);
    rows[this.active].scrollIntoView({ block: "nearest" });
  },
  accept(row) { this.fill(row.dataset.text); this.show(); },
  fill(text) {
    this.box.value = text;
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
    this.grow();
  },
  insert(text) {
    if (!this.box) return;
    if (!this.box.value.trim()) {
      // An open end of a command takes the name; the first one is the usual question.
      const command = this.commands[0];
      const open = (command?.completions || []).find((one) => one.text.endsWith(" "));
      const word = open?.text || (command?.completions?.[0]?.text.split(" ")[0] ?? "");
      this.fill(command ? `${command.name} ${word.trim()} ${text}`.replace(/ +/g, " ") : text);
    } else {
      this.box.focus();
      this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, "end");
      this.grow();
    }
    this.hide();
  },
  grow() {
    this.box.style.height = "auto";
    this.box.style.height = Math.min(this.box.scrollHeight, 200) + "px";
  },
  recall(step) {
    const lines = this.history();
    if (this.recalled < 0) this.draft = this.box.value;
    const to = Math.max(-1, Math.min(lines.length - 1, this.recalled + step));
    if (to === this.recalled) return;
    this.recalled = to;
    this.fill(to < 0 ? this.draft : lines[to]);
    this.hide();
  },

  status(words, kind) {
    const box = byId("composer-status");
    if (!box) return;
    box.className = "composer-status" + (kind === "problem" ? " is-problem" : "");
    box.replaceChildren();
    if (!words) return;
    if (kind === "busy") box.append(Object.assign(document.createElement("span"), { className: "spinner" }));
    const text = document.createElement("span");
    text.textContent = (kind === "problem" ? "⚠ " : "") + words;
    if (kind === "problem") text.append(Object.assign(document.createElement("small"), { textContent: "Only visible to you" }));
    box.append(text);
  },

  async send() {
    const line = this.box.value.trim();
    if (!line) return;
    const [, command, text] = line.match(/^(\/\S+)\s*([\s\S]*)$/) || [];
    if (!command) {
      this.status("This lab sends slash commands only. Start with / to see them.", "problem");
      return;
    }
    this.remember(line);
    this.recalled = -1;
    this.hide();
    this.fill("");
    const { user, channel } = place();
    this.status(line.length > 80 ? line.slice(0, 80) + "…" : line, "busy");
    const result = await post("/lab/slash", { user, channel, command, text });
    if (result.error) {
      this.status(result.error, "problem");
      // As in Slack, what failed stays in the box.
      if (!this.box.value) this.fill(line);
    } else {
      this.status("");
    }
    refresh();
  },
};

function announce(words) { byId("announce").textContent = words; }

// ---- acting on blocks --------------------------------------------------

// target tells the control API which message or view a control stands in.
function target(control) {
  const view = control.closest("[data-view]")?.dataset.view;
  if (view) return { user: me(), view_id: view };
  const message = control.closest("[data-ts]");
  return { user: me(), channel: message?.dataset.channel, ts: message?.dataset.ts };
}

function fieldValue(field) {
  switch (field.dataset.field) {
    case "radio": return field.querySelector("input:checked")?.value ?? null;
    case "checkbox": return [...field.querySelectorAll("input:checked")].map((one) => one.value);
    case "multi": return [...field.selectedOptions].map((one) => one.value);
    case "datetime-local": return field.value ? Math.floor(Date.parse(field.value + "Z") / 1000) : null;
    default: return field.value === "" ? null : field.value;
  }
}

function confirmed(id) {
  const dialog = id && byId(id);
  if (!dialog) return Promise.resolve(true);
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

// unpick takes back a choice that was not confirmed.
function unpick(field) {
  for (const option of field.querySelectorAll("option")) option.selected = option.defaultSelected;
  for (const box of field.querySelectorAll("input")) box.checked = box.defaultChecked;
  if (field.matches("input")) field.value = field.defaultValue;
}

async function act(control, extra) {
  if (control.getAttribute("aria-busy") === "true") return;
  const group = control.closest("[data-action]");
  if (!await confirmed(group.dataset.confirm)) {
    unpick(group);
    control.focus?.();
    return;
  }
  const row = control.closest(".bk-actions, .bk-accessory, .bk-input, .bk-table") || control.parentElement;
  row.querySelector(".action-problem")?.remove();
  control.setAttribute("aria-busy", "true");
  control.closest("details.overflow")?.removeAttribute("open");
  const result = await post("/lab/click", {
    ...target(control), block_id: group.dataset.block || "", action_id: group.dataset.action, ...extra,
  });
  control.removeAttribute("aria-busy");
  if (result.error) {
    const problem = Object.assign(document.createElement("span"), { className: "action-problem", textContent: "⚠ " + result.error });
    problem.setAttribute("role", "alert");
    row.append(problem);
  }
  refresh();
}

// ---- modals ------------------------------------------------------------

const modal = byId("modal");
let shownView = "";

function settleModal() {
  const form = modal.querySelector("form[data-view]");
  if (!form) {
    shownView = "";
    if (modal.open) modal.close();
    return;
  }
  if (!modal.open) modal.showModal();
  if (shownView === form.dataset.view) {
    modal.querySelector("[aria-invalid]")?.focus({ preventScroll: false });
    return;
  }
  shownView = form.dataset.view;
  const first = form.querySelector("[data-focus]") || form.querySelector(".modal-body input, .modal-body textarea, .modal-body select, .modal-body button") || form.querySelector("[type=submit]");
  first?.focus();
}

async function closeModal() {
  const view = modal.querySelector("form[data-view]")?.dataset.view;
  if (!view) return;
  await post("/lab/close", { user: me(), view_id: view });
  refresh();
}

async function submitModal(form) {
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-busy") === "true") return;
  const values = {};
  for (const field of form.querySelectorAll("[data-field]")) {
    const { block, action } = field.dataset;
    (values[block] ||= {})[action] = fieldValue(field);
  }
  const trouble = form.querySelector("[data-trouble]");
  trouble.hidden = true;
  button.setAttribute("aria-busy", "true");
  const result = await post("/lab/submit", { user: me(), view_id: form.dataset.view, values });
  button.removeAttribute("aria-busy");
  await refresh();
  // What the app says about single answers stands beside them already.
  if (result.error && trouble.isConnected && !modal.querySelector("[aria-invalid]")) {
    trouble.textContent = "⚠ " + result.error;
    trouble.hidden = false;
  }
}

modal.addEventListener("cancel", (event) => {
  if (event.target !== modal) return;
  event.preventDefault();
  closeModal();
});
modal.addEventListener("close", (event) => {
  // A browser may close a dialog without asking; the app must still hear it.
  if (event.target === modal && modal.querySelector("form[data-view]")) closeModal();
});

// ---- what people do ----------------------------------------------------

function filter(input) {
  const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const list = byId(input.dataset.filter);
  let hits = 0;
  for (const item of list.querySelectorAll("[data-find]")) {
    const text = item.dataset.find.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) hits++;
  }
  for (const group of list.querySelectorAll("[data-group]")) {
    const some = group.querySelector("[data-find]:not([hidden])");
    group.hidden = words.length > 0 && !some;
    if (words.length && some) group.open = true;
  }
  const none = list.parentElement.querySelector(".no-hit");
  if (none) none.hidden = hits > 0 || words.length === 0;
}

async function panelAction(control, path, body, words) {
  control.setAttribute("aria-busy", "true");
  const result = await post(path, body);
  control.removeAttribute("aria-busy");
  announce(result.error || words);
  const section = control.closest(".panel-section");
  section.querySelector(".action-problem")?.remove();
  if (result.error) section.append(Object.assign(document.createElement("p"), { className: "action-problem", textContent: "⚠ " + result.error }));
  refresh();
}

const doings = {
  "toggle-panel": () => togglePanel(),
  "toggle-nav": () => { document.body.dataset.nav = "open"; byId("sidebar").querySelector("a, summary").focus(); },
  "close-drawers": () => { delete document.body.dataset.nav; if (!roomy.matches) document.body.dataset.lab = "closed"; },
  "close-modal": () => closeModal(),
  "fill": (b) => { composer.fill(b.dataset.text); composer.show(); },
  "insert": (b) => { if (!roomy.matches) document.body.dataset.lab = "closed"; composer.insert(b.dataset.text); },
  "click": (b) => act(b, b.dataset.selected !== undefined ? { selected: b.dataset.selected } : { value: b.dataset.value || "" }),
  "advance": (b) => panelAction(b, "/lab/clock", { advance: b.dataset.advance }, "The clock moved on."),
  "fault": (b) => {
    const off = b.getAttribute("aria-checked") === "true";
    b.setAttribute("aria-checked", String(!off));
    return panelAction(b, "/lab/faults", { on: off ? [] : [b.dataset.fault], off: off ? [b.dataset.fault] : [] }, off ? "Fault off" : "Fault on");
  },
  "clear-faults": (b) => {
    const off = [...document.querySelectorAll(".fault[aria-checked=true]")].map((one) => one.dataset.fault);
    return panelAction(b, "/lab/faults", { on: [], off }, "All faults off");
  },
};

document.addEventListener("click", (event) => {
  const menu = document.querySelector("details.switcher[open], details.overflow[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  const answer = event.target.closest("[data-answer]");
  if (answer) { answer.closest("dialog").close(answer.dataset.answer); return; }
  const suggestion = event.target.closest(".suggestion");
  if (suggestion) { composer.accept(suggestion); return; }
  const link = event.target.closest("a[data-nav]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    go(link.href);
    return;
  }
  const control = event.target.closest("[data-do]");
  const doing = control && doings[control.dataset.do];
  if (doing && control.dataset.do !== "change") doing(control);
  else if (!event.target.closest(".completion, .composer")) composer.hide();
});

document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-do=change]");
  const field = control?.closest("[data-field]");
  if (field) act(control, { selected: fieldValue(field) });
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target);
  if (event.target.id === "composer-text") {
    composer.recalled = -1;
    composer.status("");
    composer.grow();
    composer.show();
  }
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.id === "composer") composer.send();
  else if (event.target.matches("form[data-view]")) submitModal(event.target);
});

// Only Shift+Enter breaks a line, whatever order keyboards send their events in.
let shifted = false;
document.addEventListener("beforeinput", (event) => {
  const breaks = event.inputType === "insertLineBreak" || event.inputType === "insertParagraph" || event.data === "\n";
  if (event.target.id === "composer-text" && breaks && !shifted) event.preventDefault();
});

function composerKey(event) {
  shifted = event.shiftKey;
  const open = !composer.list.hidden;
  const { key } = event;
  if (key === "Escape" && open) { event.preventDefault(); composer.hide(); return; }
  if ((key === "ArrowDown" || key === "ArrowUp") && open && composer.recalled < 0) { event.preventDefault(); composer.mark(key === "ArrowDown" ? 1 : -1); return; }
  if (key === "Tab" && open && !event.shiftKey) { event.preventDefault(); composer.accept(composer.list.children[Math.max(0, composer.active)]); return; }
  if (key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    const unfinished = open && !composer.box.value.includes(" ") && !composer.commands.some((c) => c.name === composer.box.value.trim());
    if (open && (composer.active >= 0 || unfinished)) composer.accept(composer.list.children[Math.max(0, composer.active)]);
    else composer.send();
    return;
  }
  if (key === "ArrowUp" && (composer.recalled >= 0 || !composer.box.value)) { event.preventDefault(); composer.recall(1); return; }
  if (key === "ArrowDown" && composer.recalled >= 0) { event.preventDefault(); composer.recall(-1); }
}

document.addEventListener("keydown", (event) => {
  if (event.target.id === "composer-text") { composerKey(event); return; }
  if (event.key === "Enter" && event.target.matches("input[data-do=enter]")) {
    event.preventDefault();
    act(event.target, { selected: event.target.value });
    return;
  }
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    const menu = document.querySelector("details.switcher[open], details.overflow[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    if (document.body.dataset.nav) { delete document.body.dataset.nav; return; }
    const thread = document.querySelector("[data-close-thread]");
    if (thread) { thread.click(); return; }
    if (!roomy.matches && document.body.dataset.lab === "open") togglePanel(false);
  }
  if (event.key === "/" && !event.target.matches("input, textarea, select") && composer.box && !document.querySelector("dialog[open]")) {
    // The slash itself lands in the box, which has the focus by then.
    if (composer.box.value) event.preventDefault();
    composer.box.focus();
  }
});

// ---- beginning ---------------------------------------------------------

const kept = store.get(localStorage, "lab");
if (kept && roomy.matches) document.body.dataset.lab = kept;
// A bare address becomes one that shows the same when it is copied.
if (document.body.dataset.where) history.replaceState(null, "", "/?" + document.body.dataset.where);
for (const list of document.querySelectorAll("[data-keyed]")) rest(list);
settle();
arrive(true);
listen();
