/** Counts of the injected faults since the cloud started. */
export interface FaultCounts {
  /** The seed of its decisions. */
  seed: number;
  duplicated: number;
  reordered: number;
  delayed: number;
  droppedTriggers: number;
  /** Deliveries that failed without reaching the function. */
  failedBefore: number;
  /** Deliveries whose answer was lost after the function had worked. */
  failedAfter: number;
  /** Deliveries that were cut off while the function worked. */
  cut: number;
  /**
   * Messages that waited in the bridge when Pub/Sub restarted, and were lost. Those in the emulator are not counted.
   */
  lostMessages: number;
  /** By function. */
  kills: Record<string, number>;
  /** Workers that were stopped while another process took over. */
  freezes: number;
  firestorePauses: number;
  pubsubRestarts: number;
}

/** The counts at the start: all are zero. */
export function noFaults(seed: number): FaultCounts {
  const events = {
    duplicated: 0,
    reordered: 0,
    delayed: 0,
    droppedTriggers: 0,
    failedBefore: 0,
    failedAfter: 0,
    cut: 0,
  };
  return { seed, ...events, lostMessages: 0, kills: {}, freezes: 0, firestorePauses: 0, pubsubRestarts: 0 };
}

/** Renders the counts as one line; leaves out the faults that never happened. */
export function describeFaults({ seed, kills, ...counts }: FaultCounts): string {
  const killed = Object.entries(kills).map(([name, times]) => `${name} killed ${times}`);
  const words = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${count}`);
  return `Faults with seed ${seed}: ${[...words, ...killed].join(", ") || "none"}`;
}
