import type { ClusterConfig } from "../config/types.ts";
import { Client } from "./client.ts";
import type { Programs } from "./programs.ts";
import type { Story } from "./story.ts";
import { formatLine, Trace } from "./trace.ts";
import type { Violation } from "./violation.ts";
import { Watch } from "./watch.ts";

/** What was said and done, in order, with virtual time and host. */
export interface StoryTold {
  readonly lines: readonly string[];
  readonly violation: Violation | undefined;
}

/** Plays a story with both machines' words and a client's experience. Debug lines are left out. */
export function playStory(story: Story, config: ClusterConfig, programs: Programs): StoryTold {
  const trace = new Trace(STORY_LINES_MAX);
  const { seed, carrierFollowsPower } = story;
  const world = { config, programs, seed, carrierFollowsPower };
  const watch = new Watch({ ...world, isSteady: true, trace });
  const address = config.groups.flatMap((group) => group.resources).find(isAddress)?.address;
  if (address !== undefined) {
    new Client(watch.world, address, (text) => trace.add(watch.world.now, "client", text));
  }
  for (const { atMs, fault } of story.events) {
    watch.live(atMs - watch.world.now);
    watch.apply(fault);
  }
  watch.live(story.endMs - watch.world.now);
  return {
    lines: [...trace.lines, formatLine(watch.world.now, "", "end")],
    violation: watch.violation,
  };
}

function isAddress<R extends { kind: string }>(resource: R): resource is R & { kind: "address" } {
  return resource.kind === "address";
}

/** More than any story says. */
const STORY_LINES_MAX = 5_000;
