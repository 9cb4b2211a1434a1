// @ts-check
// 核验文书 without uploading: the digest is computed here and only it is sent. Without this script the
// form carries the file, which the server hashes and drops; then the page says so.

/** SM3 (GB/T 32905-2016) over a whole file. @param {Uint8Array} data @returns {string} hex */
export function sm3(data) {
  const rot = (/** @type {number} */ x, /** @type {number} */ n) => (x << (n & 31)) | (x >>> (32 - (n & 31)));
  const bits = data.length * 8;
  const padded = new Uint8Array(((data.length + 8 >> 6) + 1) << 6);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bits / 2 ** 32));
  view.setUint32(padded.length - 4, bits >>> 0);
  const v = new Int32Array([0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]);
  const w = new Int32Array(68);
  for (let block = 0; block < padded.length; block += 64) {
    for (let j = 0; j < 16; j++) w[j] = view.getInt32(block + 4 * j);
    for (let j = 16; j < 68; j++) {
      const x = w[j - 16] ^ w[j - 9] ^ rot(w[j - 3], 15);
      w[j] = x ^ rot(x, 15) ^ rot(x, 23) ^ rot(w[j - 13], 7) ^ w[j - 6];
    }
    let [a, b, c, d, e, f, g, h] = v;
    for (let j = 0; j < 64; j++) {
      const s1 = rot(rot(a, 12) + e + rot(j < 16 ? 0x79cc4519 : 0x7a879d8a, j), 7);
      const s2 = s1 ^ rot(a, 12);
      const t1 = (j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + s2 + (w[j] ^ w[j + 4]) | 0;
      const t2 = (j < 16 ? e ^ f ^ g : (e & f) | (~e & g)) + h + s1 + w[j] | 0;
      d = c; c = rot(b, 9); b = a; a = t1;
      h = g; g = rot(f, 19); f = e; e = t2 ^ rot(t2, 9) ^ rot(t2, 17);
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { v[i] ^= x; });
  }
  return [...v].map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("[data-verify] form"))) {
  form.addEventListener("submit", async (event) => {
    const input = /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=file]"));
    const file = input?.files?.[0];
    if (!input || !file) return;
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    button?.setAttribute("aria-busy", "true");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const sha = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    for (const [name, value] of [["sm3", sm3(bytes)], ["sha256", [...sha].map((b) => b.toString(16).padStart(2, "0")).join("")], ["file_name", file.name]]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    input.disabled = true; // the file itself stays here
    form.submit();
  });
}
