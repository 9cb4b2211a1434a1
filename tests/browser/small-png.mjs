// @ts-check
// A screenshot as a PNG of at most 256 colours: pictures kept in the repository stay small. Pages have
// few colours and their smoothed edges; the nearest kept colour cannot be told apart by eye.

import { crc32, deflateSync, inflateSync } from "node:zlib";

/** Pixels of an 8-bit RGB or RGBA PNG without interlacing, which is what Chromium writes.
 * @param {Buffer} png */
function pixels(png) {
  const width = png.readUInt32BE(16), height = png.readUInt32BE(20);
  const bytes = png[25] === 6 ? 4 : 3;
  if (png[24] !== 8 || (png[25] !== 2 && png[25] !== 6)) throw new Error("not an 8-bit RGB picture");
  const parts = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const line = width * bytes;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    const at = y * line, above = at - line;
    for (let x = 0; x < line; x++) {
      const left = x >= bytes ? out[at + x - bytes] : 0;
      const up = y ? out[above + x] : 0;
      const guess = filter === 0 ? 0 : filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1
        : paeth(left, up, x >= bytes && y ? out[above + x - bytes] : 0);
      out[at + x] = raw[y * (line + 1) + 1 + x] + guess;
    }
  }
  return { width, height, bytes, out };
}

/** The neighbour nearest to left + up - corner (PNG, filter 4). @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const p = left + up - corner;
  const a = Math.abs(p - left), b = Math.abs(p - up), c = Math.abs(p - corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** @param {string} kind @param {Buffer} data */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const head = Buffer.alloc(4), tail = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

/** @param {Buffer} png @returns {Buffer} */
export function smallPng(png) {
  const { width, height, bytes, out } = pixels(png);
  /** @type {Map<number, number>} */ const count = new Map();
  const colour = (/** @type {number} */ at) => (out[at] << 16) | (out[at + 1] << 8) | out[at + 2];
  for (let at = 0; at < out.length; at += bytes) count.set(colour(at), (count.get(colour(at)) ?? 0) + 1);
  const split = (/** @type {number} */ c) => [c >> 16, (c >> 8) & 255, c & 255];
  // the commonest colours, no two of them close together
  /** @type {number[][]} */ const palette = [];
  const far = (/** @type {number[]} */ a, /** @type {number[]} */ b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const sorted = [...count].sort((a, b) => b[1] - a[1]);
  for (const [c] of sorted) {
    if (palette.length === 256) break;
    if (palette.length < 24 || ((wanted) => palette.every((kept) => far(kept, wanted) > 48))(split(c))) palette.push(split(c));
  }
  /** @type {Map<number, number>} */ const index = new Map();
  for (const c of count.keys()) {
    const wanted = split(c);
    let best = 0, least = Infinity;
    palette.forEach((kept, place) => { const d = far(kept, wanted); if (d < least) { least = d; best = place; } });
    index.set(c, best);
  }
  const raw = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) raw[y * (width + 1) + 1 + x] = index.get(colour((y * width + x) * bytes)) ?? 0;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  head[9] = 3;
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", head), chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", deflateSync(raw, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
