/** A custom claim of an ID token: its name and the exact value that counts. */
export interface ClaimValue {
  name: string;
  value: string | number | boolean;
}

/** The claim that makes an admin where a deployment names no other. `batonIsAdmin` in `firestore.rules` asks for the same. */
export const DEFAULT_ADMIN_CLAIM: ClaimValue = { name: "batonRole", value: "admin" };

/** The name of the claim that gives an owner a tier, where a deployment names no other. */
export const DEFAULT_TIER_CLAIM = "batonTier";

/** True when `claims` hold exactly this value: the text `"true"` is not `true`, and a list of it is not it. */
export function hasClaim(claims: Readonly<Record<string, unknown>>, { name, value }: ClaimValue): boolean {
  return Object.hasOwn(claims, name) && claims[name] === value;
}

/** Who may use the API. Every condition has to hold. */
export interface Access {
  /** Lets anonymous users in; `providers` does not apply to them. */
  anonymous: boolean;
  /** `sign_in_provider`s that users may come by: `google.com`, `password`, `custom`. Absent: any. */
  providers?: readonly string[];
  /** Lets in only users whose e-mail address is verified. */
  verifiedEmail: boolean;
  /** Lets in only users whose token has this custom claim. */
  claim?: ClaimValue;
  /** Tenants of Identity Platform whose users may come, besides those of the project itself. */
  tenants: readonly string[];
}

/** Where a deployment says nothing: every signed-in user of the project itself, but no anonymous one. */
export const DEFAULT_ACCESS: Access = { anonymous: false, verifiedEmail: false, tenants: [] };

/** The condition of `Access` that a verified token does not meet; `uid`: it could be taken for that of a tenant's user. */
export type AccessDenial = "anonymous" | "provider" | "unverified-email" | "claim" | "tenant" | "uid";

/** Claims of a verified ID token. */
export type TokenClaims = Readonly<Record<string, unknown>> & { readonly uid: string };

/**
 * Decides whether the user of a verified token may use the API, and as which owner: by their uid, or `tenant:TENANT:UID`
 * in a tenant. Users of two tenants may have the same uid, and are two owners. `ownerId` in `firestore.rules` gives the same.
 */
export function admit(
  claims: TokenClaims,
  access: Access,
): { outcome: "admitted"; owner: string; isAnonymous?: true } | { outcome: "denied"; reason: AccessDenial } {
  const { provider, tenant } = signInOf(claims);
  const denied = (reason: AccessDenial) => ({ outcome: "denied" as const, reason });
  if (tenant === undefined && claims.uid.startsWith("tenant:")) return denied("uid");
  if (tenant !== undefined && !access.tenants.some((listed) => listed === tenant)) return denied("tenant");
  if (provider === "anonymous") {
    if (!access.anonymous) return denied("anonymous");
  } else if (access.providers && !access.providers.some((listed) => listed === provider)) {
    return denied("provider");
  }
  if (access.verifiedEmail && claims.email_verified !== true) return denied("unverified-email");
  if (access.claim && !hasClaim(claims, access.claim)) return denied("claim");
  const owner = tenant === undefined ? claims.uid : `tenant:${tenant}:${claims.uid}`;
  return { outcome: "admitted", owner, ...(provider === "anonymous" && { isAnonymous: true }) };
}

/** https://firebase.google.com/docs/rules/rules-and-auth: `firebase.sign_in_provider` and `firebase.tenant`. */
function signInOf({ firebase }: TokenClaims): { provider?: unknown; tenant?: unknown } {
  if (typeof firebase !== "object" || firebase === null) return {};
  return {
    ...("sign_in_provider" in firebase && { provider: firebase.sign_in_provider }),
    ...("tenant" in firebase && { tenant: firebase.tenant }),
  };
}
