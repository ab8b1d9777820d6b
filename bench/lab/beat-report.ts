/** What beats-main.ts tells. Times are milliseconds of the wall clock. */
export interface BeatReport {
  /** When each beat of the other node arrived, by the kernel. */
  readonly beats: readonly number[];
  /** When a bare timer of the listener fired, and how much too late. */
  readonly timer: readonly { readonly at: number; readonly lateMs: number }[];
}
