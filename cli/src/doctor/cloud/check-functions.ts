import { FUNCTION_NAMES } from "../../../../engine/src/functions/function-names.ts";
import { byHand, type Finding } from "../finding.ts";
import type { Cloud } from "./cloud.ts";

/** Checks that all functions are deployed, run, and are in one region. */
export function checkFunctions({ functions, project }: Cloud): Finding[] {
  const deploy = byHand(`firebase deploy --only functions --project ${project}`);
  const names = functions.map(({ name }) => name);
  const missing = FUNCTION_NAMES.map((name) => `baton-${name}`).filter((name) => !names.includes(name));
  const failed = functions.filter(({ state }) => state !== "ACTIVE" && state !== "DEPLOYING");
  const regions = [...new Set(functions.map(({ region }) => region))];
  const findings: Finding[] = [];
  if (missing.length > 0) {
    findings.push({
      code: "functions.missing",
      severity: "error",
      message: `These functions are not deployed in ${project}: ${missing.join(", ")}.`,
      ifLeft: "Jobs are not accepted, do not run, or do not become final.",
      fix: deploy,
    });
  }
  for (const { name, state } of failed) {
    findings.push({
      code: "functions.failed",
      severity: "error",
      message: `The function ${name} is in the state ${state}.`,
      ifLeft: "It does not answer, or answers as an earlier deploy did.",
      fix: deploy,
    });
  }
  if (regions.length > 1) {
    findings.push({
      code: "functions.regions",
      severity: "warning",
      message: `The functions are in several regions: ${regions.join(", ")}.`,
      ifLeft: "An earlier deploy to another region still runs: each event is handled twice.",
      fix: byHand(`firebase functions:delete NAMES --region REGION --project ${project}`),
    });
  }
  return findings;
}
