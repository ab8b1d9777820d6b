import { lookup } from "node:dns/promises";
import { access, constants, readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import type { Answer, HeartbeatFacts, Question } from "../config/heartbeat/facts.ts";
import { listInterfaces } from "./machine.ts";

/** Far above any real file; what is asked beyond is not answered. */
const QUESTIONS_MAX = 200;
/** A name server that does not answer must not hold the check up. */
const HOST_TIMEOUT_MS = 5_000;

/** Where the C library looks users and groups up; tests have a directory of their own. */
const ETC = "/etc";

/** What a Heartbeat would ask this machine, answered as its C library would; reading only. */
export async function answerForHeartbeat(
  questions: readonly Question[],
  etc: string = ETC,
): Promise<HeartbeatFacts> {
  const asked = questions.slice(0, QUESTIONS_MAX);
  const answers = await Promise.all(asked.map((question) => answersTo(question, etc)));
  const interfaces = await listInterfaces();
  return { nodeName: hostname(), interfaces, answers: answers.flat() };
}

/** One answer, or none where the machine cannot tell. */
async function answersTo(question: Question, etc: string): Promise<readonly Answer[]> {
  const is = await answer(question, etc);
  return is === undefined ? [] : [{ ...question, is }];
}

async function answer({ kind, name }: Question, etc: string): Promise<boolean | undefined> {
  switch (kind) {
    case "user":
      return isListed(name, "passwd", etc);
    case "group":
      return isListed(name, "group", etc);
    case "host":
      return isHost(name);
    case "program":
      return mayBe(access(name, constants.X_OK));
    case "file":
      return mayBe(access(name));
    default:
      return isCharacterDevice(name);
  }
}

async function mayBe(looking: Promise<void>): Promise<boolean> {
  return looking.then(
    () => true,
    () => false,
  );
}

async function isCharacterDevice(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isCharacterDevice();
  } catch {
    return false;
  }
}

/** Not in the file is no answer where the C library asks elsewhere too (LDAP, say). */
async function isListed(
  name: string,
  database: "passwd" | "group",
  etc: string,
): Promise<boolean | undefined> {
  const lines = (await textOf(`${etc}/${database}`)).split("\n");
  if (lines.some((line) => line.startsWith(`${name}:`))) return true;
  const sources = new RegExp(`^${database}:(.*)$`, "m").exec(await textOf(`${etc}/nsswitch.conf`));
  const others = (sources?.[1] ?? "")
    .split(/\s+/)
    .filter((word) => /^[a-z]/.test(word) && !["files", "compat", "systemd"].includes(word));
  return others.length === 0 ? false : undefined;
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** undefined: the answer did not come in time. */
async function isHost(name: string): Promise<boolean | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), HOST_TIMEOUT_MS);
  });
  const looking = lookup(name, { family: 4 }).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([looking, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
