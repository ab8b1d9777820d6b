import { expect, test } from "vitest";
import { answer, Caller, type Frame, type Handlers } from "./rpc.ts";

interface Sums {
  readonly add: { readonly params: readonly number[]; readonly result: number };
}
const handlers: Handlers<Sums> = {
  add: (numbers) => {
    if (numbers.length === 0) throw new Error("nothing to add");
    return numbers.reduce((sum, number) => sum + number);
  },
};

/** A caller whose frames are answered at once. */
function connected(): Caller<Sums> {
  const caller: Caller<Sums> = new Caller((frame) => {
    if (frame.kind === "call") void answer(handlers, frame).then((back) => caller.answered(back));
  }, "zeus");
  return caller;
}

test("a call is answered", async () => {
  await expect(connected().call("add", [40, 2])).resolves.toBe(42);
});

test("what the other side throws is thrown here", async () => {
  await expect(connected().call("add", [])).rejects.toThrow("nothing to add");
});

test("calls that are open when the other side goes are rejected", async () => {
  const sent: Frame[] = [];
  const caller = new Caller<Sums>((frame) => sent.push(frame), "hera");
  const open = caller.call("add", [1]);
  caller.fail("hera has no power");
  await expect(open).rejects.toThrow("hera has no power");
  expect(sent).toMatchObject([{ kind: "call", host: "hera", method: "add" }]);
});
