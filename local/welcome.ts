import { styleText } from "node:util";
import type { Trigger } from "./manifest/manifest.ts";
import { DEFAULT_PORTS, HOST } from "./ports.ts";
import type { LocalCloud } from "./start-cloud.ts";

/** The page of addresses that a cloud prints once it runs, with each function of the team's own. */
export function welcome(cloud: LocalCloud, tokenCommand: string): string {
  const { addresses } = cloud;
  const own = cloud.functions().filter(({ spec }) => !isBatons(spec.name));
  const rows: [string, string][] = [
    ["Console", addresses.consoleUrl],
    ["API", `${addresses.apiUrl}/v1/jobs`],
    ["Webhook inbox", addresses.inboxUrl],
    ["Firestore", addresses.firestoreHost],
    ["Pub/Sub", addresses.pubsubHost],
    ["Auth", addresses.authHost],
    ["Storage", addresses.storageUrl],
    ["Task queues", addresses.tasksHost],
  ];
  const functions = own.map(({ spec, url }): [string, string] => [spec.name, describeTrigger(spec.trigger, url)]);
  const width = Math.max(14, ...functions.map(([name]) => name.length));
  const line = ([name, text]: [string, string]) => `  ${name.padEnd(width)} ${styleText("cyan", text)}`;
  const usualAuth = addresses.authHost === `${HOST}:${DEFAULT_PORTS.auth}`;
  return [
    "",
    styleText("bold", `Baton runs on this machine, as project ${addresses.projectId}`),
    ...rows.map(line),
    ...(functions.length > 0 ? ["", styleText("bold", "Your functions"), ...functions.map(line)] : []),
    "",
    `  A token:       ${tokenCommand} ada${usualAuth ? "" : ` --auth-host ${addresses.authHost}`}`,
    "  Ctrl-C stops everything.",
    "",
  ].join("\n");
}

/** True for the functions of `createBaton`, in a codebase with a prefix or not. */
function isBatons(name: string): boolean {
  return /(^|-)baton-/.test(name);
}

/** Says in a few words what calls a function. */
function describeTrigger(trigger: Trigger, url: string): string {
  switch (trigger.kind) {
    case "https":
      return url;
    case "pubsub":
      return `messages of topic ${trigger.topic}`;
    case "firestore":
      return `documents ${trigger.document}, ${trigger.eventType.split(".document.v1.")[1]}`;
    case "schedule":
      return `by the clock; now: curl -X POST ${url}`;
    case "tasks":
      return "tasks of its queue";
    case "unsupported":
      return `never called here: ${trigger.what}`;
  }
}
