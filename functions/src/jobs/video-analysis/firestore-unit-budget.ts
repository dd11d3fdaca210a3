import { inGroups, ownerHash, read, retryConflicts } from "@baton/engine/kit";
import { type DocumentReference, FieldValue, type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import { COLLECTIONS } from "../../collections.ts";
import type { Taking, UnitBudget } from "./unit-budget.ts";

/** Units of one quota day; each is 1 or more. */
export interface UnitLimits {
  perDay: number;
  perOwnerPerDay: number;
}

/** The document `youtubeUnits/{day}-{shard}`, and `youtubeUnits/{day}-{hash of the owner}`: the units taken. */
const StoredUnits = z.object({ units: z.int() });

/**
 * The deployment's budget lies in shards of this many units or more, so that its jobs do not all write one document.
 */
const LEAST_OF_A_SHARD = 1000;
const MAX_SHARDS = 10;
/** Requests of one owner that one write answers. */
const MAX_GROUP = 100;
/** A document serves one day, somewhere on the earth. */
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;

interface Request {
  owner: string;
  units: number;
  day: string;
}

interface Counter {
  ref: DocumentReference;
  limit: number;
  units: number;
  updateTime: Timestamp | undefined;
  isChanged: boolean;
}

/**
 * The budgets on Firestore. No document names an owner, and the count of a day outlives the erasure of an owner: it has
 * their hash. Requests of one owner that arrive in this process while a write is under way are answered together by the
 * next one.
 */
export function firestoreUnitBudget(db: Firestore, limits: UnitLimits): UnitBudget {
  const takeInGroups = inGroups<Request, Taking>(
    MAX_GROUP,
    (_, requests) => retryConflicts(() => takeTogether(db, limits, requests)),
    () => true,
  );
  return { take: (owner, units, day) => takeInGroups(`${day} ${owner}`, { owner, units, day }) };
}

/** Answers requests of one owner and day, in their order. */
async function takeTogether(db: Firestore, limits: UnitLimits, requests: readonly Request[]): Promise<Taking[]> {
  const [first] = requests;
  if (!first) return [];
  const { owner, day } = first;
  const own = await open(db, `${day}-${ownerHash(owner)}`, limits.perOwnerPerDay);
  const opened: Counter[] = [];
  const unopened = shardLimits(limits.perDay);

  /** Reads another shard only when those before it have no room. */
  async function shardWithRoom(units: number): Promise<Counter | undefined> {
    const known = opened.find((shard) => hasRoom(shard, units));
    if (known) return known;
    for (let next = unopened.pop(); next; next = unopened.pop()) {
      const shard = await open(db, `${day}-${next.shard}`, next.limit);
      opened.push(shard);
      if (hasRoom(shard, units)) return shard;
    }
    return undefined;
  }

  const takings: Taking[] = [];
  for (const { units } of requests) {
    const shard = hasRoom(own, units) ? await shardWithRoom(units) : undefined;
    if (shard) takings.push(take(db, [own, shard], units));
    else takings.push({ outcome: "used-up", budget: hasRoom(own, units) ? "deployment" : "owner" });
  }
  await write(db, [own, ...opened], day);
  return takings;
}

async function open(db: Firestore, id: string, limit: number): Promise<Counter> {
  const ref = db.collection(COLLECTIONS.youtubeUnits).doc(id);
  const { value, updateTime } = await read(true, ref, (fields) => StoredUnits.parse({ units: fields.units }));
  return { ref, limit, units: value?.units ?? 0, updateTime, isChanged: false };
}

function take(db: Firestore, from: readonly Counter[], units: number): Taking {
  for (const counter of from) {
    counter.units += units;
    counter.isChanged = true;
  }
  return {
    outcome: "taken",
    async giveBack(unspent) {
      const batch = db.batch();
      for (const { ref } of from) batch.update(ref, { units: FieldValue.increment(-unspent) });
      await batch.commit();
    },
  };
}

async function write(db: Firestore, read: readonly Counter[], day: string): Promise<void> {
  const changed = read.filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return;
  const batch = db.batch();
  const expireAt = Timestamp.fromMillis(Date.parse(day) + KEPT_MS);
  for (const { ref, units, updateTime } of changed) {
    if (updateTime) batch.update(ref, { units }, { lastUpdateTime: updateTime });
    else batch.create(ref, { units, expireAt });
  }
  await batch.commit();
}

function hasRoom({ units, limit }: Counter, more: number): boolean {
  return units + more <= limit;
}

/** Gives the shards' parts of the budget, which add up to it, in an order of chance. */
function shardLimits(perDay: number): { shard: number; limit: number }[] {
  const shards = Math.min(MAX_SHARDS, Math.max(1, Math.floor(perDay / LEAST_OF_A_SHARD)));
  const start = Math.floor(Math.random() * shards);
  return Array.from({ length: shards }, (_, at) => {
    const shard = (start + at) % shards;
    return { shard, limit: Math.floor(perDay / shards) + (shard < perDay % shards ? 1 : 0) };
  });
}
