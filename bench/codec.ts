import { decodePacket, encodePacket } from "../src/wire/packet.ts";
import type { SigningKey, SigningKeys } from "../src/wire/signature.ts";
import { tapeOfBeating } from "./beating.ts";
import type { Bench } from "./measurement.ts";
import { measureRates, type Workload } from "./rate.ts";

const methods: readonly SigningKey["method"][] = ["crc", "md5", "sha1", "sha256"];
const packetsPerRun = 200;

export const codec: Bench = {
  name: "codec",
  what: "how many packets a second are signed and encoded, and verified and decoded",
  run: () => {
    const { beat } = tapeOfBeating(1);
    const sizes = (["classic", "netstring"] as const).map((encoding): readonly [string, number] => [
      `${encoding} bytes, sha1`,
      encodePacket(beat, keysOf("sha1"), { encoding, innerAuth: false }).length,
    ]);
    const measured = measureRates(workloads());
    return { ...measured, conditions: { packet: "a beat", ...Object.fromEntries(sizes) } };
  },
};

function workloads(): readonly Workload[] {
  const { beat } = tapeOfBeating(1);
  return (["classic", "netstring"] as const).flatMap((encoding) =>
    methods.flatMap((method): readonly Workload[] => {
      const keys = keysOf(method);
      const bytes = encodePacket(beat, keys, { encoding, innerAuth: false });
      const encode = (): void => void encodePacket(beat, keys, { encoding, innerAuth: false });
      const decode = (): void => {
        if (!decodePacket(bytes, keys).ok) throw new Error("our own packet is no good");
      };
      return [
        { what: `encode + sign ${encoding} ${method}`, unit: "packets/CPU s", run: often(encode) },
        {
          what: `verify + decode ${encoding} ${method}`,
          unit: "packets/CPU s",
          run: often(decode),
        },
      ];
    }),
  );
}

function often(once: () => void): () => number {
  return () => {
    for (let count = 0; count < packetsPerRun; count++) once();
    return packetsPerRun;
  };
}

function keysOf(method: SigningKey["method"]): SigningKeys {
  return { active: 1, keys: [{ number: 1, method, key: method === "crc" ? "" : "quiet-river" }] };
}
