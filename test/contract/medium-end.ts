import type { Medium, MediumCallbacks, MediumCounts } from "../../src/media/medium.ts";

/** One end of a medium under test: it can be opened again, and one can wait for what happens to it. */
export interface MediumEnd {
  /** Opens it and waits for its first state; the sentence. */
  open(): Promise<string>;
  /** Bytes travel as latin1 text, so that an end may live in another process. */
  send(text: string, mayDrop: boolean): Promise<MediumCounts>;
  /** Waits until `text` has been heard; all that was heard since the opening. */
  heard(text: string): Promise<string>;
  /** Waits until the medium is in this state; the sentence. */
  state(usable: boolean): Promise<string>;
  /** Waits until its state's sentence ends so; the sentence. */
  detail(ending: string): Promise<string>;
  close(): Promise<void>;
  /** What was told after the last close. */
  toldAfterClose(): Promise<number>;
}

export interface MediumPair {
  readonly left: MediumEnd;
  readonly right: MediumEnd;
  close(): Promise<void>;
}

/** An end in this process. */
export function localEnd(openMedium: (callbacks: MediumCallbacks) => Medium): MediumEnd {
  let medium: Medium | undefined;
  let received = "";
  let state: { usable: boolean; detail: string } | undefined;
  let toldAfterClose = 0;
  let isOpen = false;
  const waiting = new Set<() => void>();
  const told = (): void => {
    if (!isOpen) toldAfterClose++;
    for (const wake of [...waiting]) wake();
  };
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  const callbacks: MediumCallbacks = {
    onBytes: (bytes) => {
      received += Buffer.from(bytes).toString("latin1");
      told();
    },
    onUnread: () => {},
    onState: (usable, detail) => {
      state = { usable, detail };
      told();
    },
  };
  return {
    open: () => {
      received = "";
      state = undefined;
      isOpen = true;
      medium = openMedium(callbacks);
      return until(() => state?.detail);
    },
    send: async (text, mayDrop) => {
      medium?.send(Buffer.from(text, "latin1"), { mayDrop });
      return { ...(medium?.counts ?? { sent: 0, skipped: 0, dropped: 0 }) };
    },
    heard: (text) => until(() => (received.includes(text) ? received : undefined)),
    state: (usable) => until(() => (state?.usable === usable ? state.detail : undefined)),
    detail: (ending) => until(() => (state?.detail.endsWith(ending) ? state.detail : undefined)),
    close: async () => {
      isOpen = false;
      toldAfterClose = 0;
      medium?.close();
    },
    toldAfterClose: async () => toldAfterClose,
  };
}
