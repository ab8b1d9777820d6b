/** What flood-main.ts tells. Times are milliseconds of the wall clock. */
export interface FloodReport {
  readonly sent: number;
  readonly from: number;
  readonly until: number;
}
