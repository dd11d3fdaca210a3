import { RetryableError } from "@baton/engine";
import { estimateOf } from "./presets/index.ts";
import type { Stage } from "./presets/preset.ts";
import { STAGE_FACTS } from "./presets/stage-facts.ts";
import type { StageRecord } from "./schemas.ts";
import { doStage } from "./stages/do-stage.ts";
import type { Products } from "./stages/products.ts";
import type { PipelineRun, StageScope } from "./stages/stage-scope.ts";

/**
 * Does the stages of a preset in their order. The job's `step` shows `STATE: STAGE` while it runs. When each stage began
 * is a step, too, so the history holds over attempts: it says when a stage began first, and counts what came in between.
 */
export async function runStages(run: PipelineRun): Promise<{ products: Products; stages: StageRecord[] }> {
  const { context, ports } = run;
  const nowOnce = (name: string) => context.step(name, () => ports.now().toISOString());
  const begun: Omit<StageRecord, "durationMs">[] = [];
  let products: Products = { files: {} };
  for (const stage of run.preset.stages) {
    const progress = reporterOf(run, stage);
    progress(0);
    const startedAt = await nowOnce(`begin ${stage.stage}`);
    begun.push({ state: STAGE_FACTS[stage.stage].state, stage: stage.stage, startedAt });
    const made = await withinLimit(context.signal, stage, (signal) => {
      const { step, compute, files } = context;
      const scope: StageScope = { ...run, step, compute, files, signal, progress };
      return doStage(scope, stage, products);
    });
    products = { ...products, ...made, files: { ...products.files, ...made.files } };
  }
  return { products, stages: withDurations(begun, await nowOnce("end")) };
}

/** Reports in proportion to the estimates of the stages. */
function reporterOf({ context, preset: { stages } }: PipelineRun, stage: Stage): (fraction: number) => void {
  const totalSeconds = estimateOf(stages);
  const beforeSeconds = estimateOf(stages.slice(0, stages.indexOf(stage)));
  const name = `${STAGE_FACTS[stage.stage].state}: ${stage.stage}`;
  return (fraction) => context.progress((beforeSeconds + fraction * stage.estimateSeconds) / totalSeconds, name);
}

/** Gives `work` a signal that also aborts when the time of the stage is over. */
async function withinLimit<T>(
  signal: AbortSignal,
  { stage, limitSeconds }: Stage,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const tooSlow = new RetryableError("stage-too-slow", `The stage ${stage} took more than ${limitSeconds} s.`);
  // The handler may stand still in a suspended job: the timer keeps no process alive.
  const timer = setTimeout(() => limit.abort(tooSlow), limitSeconds * 1000).unref();
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}

function withDurations(begun: readonly Omit<StageRecord, "durationMs">[], endedAt: string): StageRecord[] {
  return begun.map((record, index) => {
    const nextAt = begun[index + 1]?.startedAt ?? endedAt;
    return { ...record, durationMs: Math.max(0, Date.parse(nextAt) - Date.parse(record.startedAt)) };
  });
}
