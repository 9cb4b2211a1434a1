// @ts-check
// The pages of the design, rebuilt from the components (crates/ui/examples/gallery).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT, WEIGHT, axe, fill, focused, open, overflow, serve, shot, shut, smallTargets, tabTo, use, weight } from "./lib.mjs";

const PORTAL = ["home", "case", "receipt", "interview", "interview-error", "backfill", "form", "paper", "verify", "verify-fail", "verify-start", "states"];
const WORKBENCH = ["queue", "reader", "reader-compare", "draft", "day"];
const PHONE = ["m-judge"];

/** Files the test server has taken in pieces. */
const kept = new Map();
/** Lines to break: the piece at this offset is dropped, again and again (a browser repeats some requests by itself). */
let breakAt = -1;
/** @type {{ path: string, body: string }[]} */
const posted = [];

/** @param {import("node:http").IncomingMessage} request @param {Buffer} body @param {URL} url
 * @returns {{ status: number, body?: string } | "drop" | undefined} */
function api(request, body, url) {
  const id = url.pathname.match(/^\/uploads\/(\w+)$/)?.[1];
  const answer = (/** @type {number} */ status, /** @type {object} */ value) => ({ status, body: JSON.stringify(value) });
  if (request.method === "POST" && url.pathname === "/uploads") {
    const name = `u${kept.size + 1}`;
    kept.set(name, Buffer.alloc(0));
    return answer(201, { id: name, offset: 0 });
  }
  if (id && request.method === "GET") return kept.has(id) ? answer(200, { offset: kept.get(id).length }) : { status: 404 };
  if (id && request.method === "PUT") {
    const have = kept.get(id);
    const offset = Number(url.searchParams.get("offset"));
    if (offset === breakAt) return "drop";
    if (request.headers["x-csrf-token"] !== "gallery") return { status: 403 };
    if (offset !== have.length) return answer(409, { offset: have.length });
    kept.set(id, Buffer.concat([have, body]));
    return answer(200, { offset: kept.get(id).length });
  }
  if (request.method === "POST") {
    posted.push({ path: url.pathname, body: body.toString() });
    if (url.pathname === "/save") return { status: 204 };
    return { status: 200, body: "{}" };
  }
  return undefined;
}

/** @returns {Promise<[string, () => Promise<void>][]>} */
export async function tests() {
  const dir = process.env.GALLERY ?? join(ROOT, "target/gallery");
  if (!process.env.GALLERY) {
    // Of the whole workspace, as everything is built: a crate alone would ask its libraries for other features, and build them anew.
    execFileSync("cargo", ["build", "--quiet", "--release", "--workspace", "--example", "gallery"], { cwd: ROOT, stdio: "inherit" });
    execFileSync(join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "release/examples/gallery"), [dir], { cwd: ROOT, stdio: "inherit" });
  }
  use(await serve(dir, api));
  /** @type {[string, () => Promise<void>][]} */
  const all = [];
  const looks = (/** @type {string} */ name, /** @type {number} */ width, /** @type {"elder" | "high" | undefined} */ mode, /** @type {number} */ least) =>
    all.push([`${name} at ${width} px${mode ? `, ${mode}` : ""}`, () => look(name, width, mode, least)]);
  for (const name of PORTAL) {
    for (const width of [360, 1440]) looks(name, width, undefined, 44);
    looks(name, 360, "elder", 44);
    looks(name, 360, "high", 44);
    looks(name, 720, undefined, 44); // a desk at 200 % zoom
  }
  for (const name of WORKBENCH) for (const width of [1440, 1024, 360]) looks(name, width, undefined, 24);
  for (const name of WORKBENCH) looks(name, 1440, "high", 24);
  for (const name of PHONE) looks(name, 360, undefined, 44);
  all.push(
    ["icons are drawn from the one cached file", icons],
    ["the interview is filled in and sent by keyboard alone", interviewByKeyboard],
    ["the skip link leads to the content", skip],
    ["an error summary leads to its field", summaryLeads],
    ["everything stands without script", withoutScript],
    ["half-typed text comes back, private text is not kept", draftKept],
    ["half-typed text is saved on the server", draftSaved],
    ["a file in pieces goes on after a broken line", pieces],
    ["a file to verify stays here", verifyHere],
    ["reading aloud starts and stops", aloud],
    ["the workbench is worked by keyboard", keysOfQueue],
    ["single keys can be turned off", keysOff],
    ["the reader zooms, and two pages scroll together", readerKeys],
  );
  return all;
}

/** @param {string} name @param {number} width @param {"elder" | "high" | undefined} mode @param {number} least */
async function look(name, width, mode, least) {
  const page = await open(`/${name}`, width, { mode });
  try {
    assert.deepEqual(page.seen.errors, [], "console");
    assert.equal(await page.locator("h1").count(), 1, "one h1");
    assert.ok(await overflow(page) <= 0, `wider than its window by ${await overflow(page)} px`);
    assert.deepEqual(await smallTargets(page, least), [], `targets under ${least} px`);
    assert.deepEqual(await axe(page), [], "axe");
    const bytes = await weight(page);
    assert.ok(bytes <= WEIGHT, `first view weighs ${bytes} bytes: ${JSON.stringify(page.seen.kinds)}`);
    assert.ok(bytes > 8_000, `weighed only ${bytes} bytes: the measure is broken`);
    const picture = `${name}${mode ? `-${mode}` : ""}-${width}`;
    // docs/screens is of the product; the components' pictures are for SHOTS_DIR.
    if (process.env.SHOTS_DIR) await shot(page, picture, width < 600 || !WORKBENCH.includes(name));
  } finally { await shut(page); }
}

async function icons() {
  const page = await open("/home", 1440);
  const empty = await page.evaluate(() => [...document.querySelectorAll("svg use")].filter((use) => {
    const box = /** @type {SVGUseElement} */ (use).getBBox();
    return /** @type {SVGElement} */ (use.closest("svg")).checkVisibility() && box.width === 0;
  }).length);
  assert.equal(empty, 0, "icons without a drawing");
  await shut(page);
}

async function interviewByKeyboard() {
  const page = await open("/interview", 360);
  await tabTo(page, "input[name=way][value=mobile]");
  await page.keyboard.press("Space");
  assert.ok(await page.locator("input[value=mobile]").isChecked());
  await tabTo(page, "#cash");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("25000");
  await tabTo(page, "button.primary");
  posted.length = 0;
  await Promise.all([page.waitForEvent("requestfinished", (request) => request.method() === "POST"), page.keyboard.press("Enter")]);
  assert.equal(posted.length, 1);
  const sent = new URLSearchParams(posted[0]?.body);
  assert.deepEqual(sent.getAll("way"), ["bank", "mobile", "cash"]);
  assert.equal(sent.get("cash"), "25000");
  assert.equal(sent.get("csrf"), "gallery");
  await shut(page);
}

async function skip() {
  for (const path of ["/home", "/queue"]) {
    const page = await open(path, 1440);
    await page.keyboard.press("Tab");
    assert.match(await focused(page), /跳到正文/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/#main$/);
    await shut(page);
  }
}

async function summaryLeads() {
  const page = await open("/interview-error", 360);
  assert.match(await page.title(), /^有 1 处需要改/);
  assert.match(await focused(page), /有 1 处需要改/, "the summary is told first");
  await page.locator(".error-summary a").click();
  assert.match(await focused(page), /^input cash/);
  const described = await page.locator("#cash").getAttribute("aria-describedby");
  assert.match(await page.locator(`#${described}`).innerText(), /少 20000 元/);
  await shut(page);
}

async function withoutScript() {
  for (const name of [...PORTAL, ...WORKBENCH, ...PHONE]) {
    const page = await open(`/${name}`, 360, { script: false, mode: name === "home" ? "elder" : undefined });
    assert.equal(await page.locator(".needs-script:visible").count(), 0, `${name} offers what needs a script`);
    assert.equal(await page.locator("h1").count(), 1);
    await shut(page);
  }
  const page = await open("/interview", 360, { script: false });
  await page.locator("#cash").fill("25000");
  posted.length = 0;
  await Promise.all([page.waitForEvent("requestfinished", (request) => request.method() === "POST"), page.locator("button.primary").click()]);
  assert.equal(new URLSearchParams(posted[0]?.body).get("cash"), "25000");
  await shut(page);
}

async function draftKept() {
  const page = await open("/form", 360);
  await fill(page, { "被告姓名": "陈志", "身份证号": "440305", "同意电子送达": true });
  await page.waitForFunction(() => localStorage.getItem("draft:gallery-form")?.includes("陈志"));
  assert.ok(!(await page.evaluate(() => localStorage.getItem("draft:gallery-form")))?.includes("440305"), "an ID number is stored");
  const again = await open("/form", 360, { context: page.context() });
  assert.equal(await again.locator("#name").inputValue(), "陈志");
  assert.ok(await again.locator("#agree").isChecked());
  assert.match(await again.locator(".toast").innerText(), /已恢复/);
  assert.deepEqual(await axe(again), [], "axe with the toast");
  await again.locator(".toast button").click();
  assert.equal(await again.locator("#name").inputValue(), "陈志远");
  await shut(page);
}

async function draftSaved() {
  const page = await open("/form", 360);
  posted.length = 0;
  await page.locator("#facts").fill("写到一半");
  await page.waitForEvent("requestfinished", (request) => request.url().endsWith("/save"));
  assert.equal(new URLSearchParams(posted[0]?.body).get("facts"), "写到一半");
  await shut(page);
}

async function pieces() {
  const page = await open("/form", 360);
  const file = Buffer.alloc(1_300_000, "xiezhi");
  breakAt = 512 * 1024;
  await page.locator("#file").setInputFiles({ name: "借条.jpg", mimeType: "image/jpeg", buffer: file });
  await page.getByText("网络断了").waitFor();
  breakAt = -1;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByText("已传 借条.jpg").waitFor();
  const id = await page.locator("input[name=file_upload]").inputValue();
  assert.ok(kept.get(id).equals(file), "what arrived is what was sent");
  assert.equal(await page.locator("#file").evaluate((el) => /** @type {HTMLInputElement} */ (el).files?.length), 0, "the form does not carry it again");
  await shut(page);
}

async function verifyHere() {
  const page = await open("/verify-start", 360);
  await page.locator("#file").setInputFiles({ name: "通知书.pdf", mimeType: "application/pdf", buffer: Buffer.from("abc") });
  posted.length = 0;
  await Promise.all([page.waitForEvent("requestfinished", (request) => request.method() === "POST"), page.locator("button.primary").click()]);
  const sent = posted[0]?.body ?? "";
  // GB/T 32905-2016, first example
  assert.match(sent, /66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0/);
  assert.match(sent, /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/);
  assert.ok(!sent.includes("name=\"file\""), "the file was sent");
  await shut(page);
}

async function aloud() {
  const page = await open("/home", 360, { mode: "elder" });
  const button = page.locator(".elder-bar button");
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  assert.match(await button.innerText(), /停下/);
  await button.click();
  assert.match(await button.innerText(), /读给我听/);
  await shut(page);
}

async function keysOfQueue() {
  const page = await open("/queue", 1440);
  await page.keyboard.press("j");
  assert.match(await focused(page), /唐晓雯/, "from the open row to the next");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  assert.match(await focused(page), /锦湾物业/);
  await page.keyboard.press("/");
  assert.match(await focused(page), /^input q/);
  await page.keyboard.type("jk?");
  assert.equal(await page.locator("#q").inputValue(), "jk?", "typing is typing");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  assert.match(await page.locator("dialog[open]").innerText(), /再加一条意见/);
  assert.deepEqual(await axe(page), [], "axe with the list of keys");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  posted.length = 0;
  await page.locator("#r1").focus();
  await Promise.all([page.waitForEvent("requestfinished", (request) => request.method() === "POST"), page.keyboard.press("Control+Enter")]);
  assert.equal(new URLSearchParams(posted[0]?.body).get("act"), "send");
  await shut(page);
}

async function keysOff() {
  const page = await open("/queue", 1440);
  await page.keyboard.press("?");
  await page.locator("dialog .tick").uncheck();
  await page.locator("dialog button").click();
  await page.locator("#till").focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  assert.doesNotMatch(await focused(page), /唐晓雯/);
  await shut(page);
}

async function readerKeys() {
  const page = await open("/reader-compare", 1440, { height: 520 });
  const width = () => page.locator("[data-page]").evaluate((el) => el.getBoundingClientRect().width);
  const before = await width();
  await page.keyboard.press("+");
  assert.ok(await width() > before * 1.2);
  await page.keyboard.press("0");
  assert.equal(await width(), before);
  await page.getByRole("button", { name: "旋转" }).click();
  assert.match(await page.locator("[data-page]").getAttribute("class") ?? "", /turn-1/);
  await page.keyboard.press("ArrowRight");
  assert.equal(new URL(page.url()).hash, "#next");
  const stages = page.locator("[data-stage]");
  await stages.first().hover();
  await page.mouse.wheel(0, 300);
  await page.waitForFunction(() => [...document.querySelectorAll("[data-stage]")].every((el) => el.scrollTop > 0));
  const words = await page.locator("[data-page] text").first().evaluate((el) => {
    const range = document.createRange();
    range.selectNodeContents(el);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    return getSelection()?.toString();
  });
  assert.match(words ?? "", /150000 元/, "the text over the image is selectable");
  await shut(page);
}
