// @ts-check
// What browser tests share: a browser, pages at a width and in a mode, axe without exceptions, weight,
// pictures, and the few gestures that walk the product (sign in, fill, submit).

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { smallPng } from "./small-png.mjs";

/** @typedef {import("playwright-core").Page & { seen: Seen, origin: string }} Page */
/** @typedef {{ errors: string[], bytes: Promise<number>[], kinds: Record<string, number> }} Seen */
/** @typedef {{ mode?: "elder" | "high", script?: boolean, height?: number, origin?: string, context?: import("playwright-core").BrowserContext }} How */

const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(HERE, "../..");
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(join(HERE, "node_modules/axe-core/axe.min.js"), "utf8");

/** Most that the first view of a page may weigh, gzipped, everything it loads included. */
export const WEIGHT = 60_000;

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let running;
export const browser = () => running ??= chromium.launch({
  executablePath: CHROMIUM,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--lang=zh-CN", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** @type {(() => unknown)[]} */
const closers = [];
/** Run at the end, whatever happened. @param {() => unknown} close */
export const later = (close) => { closers.push(close); };
export async function finish() {
  for (const close of closers.reverse()) await close();
  await (await running)?.close();
}

let site = process.env.XIEZHI_URL ?? "";
/** Where pages are opened unless `open` is told otherwise. @param {string} origin */
export const use = (origin) => { site = origin; };

/** A page at a width. Errors on its console and the bytes of its first view are kept in `page.seen`.
 * @param {string} path @param {number} width @param {How} [how] @returns {Promise<Page>} */
export async function open(path, width, how = {}) {
  const context = how.context ?? await (await browser()).newContext({
    locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce",
    viewport: { width, height: how.height ?? (width < 600 ? 780 : 900) },
    javaScriptEnabled: how.script ?? true,
  });
  // Slow machines are no findings; what hangs is.
  context.setDefaultTimeout(90_000);
  const page = /** @type {Page} */ (await context.newPage());
  page.seen = { errors: [], bytes: [], kinds: {} };
  page.origin = how.origin ?? site;
  page.on("console", (line) => { if (line.type() === "error") page.seen.errors.push(line.text()); });
  page.on("pageerror", (error) => page.seen.errors.push(String(error)));
  page.on("requestfinished", (request) => {
    if (!request.url().startsWith("http")) return;
    page.seen.bytes.push(request.sizes().then((sizes) => {
      const kind = request.resourceType();
      page.seen.kinds[kind] = (page.seen.kinds[kind] ?? 0) + sizes.responseBodySize;
      return sizes.responseBodySize;
    }));
  });
  const join = path.includes("?") ? "&" : "?";
  const mode = how.mode === "elder" ? `${join}mode=elder` : how.mode === "high" ? `${join}contrast=high` : "";
  await page.goto(page.origin + path + mode, { waitUntil: "load" });
  return page;
}

/** Closes a page with its context. @param {Page} page */
export const shut = (page) => page.context().close();

/** Findings of axe: WCAG 2.2 A and AA and best practice. The ignore list is empty and stays empty.
 * @param {Page} page @returns {Promise<string[]>} */
export async function axe(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const found = await /** @type {any} */ (globalThis).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return found.violations.flatMap((/** @type {any} */ rule) => rule.nodes.map((/** @type {any} */ node) =>
      `${rule.id}: ${node.target.join(" ")} ${node.failureSummary.split("\n").slice(1, 2).join("").trim()}`));
  });
}

/** Bytes on the line for the first view, bodies as they were sent. @param {Page} page */
export async function weight(page) {
  const all = await Promise.all(page.seen.bytes);
  return all.reduce((sum, bytes) => sum + bytes, 0);
}

/** Waits for the pictures of a page, also for those that are loaded as one scrolls to them. @param {Page} page */
async function pictured(page) {
  await page.evaluate(async () => {
    for (const img of document.images) {
      if (!img.checkVisibility()) continue;
      img.scrollIntoView();
      if (!img.complete) await new Promise((done) => { img.onload = img.onerror = done; setTimeout(done, 5000); });
    }
    scrollTo(0, 0);
  });
}

/** The longest picture, in pixels: of what is longer the beginning is shown. */
const TALLEST = 2400;

/** A picture in docs/screens, taken only when SHOTS=1: they are kept in the repository.
 * @param {Page} page @param {string} name @param {boolean} [whole] the whole page, not the first view */
export async function shot(page, name, whole = true) {
  if (process.env.SHOTS !== "1") return;
  const dir = process.env.SHOTS_DIR ?? join(ROOT, "docs/screens");
  mkdirSync(dir, { recursive: true });
  await pictured(page);
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
  const clip = whole && height > TALLEST ? { x: 0, y: 0, width, height: TALLEST } : undefined;
  writeFileSync(join(dir, `${name}.png`), smallPng(await page.screenshot({ fullPage: whole, ...clip ? { clip } : {} })));
}

/** How far the page is wider than its window; 0 is right at every width. @param {Page} page */
export const overflow = (page) => page.evaluate(() =>
  document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Targets smaller than `least` pixels, links inside a sentence excepted.
 * @param {Page} page @param {number} least @returns {Promise<string[]>} */
export const smallTargets = (page, least) => page.evaluate((least) => {
  const found = [];
  for (const el of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!(el instanceof HTMLElement) || !el.checkVisibility() || el.closest(".skip, .sr")) continue;
    // a box or a circle inside its label is hit through the label
    const target = el.matches(".tick") ? el.closest("label") ?? el : el;
    const box = target.getBoundingClientRect();
    const inSentence = el.matches("a, summary") && getComputedStyle(el).display === "inline"
      && (el.parentElement?.textContent ?? "").trim() !== (el.textContent ?? "").trim();
    if (!inSentence && box.height > 0 && (box.height < least - 0.5 || box.width < Math.min(least, 24) - 0.5)) {
      found.push(`${el.tagName.toLowerCase()} “${(el.textContent ?? "").trim().slice(0, 20)}” ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
  }
  return found;
}, least);

/** What has the focus, in words: tag, name or text. @param {Page} page */
export const focused = (page) => page.evaluate(() => {
  const el = /** @type {HTMLElement} */ (document.activeElement);
  return `${el.tagName.toLowerCase()} ${el.getAttribute("name") ?? el.id} ${(el.textContent ?? "").trim().slice(0, 24)}`.replace(/\s+/g, " ").trim();
});

/** Tabs until `selector` has the focus; the number of presses, or an error after `most`.
 * @param {Page} page @param {string} selector @param {number} [most] */
export async function tabTo(page, selector, most = 80) {
  for (let presses = 1; presses <= most; presses++) {
    await page.keyboard.press("Tab");
    const ring = await page.evaluate(() => {
      const style = getComputedStyle(/** @type {Element} */ (document.activeElement));
      return document.activeElement === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none"
        || Boolean(document.activeElement?.closest(".wsearch"));
    });
    if (!ring) throw new Error(`no focus ring on ${await focused(page)}`);
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return presses;
  }
  throw new Error(`${selector} is not reached by ${most} presses of Tab`);
}

/** Fills fields by their label, as a person finds them. A tick is true or false; a list takes its words.
 * @param {Page} page @param {Record<string, string | boolean>} values */
export async function fill(page, values) {
  for (const [label, value] of Object.entries(values)) {
    const field = page.getByLabel(label, { exact: false }).first();
    if (typeof value === "boolean") await field.setChecked(value);
    else if (await field.evaluate((el) => el.tagName) === "SELECT") await field.selectOption({ label: value });
    else await field.fill(value);
  }
}

/** Presses a button and waits for the answer; gives its status (the last one after 303).
 * @param {Page} page @param {string} words */
export async function submit(page, words) {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && response.status() !== 303),
    page.getByRole("button", { name: words }).first().click(),
  ]);
  await page.waitForLoadState("load");
  return answer.status();
}

/** Signs in through the form at `path`. @param {Page} page @param {{ path?: string, account: string, password: string, words?: string }} who */
export async function login(page, who) {
  await page.goto(page.origin + (who.path ?? "/login"));
  await page.locator("input[autocomplete=tel], input[autocomplete=username], input[name=account], input[name=phone]").first().fill(who.account);
  await page.locator("input[type=password]").first().fill(who.password);
  return submit(page, who.words ?? "登录");
}

const TYPES = /** @type {Record<string, string>} */ ({ ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain" });

/** Serves a directory of pages on loopback as the product would: gzipped, with the content security
 * policy in csp.txt, `?mode=elder` and `?contrast=high` picking the page of that mode.
 * @param {string} dir @param {(request: import("node:http").IncomingMessage, body: Buffer, url: URL) => {status: number, body?: string} | "drop" | undefined} [api]
 * @returns {Promise<string>} its origin */
export async function serve(dir, api) {
  const policy = readFileSync(join(dir, "csp.txt"), "utf8");
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const parts = [];
    for await (const part of request) parts.push(part);
    const own = api?.(request, Buffer.concat(parts), url);
    if (own === "drop") { request.socket.destroy(); return; }
    if (own) { response.writeHead(own.status, { "content-type": "application/json" }).end(own.body ?? ""); return; }
    let name = decodeURIComponent(url.pathname).replaceAll("..", "");
    if (name === "/") name = "/home";
    if (!extname(name)) {
      const mode = url.searchParams.get("mode") === "elder" ? ".elder" : url.searchParams.get("contrast") === "high" ? ".high" : "";
      name += `${mode}.html`;
    }
    const file = join(dir, name);
    if (!existsSync(file)) { response.writeHead(404).end("404"); return; }
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-encoding": "gzip", "content-security-policy": policy });
    response.end(gzipSync(readFileSync(file)));
  });
  await new Promise((done) => { server.listen(0, "127.0.0.1", () => done(undefined)); });
  later(() => { server.closeAllConnections(); server.close(); });
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return `http://127.0.0.1:${address.port}`;
}
