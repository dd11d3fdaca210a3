/**
 * The sum of counts that are taken side by side. Resolves, or rejects with the first error, only when all have ended: what
 * still runs when a function has answered is stopped by the platform.
 */
export async function sumOf(counts: readonly Promise<number>[]): Promise<number> {
  const settled = await Promise.allSettled(counts);
  return settled.reduce((sum, count) => {
    if (count.status === "rejected") throw count.reason;
    return sum + count.value;
  }, 0);
}
