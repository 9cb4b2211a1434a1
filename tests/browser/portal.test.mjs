// @ts-check
// 在线服务: from the first visit to the receipt, on a phone, in large type and at a desk. Every state is looked at.

import assert from "node:assert/strict";
import { open, shut } from "./lib.mjs";
import { Looks, fileCase, house, missing, person, press, answer, phoneCode, signUp, visit } from "./product.mjs";

const WALKS = /** @type {const} */ ([["林晓梅", 1440, undefined], ["周桂兰", 360, undefined], ["王德福", 360, "elder"], ["何静", 360, "high"]]);

/** @returns {Promise<[string, () => Promise<void>][]>} */
export async function tests() {
  if (missing()) return [];
  return [
    ...WALKS.map(([name, width, mode]) => /** @type {[string, () => Promise<void>]} */ (
      [`from sign-up to receipt at ${width} px${mode ? `, ${mode}` : ""}`, () => walk(name, width, mode)])),
    ["a draft goes on at another device after signing out", otherDevice],
    ["a visitor is led to sign in, and a stranger's case is not there", closed],
    ["no link of the first page leads nowhere", links],
  ];
}

/** @param {string} name @param {number} width @param {"elder" | "high" | undefined} mode */
async function walk(name, width, mode) {
  const home = await house();
  const page = await open("/", width, { origin: home.portal, mode });
  const looks = new Looks("portal", `${mode ? `${mode}-` : ""}${width}`, 44);
  const look = (/** @type {string} */ state) => looks.at(page, state);
  const who = person(name);
  try {
    await look("home");
    for (const path of ["/login", "/verify", "/guide/counter", "/guide/privacy", "/guide/access", "/guide/languages", "/sandbox/phone", "/file", "/nowhere"]) {
      await visit(page, path);
      await look(path === "/guide/counter" ? "guide" : path.slice(1).replaceAll("/", "-"));
    }
    await signUp(page, who, look);
    await visit(page, "/");
    await look("home-signed-in");
    const id = await fileCase(page, who, look);
    for (const path of ["/cases", `/case/${id}`, `/case/${id}/choices`, `/case/${id}/fee`, "/papers", "/drafts", "/reads", "/join", "/reset"]) {
      await visit(page, path);
      await look(path.replace(`/case/${id}`, "/case").slice(1).replaceAll("/", "-"));
    }
    await visit(page, "/join");
    await press(page, page.locator("main form button.primary").first());
    await look("join-error");
  } catch (error) {
    // What was found before the walk broke off is told with it.
    throw new Error([error instanceof Error ? error.message : String(error), ...looks.wrong].join("\n  "));
  } finally { await shut(page); }
  looks.hold();
}

async function otherDevice() {
  const home = await house();
  const who = person("赵远航");
  const first = await open("/", 360, { origin: home.portal });
  await signUp(first, who);
  await visit(first, "/file");
  await answer(first, { cause: "108.3", as: "self" });
  await press(first, first.locator("main form:has([name=cause]) button.primary").first());
  await answer(first, { court: "粤4001" });
  await press(first, first.locator("main button[name=go][value=next]"));
  const stands = new URL(first.url()).pathname;
  await visit(first, "/account");
  await press(first, first.locator("form[action='/logout'] button").first());
  await visit(first, stands);
  assert.match(await first.locator("h1").innerText(), /登录/, "signed out, the draft is closed");
  await shut(first);
  const second = await open("/login", 1440, { origin: home.portal });
  await answer(second, { phone: who.phone, password: who.password });
  await press(second, second.locator("main form button.primary"));
  await answer(second, { code: await phoneCode(home, who.phone) });
  await press(second, second.locator("main form button.primary"));
  await visit(second, "/drafts");
  await press(second, second.locator("main a[href^='/file/'], main form[action^='/file/'] button").first());
  assert.match(new URL(second.url()).pathname, new RegExp(`^/file/${stands.split("/")[2]}`), "the same draft, where it was left");
  await shut(second);
}

async function closed() {
  const home = await house();
  const page = await open("/cases", 360, { origin: home.portal });
  assert.match(await page.locator("main").innerText(), /登录/);
  const who = person("孙一鸣");
  await signUp(page, who);
  const answered = await visit(page, "/case/01900000-0000-7000-8000-000000000000");
  assert.equal(answered?.status(), 404);
  await shut(page);
}

async function links() {
  const home = await house();
  const page = await open("/", 360, { origin: home.portal });
  const paths = await page.locator("a[href^='/']").evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute("href")))]);
  assert.ok(paths.length > 5);
  const dead = [];
  for (const path of paths) {
    const status = (await page.request.get(page.origin + path)).status();
    if (status === 404 || status >= 500) dead.push(`${path} ${status}`);
  }
  assert.deepEqual(dead, []);
  await shut(page);
}
