import type { UnitLimits } from "../../functions/src/jobs/video-analysis/firestore-unit-budget.ts";
import type { UnitBudget } from "../../functions/src/jobs/video-analysis/unit-budget.ts";

/** The budgets in memory. */
export function memoryUnitBudget(limits: UnitLimits): UnitBudget {
  const taken = new Map<string, number>();
  const add = (key: string, units: number) => taken.set(key, (taken.get(key) ?? 0) + units);
  return {
    async take(owner, units, day) {
      const [own, all] = [`${day} of ${owner}`, day];
      if ((taken.get(own) ?? 0) + units > limits.perOwnerPerDay) return { outcome: "used-up", budget: "owner" };
      if ((taken.get(all) ?? 0) + units > limits.perDay) return { outcome: "used-up", budget: "deployment" };
      for (const key of [own, all]) add(key, units);
      return {
        outcome: "taken",
        async giveBack(unspent) {
          for (const key of [own, all]) add(key, -unspent);
        },
      };
    },
  };
}
