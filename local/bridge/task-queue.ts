import type { TaskLimits } from "../manifest/trigger.ts";
import type { Deliverer } from "./delivery.ts";
import type { EventRequest } from "./send-once.ts";

/** A task as Cloud Tasks' REST API takes it, with its body decoded. */
export interface Task {
  /** The last part of its name; unique in its queue. */
  id: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Not called before; an instant that has passed means now. */
  scheduledAt: Date;
}

/** The tasks of one function: not before their time, and no more a second than the queue allows. */
export interface TaskQueue {
  /** Takes charge of a task; false when one of this id was there before. */
  add(task: Task): boolean;
  /** Removes a task that was not dispatched yet; false when there is none. */
  remove(id: string): boolean;
  stop(): Promise<void>;
}

export interface TaskQueueOptions {
  name: string;
  limits: TaskLimits;
  /** Calls the function; its concurrency is the queue's. */
  deliverer: Pick<Deliverer, "accept">;
  now?(): number;
}

/** `setTimeout` waits no longer. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Opens an empty queue. */
export function openTaskQueue({ name, limits, deliverer, now = Date.now }: TaskQueueOptions): TaskQueue {
  /** Of ids that are gone, too: Cloud Tasks lets none be used again soon. */
  const known = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  const dispatch = (task: Task) =>
    deliverer.accept({ id: task.id, request: (attempt) => taskRequest(name, task, attempt), settled: () => {} });
  const bucket = openBucket(limits.maxPerSecond, now, dispatch);

  const wait = (task: Task) => {
    const delayMs = Math.min(task.scheduledAt.getTime() - now(), MAX_TIMEOUT_MS);
    timers.set(
      task.id,
      setTimeout(
        () => {
          timers.delete(task.id);
          if (task.scheduledAt.getTime() > now()) wait(task);
          else bucket.add(task);
        },
        Math.max(0, delayMs),
      ),
    );
  };
  return {
    add(task) {
      if (known.has(task.id)) return false;
      known.add(task.id);
      wait(task);
      return true;
    },
    remove(id) {
      clearTimeout(timers.get(id));
      return timers.delete(id) || bucket.remove(id);
    },
    async stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      bucket.stop();
    },
  };
}

/** A token bucket: lets at most `perSecond` tasks through in a second, after a rest as many at once. */
function openBucket(perSecond: number, now: () => number, dispatch: (task: Task) => void) {
  const capacity = Math.max(1, perSecond);
  let waiting: Task[] = [];
  let tokens = capacity;
  let filledAt = now();
  let timer: NodeJS.Timeout | undefined;

  const pump = () => {
    timer = undefined;
    tokens = Math.min(capacity, tokens + ((now() - filledAt) / 1000) * perSecond);
    filledAt = now();
    for (; tokens >= 1 && waiting.length > 0; tokens -= 1) {
      const [task, ...rest] = waiting;
      waiting = rest;
      if (task !== undefined) dispatch(task);
    }
    if (waiting.length > 0) timer = setTimeout(pump, ((1 - tokens) / perSecond) * 1000);
  };
  return {
    add(task: Task): void {
      waiting.push(task);
      if (timer === undefined) pump();
    },
    remove(id: string): boolean {
      const before = waiting.length;
      waiting = waiting.filter((task) => task.id !== id);
      return waiting.length < before;
    },
    stop: () => clearTimeout(timer),
  };
}

/** The request that Cloud Tasks makes: https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler */
function taskRequest(queue: string, task: Task, attempt: number): EventRequest {
  return {
    headers: {
      ...task.headers,
      "x-cloudtasks-queuename": queue,
      "x-cloudtasks-taskname": task.id,
      "x-cloudtasks-taskretrycount": String(attempt - 1),
      "x-cloudtasks-taskexecutioncount": String(attempt - 1),
      "x-cloudtasks-tasketa": String(task.scheduledAt.getTime() / 1000),
      authorization: `Bearer ${SERVICE_TOKEN}`,
    },
    body: task.body,
  };
}

/** Names the service account that calls; no function verifies it, since the platform does so before. */
const SERVICE_TOKEN = [{ alg: "none", typ: "JWT" }, { sub: "local", email: "local@demo.iam.gserviceaccount.com" }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .join(".");
