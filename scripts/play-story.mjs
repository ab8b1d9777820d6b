// A thread of planted-bugs.mjs: one story of test/scenarios, told by one compiled copy.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const { dist, story: folder } = workerData;
const load = (file) => import(pathToFileURL(join(dist, file)).href);
const { readConfiguration } = await load("config/load.js");
const { parseStory, shortNames } = await load("sim/story.js");
const { playStory } = await load("sim/play-story.js");
const { SHIPPED } = await load("sim/shipped.js");

const { config } = readConfiguration({
  hacf: read("ha.cf"),
  haresources: read("haresources"),
  authkeys: read("authkeys"),
  tandemcf: read("tandem.cf"),
});
if (config === undefined) throw new Error(`${folder}: its files are not usable`);
const { story } = parseStory(readFileSync(join(folder, "events.txt"), "utf8"), shortNames(config));
if (story === undefined) throw new Error(`${folder}: events.txt is not understood`);
const { violation } = playStory(story, config, SHIPPED);
parentPort.postMessage({ rule: violation?.rule, text: violation?.text });

function read(name) {
  const file = join(folder, name);
  if (!existsSync(file)) return { kind: "missing", name };
  return { kind: "text", name, text: readFileSync(file, "utf8"), mode: 0o600 };
}
