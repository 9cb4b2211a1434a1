// @ts-check
// Keeps half-typed forms: a copy on this machine at every pause (survives logout, crash, loss of
// network) and, where the form names an address in data-save, one on the server.

/** @typedef {{ at: number, base: string, now: string, sent?: boolean }} Kept */

const PREFIX = "draft:";
/** A copy that nobody came back for goes after thirty days: it holds people's words. */
const OLD = 30 * 24 * 3600 * 1000;

/** Fields that are kept: no tokens, no files, nothing marked private.
 * @param {HTMLFormElement} form @returns {(HTMLInputElement|HTMLTextAreaElement|HTMLSelectElement)[]} */
const kept = (form) => /** @type {any[]} */ ([...form.elements]).filter((el) =>
  el.name && !["hidden", "password", "file", "submit", "button"].includes(el.type) && !("private" in el.dataset));

/** @param {HTMLFormElement} form */
const read = (form) => JSON.stringify(kept(form).map((el) =>
  [el.name, "checked" in el && /radio|checkbox/.test(el.type) ? [el.value, el.checked] : el.value]));

/** @param {HTMLFormElement} form @param {string} text */
function write(form, text) {
  const values = JSON.parse(text);
  kept(form).forEach((el, place) => {
    const [name, value] = values[place] ?? [];
    if (name !== el.name) return;
    if (Array.isArray(value)) { if ("checked" in el && value[0] === el.value) el.checked = value[1]; }
    else el.value = value;
  });
}

/** @param {string} key @returns {Kept | null} */
function load(key) {
  try { return JSON.parse(localStorage.getItem(PREFIX + key) ?? "null"); } catch { return null; }
}
/** @param {string} key @param {Kept | null} value */
function store(key, value) {
  try {
    if (value) localStorage.setItem(PREFIX + key, JSON.stringify(value));
    else localStorage.removeItem(PREFIX + key);
  } catch { /* storage full or refused: the server's copy is left */ }
}

/** @param {string} words @param {string} label @param {() => void} act */
function toast(words, label, act) {
  const place = document.createElement("div");
  place.className = "toast-place";
  const line = document.createElement("p");
  line.className = "toast";
  line.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.onclick = () => { act(); place.remove(); };
  line.append(words, button);
  place.append(line);
  (document.querySelector("main") ?? document.body).append(place);
}

const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

/** @param {HTMLFormElement} form */
function keep(form) {
  const key = form.dataset.draft ?? "";
  const base = read(form);
  const old = load(key);
  if (old && old.now !== base) {
    if (old.base === base) {
      // nothing moved on the server since: go on where one stopped
      write(form, old.now);
      toast("已恢复您上次没有提交的内容", "不要", () => { write(form, base); store(key, null); });
    } else if (old.sent) {
      store(key, null); // it arrived: the server shows it in its own words
    } else {
      // changed meanwhile, perhaps on another device: ask, never overwrite
      toast("这台设备上还有您没有提交的内容", "恢复", () => write(form, old.now));
    }
  } else if (old) store(key, null);

  const address = form.dataset.save;
  const saved = document.querySelector("[data-saved] span");
  let sent = base;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let local;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let remote;
  const keepHere = () => { const now = read(form); store(key, now === base ? null : { at: Date.now(), base, now }); };
  const keepThere = async () => {
    const now = read(form);
    if (!address || now === sent) return;
    try {
      const body = new URLSearchParams(/** @type {any} */ ([...new FormData(form)].filter(([, value]) => typeof value === "string")));
      const answer = await fetch(address, { method: "POST", body, headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      sent = now;
      if (saved) saved.textContent = `${clock()} 已保存，换手机也能接着填`;
    } catch {
      if (saved) saved.textContent = `${clock()} 已存在这台设备上，联网后再保存`;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(local); local = setTimeout(keepHere, 300);
    clearTimeout(remote); remote = setTimeout(keepThere, 2000);
  });
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; store(key, { at: Date.now(), base, now: read(form), sent: true }); });
  addEventListener("online", keepThere);
  addEventListener("pagehide", () => { if (!leaving) keepHere(); });
}

for (const name of Object.keys(localStorage)) {
  const old = name.startsWith(PREFIX) ? load(name.slice(PREFIX.length)) : null;
  if (old && Date.now() - old.at > OLD) localStorage.removeItem(name);
}
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-draft]"))) keep(form);
/** @type {HTMLElement | null} */ (document.querySelector(".error-summary"))?.focus();
