import { describe, expect, it } from "vitest";
import { mediumName } from "../../base/names.ts";
import {
  beaten,
  carrying,
  closedMedia,
  echoed,
  type Media,
  mediaReport,
  mediumChanged,
  unread,
} from "./media.ts";

const ETH1 = mediumName("eth1");
const TTY = mediumName("/dev/ttyS1");

function opened(): Media {
  const media = closedMedia([
    { kind: "bcast", name: ETH1, interface: "eth1", port: 694 },
    { kind: "serial", name: TTY, device: "/dev/ttyS1", baud: 9600 },
  ]);
  return mediumChanged(media, { medium: ETH1, usable: true, detail: "" }, 10)[0];
}

describe("the media on our side", () => {
  it("count from when the first one works until the last one does not", () => {
    let media = opened();
    expect(media.usableSince).toBe(10);
    [media] = mediumChanged(media, { medium: TTY, usable: true, detail: "" }, 20);
    [media] = mediumChanged(media, { medium: ETH1, usable: false, detail: "no carrier" }, 30);
    expect(media.usableSince).toBe(10);
    [media] = mediumChanged(media, { medium: TTY, usable: false, detail: "gone" }, 40);
    expect(media.usableSince).toBeUndefined();
  });

  it("say a change once", () => {
    const media = opened();
    const change = { medium: ETH1, usable: false, detail: "no carrier" };
    const [next, logs] = mediumChanged(media, change, 20);
    expect(logs.map(({ text }) => text)).toEqual(["medium eth1 does not work: no carrier"]);
    expect(mediumChanged(next, change, 30)[1]).toEqual([]);
  });

  it("are deaf when our own broadcasts stop coming back, and hear again when they do", () => {
    let [media] = echoed(opened(), ETH1, 20);
    for (let beat = 0; beat < 3; beat++) [media] = beaten(media, 30);
    expect(media.usableSince).toBeUndefined();
    expect(mediaReport(media)[0]).toMatchObject({ usable: false });
    [media] = echoed(media, ETH1, 40);
    expect(media.usableSince).toBe(40);
  });

  it("prove nothing by their silence while something of them is dropped unread, and say so once", () => {
    const [flooded, logs] = unread(opened(), ETH1, 20);
    expect(logs.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^medium eth1 does not work: flooded: .*dropped unread/),
    ]);
    expect(flooded.usableSince).toBeUndefined();
    expect(mediaReport(flooded)[0]).toMatchObject({
      usable: false,
      detail: expect.stringMatching(/^flooded: /),
    });
    const [again, more] = unread(flooded, ETH1, 5000);
    expect(more).toEqual([]);
    const [still, none] = beaten(again, 14_000);
    expect(none).toEqual([]);
    expect(still.usableSince).toBeUndefined();
    const [calm, over] = beaten(still, 15_000);
    expect(over.map(({ text }) => text)).toEqual([
      "medium eth1 works: all that comes is read again",
    ]);
    expect(calm.usableSince).toBe(15_000);
  });

  it("carry what we send while they are flooded, and are not called deaf then", () => {
    let [media] = echoed(opened(), ETH1, 20);
    [media] = unread(media, ETH1, 30);
    for (let beat = 0; beat < 10; beat++) {
      const [next, logs] = beaten(media, 40);
      expect(logs).toEqual([]);
      media = next;
    }
    expect([...carrying(media)]).toEqual([ETH1]);
    [media] = mediumChanged(media, { medium: ETH1, usable: false, detail: "no carrier" }, 50);
    expect([...carrying(media)]).toEqual([]);
    expect(mediaReport(media)[0]).toMatchObject({ detail: "no carrier" });
  });

  it("are not deaf any more where it was the flood that kept our voice from us", () => {
    let [media] = echoed(opened(), ETH1, 20);
    for (let beat = 0; beat < 3; beat++) [media] = beaten(media, 30);
    expect([...carrying(media)]).toEqual([]);
    [media] = unread(media, ETH1, 40);
    expect([...carrying(media)]).toEqual([ETH1]);
  });

  it("are not called deaf where we never heard ourselves", () => {
    let media = opened();
    for (let beat = 0; beat < 10; beat++) [media] = beaten(media, 30);
    expect(media.usableSince).toBe(10);
  });
});
