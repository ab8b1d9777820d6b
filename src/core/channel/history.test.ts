import { describe, expect, it } from "vitest";
import { fieldOf, type Message, messageOf } from "../../wire/message.ts";
import { answerRequest, HISTORY_MAX, type History, NOTHING_SENT, remember } from "./history.ts";

function message(t: string, seq: number, more: Record<string, string> = {}): Message {
  return messageOf({ t, ...more, seq: seq.toString(16) });
}

function sent(...types: readonly string[]): History {
  return types.reduce(
    (history, type, index) => remember(history, index + 1, message(type, index + 1)),
    NOTHING_SENT,
  );
}

describe("the history of what was sent", () => {
  it("answers a request with the very same message", () => {
    const history = sent("resource", "starting");
    const answer = answerRequest(history, { first: 1, last: 2 }, 0);
    expect(answer.again).toEqual([message("resource", 1), message("starting", 2)]);
    expect(answer.gone).toEqual([]);
  });

  it("answers a request for an old beat with what the newest one says, under the number asked for", () => {
    let history = remember(NOTHING_SENT, 1, message("status", 1, { st: "up" }));
    history = remember(history, 2, message("status", 2, { st: "active" }));
    const [again] = answerRequest(history, { first: 1, last: 1 }, 0).again;
    expect(again && [fieldOf(again, "st"), fieldOf(again, "seq")]).toEqual(["active", "1"]);
  });

  it("nor does a word on what we hold come back that we have replaced since", () => {
    let history = remember(NOTHING_SENT, 1, message("resource", 1, { isstable: "0" }));
    history = remember(history, 2, message("resource", 2, { isstable: "1" }));
    history = remember(history, 3, message("ask_resources", 3, { info: "me" }));
    const { again } = answerRequest(history, { first: 1, last: 3 }, 0);
    expect(again.map((sent) => [fieldOf(sent, "isstable"), fieldOf(sent, "seq")])).toEqual([
      ["1", "1"],
      ["1", "2"],
      [undefined, "3"],
    ]);
  });

  it("does not send the same message again within 240 ms", () => {
    const first = answerRequest(sent("resource"), { first: 1, last: 1 }, 1000);
    const second = answerRequest(first.history, { first: 1, last: 1 }, 1239);
    expect(second.again).toEqual([]);
    expect(answerRequest(second.history, { first: 1, last: 1 }, 1240).again).toHaveLength(1);
  });

  it("keeps 500 messages and says of older ones that they are gone", () => {
    let history = NOTHING_SENT;
    for (let seq = 1; seq <= HISTORY_MAX + 1; seq++) {
      history = remember(history, seq, message("resource", seq));
    }
    expect(history.sent).toHaveLength(HISTORY_MAX);
    const answer = answerRequest(history, { first: 1, last: 2 }, 0);
    expect(answer.gone).toEqual([1]);
    expect(answer.again).toHaveLength(1);
  });

  it("answers at most 50 numbers of one request", () => {
    const answer = answerRequest(sent("resource"), { first: 1, last: 1e9 }, 0);
    expect(answer.again.length + answer.gone.length).toBe(50);
  });
});
