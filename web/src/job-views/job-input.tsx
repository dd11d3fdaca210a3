import { useUid } from "../console/client-context.ts";
import { submittedInput } from "../console/submitted-input.ts";
import { JsonSection } from "./json-section.tsx";

/** The input of a job that this tab submitted; nothing for any other job, because no browser can read its input. */
export function JobInput({ jobId }: { jobId: string }) {
  const input = submittedInput(useUid(), jobId);
  if (input === undefined) return null;
  return <JsonSection title="Input" value={input} fileName={`${jobId}-input`} note="Kept in this tab only." />;
}
