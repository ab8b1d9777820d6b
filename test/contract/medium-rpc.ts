import type { Agent } from "../lab/netns.ts";
import type { MediumEnd } from "./medium-end.ts";

/** The ends of a pair that lives in agents, asked over their IPC. */

const METHODS = ["open", "send", "heard", "state", "detail", "close", "toldAfterClose"] as const;
type Method = (typeof METHODS)[number];
type Side = "left" | "right";

interface Question {
  readonly id: number;
  readonly side: Side;
  readonly method: Method;
  readonly args: readonly unknown[];
}
interface Answer {
  readonly id: number;
  readonly value: unknown;
}

/** An end that an agent holds. */
export function remoteEnd(agent: Agent["process"], side: Side): MediumEnd {
  const ask = (method: Method, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++lastId;
      const take = (message: unknown): void => {
        if ((message as Answer).id !== id) return;
        agent.off("message", take);
        resolve((message as Answer).value);
      };
      agent.on("message", take);
      agent.send({ id, side, method, args } satisfies Question);
    });
  const methods = METHODS.map((method) => [method, (...args: unknown[]) => ask(method, args)]);
  return Object.fromEntries(methods) as unknown as MediumEnd;
}

let lastId = 0;

/** In an agent: answers for the ends it holds. */
export function serveEnds(ends: Partial<Record<Side, MediumEnd>>): void {
  process.on("message", (message) => {
    const { id, side, method, args } = message as Question;
    const call = ends[side]?.[method] as ((...args: unknown[]) => Promise<unknown>) | undefined;
    void call?.(...args).then((value) => process.send?.({ id, value } satisfies Answer));
  });
  process.on("disconnect", () => process.exit());
}
