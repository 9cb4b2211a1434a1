// @ts-check
// 办案平台: a clerk returns a filing, sees its correction and accepts it; the judge's tasks, hearing, record and draft. Every state
// is looked at. What no page is needed for goes through the API, so that the walk comes to the states that lie behind it.

import assert from "node:assert/strict";
import { open, shut } from "./lib.mjs";
import { Looks, answer, fileCase, house, missing, person, press, signUp, staff, staffCode, until, visit } from "./product.mjs";

/** @typedef {import("./lib.mjs").Page} Page */

/** Pictures that docs/screens keeps. */
const SCREENS = ["workbench-day", "workbench-review", "workbench-review-return", "workbench-case", "workbench-step-schedule_hearing", "workbench-hearings", "workbench-record", "workbench-draft"];
/** The case at work, as later tests of this file find it. @type {{ id: string, judge: string, clerk: string } | undefined} */
let ready;

/** @returns {Promise<[string, () => Promise<void>][]>} */
export async function tests() {
  if (missing()) return [];
  return [
    ["the clerk returns, sees the correction and accepts, at 1440 px", clerk],
    ["the court tries the case, at 1440 px", court],
    ["the pages of the desk fit 1024 and 360 px", narrow],
    ["the judge's telephone at 360 px", telephone],
    ["the administrator's pages at 1440 and 360 px", administration],
    ["no entry of the workbench leads nowhere", links],
  ];
}

/** Runs a walk and tells all that was found on it, also where it broke off. @param {Looks} looks @param {() => Promise<void>} walk */
async function held(looks, walk) {
  try { await walk(); }
  catch (error) { throw new Error([error instanceof Error ? error.message : String(error), ...looks.wrong].join("\n  ")); }
  looks.hold();
}

/** @param {Page} page @param {string} id */
async function caseOf(page, id) {
  const told = await page.request.get(`${page.origin}/api/case/${id}`);
  assert.equal(told.status(), 200, await told.text());
  return told.json();
}

/** What a script sends with its posts, as the forms of this session carry it. @param {Page} page */
async function token(page) {
  const html = await (await page.request.get(`${page.origin}/clock`)).text();
  return /name="csrf" value="(\w+)"/.exec(html)?.[1] ?? "";
}

/** Takes a step through the API, signed with a fresh code. @param {Page} page @param {string} login @param {string} id @param {object} command */
async function act(page, login, id, command) {
  const home = await house();
  const csrf = await token(page);
  // The workers seal and send meanwhile: a stale version is asked for again, a refusal is not.
  await until(JSON.stringify(command), async () => {
    const { version } = await caseOf(page, id);
    const done = await page.request.post(`${page.origin}/api/case/${id}/act`, {
      headers: { "x-csrf-token": csrf }, data: { command, expected: version, code: await staffCode(home, login) },
    });
    if (done.status() === 409) return false;
    assert.equal(done.status(), 200, `${JSON.stringify(command)}: ${await done.text()}`);
    return true;
  });
}

/** Runs the demo's clock forward to a day. @param {Page} page @param {string} day */
async function day(page, day) {
  const csrf = await token(page);
  const told = await page.request.post(`${page.origin}/api/clock`, { headers: { "x-csrf-token": csrf }, data: { to: day } });
  assert.equal(told.status(), 200, await told.text());
}

async function clerk() {
  const home = await house();
  const looks = new Looks("1440", 24, SCREENS);
  const look = (/** @type {Page} */ page, /** @type {string} */ state) => looks.at(page, `workbench-${state}`);
  const citizen = await open("/", 360, { origin: home.portal });
  const who = person("周桂兰");
  await signUp(citizen, who);
  const id = await fileCase(citizen, who);
  const page = await staff("xu", 1440, look);
  await held(looks, async () => {
    await look(page, "day");
    await until("the filing lies before the clerk", async () => (await page.request.get(`${page.origin}/api/case/${id}`)).ok());
    for (const [path, state] of [["/review", "queue"], [`/review/${id}`, "review"], ["/sandbox/codes", "codes"], ["/nowhere", "missing"]]) {
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
    // the citizen mends the address
    await until("the return reaches the portal", async () => {
      await visit(citizen, `/case/${id}`);
      return citizen.locator("form[action$='/correct'] button").count();
    });
    await press(citizen, citizen.locator("form[action$='/correct'] button").first());
    const draft = new URL(citizen.url()).pathname.split("/")[2];
    await visit(citizen, `/file/${draft}/defendant`);
    await answer(citizen, { "defendants.0.domicile": "清河市青石区榆海街道青石路18号2栋301" });
    await press(citizen, citizen.locator("main button[name=go][value=next]"));
    await visit(citizen, `/file/${draft}/review`);
    for (const box of await citizen.locator("main form[action$='/submit'] input[type=checkbox]").all()) await box.check({ force: true });
    await press(citizen, citizen.locator("main form[action$='/submit'] button.primary"));
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
    await visit(page, "/");
    await act(page, "xu", id, { step: "assign_tribunal", form: "sole" });
    const told = await caseOf(page, id);
    const codes = await (await page.request.get(`${page.origin}/sandbox/codes`, { headers: { accept: "application/json" } })).json();
    const login = (/** @type {string} */ office) => {
      const of = told.case.staff.find((/** @type {string[]} */ entry) => entry[1] === office)?.[0];
      return codes.codes.find((/** @type {{ person: string }} */ row) => row.person === of)?.login;
    };
    ready = { id, judge: login("judge"), clerk: login("clerk") };
    const other = told.case.parties.find((/** @type {{ side: string }} */ party) => party.side === "defendant")?.person;
    await pages(page, look, id, [`/case/${id}/packet/${other}`]);
  });
  await shut(page);
  await shut(citizen);
}

/** The pages of the desk, and each step that is open to this person. @param {Page} page
 * @param {(page: Page, state: string) => Promise<void>} look @param {string} id @param {string[]} [more] */
async function pages(page, look, id, more = []) {
  for (const path of ["/", "/tasks", "/cases", "/search?q=周桂兰", "/hearings", "/counter", "/counter/filing", "/clock", "/m", `/case/${id}`, `/case/${id}/reads`, ...more]) {
    const answered = await visit(page, path);
    if (answered?.status() === 403) continue;
    await look(page, path.replace(id, "").replace(/[0-9a-f-]{36}/, "").replace(/\?.*/, "").replaceAll("/", "-").replace(/^-/, "").replace("case-", "case").replace(/^$/, "day") || "day");
  }
  for (const step of (await caseOf(page, id)).steps.filter((/** @type {{ allowed: boolean }} */ step) => step.allowed)) {
    const answered = await visit(page, `/case/${id}/step/${step.name}`);
    assert.ok((answered?.status() ?? 500) < 400, `${step.name}: ${answered?.status()}`);
    await look(page, `step-${step.name}`);
  }
}

async function court() {
  assert.ok(ready, "the clerk's walk came to its end");
  const { id } = ready;
  const looks = new Looks("1440", 24, SCREENS);
  const look = (/** @type {Page} */ page, /** @type {string} */ state) => looks.at(page, `workbench-${state}`);
  const [judge, clerk] = [await staff(ready.judge, 1440), await staff(ready.clerk, 1440)];
  await held(looks, async () => {
    await visit(clerk, `/case/${id}/step/schedule_hearing`);
    await look(clerk, "step-schedule_hearing");
    await act(clerk, ready?.clerk ?? "", id, { step: "schedule_hearing", date: "2026-04-10", time: "09:30:00", courtroom: "第三法庭" });
    await visit(clerk, "/hearings?from=2026-04-06");
    await look(clerk, "hearings");
    await day(clerk, "2026-04-10");
    const parties = (await caseOf(clerk, id)).case.parties.map((/** @type {{ person: string }} */ party) => party.person);
    await visit(clerk, `/case/${id}`);
    await act(clerk, ready?.clerk ?? "", id, { step: "open_hearing", attendance: parties.map((/** @type {string} */ of) => ({ person: of, presence: "in_person" })) });
    await visit(clerk, `/case/${id}/record`);
    await look(clerk, "record");
    await visit(clerk, `/case/${id}`);
    await act(clerk, ready?.clerk ?? "", id, { step: "keep_record", text: "审判员：现在开庭。\n原告：坚持诉讼请求。\n审判员：辩论终结，择期宣判。" });
    await visit(clerk, `/case/${id}/record`);
    await look(clerk, "record-kept");
    await pages(clerk, look, id);
    await pages(judge, look, id);
    await visit(judge, `/case/${id}/draft`);
    await look(judge, "draft");
  });
  await shut(judge);
  await shut(clerk);
}

async function narrow() {
  assert.ok(ready, "the clerk's walk came to its end");
  for (const width of [1024, 360]) {
    const looks = new Looks(String(width), 24);
    const page = await staff("xu", width, (page, state) => looks.at(page, state));
    await held(looks, () => pages(page, (page, state) => looks.at(page, state), ready?.id ?? ""));
    await shut(page);
  }
}

async function telephone() {
  assert.ok(ready, "the clerk's walk came to its end");
  const looks = new Looks("360", 44, ["workbench-telephone"]);
  const page = await staff(ready.judge, 360);
  await held(looks, async () => {
    await visit(page, "/m");
    await looks.at(page, "workbench-telephone");
  });
  await shut(page);
}

async function administration() {
  const paths = /** @type {const} */ ([
    ["/admin", "workbench-staff"], ["/admin/new", "workbench-enter"], ["/admin/record", "workbench-administration"],
    ["/admin/messages", "workbench-messages"], ["/admin/settings", "workbench-settings"], ["/activate", "workbench-activate"],
  ]);
  for (const width of [1440, 360]) {
    const looks = new Looks(String(width), 24, ["workbench-staff", "workbench-settings"]);
    const page = await staff("admin", width, (page, state) => looks.at(page, state));
    await held(looks, async () => {
      for (const [path, state] of paths) {
        await visit(page, path);
        await looks.at(page, state);
      }
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
