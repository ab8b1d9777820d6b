import type { LAB_ERRORS } from "../base/errors/lab.ts";
import { type ErrorCode, MachineError } from "../base/errors.ts";

/** The machine cannot give us a lab: says which need is missing and what would mend it. `tandem demo` exits 3. */
export class LabUnavailable extends MachineError {
  /** `nextStep`: what the person can do about it, where the message knows better than the registry. */
  constructor(code: ErrorCode & keyof typeof LAB_ERRORS, message: string, nextStep?: string) {
    super(code, message, nextStep === undefined ? {} : { nextStep });
    this.name = "LabUnavailable";
  }
}
