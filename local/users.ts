import { z } from "zod";

/** Custom claims of a user: `batonRole` `admin` reads everything, `batonTier` names the limits. */
export type Claims = Readonly<Record<string, unknown>>;

const SignedIn = z.object({ idToken: z.string(), refreshToken: z.string() });

/**
 * Signs `uid` in at the Auth emulator, creating the user if need be, and returns an ID token that lives an hour. The
 * claims are those of this sign-in: they stay in tokens refreshed from it.
 */
export async function signIn(authHost: string, uid: string, claims: Claims = {}): Promise<string> {
  const url = `http://${authHost}/identitytoolkit.googleapis.com/v1/accounts:signInWithCustomToken?key=local`;
  const body = JSON.stringify({ token: customToken(uid, claims), returnSecureToken: true });
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!response.ok) throw new Error(`The Auth emulator refused to sign ${uid} in: ${await response.text()}`);
  return SignedIn.parse(await response.json()).idToken;
}

/**
 * An unsigned custom token of this user, the same as the console's for this name, which only the Auth emulator accepts:
 * https://firebase.google.com/docs/auth/admin/create-custom-tokens
 */
export function customToken(uid: string, claims: Claims = {}, now = Date.now()): string {
  const account = "local@demo-baton.iam.gserviceaccount.com";
  const issuedAt = Math.floor(now / 1000);
  const payload = {
    aud: "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit",
    iat: issuedAt,
    exp: issuedAt + 3600,
    iss: account,
    sub: account,
    uid: uid.normalize("NFC"),
    claims,
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(payload)}.`;
}
