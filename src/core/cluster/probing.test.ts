import { expect, it } from "vitest";
import { Pair } from "../../../test/pair.ts";

/** zeus serves, hera stands by, both know it. */
function served(): Pair {
  const pair = new Pair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  pair.run(500);
  return pair;
}

/** zeus has lost the address and hears hera as little as she hears it; its dead time will fall. */
function lapsed(): Pair {
  const pair = served();
  pair.cut = true;
  pair.hosts.zeus.address = "none";
  return pair;
}

it("hera asks again at once when a hung zeus answered only before it was declared dead", () => {
  const pair = served();
  pair.cut = true;
  pair.report("hera", "suspect");
  pair.run(50);
  // Its lifetime has run out meanwhile.
  pair.kill("zeus");
  pair.report("hera", "silent");
  pair.run(200);
  expect(pair.phase("hera")).toBe("holding");
});

it("the ARP rule: an address that the peer's hardware answers for is not taken", () => {
  const pair = served();
  pair.cut = true;
  pair.report("hera", "suspect");
  pair.run(750);
  pair.report("hera", "silent");
  pair.run(5000);
  expect(pair.part("hera")).toBe("takes");
  expect(pair.hosts.hera.address).toBe("none");
  expect(pair.hosts.hera.log.join("\n")).toContain("still answered by zeus.example.com");
  pair.kill("zeus");
  pair.run(2000);
  expect(pair.phase("hera")).toBe("holding");
  expect(pair.bothAnswered).toBe(0);
});

it("the ARP rule: two lost answers do not make an address free, it is asked three times", () => {
  const pair = served();
  pair.cut = true;
  pair.questionsLost = 2;
  pair.report("hera", "suspect");
  pair.run(750);
  pair.report("hera", "silent");
  pair.run(5000);
  expect(pair.part("hera")).toBe("takes");
  expect(pair.bothAnswered).toBe(0);
});

it("who answered three questions is not taken for gone because the last one gets lost", () => {
  const pair = served();
  pair.cut = true;
  pair.questionsLost = 2;
  pair.report("hera", "suspect", { silentAt: pair.now + 750 });
  pair.run(750);
  pair.report("hera", "silent");
  pair.run(1_000);
  expect(pair.hosts.hera.address).toBe("none");
});

it("a last look counts for three questions no more than once: its time may be put off", () => {
  const pair = lapsed();
  const suspectAt = pair.now;
  pair.report("hera", "suspect", { silentAt: suspectAt + 750 });
  pair.run(740);
  // We have slept: the peer is given as much longer. It takes the address anew meanwhile.
  pair.report("hera", "suspect", { silentAt: suspectAt + 1_900 });
  pair.hosts.zeus.address = "answers";
  pair.questionsLost = 1;
  pair.run(1_160);
  pair.report("hera", "silent");
  pair.run(500);
  expect(pair.hosts.hera.address).toBe("none");
  expect(pair.bothAnswered).toBe(0);
});

it("who takes the address anew just before its dead time falls is seen", () => {
  const pair = lapsed();
  pair.report("hera", "suspect", { silentAt: pair.now + 750 });
  pair.run(600);
  pair.hosts.zeus.address = "answers";
  pair.run(150);
  pair.report("hera", "silent");
  pair.run(500);
  expect(pair.hosts.hera.address).toBe("none");
  expect(pair.hosts.hera.log.join("\n")).toContain("still answered by zeus.example.com");
});

it("nobody was called suspect while no medium worked: it is asked three times all the same", () => {
  const pair = served();
  pair.cut = true;
  pair.report("hera", "unjudged");
  pair.run(5_000);
  pair.questionsLost = 2;
  pair.report("hera", "unjudged", { silentAt: pair.now + 750 });
  pair.run(750);
  pair.report("hera", "silent");
  pair.run(1_000);
  expect(pair.hosts.hera.address).toBe("none");
  expect(pair.hosts.hera.log.join("\n")).toContain("still answered by zeus.example.com");
});

it("without a last look in time, one more comes before the address is taken", () => {
  const pair = lapsed();
  pair.report("hera", "suspect");
  pair.run(600);
  pair.hosts.zeus.address = "answers";
  pair.report("hera", "silent");
  pair.run(500);
  expect(pair.hosts.hera.address).toBe("none");
});

it("an answer that waited while the node slept is not believed", () => {
  const pair = lapsed();
  pair.report("hera", "silent");
  pair.now += 1_000;
  pair.hosts.zeus.address = "answers";
  pair.run(500);
  expect(pair.hosts.hera.address).toBe("none");
});

it("nor one that waited for a moment: the peer may have been heard in it", () => {
  const pair = lapsed();
  pair.report("hera", "silent");
  pair.now += 150;
  pair.tick("hera");
  pair.hosts.zeus.address = "answers";
  pair.run(500);
  expect(pair.hosts.hera.address).toBe("none");
});

it("on a machine that is always late a late answer is better than none", () => {
  const pair = lapsed();
  pair.report("hera", "silent");
  for (let late = 0; late < 3; late += 1) {
    pair.now += 1_000;
    pair.tick("hera");
    pair.run(1);
  }
  pair.run(5);
  expect(pair.hosts.hera.address).toBe("answers");
});

it("that the peer had released everything is believed without a look only while it is news", () => {
  const pair = served();
  pair.hosts.hera.carrier = false;
  pair.face("hera");
  pair.run(100);
  pair.tick("hera");
  pair.stop("zeus");
  pair.run(200);
  expect(pair.hosts.hera.log.join("\n")).toContain("has stopped and released everything");
  // It comes back unheard and serves again.
  pair.cut = true;
  pair.start("zeus");
  pair.report("zeus", "silent");
  pair.run(3_000);
  expect(pair.hosts.zeus.address).toBe("answers");
  pair.tick("hera");
  pair.hosts.hera.carrier = true;
  pair.face("hera");
  pair.run(500);
  expect(pair.bothAnswered).toBe(0);
  expect(pair.hosts.hera.address).toBe("none");
});

it("without a medium that works the probe decides; on one that works again the dead time does", () => {
  const pair = lapsed();
  pair.hosts.zeus.address = "answers";
  pair.report("hera", "unjudged");
  pair.run(500);
  expect(pair.phase("hera")).toBe("probing");
  pair.report("hera", "unjudged", { silentAt: pair.now + 3_000 });
  pair.hosts.zeus.address = "none";
  pair.run(2_500);
  expect(pair.phase("hera")).toBe("free");
  pair.report("hera", "silent");
  pair.run(500);
  expect(pair.phase("hera")).toBe("holding");
});

it("while the pulse sleeps its word that the peer is silent is of the past", () => {
  const pair = lapsed();
  pair.pulsesTick = false;
  pair.run(400);
  pair.report("hera", "silent");
  pair.run(1_000);
  const taken = () => pair.hosts.hera.address;
  const before = taken();
  pair.pulsesTick = true;
  pair.run(1_000);
  expect([before, taken()]).toEqual(["none", "answers"]);
});

it("while the pulse sleeps nothing is taken, whatever the ground: nobody would renew it", () => {
  const pair = served();
  for (const name of ["zeus", "hera"] as const) pair.kill(name);
  const { record } = pair.hosts.hera;
  if (record === undefined) throw new Error("hera has no record");
  pair.pulsesTick = false;
  pair.start("hera", { record: { ...record, peerReleased: true } });
  pair.run(5_000);
  const before = pair.hosts.hera.address;
  pair.pulsesTick = true;
  pair.run(1_000);
  expect([before, pair.hosts.hera.address]).toEqual(["none", "answers"]);
});
