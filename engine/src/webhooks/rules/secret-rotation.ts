/** The lifetime of a secret. */
interface Lifetime {
  createdAt: Date;
  /** When it stops signing. Absent on the newest. */
  expireAt?: Date;
}

/** Live secrets of one endpoint, at most, the newest among them. */
export const MAX_LIVE_SECRETS = 10;

/** Picks the secrets that sign at `now`, newest first. */
export function liveSecrets<Secret extends Lifetime>(secrets: readonly Secret[], now: Date): Secret[] {
  return secrets.filter(({ expireAt }) => expireAt === undefined || expireAt > now).sort(newestFirst);
}

/**
 * Decides a rotation: the secrets before the new one sign until `overlapUntil`, or until their own end if that is
 * sooner. `expiring` are all of them with their ends, `staying` those that still sign at `now`, newest first.
 * `too-many`: the new secret would be the eleventh live one.
 */
export function rotateSecrets<Secret extends Lifetime>(
  secrets: readonly Secret[],
  overlapUntil: Date,
  now: Date,
): { outcome: "rotated"; expiring: Secret[]; staying: Secret[] } | { outcome: "too-many" } {
  const expiring = secrets.map((secret) => expiringBy(secret, overlapUntil));
  const staying = liveSecrets(expiring, now);
  if (staying.length >= MAX_LIVE_SECRETS) return { outcome: "too-many" };
  return { outcome: "rotated", expiring, staying };
}

function expiringBy<Secret extends Lifetime>(secret: Secret, overlapUntil: Date): Secret {
  const isSooner = secret.expireAt !== undefined && secret.expireAt < overlapUntil;
  return isSooner ? secret : { ...secret, expireAt: overlapUntil };
}

/** Sorts the secret without an end first; two secrets may have been created in the same millisecond. */
function newestFirst(one: Lifetime, other: Lifetime): number {
  const byEnd = Number(one.expireAt !== undefined) - Number(other.expireAt !== undefined);
  return byEnd || other.createdAt.getTime() - one.createdAt.getTime();
}
