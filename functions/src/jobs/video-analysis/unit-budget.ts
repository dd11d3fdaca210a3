/** The outcome of taking units: they are the caller's, or one of the two budgets has not so many left today. */
export type Taking =
  | {
      outcome: "taken";
      /** Puts back that many of the units taken: those that were not spent. Call it once. */
      giveBack(units: number): Promise<void>;
    }
  | { outcome: "used-up"; budget: "owner" | "deployment" };

/** The units of a quota that may be spent on one day: by one owner, and by the deployment. */
export interface UnitBudget {
  /** Atomic: takes `units` (1 or more) from both budgets of the `day` (as `2026-11-27`), or from none. */
  take(owner: string, units: number, day: string): Promise<Taking>;
}
