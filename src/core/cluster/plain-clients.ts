/**
 * `cl_status clientstatus` on the Heartbeat node asks which of its clients run here: without an answer it
 * says "No timely response". Of what Heartbeat calls clients Tandem has `ipfail`, built in.
 */
import { fieldOf, type Message } from "../../wire/message.ts";
import { printable } from "./native.ts";
import { peerName, sendPlain } from "./plain-turn.ts";
import type { Turn } from "./state.ts";

export function hearClientQuery(turn: Turn, message: Message): void {
  const client = fieldOf(message, "cn");
  const asker = fieldOf(message, "from_id");
  if (client === undefined || asker === undefined) return;
  const runs = client === "ipfail" && turn.state.config.ipfail;
  sendPlain(turn, {
    dest: peerName(turn),
    t: "respond-cstatus",
    result: "OK",
    cn: printable(client),
    to_id: printable(asker),
    cs: runs ? "online" : "offline",
  });
}
