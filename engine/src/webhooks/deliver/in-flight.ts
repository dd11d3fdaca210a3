import type { Clock } from "../../kit/ports.ts";

/** Attempts that one process makes at an endpoint at the same time. */
const MAX_IN_FLIGHT = 8;
/** How long a further one waits for its turn; nor is there a point in waiting for an endpoint that is slower than this. */
const MAX_WAIT_MS = 2000;

/** Keeps one endpoint from taking up a process that serves them all. */
export interface InFlight {
  /**
   * Resolves to the way out once there is room at `key`, or to undefined when there is none soon: at once when the oldest attempt
   * is slow, else after 2 s. The way out is to be taken once; whoever waits longest comes next.
   */
  enter(key: string): Promise<(() => void) | undefined>;
}

interface Room {
  /** When each attempt began, in milliseconds, the oldest first. */
  begun: Map<symbol, number>;
  waiting: Set<(leave: () => void) => void>;
}

/** The attempts of this process: at most 8 at a time of each key. */
export function inFlight(clock: Clock): InFlight {
  const rooms = new Map<string, Room>();

  function take(key: string, room: Room): () => void {
    const attempt = Symbol(key);
    room.begun.set(attempt, clock.now().getTime());
    return () => {
      if (!room.begun.delete(attempt)) return;
      const [next] = room.waiting;
      if (next) {
        room.waiting.delete(next);
        next(take(key, room));
      } else if (room.begun.size === 0) rooms.delete(key);
    };
  }

  return {
    async enter(key) {
      const room = rooms.get(key) ?? { begun: new Map(), waiting: new Set() };
      rooms.set(key, room);
      if (room.begun.size < MAX_IN_FLIGHT) return take(key, room);
      const [oldest = 0] = room.begun.values();
      if (clock.now().getTime() - oldest > MAX_WAIT_MS) return undefined;
      return new Promise((resolve) => {
        const enter = (leave: () => void) => {
          stop();
          resolve(leave);
        };
        const stop = clock.after(MAX_WAIT_MS, () => {
          room.waiting.delete(enter);
          resolve(undefined);
        });
        room.waiting.add(enter);
      });
    },
  };
}
