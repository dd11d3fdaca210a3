import { type Log, MAX_PAYLOAD_BYTES } from "@baton/engine/kit";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import { COLLECTIONS } from "../../../collections.ts";
import { CompanyProfile } from "../schemas.ts";
import type { ProfileCache } from "./profile-cache.ts";

const KEPT_MS = 30 * 24 * 3_600_000;

/** The document `companyProfiles/{domain}`. `profile` is JSON. It names no owner, and holds only what is public. */
const StoredProfile = z.object({ profile: z.string(), maxPages: z.int() });

/**
 * Keeps profiles in Firestore, which deletes them by its TTL policy. What fails is logged, and the site is read again.
 */
export function firestoreProfileCache(db: Firestore, log: Log): ProfileCache {
  const profiles = db.collection(COLLECTIONS.companyProfiles);
  return {
    async read(domain) {
      try {
        const document = await profiles.doc(domain).get();
        if (!document.exists) return undefined;
        const { profile, maxPages } = StoredProfile.parse(document.data());
        return { profile: CompanyProfile.parse(JSON.parse(profile)), maxPages };
      } catch (error) {
        log.warn("A kept profile could not be read; the site is read again.", {
          event: "profile.not-read",
          domain,
          error,
        });
        return undefined;
      }
    },
    async keep({ profile, maxPages }) {
      const { domain, fetchedAt } = profile;
      try {
        const json = JSON.stringify(profile);
        if (Buffer.byteLength(json) > MAX_PAYLOAD_BYTES) return;
        const expireAt = Timestamp.fromMillis(Date.parse(fetchedAt) + KEPT_MS);
        await profiles.doc(domain).set({ profile: json, maxPages, fetchedAt, expireAt });
      } catch (error) {
        log.warn("A profile was not kept; the next job reads the site again.", {
          event: "profile.not-kept",
          domain,
          error,
        });
      }
    },
  };
}
