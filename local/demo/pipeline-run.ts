import { PipelineOutput } from "../../functions/src/jobs/pipeline-run/schemas.ts";
import type { Demo } from "./demo.ts";
import { renderPipeline } from "./render-pipeline.ts";
import { saveFiles } from "./save-files.ts";

/** The input of the demo: what a small shop might say of itself. */
export const COFFEE = {
  content: [
    "Our coffee comes from small farms in the hills of Ethiopia.",
    "We roast it in Oslo, twice a week, and send it on the same day.",
    "Order your first bag today.",
  ].join(" "),
  preset: "quick-social",
  metadata: { title: "Coffee of the hills", author: "Oslo Roasters", campaign: "spring" },
};

/** Makes an upright video of a text about coffee, and saves its files where the user can open them. */
export const pipelineRunDemo: Demo = {
  timeoutMs: 180_000,
  async prepare() {
    return {
      subject: `a text about coffee with the preset ${COFFEE.preset}`,
      ports: [],
      submit: (client, webhookUrl) => client.submit("pipeline.run", COFFEE, { webhookUrl }),
      render: async (finished) => {
        const output = PipelineOutput.parse(finished.output);
        const folder = await saveFiles(finished, Object.values(output.files));
        return renderPipeline(output, { folder, ...finished });
      },
      stop: async () => {},
    };
  },
};
