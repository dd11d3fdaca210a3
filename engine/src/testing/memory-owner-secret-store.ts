import {
  liveGenerations,
  type OwnerSecretStore,
  rotateGenerations,
  type SecretGeneration,
} from "../webhooks/rules/owner-secrets.ts";

/**
 * The generations of owners' secrets in memory, with the same rules; held to the contract of
 * `test/contract/owner-secret-store.test.ts`.
 */
export function memoryOwnerSecretStore(): OwnerSecretStore {
  const stored = new Map<string, SecretGeneration[]>();
  return {
    read: async (owner, now) => liveGenerations(stored.get(owner) ?? [], now),
    async rotate(owner, rotationId, overlapUntil, now) {
      const { generations, ...answer } = rotateGenerations(stored.get(owner) ?? [], { rotationId, overlapUntil }, now);
      if (generations) stored.set(owner, generations);
      return answer;
    },
  };
}
