// @ts-check
// Runs every *.test.mjs here, or those named: `node run.mjs gallery`. No framework: a test is a name and
// a function that throws. Prints `N passed, N failed` last and exits 1 if one failed.

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHROMIUM, finish } from "./lib.mjs";

if (!existsSync(CHROMIUM)) {
  console.log(`SKIPPED: no browser at ${CHROMIUM} (set CHROMIUM)`);
  process.exit(process.env.CI ? 1 : 0);
}
const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs")
  && (!wanted.length || wanted.some((word) => name.startsWith(word)))).sort();
let passed = 0;
const failed = [];
try {
  for (const file of files) {
    /** @type {{ tests: () => Promise<[string, () => Promise<void>][]> }} */
    const { tests } = await import(join(here, file));
    for (const [name, run] of await tests()) {
      try { await run(); passed += 1; if (process.env.VERBOSE) console.log(`ok ${name}`); }
      catch (error) { failed.push(name); console.log(`FAILED ${file}: ${name}\n  ${String(error instanceof Error ? error.message : error).slice(0, 6000)}`); }
    }
  }
} finally { await finish(); }
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length || !passed ? 1 : 0);
