// @ts-check
// The workbench by keyboard. Links and buttons name their key in aria-keyshortcuts; j and k go through
// the rows of [data-rows]; ? lists what works here. Single keys can be turned off there (WCAG 2.1.4).

const OFF = "keys-off";
const off = () => localStorage.getItem(OFF) === "1";
/** @param {Element} el */
const seen = (el) => /** @type {HTMLElement} */ (el).offsetParent !== null;

/** Up or down among rows: from the focused one, else from the current one.
 * @param {number} step */
function go(step) {
  const group = document.activeElement?.closest("[data-rows]") ?? [...document.querySelectorAll("[data-rows]")].find(seen);
  if (!group) return;
  const rows = /** @type {HTMLElement[]} */ ([...group.querySelectorAll("a[href]")].filter(seen))
    .filter((el, place, all) => !group.matches("tbody") || all.findIndex((other) => other.closest("tr") === el.closest("tr")) === place);
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const from = at >= 0 ? at : rows.findIndex((el) => el.hasAttribute("aria-current"));
  const next = rows[Math.min(Math.max(from + step, 0), rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** @param {string} key */
const named = (key) => /** @type {HTMLElement | undefined} */ ([...document.querySelectorAll("[aria-keyshortcuts]")]
  .find((el) => el.getAttribute("aria-keyshortcuts")?.split(" ").includes(key) && seen(el)));

/** @param {HTMLElement} el */
const press = (el) => el.matches("input, select, textarea") ? (el.focus(), /** @type {any} */ (el).select?.()) : el.click();

function help() {
  const old = /** @type {HTMLDialogElement | null} */ (document.querySelector(".keys-dialog"));
  if (old) { old.close(); return; }
  const box = document.createElement("dialog");
  box.className = "dialog keys-dialog";
  box.setAttribute("aria-labelledby", "keys-h");
  const body = document.createElement("div");
  body.className = "dialog-body";
  const head = document.createElement("h2");
  head.id = "keys-h";
  head.textContent = "全部按键";
  const list = document.createElement("dl");
  /** @param {string[]} keys @param {string} what */
  const line = (keys, what) => {
    const dt = document.createElement("dt");
    for (const key of keys) { const k = document.createElement("kbd"); k.className = "kbd"; k.textContent = key; dt.append(k, " "); }
    const dd = document.createElement("dd");
    dd.textContent = what;
    list.append(dt, dd);
  };
  if (document.querySelector("[data-rows]")) { line(["j", "k"], "上下"); line(["Enter"], "打开"); }
  const told = new Set();
  for (const el of document.querySelectorAll("[aria-keyshortcuts]")) {
    const key = el.getAttribute("aria-keyshortcuts") ?? "";
    const input = /** @type {HTMLInputElement} */ (el);
    const what = (input.labels?.[0]?.textContent ?? [...el.childNodes].filter((n) => !(n instanceof Element && n.matches("kbd, svg"))).map((n) => n.textContent).join("")).trim();
    if (seen(el) && !told.has(key)) { told.add(key); line(key.replace("Control", "Ctrl").replace("ArrowLeft", "←").replace("ArrowRight", "→").split("+"), what); }
  }
  line(["?"], "全部按键");
  const label = document.createElement("label");
  label.className = "row";
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.className = "tick";
  tick.checked = !off();
  tick.onchange = () => localStorage.setItem(OFF, tick.checked ? "0" : "1");
  label.append(tick, "单键操作（关掉后只留 Ctrl 组合键和 ?）");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn";
  close.textContent = "关闭";
  close.onclick = () => box.close();
  const foot = document.createElement("div");
  foot.className = "btns";
  foot.append(close);
  body.append(head, list, label, foot);
  box.append(body);
  box.onclose = () => box.remove();
  document.body.append(box);
  box.showModal();
}

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (event.target);
  const typing = target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey) {
    const button = event.key === "Enter"
      ? named("Control+Enter") ?? /** @type {HTMLElement | null} */ (target.closest?.("form")?.querySelector("button.primary"))
      : undefined;
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (event.key === "Escape" && typing) { target.blur(); return; }
  if (typing && !/^F\d/.test(event.key)) return;
  if (event.key === "?") { event.preventDefault(); help(); return; }
  if (document.querySelector("dialog[open]") || (off() && event.key.length === 1)) return;
  if (event.key === "j" || event.key === "k") { event.preventDefault(); go(event.key === "j" ? 1 : -1); return; }
  const el = named(event.key);
  if (el) { event.preventDefault(); press(el); }
});
