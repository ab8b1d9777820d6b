import { expect, it } from "vitest";
import { runScenario } from "./netns.ts";

it("real-time scheduling is given or refused in a sentence, and never inherited", async () => {
  const found = await runScenario(new URL("./linux/process-agent.ts", import.meta.url));
  expect(found).toMatchObject({
    answer: expect.stringMatching(/^SCHED_RR 10$|^no SCHED_RR: E[A-Z]+: /),
    childsPolicy: "0",
  });
});
