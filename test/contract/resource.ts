import { describe, expect, it } from "vitest";
import type { Resource } from "../../src/resources/resource.ts";

/** One thing to own, and the hand of somebody who meddles with it. */
export interface ResourceUnderTest {
  readonly resource: Resource;
  /** Makes the next start fail. */
  breakStart(): void;
  /** From now on start and stop never return. */
  hang(): void;
  /** Ends the service behind the resource's back. */
  kill(): void;
}

/** What every kind of resource promises (src/resources/resource.ts). Deadlines in tests are short. */
export function resourceContract(name: string, create: () => ResourceUnderTest): void {
  describe(`${name} as a resource`, () => {
    it("starts, says that it runs, stops, says that it does not", async () => {
      const { resource } = create();
      expect(await resource.status()).toMatchObject({ ok: true, state: "stopped" });
      expect(await resource.start()).toEqual({ ok: true, state: "running", detail: "" });
      expect(await resource.status()).toMatchObject({ ok: true, state: "running" });
      expect(await resource.stop()).toEqual({ ok: true, state: "stopped", detail: "" });
      expect(await resource.status()).toMatchObject({ ok: true, state: "stopped" });
    });

    it("takes a start of what runs for a success", async () => {
      const { resource } = create();
      await resource.start();
      expect(await resource.start()).toMatchObject({ ok: true, state: "running" });
    });

    it("takes a stop of what does not run for a success", async () => {
      const { resource } = create();
      expect(await resource.stop()).toMatchObject({ ok: true, state: "stopped" });
    });

    it("notices a service that died by itself", async () => {
      const { resource, kill } = create();
      await resource.start();
      kill();
      expect(await resource.status()).toMatchObject({ ok: true, state: "stopped" });
    });

    it("says why a start failed", async () => {
      const { resource, breakStart } = create();
      breakStart();
      const outcome = await resource.start();
      expect(outcome).toMatchObject({ ok: false, state: "stopped" });
      expect(outcome.detail).not.toBe("");
    });

    it("answers within its deadline when start and stop hang", async () => {
      const { resource, hang } = create();
      hang();
      const start = await resource.start();
      expect(start.ok).toBe(false);
      expect(start.detail).toContain("did not finish in time");
    });
  });
}
