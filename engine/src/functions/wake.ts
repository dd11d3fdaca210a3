import type { ReceivedMessage } from "../jobs/rules/dead-letter.ts";
import { MAX_SIDE_BY_SIDE, wakeJob } from "../jobs/wake-job.ts";
import { sideBySide } from "../kit/side-by-side.ts";
import type { Deployment } from "./deployment.ts";
import { sharedPorts } from "./shared-ports.ts";

/** Function `wake`: moves jobs on whose time comes within about a minute. */
export function wakeHandler(deployment: Deployment): (message: ReceivedMessage) => Promise<void> {
  const ports = { ...sharedPorts(deployment), bounded: sideBySide(MAX_SIDE_BY_SIDE) };
  return (message) => wakeJob(ports, message);
}
