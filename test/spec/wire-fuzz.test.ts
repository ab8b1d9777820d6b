import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeName } from "../../src/base/names.ts";
import { byteStringOf, bytesOf } from "../../src/wire/bytes.ts";
import { checkHeader } from "../../src/wire/header.ts";
import { decodePacket } from "../../src/wire/packet.ts";
import { frame, newSerialFramer } from "../../src/wire/serial-framer.ts";
import { type SigningKey, sign } from "../../src/wire/signature.ts";
import { serialStream } from "./captures.ts";
import { alone, mutated, mutations, realBytes, realPackets, unsignedPart } from "./mutations.ts";

/** Whatever comes from outside is read or refused. Budgets are fixed: about two seconds in all. */

const crc: SigningKey = { number: 4, method: "crc", key: "" };
const nodes = [nodeName("zeus.example.com"), nodeName("hera.example.com")];

/** Everything that a packet goes through on the wire; answers whether it was taken. */
function read(bytes: Uint8Array): boolean {
  const packet = decodePacket(bytes, alone(crc), { inflate: () => bytes });
  return packet.ok && checkHeader(packet.message, nodes).ok;
}

/** A packet with this body that our key has signed: the fuzzer gets behind the lock. */
function signedNetstring(body: Uint8Array): Uint8Array {
  const token = `4 ${sign(body, crc)}`;
  return Uint8Array.from([...body, ...bytesOf(`${token.length}:${token},`)]);
}

function signedClassic(lines: string): Uint8Array {
  return bytesOf(`>>>\n${lines}auth=4 ${sign(bytesOf(lines), crc)}\n<<<\n`);
}

describe("nothing from outside throws", () => {
  it("random bytes are never taken, whatever they begin with", () => {
    const begin = fc.constantFrom("", ">>>\n", "###\n", ">>>\nauth=4 0\n<<<\n", "###\n%%%\n3:4 0,");
    fc.assert(
      fc.property(begin, fc.uint8Array({ maxLength: 200 }), (head, bytes) => {
        expect(read(Uint8Array.from([...bytesOf(head), ...bytes]))).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it("real packets with a few bytes changed are refused or read", () => {
    fc.assert(
      fc.property(realBytes, mutations, (bytes, changes) => {
        read(mutated(bytes, changes));
      }),
      { numRuns: 3000 },
    );
  });

  it("changed packets that are rightly signed are refused or read", () => {
    let taken = 0;
    fc.assert(
      fc.property(realBytes, mutations, (bytes, changes) => {
        const text = byteStringOf(mutated(bytes, changes));
        const lines = text.slice(4).replace(/^auth=.*\n|<<<\n$/gm, "");
        if (read(signedNetstring(bytesOf(unsignedPart(text))))) taken += 1;
        if (read(signedClassic(lines))) taken += 1;
      }),
      { numRuns: 3000 },
    );
    // Else the signature would have kept the fuzzer out of the parsers.
    expect(taken).toBeGreaterThan(100);
  });

  it("random fields that are rightly signed are refused or read", () => {
    const piece = fc.constantFrom(
      "(0)",
      "(1)",
      "(2)",
      "(3)",
      "(4)",
      "(5)",
      "(9)",
      "t",
      "src",
      "=",
      "\n",
      ">>>\n",
      "<<<\n",
      "###\n",
      "%%%\n",
      "3:",
      "0:",
      ",",
      "AAA=",
      "\x13",
      "\x14",
      "\x15",
      "99999999:",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join("");
        read(signedClassic(text.endsWith("\n") ? text : `${text}\n`));
        read(signedNetstring(bytesOf(`###\n${text.length}:${text},%%%\n`)));
        read(signedNetstring(bytesOf(`###\n${text}%%%\n`)));
      }),
      { numRuns: 3000 },
    );
  });

  it("no packet that was cut short is taken", () => {
    for (const { bytes } of realPackets) {
      const nulAtEnd = bytes.at(-1) === 0 ? 1 : 0;
      for (let length = 0; length < bytes.length - nulAtEnd; length += 1) {
        expect(read(bytes.subarray(0, length))).toBe(false);
      }
    }
  });

  it("the framer gives the same packets in whatever chunks a garbled stream comes", () => {
    const stream = serialStream("zeus-to-hera").subarray(0, 1200);
    const cuts = fc.array(fc.nat(1300), { maxLength: 8 });
    fc.assert(
      fc.property(mutations, cuts, (changes, places) => {
        const bytes = mutated(stream, changes);
        const whole = frame(newSerialFramer(), bytes);
        const ends = [...places, bytes.length].sort((a, b) => a - b);
        let state = newSerialFramer();
        let start = 0;
        let discarded = 0;
        const packets: Uint8Array[] = [];
        for (const end of ends) {
          const step = frame(state, bytes.subarray(start, end));
          state = step.state;
          start = end;
          discarded += step.discarded;
          packets.push(...step.packets);
        }
        expect({ state, packets, discarded }).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});
