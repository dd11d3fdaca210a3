/**
 * One generation of the secret that signs for the `webhookUrl`s of an owner's jobs. Secrets are derived from the owner
 * and the generation, and stored nowhere. Generation 0 is that of an owner who never rotated.
 */
export interface SecretGeneration {
  generation: number;
  /** Identifies the request that created it. Absent on generation 0. */
  rotationId?: string;
  /** When it stops signing. Absent on the newest. */
  until?: Date;
}

/** The answer to a rotation. `too-many`: ten secrets sign already, and nothing was changed. */
export type GenerationAnswer = { outcome: "rotated"; generation: number } | { outcome: "too-many" };

/** The values that sign at an instant: the newest one, and the earlier ones in their overlap, newest first. */
export interface Live<Value> {
  newest: Value;
  overlapping: Value[];
}

/**
 * Stores the generations of owners' secrets. They outlive an erasure: a replaced secret never comes back. A thrown
 * error means that the store is unreachable.
 */
export interface OwnerSecretStore {
  /** Reads the generations that sign at `now`. */
  read(owner: string, now: Date): Promise<Live<number>>;
  /**
   * Adds a generation; the older ones sign until `overlapUntil`, or until their own end if that is sooner. Atomic: each
   * of any number of concurrent callers gets a generation of its own. Idempotent by `rotationId`, which is unique to
   * the request.
   */
  rotate(owner: string, rotationId: string, overlapUntil: Date, now: Date): Promise<GenerationAnswer>;
}

/**
 * The secrets that sign for the `webhookUrl`s of an owner's jobs, `whsec_` + base64. Rejects when the store is
 * unreachable, or when the deployment has no master secret.
 */
export interface OwnerSecrets {
  /** Reads the secrets that sign at `now`. */
  read(owner: string, now: Date): Promise<Live<string>>;
  /** Rotates to a new secret, with the promises of `OwnerSecretStore.rotate`. */
  rotate(
    owner: string,
    rotationId: string,
    overlapUntil: Date,
    now: Date,
  ): Promise<{ outcome: "rotated"; secret: string } | { outcome: "too-many" }>;
}

const FIRST: SecretGeneration = { generation: 0 };
const MAX_LIVE = 10;
/** How long an expired generation is remembered, so that a repeated request finds the one it created. */
const REMEMBERED_MS = 60_000;

/** Picks the generations that sign at `now`. `stored` are newest first, and empty for an owner who never rotated. */
export function liveGenerations([newest = FIRST, ...before]: readonly SecretGeneration[], now: Date): Live<number> {
  const overlapping = before.filter(({ until }) => until && until > now);
  return { newest: newest.generation, overlapping: overlapping.map(({ generation }) => generation) };
}

/** Decides a rotation. `generations`, newest first, are present when they have to be stored. */
export function rotateGenerations(
  stored: readonly SecretGeneration[],
  { rotationId, overlapUntil }: { rotationId: string; overlapUntil: Date },
  now: Date,
): GenerationAnswer & { generations?: SecretGeneration[] } {
  const made = stored.find((one) => one.rotationId === rotationId);
  if (made) return { outcome: "rotated", generation: made.generation };
  const [newest = FIRST, ...before] = stored;
  const ending = [newest, ...before].map(({ until = overlapUntil, ...one }) => ({
    ...one,
    until: until < overlapUntil ? until : overlapUntil,
  }));
  if (ending.filter(({ until }) => until > now).length >= MAX_LIVE) return { outcome: "too-many" };
  const generation = newest.generation + 1;
  const remembered = ending.filter(({ until }) => until.getTime() > now.getTime() - REMEMBERED_MS);
  return { outcome: "rotated", generation, generations: [{ generation, rotationId }, ...remembered] };
}
