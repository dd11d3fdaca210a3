import { LifecycleEvent } from "@baton/protocol";

/** The sums of one job type's day. */
export interface DayOfType {
  completed: number;
  failed: number;
  cancelled: number;
  /** Time from submission to the end, of all of these jobs together. */
  totalMs: number;
}

/** A report of the ends of jobs, by day and type. */
export interface JobReport {
  /** Takes one message of topic `baton-events`. Throws for data that is no event, which Pub/Sub then sends again. */
  take(message: { data: string }): void;
  days(): ReadonlyMap<string, DayOfType>;
}

/** Counts each end of a job once, however often its message comes. A real consumer stores the ids it has seen. */
export function jobReport(): JobReport {
  const seen = new Set<string>();
  const days = new Map<string, DayOfType>();
  return {
    take({ data }) {
      const event = LifecycleEvent.parse(JSON.parse(Buffer.from(data, "base64").toString()));
      const { status, durationMs } = event.data;
      const isEnd = status === "completed" || status === "failed" || status === "cancelled";
      if (!isEnd || seen.has(event.eventId)) return;
      seen.add(event.eventId);
      const key = `${event.timestamp.slice(0, 10)} ${event.data.type}`;
      const day = days.get(key) ?? { completed: 0, failed: 0, cancelled: 0, totalMs: 0 };
      days.set(key, { ...day, [status]: day[status] + 1, totalMs: day.totalMs + (durationMs ?? 0) });
    },
    days: () => days,
  };
}
