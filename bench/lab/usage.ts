/** What one process used while it was watched; usage-main.ts tells a list of these. */
export interface Usage {
  readonly role: "pulse" | "daemon" | "other";
  readonly argv: readonly string[];
  /** Processor time of all its threads in each of the windows, in milliseconds. */
  readonly cpuMs: readonly number[];
  /** At the end: pages in memory, shared ones included. */
  readonly rssKiB: number;
  /** Of these the pages that nobody else has and that were written to. */
  readonly privateDirtyKiB: number;
}

export interface UsageReport {
  /** When the first window began, by the wall clock. */
  readonly from: number;
  /** How long each window really was. */
  readonly windowsMs: readonly number[];
  readonly processes: readonly Usage[];
}
