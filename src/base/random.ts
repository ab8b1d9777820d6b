/** A seeded generator as plain data: the same seed gives the same week of faults. */
export interface Random {
  readonly state: number;
}

/** Of a seed its 32 lower bits. */
export function seeded(seed: number): Random {
  return { state: seed >>> 0 };
}

/** mulberry32: one draw in [0, 1) and the generator for the next. */
export function draw(random: Random): readonly [value: number, next: Random] {
  const state = (random.state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return [((t ^ (t >>> 14)) >>> 0) / 4294967296, { state }];
}
