/**
 * Sums counts that are taken side by side. Settles only when all have ended, and rejects with the first error: the
 * platform stops work that still runs when a function has answered.
 */
export async function sumOf(counts: readonly Promise<number>[]): Promise<number> {
  const settled = await Promise.allSettled(counts);
  return settled.reduce((sum, count) => {
    if (count.status === "rejected") throw count.reason;
    return sum + count.value;
  }, 0);
}
