import { describe, expect, it } from "vitest";
import { mediumName } from "../../base/names.ts";
import { beaten, closedMedia, echoed, type Media, mediaReport, mediumChanged } from "./media.ts";

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

  it("are not called deaf where we never heard ourselves", () => {
    let media = opened();
    for (let beat = 0; beat < 10; beat++) [media] = beaten(media, 30);
    expect(media.usableSince).toBe(10);
  });
});
