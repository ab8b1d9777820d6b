import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMark, encodeMark, judgeDialect, pinned } from "./native.ts";

const PIN = { uuid: "0b".repeat(16), generation: 5 };

describe("the mark of a Tandem node", () => {
  it("names both sessions and reads back", () => {
    const mark = { session: "0000beef", heard: "12345678" };
    expect(encodeMark(mark)).toBe("1 0000beef 12345678");
    expect(decodeMark(encodeMark(mark))).toEqual(mark);
    expect(decodeMark("1 0000beef -")).toEqual({ session: "0000beef", heard: undefined });
  });

  it("may carry more words in later versions", () => {
    expect(decodeMark("2 0000beef - whatever")).toEqual({ session: "0000beef", heard: undefined });
  });

  it("is nothing when it is anything else", () => {
    for (const text of ["", "1", "1 0000beef", "0 0000beef -", "1 BEEF0000 -", "1 0000beef -x"]) {
      expect(decodeMark(text)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => decodeMark(text) !== null));
  });
});

describe("a node that was native", () => {
  it("is not believed in the plain dialect within its generation", () => {
    const heard = { uuid: PIN.uuid, generation: 5, native: false };
    expect(judgeDialect(PIN, heard)).toBe("downgrade");
    expect(judgeDialect(PIN, { ...heard, uuid: undefined })).toBe("downgrade");
  });

  it("is believed in a new generation, as what it has become", () => {
    expect(judgeDialect(PIN, { uuid: PIN.uuid, generation: 6, native: false })).toBe(
      "became-plain",
    );
  });

  it("is another one under another uuid", () => {
    expect(judgeDialect(PIN, { uuid: "0c".repeat(16), generation: 1, native: false })).toBe("fine");
  });

  it("is pinned at its highest generation", () => {
    expect(pinned(PIN, PIN.uuid, 4)).toBe(PIN);
    expect(pinned(PIN, PIN.uuid, 9).generation).toBe(9);
    expect(pinned(undefined, PIN.uuid, 2)).toEqual({ uuid: PIN.uuid, generation: 2 });
  });
});
