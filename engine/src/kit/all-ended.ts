/** Waits for all of the works to end; then rejects with the first error, when there is one. */
export async function allEnded(works: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  for (const work of await Promise.allSettled(works)) if (work.status === "rejected") throw work.reason;
}
