// @ts-check
// The routes of both wings as their routers name them, so that a new page without a picture is found.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./lib.mjs";

/** @typedef {{ wing: "portal" | "workbench", path: string, name: string, shape: RegExp }} Route */

/** What answers a GET and is no page: bytes, data, or the way to another page. Each with what it gives. */
const NO_PAGE = /** @type {Record<string, string[]>} */ ({
  portal: ["/trust.keys", "/api/", "/receipt/{no}/file", "/paper/{id}/file", "/paper/{id}/receipt", "/case/{id}/file/{n}", "/case/{id}/draw/record",
    "/file/{draft}/files/{file}", "/file/{draft}/photo/{file}/{page}", "/uploads/{id}", "/file/{draft}$"],
  workbench: ["/api/", "/assets/", "/case/{case}/item/{number}", "/case/{case}/paper/", "/case/{case}/proof/", "/case/{case}/step/{name}/preview", "/case/{case}/draft/pdf", "/case/{case}/draft/page/",
    "/case/{case}/archive/package", "/case/{case}/archive/receipt", "/logout"],
});

/** @param {"portal" | "workbench"} wing @param {string} file @returns {Route[]} */
function read(wing, file) {
  const text = readFileSync(join(ROOT, file), "utf8");
  const all = [...text.matchAll(/\.route\("([^"]+)",\s*get\(/g)].map((found) => found[1] ?? "");
  if (all.length < 20) throw new Error(`${file}: the routes are not found`);
  const none = NO_PAGE[wing] ?? [];
  const pages = all.filter((path) => !none.some((start) => start.endsWith("$") ? path === start.slice(0, -1) : path.startsWith(start)));
  // Named after the path without its parameters, as long as no two are called the same.
  const plain = (/** @type {string} */ path) => path.replaceAll(/\/\{\w+\}/g, "");
  const full = (/** @type {string} */ path) => path.replaceAll(/[{}]/g, "");
  return pages.map((path) => {
    const alone = !pages.some((other) => other !== path && plain(other) === plain(path));
    const name = (alone || plain(path) === path ? plain(path) : full(path)).replace(/^\//, "").replaceAll("/", "-") || "home";
    return { wing, path, name: `${wing}-${name}`, shape: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`) };
  });
}

/** Every page of both wings. */
export const ROUTES = [...read("portal", "crates/portal/src/web.rs"), ...read("workbench", "crates/workbench/src/lib.rs")];

/** The width at which a wing is mainly used. */
export const MAIN = { portal: 360, workbench: 1440 };

/** The route that answers under an address. @param {"portal" | "workbench"} wing @param {string} path */
export const routeOf = (wing, path) => ROUTES.filter((route) => route.wing === wing && route.shape.test(path))
  .sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];

/** The picture that stands for a route. @param {Route} route */
export const pictureOf = (route) => `${route.name}-${MAIN[route.wing]}`;
