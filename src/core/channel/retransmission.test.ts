import { describe, expect, it } from "vitest";
import { Hera, SESSION, said, ZEUS } from "../../../test/channel/hera.ts";
import { fieldOf, messageOf, typeOf } from "../../wire/message.ts";
import { encodeMark } from "./native.ts";

describe("numbers that we miss", () => {
  it("are asked for thrice in each quarter of a second, until they come: a request may get lost", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    // A newcomer is owed a beat first.
    hera.wait(1000);
    hera.hear(said({ seq: 3 }));
    const requests = () =>
      hera.done.filter(
        (effect) =>
          effect.kind === "transmit" &&
          effect.message.fields.some(({ name, value }) => name === "t" && value === "NS_rexmit"),
      ).length;
    hera.wait(49);
    expect(requests()).toBe(0);
    hera.wait(1);
    expect(requests()).toBe(1);
    hera.wait(100);
    expect(requests()).toBe(3);
    hera.wait(149);
    expect(requests()).toBe(3);
    hera.wait(500);
    expect(requests()).toBe(9);
    hera.hear(said({ seq: 2 }));
    hera.wait(5000);
    expect(requests()).toBe(9);
  });

  it("are asked for once in each quarter of a second where many are missing", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.wait(1000);
    hera.hear(said({ seq: 13 }));
    hera.wait(999);
    const numbers = hera.done.flatMap((effect) =>
      effect.kind === "transmit" ? (fieldOf(effect.message, "firstseq") ?? []) : [],
    );
    expect(numbers.filter((number) => number === "2")).toHaveLength(4);
  });

  it("are given up when the sender does not have them any more", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.hear(said({ seq: 3 }));
    const nak = { dest: "hera", firstseq: "2", lastseq: "2", info: "seqno not found" };
    hera.hear(said({ t: "NS_nak_rexmit", more: nak }));
    const text = "Irretrievably lost packet: node zeus seq 2";
    expect(hera.done).toContainEqual({ kind: "log", level: "ERROR", text });
    expect(hera.state.peers[0]?.sequence.missing).toEqual([]);
  });
});

describe("a new pulse of the peer in the same generation", () => {
  it("leaves a hole in the numbers that nobody asks for", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 40, heard: SESSION }));
    const mark = encodeMark({ session: "0000bbbb", heard: SESSION });
    hera.hear(said({ seq: 101, more: { tdm: mark } }));
    expect(hera.state.peers[0]?.sequence).toEqual({ last: 101, missing: [] });
    const logs = hera.done.flatMap((effect) => (effect.kind === "log" ? [effect.text] : []));
    expect(logs.filter((text) => text.includes("lost"))).toEqual([]);
  });
});

describe("what is said to a Heartbeat node", () => {
  function sentTo(heard: string | undefined, say: (hera: Hera) => void): readonly string[] {
    const hera = new Hera();
    hera.hear(said({ seq: 1, ...(heard === undefined ? {} : { heard }) }));
    const before = hera.done.length;
    say(hera);
    hera.wait(1_900);
    return hera.done.slice(before).flatMap((effect) => {
      if (effect.kind !== "transmit" || typeOf(effect.message) !== "resource") return [];
      const field = (name: string) => fieldOf(effect.message, name);
      return [`${field("seq")} ${field("rsc_hold")}`];
    });
  }
  const says = (hera: Hera, hold: string) =>
    hera.step({
      kind: "send",
      fields: messageOf({ t: "resource", dest: ZEUS, rsc_hold: hold }).fields,
    });

  it("goes out some more times under its number: a word may get lost", () => {
    const copies = sentTo(undefined, (hera) => says(hera, "all"));
    expect(copies).toHaveLength(4);
    expect(new Set(copies).size).toBe(1);
  });

  it("is repeated as it is by now: it acts on what comes last", () => {
    const copies = sentTo(undefined, (hera) => {
      says(hera, "all");
      hera.wait(30);
      says(hera, "none");
    });
    expect(copies.map((copy) => copy.replace(/^\S+ /, ""))).toEqual([
      ...["all", "all", "none"],
      ...["none", "none", "none", "none", "none"],
    ]);
    expect(new Set(copies.slice(2)).size).toBe(2);
  });

  it("is said once to a Tandem node", () => {
    expect(sentTo(SESSION, (hera) => says(hera, "all"))).toHaveLength(1);
  });
});

describe("numbers that the peer misses", () => {
  function answersTo(first: string, last: string): readonly string[] {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    for (const word of ["one", "two"]) {
      hera.step({ kind: "send", fields: messageOf({ t: "ask_resources", word }).fields });
    }
    const more = { dest: "hera", firstseq: first, lastseq: last };
    return hera.hear(said({ t: "NS_rexmit", more })).flatMap((effect) => {
      if (effect.kind !== "transmit") return [];
      const field = (name: string) => effect.message.fields.find((f) => f.name === name)?.value;
      return [`${field("t")} ${field("word") ?? field("firstseq")}`];
    });
  }

  it("are sent again as they were", () => {
    expect(answersTo("2", "3")).toEqual(["ask_resources one", "ask_resources two"]);
  });

  it("are refused when they were never kept", () => {
    expect(answersTo("0", "0")).toEqual(["NS_nak_rexmit 0"]);
  });

  it("are not answered when they were never sent or make no sense", () => {
    expect(answersTo("99", "99")).toEqual([]);
    expect(answersTo("3", "2")).toEqual([]);
    expect(answersTo("1f", "1f")).toEqual([]);
  });
});
