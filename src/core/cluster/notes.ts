/** A group's note (group.ts) as it comes and goes: the log has each once, however often it is found again. */
import type { LogLevel } from "../step.ts";
import type { Note } from "./group.ts";
import { groupAt, log, patchGroup, type Turn } from "./state.ts";

/** Logged whenever its sentence is another. */
export function setNote(turn: Turn, place: number, level: LogLevel, note: Note): void {
  if (groupAt(turn, place).note?.text !== note.text) logNote(turn, place, level, note.text);
  patchGroup(turn, place, { note });
}

/** Counts and seconds in its sentence may change from then on: logged when its kind is new. */
export function setNoteOnce(turn: Turn, place: number, level: LogLevel, note: Note): void {
  if (groupAt(turn, place).note?.kind !== note.kind) logNote(turn, place, level, note.text);
  patchGroup(turn, place, { note });
}

/** What it said is over; a note of another kind stays. */
export function dropNote(turn: Turn, place: number, kind: Note["kind"]): void {
  if (groupAt(turn, place).note?.kind === kind) patchGroup(turn, place, { note: undefined });
}

function logNote(turn: Turn, place: number, level: LogLevel, text: string): void {
  log(turn, level, `group ${groupAt(turn, place).config.name}: ${text}`);
}
