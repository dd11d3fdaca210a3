import { parseArgs } from "node:util";
import { companyScrapeDemo } from "./company-scrape.ts";
import { contentGenerateDemo } from "./content-generate.ts";
import type { Demo } from "./demo.ts";
import { pipelineRunDemo } from "./pipeline-run.ts";
import { videoAnalysisDemo } from "./video-analysis.ts";

/** The job type that is shown unless another one is named: its work takes long enough to watch its progress. */
const DEFAULT_TYPE = "content.generate";

/** The job types that have a demo. */
const DEMOS: ReadonlyMap<string, Demo> = new Map([
  [DEFAULT_TYPE, contentGenerateDemo],
  ["video.analysis", videoAnalysisDemo],
  ["company.scrape", companyScrapeDemo],
  ["pipeline.run", pipelineRunDemo],
]);
const TYPES = [...DEMOS.keys()].join(", ");

/** A request to `npm run demo`. */
export type DemoRequest =
  | { outcome: "run"; demo: Demo }
  | { outcome: "help"; text: string }
  | { outcome: "refused"; message: string };

const HELP = `Shows one job from its submission to its webhook, on this machine.

Usage: npm run demo -- [--type <job type>]

  --type <job type>  one of ${TYPES}; ${DEFAULT_TYPE} unless given
  --help             print this`;

/** Reads the arguments of `npm run demo`. */
export function parseDemoOptions(args: string[]): DemoRequest {
  try {
    const options = {
      type: { type: "string", default: DEFAULT_TYPE },
      help: { type: "boolean", short: "h" },
    } as const;
    const { values } = parseArgs({ args, options });
    if (values.help) return { outcome: "help", text: HELP };
    const demo = DEMOS.get(values.type);
    if (demo) return { outcome: "run", demo };
    return { outcome: "refused", message: `--type: there is no demo of "${values.type}"; give ${TYPES}` };
  } catch (error) {
    // `parseArgs` says what is wrong in its first sentence; the rest explains its own rules.
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: "refused", message: message.split(". ")[0] ?? message };
  }
}
