// @ts-check
// 办案平台: a clerk returns a filing, sees its correction and accepts it; the desk at three widths, the judge's telephone. Every
// state is looked at. What no page is needed for goes through the API, so that the walk comes to the states behind it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, open, shut } from "./lib.mjs";
import { Looks, answer, assigned, caseOf, desk, fileCase, held, missing, person, press, seen, signUp, staff, staffCode, until, house, visit } from "./product.mjs";
import { ROUTES, pictureOf } from "./routes.mjs";

/** @typedef {import("./lib.mjs").Page} Page */

/** The case at work, as later tests of this file find it. @type {{ id: string, judge: string, clerk: string } | undefined} */
let ready;

/** @returns {Promise<[string, () => Promise<void>][]>} */
export async function tests() {
  if (missing()) return [];
  return [
    ["the clerk returns, sees the correction and accepts, at 1440 px", clerk],
    ["the pages of the desk fit 1024 and 360 px", narrow],
    ["the judge's telephone at 360 px", telephone],
    ["the administrator's pages at 1440 and 360 px", administration],
    ["no entry of the workbench leads nowhere", links],
    // Of a whole run alone: one that names its files passes pages by.
    .../** @type {[string, () => Promise<void>][]} */ (process.argv.length > 2 ? [] : [["every page was looked at", looked], ["every page has its picture", pictures]]),
  ];
}

async function clerk() {
  const home = await house();
  const looks = new Looks("workbench", "1440", 24);
  const phone = new Looks("portal", "360", 44);
  const look = (/** @type {Page} */ page, /** @type {string} */ state) => looks.at(page, state);
  const citizen = await open("/", 360, { origin: home.portal });
  const who = person("周桂兰");
  await signUp(citizen, who);
  const id = await fileCase(citizen, who);
  const page = await staff("xu", 1440, look);
  await held(looks, async () => {
    await until("the filing lies before the clerk", async () => (await page.request.get(`${page.origin}/api/case/${id}`)).ok());
    for (const [path, state] of [["/review", "review"], [`/review/${id}`, "review-case"], ["/sandbox/codes", "sandbox-codes"], ["/nowhere", "missing"]]) {
      await visit(page, path ?? "");
      await look(page, state ?? "");
    }
    await visit(page, `/review/${id}?tab=return`);
    await look(page, "review-return");
    await press(page, page.locator("form[action$='/return'] button[name=act][value=send]"));
    await look(page, "review-return-error");
    await visit(page, `/review/${id}?tab=return`);
    await press(page, page.locator("form[action$='/return'] button[name=pin][value='defendant.address']").first());
    await look(page, "review-pinned");
    for (const field of await page.locator("form[action$='/return'] textarea").all()) if (!await field.inputValue()) await field.fill("请写明被告住所的门牌号。");
    await answer(page, { code: await staffCode(home, "xu") }, "form[action$='/return']");
    await press(page, page.locator("form[action$='/return'] button[name=act][value=send]"));
    assert.equal((await caseOf(page, id)).case.stage, "returned", await page.locator("main").innerText());
    await look(page, "returned");
    await correct(citizen, id, phone);
    await until("the correction reaches the court", async () => (await caseOf(page, id)).case.stage === "submitted");
    await visit(page, `/review/${id}`);
    await look(page, "review-corrected");
    await visit(page, `/review/${id}?tab=accept`);
    await press(page, page.locator("form[action$='/accept'] button.primary").first());
    await look(page, "review-accept-error");
    const findings = Object.fromEntries(["materials", "parties", "jurisdiction", "duplicates"].map((check) => [`findings.${check}`, "yes"]));
    await answer(page, { ...findings, procedure: "simple", code: await staffCode(home, "xu") }, "form[action$='/accept']");
    await press(page, page.locator("form[action$='/accept'] button.primary").first());
    assert.match(String((await caseOf(page, id)).case.number), /民初\d+号/, await page.locator("main").innerText());
    const officers = await assigned(page, id, true);
    ready = { id, ...officers };
    const other = (await caseOf(page, id)).case.parties.find((/** @type {{ side: string }} */ party) => party.side === "defendant")?.person;
    await desk(page, look, id, { "case-packet": `/case/${id}/packet/${other}` });
  });
  phone.hold();
  await shut(page);
  await shut(citizen);
}

/** The citizen mends the address that the court remarked on. @param {Page} page @param {string} id @param {Looks} looks */
async function correct(page, id, looks) {
  await until("the return reaches the portal", async () => {
    await visit(page, `/case/${id}`);
    return page.locator("form[action$='/correct'] button").count();
  });
  await looks.at(page, "case-returned");
  await visit(page, `/case/${id}/correction`);
  await looks.at(page, "case-correction");
  await visit(page, `/case/${id}/insist`);
  await looks.at(page, "case-insist");
  await press(page, page.locator("main form[action$='/insist'] button.primary"));
  await looks.at(page, "case-insist-error");
  await visit(page, `/case/${id}/correction`);
  await press(page, page.locator("form[action$='/correct'] button").first());
  await looks.at(page, "correction-review");
  const draft = new URL(page.url()).pathname.split("/")[2];
  await visit(page, `/file/${draft}/defendant`);
  await answer(page, { "defendants.0.domicile": "清河市青石区榆海街道青石路18号2栋301" });
  await press(page, page.locator("main button[name=go][value=next]"));
  await visit(page, `/file/${draft}/review`);
  for (const box of await page.locator("main form[action$='/submit'] input[type=checkbox]").all()) await box.check({ force: true });
  await press(page, page.locator("main form[action$='/submit'] button.primary"));
}

async function narrow() {
  assert.ok(ready, "the clerk's walk came to its end");
  for (const width of [1024, 360]) {
    const looks = new Looks("workbench", String(width), 24);
    const look = (/** @type {Page} */ page, /** @type {string} */ state) => looks.at(page, state);
    const page = await staff("xu", width, look);
    await held(looks, () => desk(page, look, ready?.id ?? "", { review: "/review" }));
    await shut(page);
  }
}

async function telephone() {
  assert.ok(ready, "the clerk's walk came to its end");
  const looks = new Looks("workbench", "360", 44);
  const page = await staff(ready.judge, 360);
  await held(looks, async () => {
    await visit(page, "/m");
    await looks.at(page, "telephone");
  });
  await shut(page);
}

async function administration() {
  const paths = ["/admin", "/admin/new", "/admin/record", "/admin/messages", "/admin/settings", "/activate", "/sandbox/phone"];
  for (const width of [1440, 360]) {
    const looks = new Looks("workbench", String(width), 24);
    const page = await staff("admin", width);
    await held(looks, async () => {
      for (const path of paths) {
        await visit(page, path);
        await looks.at(page, path.slice(1).replaceAll("/", "-"));
      }
      await visit(page, "/admin");
      await press(page, page.locator("main a[href^='/admin/staff/']").first());
      await looks.at(page, "admin-staff");
    });
    await shut(page);
  }
}

async function links() {
  const page = await staff("xu", 1440);
  const paths = await page.locator("a[href^='/']").evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute("href")))]);
  assert.ok(paths.length > 3);
  const dead = [];
  for (const path of paths) {
    const status = (await page.request.get(page.origin + path)).status();
    if (status === 404 || status >= 500) dead.push(`${path} ${status}`);
  }
  assert.deepEqual(dead, []);
  await shut(page);
}

/** Of a whole run: no page of either router was passed by. */
async function looked() {
  assert.deepEqual(ROUTES.filter((route) => !seen.has(route.name)).map((route) => route.path), []);
}

async function pictures() {
  const dir = process.env.SHOTS_DIR ?? join(ROOT, "docs/screens");
  // Who walks in large type has their pages pictured so.
  const kept = (/** @type {string} */ name) => existsSync(join(dir, `${name}.png`));
  const without = ROUTES.filter((route) => !kept(pictureOf(route)) && !kept(pictureOf(route).replace(/-360$/, "-elder-360"))).map((route) => route.path);
  assert.deepEqual(without, [], "SHOTS=1 scripts/browser takes them");
}
