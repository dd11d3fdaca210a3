import { randomInt } from "node:crypto";
import type { EventFaults } from "../bridge/bridge.ts";
import type { FunctionSpec } from "../manifest/manifest.ts";
import { LocalCloudError } from "../problem.ts";
import { createFates } from "./fates.ts";
import { type FaultCounts, noFaults } from "./fault-counts.ts";
import { faultyDeliverer } from "./faulty-deliverer.ts";
import { faultySend } from "./faulty-send.ts";
import { type ChaosOptions, EVENT_FAULTS } from "./options.ts";
import { type FaultTargets, startProcessFaults } from "./process-faults.ts";
import { whenAllAnswer } from "./when-all-answer.ts";

/** The faults of one cloud, from its start to its calm. */
export interface Chaos {
  /** The faults for the events of a function; undefined when no event fault is wanted. */
  faultsOf(spec: FunctionSpec): EventFaults | undefined;
  /**
   * Starts killing, pausing and restarting; `hosts` are the addresses (`host:port`) that answer when the emulators do.
   */
  begin(targets: ChaosTargets): void;
  /**
   * Ends all faults for good, and resolves when emulators and functions answer; a `LocalCloudError` when they do not in
   * a minute.
   */
  calm(): Promise<void>;
  /**
   * Ends all faults, and resolves when the last one is repaired: no process is stopped, no emulator is about to start.
   */
  stop(): Promise<void>;
  /** Counts so far; a copy. */
  faults(): FaultCounts;
}

/** The parts of the cloud that faults are injected into. */
export interface ChaosTargets extends FaultTargets {
  hosts: string[];
  /** Told when a part did not come back from a fault. */
  fail(error: LocalCloudError): void;
}

const CALM_TIMEOUT_MS = 60_000;

/** Prepares the faults that `options` ask for, and logs their seed, by which they can be repeated. */
export function createChaos(options: ChaosOptions, log: (line: string) => void): Chaos {
  const settings = { ...options, seed: options.seed ?? randomInt(2 ** 32) };
  const counts = noFaults(settings.seed);
  const calming = new AbortController();
  const context = { counts, calm: calming.signal };
  const hasEventFaults = EVENT_FAULTS.some((fault) => (options[fault] ?? 0) > 0);
  let targets: ChaosTargets | undefined;
  let ended: Promise<void> = Promise.resolve();
  if (Object.keys(options).some((name) => name !== "seed")) log(`faults with seed ${settings.seed}`);

  async function stop(): Promise<void> {
    calming.abort();
    await ended;
  }

  return {
    faultsOf(spec) {
      if (!hasEventFaults) return undefined;
      const fates = createFates(spec.name, spec.trigger.kind, settings);
      return {
        send: (send) => faultySend(send, fates.nextDelivery, context),
        deliverer: (deliverer) => faultyDeliverer(deliverer, fates.nextArrival, context),
      };
    },
    begin(parts) {
      targets = parts;
      ended = startProcessFaults(settings, parts, context, log).catch((cause: unknown) => {
        const error = new LocalCloudError("A part of the cloud did not come back from a fault", { cause });
        parts.fail(cause instanceof LocalCloudError ? cause : error);
      });
    },
    async calm() {
      await stop();
      if (targets) await whenAllAnswer(targets.functions, targets.hosts, AbortSignal.timeout(CALM_TIMEOUT_MS));
    },
    stop,
    faults: () => ({ ...counts, kills: { ...counts.kills } }),
  };
}
