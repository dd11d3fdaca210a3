/** A custom claim of an ID token: its name and the exact value that counts. */
export interface ClaimValue {
  name: string;
  value: string | number | boolean;
}

/** The claim that makes an admin where a deployment names no other. `isAdmin` in `firestore.rules` asks for the same. */
export const DEFAULT_ADMIN_CLAIM: ClaimValue = { name: "batonRole", value: "admin" };

/** True when `claims` hold exactly this value: the text `"true"` is not `true`, and a list of it is not it. */
export function hasClaim(claims: Readonly<Record<string, unknown>>, { name, value }: ClaimValue): boolean {
  return Object.hasOwn(claims, name) && claims[name] === value;
}
