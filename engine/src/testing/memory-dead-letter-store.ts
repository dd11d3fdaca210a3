import type { DeadLetterStore } from "../jobs/ports.ts";
import type { DeadLetter } from "../jobs/rules/dead-letter.ts";

/** The dead letter store in memory, readable; held to the contract of `test/contract/dead-letter-store.test.ts`. */
export function memoryDeadLetterStore(): DeadLetterStore & { letters(): DeadLetter[] } {
  const kept = new Map<string, DeadLetter>();
  return {
    async keep(letter) {
      if (!kept.has(letter.letterId)) kept.set(letter.letterId, structuredClone(letter));
    },
    letters: () => structuredClone([...kept.values()]),
  };
}
