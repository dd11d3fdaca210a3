import { JsonSection } from "../json-section.tsx";
import type { TypeResultProps } from "../type-view.ts";

/** The output of a job of any type, as a JSON tree. */
export function GenericResult({ result: { jobId, output = null } }: TypeResultProps) {
  return <JsonSection title="Output" value={output} fileName={jobId} testId="result" />;
}
