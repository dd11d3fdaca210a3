import { afterReset, quotaDay } from "./quota-day.ts";
import type { UnitBudget } from "./unit-budget.ts";

/** One job's units. */
export interface UnitMeter {
  /** Counts one request. Takes one more unit when those that were taken are spent; throws as `openMeter`. */
  spend(): Promise<void>;
  /** Gives back what was not spent. */
  close(): Promise<void>;
}

interface MeterPorts {
  budget: UnitBudget;
  now: () => Date;
  /** 0 to 1. */
  random: () => number;
}

/**
 * Takes the units that a job is likely to need, in one write. Throws a `RetryAfterError` `youtube-budget-used-up` for
 * an attempt after the reset when the owner or the deployment has not so many left.
 */
export async function openMeter(ports: MeterPorts, owner: string, units: number): Promise<UnitMeter> {
  const { giveBack } = await takeOrWait(ports, owner, units);
  let left = units;
  return {
    async spend() {
      if (left === 0) await takeOrWait(ports, owner, 1);
      else left--;
    },
    async close() {
      if (left > 0) await giveBack(left);
      left = 0;
    },
  };
}

const USED_UP = {
  owner: "Your budget of YouTube requests is used up for today.",
  deployment: "This deployment's budget of YouTube requests is used up for today.",
};

async function takeOrWait({ budget, now, random }: MeterPorts, owner: string, units: number) {
  const taking = await budget.take(owner, units, quotaDay(now()));
  if (taking.outcome === "taken") return taking;
  throw afterReset("youtube-budget-used-up", USED_UP[taking.budget], now(), random);
}
