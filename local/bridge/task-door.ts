import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { type Handler, readBody } from "../http.ts";
import type { TaskQueue } from "./task-queue.ts";

const PATH = /^(?:\/v2)?\/projects\/([^/]+)\/locations\/([^/]+)\/queues\/([^/]+)\/tasks(?:\/([^/?]+))?$/;
/** Cloud Tasks takes at most 1 MiB, here in base64 and JSON. */
const MAX_TASK_BYTES = 2 * 1024 * 1024;

const Request = z.object({
  task: z.object({
    name: z.string().optional(),
    scheduleTime: z.iso.datetime({ offset: true }).optional(),
    httpRequest: z.object({ headers: z.record(z.string(), z.string()).default({}), body: z.base64().default("") }),
  }),
});

/**
 * Answers the calls by which `getFunctions().taskQueue(name)` of firebase-admin adds and deletes tasks, as Cloud Tasks
 * does: 404 for a queue that no function has, 409 for an id that was there before.
 */
export function taskDoor(queueOf: (name: string) => TaskQueue | undefined): Handler {
  return async (req, res) => {
    const [, project = "", location = "", name = "", id] = PATH.exec(req.url ?? "") ?? [];
    const queue = queueOf(name);
    if (queue === undefined) return refuse(res, 404, "NOT_FOUND", `No function of this project has a queue "${name}".`);
    if (req.method === "DELETE") {
      if (id === undefined || !queue.remove(id)) return refuse(res, 404, "NOT_FOUND", "There is no such task.");
      return answer(res, 200, {});
    }
    if (req.method !== "POST") return refuse(res, 405, "INVALID_ARGUMENT", "Only POST and DELETE are known here.");
    const task = parseTask(await readBody(req, MAX_TASK_BYTES));
    if (task === undefined) return refuse(res, 400, "INVALID_ARGUMENT", "This is no task for a function.");
    const taskId = task.name?.split("/").at(-1) ?? randomUUID();
    const scheduledAt = new Date(task.scheduleTime ?? Date.now());
    const { headers, body } = task.httpRequest;
    if (!queue.add({ id: taskId, headers, body: Buffer.from(body, "base64"), scheduledAt }))
      return refuse(res, 409, "ALREADY_EXISTS", "A task of this name is, or was, in the queue.");
    const fullName = `projects/${project}/locations/${location}/queues/${name}/tasks/${taskId}`;
    answer(res, 200, { name: fullName, scheduleTime: scheduledAt.toISOString() });
  };
}

function parseTask(body: string | undefined): z.infer<typeof Request>["task"] | undefined {
  try {
    return body === undefined ? undefined : Request.parse(JSON.parse(body)).task;
  } catch {
    // No JSON, or not of this form: both are the client's error.
    return undefined;
  }
}

function refuse(res: ServerResponse, status: number, code: string, message: string): void {
  answer(res, status, { error: { code: status, status: code, message } });
}

function answer(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
