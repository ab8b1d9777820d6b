import { expect, test } from "vitest";
import { decodeEchoReply, encodeEcho } from "./echo.ts";

const ipHeader = Buffer.concat([Buffer.from([0x45]), Buffer.alloc(19)]);
const replyTo = (request: Buffer): Buffer => {
  const reply = Buffer.from(request);
  reply[0] = 0;
  return Buffer.concat([ipHeader, reply]);
};

test("an answer carries the number of its question, beyond 16 bits too", () => {
  expect(decodeEchoReply(replyTo(encodeEcho(7, 70_001)), 7)).toBe(70_001);
});

test("answers to somebody else and our own questions are not ours", () => {
  expect(decodeEchoReply(replyTo(encodeEcho(7, 1)), 8)).toBeUndefined();
  expect(decodeEchoReply(Buffer.concat([ipHeader, encodeEcho(7, 1)]), 7)).toBeUndefined();
  expect(decodeEchoReply(Buffer.alloc(0), 7)).toBeUndefined();
});
