import { notifyResult } from "../../../engine/src/webhooks/deliver/notify-result.ts";
import { type Answers, aSender, ENDPOINT_SECRET } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { anEndpoint } from "./rules/endpoints.ts";

/** A sender whose owner has these endpoints, and what it makes of a result. */
export function aNotifier({
  answers = {},
  endpoints = [anEndpoint()],
}: {
  answers?: Record<string, Answers>;
  endpoints?: ReturnType<typeof anEndpoint>[];
} = {}) {
  const sender = aSender(answers);
  for (const endpoint of endpoints) sender.ports.endpoints.put(endpoint, [ENDPOINT_SECRET]);
  const notify = (given: Parameters<typeof aResult>[0] = {}, ports: Partial<typeof sender.ports> = {}) =>
    sender.clock.runUntil(notifyResult({ ...sender.ports, ...ports }, aResult(given)));
  return { ...sender, notify };
}
