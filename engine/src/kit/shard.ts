/** Shards are numbered from 0. */
const SHARDS = 16;

/** The numbers of all shards. */
export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

/** The shard, 0 to 15, of a document id (FNV-1a): the same id is always in the same shard, and ids spread evenly. */
export function shardOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SHARDS;
}
