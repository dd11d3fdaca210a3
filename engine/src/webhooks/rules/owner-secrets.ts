/**
 * One of the secrets that sign for the `webhookUrl`s of an owner's jobs. Secrets are derived from the owner and the
 * generation, and stored nowhere. Generation 0 is that of an owner who has never rotated.
 */
export interface SecretGeneration {
  generation: number;
  /** Names the request that made it; absent on generation 0. */
  rotationId?: string;
  /** When it stops signing; absent on the newest. */
  until?: Date;
}

/** The answer to a rotation. `too-many`: ten secrets sign already, and nothing was changed. */
export type GenerationAnswer = { outcome: "rotated"; generation: number } | { outcome: "too-many" };

/**
 * The values that sign at an instant: the newest one, and the earlier ones whose overlap is not over, the newest of
 * them first.
 */
export interface Live<Value> {
  newest: Value;
  overlapping: Value[];
}

/**
 * Keeps the generations of owners' secrets. They outlive an erasure: a secret that was replaced never comes back. A
 * thrown error means that the store is unreachable.
 */
export interface OwnerSecretStore {
  /** Reads the generations that sign at `now`. */
  read(owner: string, now: Date): Promise<Live<number>>;
  /**
   * Adds a generation; the ones before it sign until `overlapUntil`, or until their own end if that is sooner. Atomic:
   * of any number at the same moment each gets a generation of its own. `rotationId` is unique to the request, which
   * makes one generation however often it is tried.
   */
  rotate(owner: string, rotationId: string, overlapUntil: Date, now: Date): Promise<GenerationAnswer>;
}

/**
 * The secrets that sign for the `webhookUrl`s of an owner's jobs, `whsec_` + base64. Rejects when the store is
 * unreachable, or the deployment has no master secret.
 */
export interface OwnerSecrets {
  /** Reads the secrets that sign at `now`. */
  read(owner: string, now: Date): Promise<Live<string>>;
  /** Makes a new secret, with the promises of `OwnerSecretStore.rotate`. */
  rotate(
    owner: string,
    rotationId: string,
    overlapUntil: Date,
    now: Date,
  ): Promise<{ outcome: "rotated"; secret: string } | { outcome: "too-many" }>;
}

const FIRST: SecretGeneration = { generation: 0 };
const MAX_LIVE = 10;
/** How long a generation that has ended is remembered, for a request whose answer was lost to find its own. */
const REMEMBERED_MS = 60_000;

/** Picks the generations that sign at `now`. `stored` are the newest first; none for an owner who has never rotated. */
export function liveGenerations([newest = FIRST, ...before]: readonly SecretGeneration[], now: Date): Live<number> {
  const overlapping = before.filter(({ until }) => until && until > now);
  return { newest: newest.generation, overlapping: overlapping.map(({ generation }) => generation) };
}

/** Decides a rotation; `generations`, the newest first, are to be stored when they are there. */
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
