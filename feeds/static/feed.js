// The wire and a topic's page as they move: numbers change where they stand, what is new waits behind one button, keys do what the mouse does.
// Everything that comes from the server is put in as text.
"use strict";

const wire = document.querySelector(".wire");
const source = document.querySelector("[data-cursor][data-query]");
const told = document.querySelector(".told");
const news = document.querySelector(".news button");
const live = document.querySelector(".live");
const waiting = new Set();

const rowOf = (id) => (wire ? wire.querySelector(`[data-id="${CSS.escape(id)}"]`) : null);

function say(text) {
  if (!told) return;
  told.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { told.textContent = ""; }, 4000);
}

// ---- live ------------------------------------------------------------------

const AGAIN_MS = 5000;
const SIGNED_OUT_AGAIN_MS = 30000;

async function isSignedOut() {
  const answer = await fetch("/api/v1/topics?limit=1", { method: "HEAD" }).catch(() => null);
  return answer?.status === 401;
}

// A browser opens a stream that breaks off again, but gives up where something else than a stream is answered, as a proxy does while
// the feed restarts. It keeps six connections to a place at most: a tab that nobody looks at holds none of them, and catches up later.
function stream(query, cursor, told) {
  let place = cursor;
  let events = null;
  let timer;
  const close = () => {
    clearTimeout(timer);
    events?.close();
    events = null;
  };
  const open = () => {
    close();
    query.set("after", place);
    const mine = (events = new EventSource(`/events?${query}`));
    for (const [name, does] of Object.entries(told)) {
      mine.addEventListener(name, (event) => { place = event.lastEventId || place; does(event); });
    }
    mine.addEventListener("error", async () => {
      if (mine.readyState !== EventSource.CLOSED) return;
      const isOut = await isSignedOut();
      if (mine !== events) return;
      if (isOut && live) live.textContent = live.dataset.out;
      timer = setTimeout(open, isOut ? SIGNED_OUT_AGAIN_MS : AGAIN_MS);
    });
  };
  const show = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", show);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) show(); });
  show();
}

function update(row, item) {
  for (const place of item.querySelectorAll("[data-f]")) {
    const text = String(row[place.dataset.f]);
    if (place.textContent !== text) place.textContent = text;
  }
  item.querySelector("polyline").setAttribute("points", row.spark);
  for (const end of ["y1", "y2"]) item.querySelector("line").setAttribute(end, row.usual_y);
  item.querySelector(".flags").replaceChildren(...row.flags.map(([flag, name]) => {
    const badge = document.createElement("span");
    badge.className = `flag ${flag}`;
    badge.textContent = name;
    return badge;
  }));
  item.className = `item ${row.state}${row.flags.length ? " flagged" : ""} fresh`;
  item.dataset.revision = row.revision;
}

function announce(text) {
  news.textContent = text;
  news.hidden = false;
}

function follow() {
  const query = new URLSearchParams(source.dataset.query);
  stream(query, source.dataset.cursor, {
    topic: (event) => {
      const row = JSON.parse(event.data);
      const item = rowOf(row.id);
      if (item) return update(row, item);
      waiting.add(row.id);
      announce(news.dataset.news.replace("#", waiting.size));
    },
    gone: (event) => {
      const { id } = JSON.parse(event.data);
      const item = rowOf(id);
      if (item) item.classList.add("gone");
      if (waiting.delete(id) && !waiting.size) news.hidden = true;
      else if (waiting.size) announce(news.dataset.news.replace("#", waiting.size));
    },
    reset: () => announce(news.dataset.reset),
    open: () => { live.textContent = live.dataset.live; },
    error: () => { live.textContent = live.dataset.waiting; },
  });
}

if (source && news) {
  news.addEventListener("click", () => location.reload());
  follow();
}

// ---- acts ------------------------------------------------------------------

async function act(item, body) {
  if (wire.dataset.mayAct !== "1") return;
  body.revision ??= Number(item.dataset.revision);
  let answer;
  try {
    answer = await fetch(`/api/v1/topics/${encodeURIComponent(item.dataset.id)}/acts`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF": wire.dataset.csrf },
      body: JSON.stringify(body),
    });
  } catch {
    return say(live.dataset.waiting);
  }
  const told = await answer.json().catch(() => null);
  if (!told) return say(live.dataset.waiting); // a proxy's answer
  if (!answer.ok) return say(told.message);
  item.dataset.revision = told.triage.revision;
  if (["dismiss", "mute"].includes(body.act)) {
    if (item.contains(document.activeElement)) move(1, item);
    item.classList.add("gone");
  }
}

function ask(id, item, name) {
  const dialog = document.getElementById(id);
  dialog.returnValue = "";
  const revision = Number(item.dataset.revision); // as it was seen, whatever somebody else does while we ask
  dialog.addEventListener("close", () => {
    item.querySelector("h2 a").focus();
    if (dialog.returnValue !== "do") return;
    const value = dialog.querySelector("select").value;
    act(item, { act: id, revision, [name]: name === "minutes" ? Number(value) : value });
  }, { once: true });
  dialog.showModal();
}

// ---- keys ------------------------------------------------------------------

const current = () => document.activeElement.closest(".item");

function move(step, from = current()) {
  const items = [...wire.querySelectorAll(".item")];
  const place = from ? items.indexOf(from) + step : step > 0 ? 0 : items.length - 1;
  const next = items[Math.max(0, Math.min(items.length - 1, place))];
  if (next) next.querySelector("h2 a").focus();
}

function search() {
  const filters = document.querySelector(".filters");
  filters.open = true;
  filters.querySelector("[type=search]").focus();
}

const onRow = (does) => () => { const item = current(); if (item) does(item); };
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  c: onRow((item) => act(item, { act: "confirm" })),
  d: onRow((item) => ask("dismiss", item, "reason")),
  m: onRow((item) => ask("mute", item, "minutes")),
  n: () => { if (!news.hidden) news.click(); },
  "/": search,
  "?": () => document.getElementById("keys").showModal(),
};

function onKey(event) {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (event.key === "Escape" && typing && !event.target.closest("dialog")) event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  if (!wire && "jkcdm".includes(event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
}

function onTopicKey(event) {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const forms = { c: "confirm", d: "dismiss", m: "mute" };
  const form = forms[event.key] && document.querySelector(`form[data-act=${forms[event.key]}]`);
  if (!form) return;
  event.preventDefault();
  if (event.key === "c") form.requestSubmit();
  else form.querySelector("select").focus();
}

// ---- a topic's page ---------------------------------------------------------

const article = document.querySelector("article.topic");
const KEPT = new Set(["samples"]); // what was asked for
const keyOf = (part) => part.getAttribute("aria-labelledby") || part.tagName;
const openKey = `open ${location.pathname}`;

function isTouched(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  return field.options ? field.selectedIndex > 0 : field.value !== field.defaultValue;
}

// A form under the pointer is in use, too: no button goes from under it.
const isInUse = (part) =>
  part.contains(document.activeElement) || (part.querySelector("form") && part.matches(":hover")) || [...part.querySelectorAll("input, textarea, select")].some(isTouched);

// Of a part in whose form somebody is only what stands above the form: an act of somebody else shows at once.
function renewHead(old, part) {
  const [is, was] = [part, old].map((one) => one.querySelector(".head"));
  if (is && was && is.innerHTML !== was.innerHTML) was.replaceWith(is);
}

function renew(fresh) {
  let place = article.firstElementChild;
  for (const part of [...fresh.children]) {
    const old = [...article.children].find((one) => keyOf(one) === keyOf(part));
    if (!old) { article.insertBefore(part, place); continue; }
    const isSame = KEPT.has(keyOf(part)) || old.innerHTML === part.innerHTML || isInUse(old);
    if (isSame) {
      renewHead(old, part);
    } else {
      const wasOpen = old.querySelector("details")?.open;
      if (wasOpen) part.querySelector("details").open = true;
      old.replaceWith(part);
    }
    place = (isSame ? old : part).nextElementSibling;
  }
}

async function reread() {
  reread.timer = 0;
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const text = await answer.text().catch(() => ""); // the server went away in the middle of it
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("article.topic");
  if (fresh) renew(document.importNode(fresh, true));
}

function followTopic() {
  const query = new URLSearchParams({ q: article.dataset.id, state: "all", triage: "all" });
  const soon = () => { reread.timer ||= setTimeout(reread, 1000); };
  stream(query, article.dataset.cursor, { topic: soon, reset: soon });
  const table = article.querySelector("details");
  if (table && sessionStorage.getItem(openKey)) table.open = true;
  article.addEventListener("toggle", (event) => {
    if (event.target.open) sessionStorage.setItem(openKey, "1");
    else sessionStorage.removeItem(openKey);
  }, true);
}

if (source) {
  document.addEventListener("keydown", onKey);
  const button = document.querySelector(".keys-button");
  button.hidden = false;
  button.addEventListener("click", KEYS["?"]);
} else if (article) {
  document.addEventListener("keydown", onTopicKey);
  followTopic();
}
