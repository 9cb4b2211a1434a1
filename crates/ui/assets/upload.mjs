// @ts-check
// Files in pieces of half a megabyte. A broken line, a closed page or a dead battery costs one piece:
// the server says how far it is and the rest follows. Without this script the form carries the file.

const PIECE = 512 * 1024;
/** Waiting times after a failure, in milliseconds; the last one repeats. */
const WAIT = [1000, 2000, 5000, 10000, 30000];

/** @param {number} bytes */
const size = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
/** @param {number} ms */
const pause = (ms) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  addEventListener("online", () => { clearTimeout(timer); done(undefined); }, { once: true });
});

/** A piece or question to the server, repeated until it answers.
 * @param {string} url @param {RequestInit} init @param {(words: string) => void} say
 * @returns {Promise<Response>} */
async function ask(url, init, say) {
  for (let turn = 0; ; turn++) {
    try {
      const answer = await fetch(url, init);
      if (answer.status < 500 && answer.status !== 429) return answer;
    } catch { /* no line */ }
    say("网络断了，接上以后从这里继续");
    await pause(WAIT[Math.min(turn, WAIT.length - 1)]);
  }
}

/** @param {HTMLInputElement} input @param {File} file */
async function send(input, file) {
  const base = input.dataset.pieces ?? "";
  const form = /** @type {HTMLFormElement} */ (input.form);
  const token = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("csrf"))?.value ?? "";
  const list = /** @type {HTMLElement} */ (input.closest(".upload")?.querySelector("[data-upload-list]"));
  const row = document.createElement("li");
  const words = document.createElement("p");
  const bar = document.createElement("progress");
  const hint = document.createElement("p");
  words.id = `up-${Math.random().toString(36).slice(2)}`;
  bar.className = "progress";
  bar.max = file.size || 1;
  bar.setAttribute("aria-labelledby", words.id);
  hint.className = "small muted";
  const say = (/** @type {string} */ text) => { hint.textContent = text; };
  row.append(words, bar, hint);
  list.append(row);
  const show = (/** @type {number} */ offset) => {
    bar.value = offset;
    words.textContent = `正在上传 ${file.name}，${size(file.size)}，已传 ${Math.floor(offset / (file.size || 1) * 100)}%`;
    say("断网也不要紧，接上以后从这里继续。");
  };
  show(0);

  const memory = `upload:${base}:${file.name}:${file.size}:${file.lastModified}`;
  let id = localStorage.getItem(memory);
  let offset = 0;
  if (id) {
    const answer = await ask(`${base}/${id}`, {}, say);
    if (answer.ok) ({ offset } = await answer.json()); else id = null;
  }
  if (!id) {
    const body = new URLSearchParams({ name: file.name, size: String(file.size), type: file.type, csrf: token });
    const answer = await ask(base, { method: "POST", body }, say);
    if (!answer.ok) {
      words.textContent = `${file.name} 没有传上`;
      say((await answer.text()).slice(0, 200) || "请换一个文件，或者带到窗口提交。");
      bar.remove();
      return;
    }
    ({ id, offset } = await answer.json());
    localStorage.setItem(memory, String(id));
  }
  show(offset);
  while (offset < file.size) {
    const before = offset;
    const answer = await ask(`${base}/${id}?offset=${offset}`,
      { method: "PUT", body: file.slice(offset, offset + PIECE), headers: { "x-csrf-token": token } }, say);
    if (!answer.ok && answer.status !== 409) {
      localStorage.removeItem(memory);
      words.textContent = `${file.name} 没有传上`;
      say("请再选一次这个文件，或者带到窗口提交。");
      bar.remove();
      return;
    }
    ({ offset } = await answer.json());
    show(offset);
    if (offset === before) await pause(1000);
  }
  localStorage.removeItem(memory);
  words.textContent = `已传 ${file.name}，${size(file.size)}`;
  say("");
  const mark = document.createElement("input");
  mark.type = "hidden";
  mark.name = `${input.name}_upload`;
  mark.value = String(id);
  row.append(mark);
}

for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[type=file][data-pieces]"))) {
  const form = /** @type {HTMLFormElement} */ (input.form);
  /** @type {Promise<unknown>} */ let going = Promise.resolve();
  let busy = false;
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    busy = true;
    const turn = (going = going.then(async () => { for (const file of files) await send(input, file); }));
    turn.then(() => { if (turn === going) busy = false; });
  });
  // sent before the last piece is up: wait for it, then send
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    button?.setAttribute("aria-busy", "true");
    going.then(() => { button?.removeAttribute("aria-busy"); form.requestSubmit(button); });
  });
}
