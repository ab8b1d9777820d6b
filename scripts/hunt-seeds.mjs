// A thread of planted-bugs.mjs: storms of one compiled copy, seed by seed, up to the first violation.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const { dist, seed: first, seedMax, seconds } = workerData;
const load = (file) => import(pathToFileURL(join(dist, "sim", file)).href);
const { runSeed, SECONDS_PER_SEED } = await load("run.js");
const { SHIPPED } = await load("shipped.js");

const began = performance.now();
const elapsedMs = () => performance.now() - began;
let faults = 0;
let seed = first;
let violation;
for (; seed <= seedMax && elapsedMs() < seconds * 1000; seed += 1) {
  const result = runSeed(seed, { programs: SHIPPED, seconds: SECONDS_PER_SEED });
  faults += result.coverage.total;
  violation = result.violation;
  if (violation !== undefined) break;
}
parentPort.postMessage({
  seed,
  rule: violation?.rule,
  text: violation?.text,
  runs: seed - first + (violation === undefined ? 0 : 1),
  faults,
  elapsedMs: elapsedMs(),
});
