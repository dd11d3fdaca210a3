import assert from "node:assert/strict";
import fc from "fast-check";
import { isLeading } from "../../../../engine/src/jobs/rules/cache-entry.ts";
import type { Job } from "../../../../engine/src/jobs/rules/job.ts";
import { type Look, RULES } from "./rules.ts";
import { hostileScript, type Line, patientScript, peacefulScript, type Work } from "./script.ts";
import { newWorld, type World } from "./world.ts";

const RUNS = 300;
/** Hundreds of worlds take seconds, and shrinking one that failed takes longer. */
const SLOW_MS = 120_000;

/** Plays a script, looking after every line; lines that are not awaited run beside the next ones. */
async function played(script: readonly Line[], look: Look = () => undefined): Promise<World> {
  const world = newWorld();
  const beside: Promise<void>[] = [];
  let seen = 0;
  const lookNow = () => {
    look(world.store.moves.slice(seen), world.store, world.now());
    seen = world.store.moves.length;
  };
  for (const line of script) {
    beside.push(world.play(line));
    if (line.isAwaited) await Promise.all(beside.splice(0));
    lookNow();
  }
  await Promise.all(beside);
  lookNow();
  return world;
}

/** Longer than any wait of a script, and than the longest distance between two looks. */
const HOUR_MS = 61 * 60_000;

describe("a world in which everything goes wrong", function () {
  this.timeout(SLOW_MS);

  it("keeps every promise at every moment", () =>
    fc.assert(
      fc.asyncProperty(hostileScript, async (script) => void (await played(script, everyRule()))),
      { numRuns: 500 },
    ));

  // The worst: all wait for one slot, one after the other, and each has three attempts an hour apart, or six when its
  // workers die.
  const endings: Record<string, { ending: Work; hours: (jobs: number) => number }> = {
    complete: { ending: { does: "complete" }, hours: () => 1 },
    "fail again and again": {
      ending: { does: "fail", isPermanent: false, delayMs: 90_000 },
      hours: (jobs) => 3 * jobs,
    },
    die: { ending: { does: "die", isMessageLost: true }, hours: (jobs) => 1 + 6 * jobs },
  };
  for (const [how, { ending, hours }] of Object.entries(endings)) {
    it(`ends every accepted job once it is calm, when its attempts ${how}`, () =>
      fc.assert(
        fc.asyncProperty(hostileScript, fc.boolean(), async (script, areMessagesLost) => {
          const world = await played(script);
          world.calm({ areMessagesLost });
          const most = hours(world.jobs().length);
          for (let hour = 1; hour <= most && !world.isQuiet(); hour++) {
            world.pass(HOUR_MS);
            await world.sweep();
            await world.drain(ending);
          }
          assert.deepEqual(unfinished(world), []);
        }),
        { numRuns: RUNS },
      ));
  }

  it("leaves no job waiting for a slot, a turn or a result that is free, once a sweep went by", () =>
    fc.assert(
      fc.asyncProperty(hostileScript, async (script) => {
        const world = await played(script);
        world.calm({ areMessagesLost: false });
        world.pass(HOUR_MS);
        await world.sweep();
        const jobs = world.jobs();
        for (const job of jobs) assert.ok(waitsForSomething(job, jobs), JSON.stringify(brief(job)));
      }),
      { numRuns: RUNS },
    ));
});

const submitted = (more: object): Line => ({
  action: { kind: "submit", owner: "ann", maxAttempts: 1, body: 0, ...more },
  skewMs: 0,
  isAwaited: false,
});
/**
 * Ann's one slot comes free. Those that wait for it follow Cleo's equal job instead, one after the other, while the
 * next of the lane comes into their queue.
 */
const LEAVES_SLOT_QUEUE: Line[] = [
  submitted({ lane: "b" }),
  submitted({ lane: "b" }),
  submitted({ cache: "public" }),
  submitted({ cache: "public" }),
  { action: { kind: "deliver", pick: 0, isRepeated: false }, skewMs: 0, isAwaited: true },
  submitted({ owner: "cleo", cache: "public" }),
];

describe("a world in which nothing goes wrong", function () {
  this.timeout(SLOW_MS);

  it("ends every accepted job without a sweep", () =>
    fc.assert(
      fc.asyncProperty(peacefulScript, async (script) => {
        const world = await played(script);
        for (let minute = 1; minute <= 4; minute++) {
          await world.drain({ does: "complete" });
          world.pass(6000);
        }
        assert.deepEqual(unfinished(world), []);
      }),
      { numRuns: RUNS, examples: [[LEAVES_SLOT_QUEUE]] },
    ));

  it("lets no job wait for an equal one that waits itself, at any moment", () =>
    fc.assert(
      fc.asyncProperty(patientScript, async (script) => {
        await played(script, (_, { current }) => {
          for (const { sharesResultOf } of current.values()) {
            const leader = sharesResultOf === undefined ? undefined : current.get(sharesResultOf);
            assert.ok(
              sharesResultOf === undefined || (leader && isLeading(leader)),
              JSON.stringify(leader && brief(leader)),
            );
          }
        });
      }),
      { numRuns: RUNS },
    ));
});

/** All rules at once; a broken one gives its name to the error. */
function everyRule(): Look {
  const looks = Object.entries(RULES).map(([title, rule]) => [title, rule()] as const);
  return (...given) => {
    for (const [title, look] of looks) {
      try {
        look(...given);
      } catch (cause) {
        throw new Error(`not true any more: ${title}`, { cause });
      }
    }
  };
}

function waitsForSomething(
  { waitingFor, owner, ticket, concurrencyLimit, lane, laneTicket, sharesResultOf }: Job,
  jobs: readonly Job[],
): boolean {
  if (waitingFor === "slot") {
    return (
      jobs.filter((other) => other.owner === owner && (other.ticket ?? Infinity) < (ticket ?? 0)).length >=
      concurrencyLimit
    );
  }
  if (waitingFor === "lane")
    return jobs.some((other) => other.lane === lane && (other.laneTicket ?? Infinity) < (laneTicket ?? 0));
  if (waitingFor === "result") return jobs.some((other) => other.jobId === sharesResultOf && isLeading(other));
  return waitingFor === undefined;
}

function unfinished(world: World) {
  return world
    .jobs()
    .filter(({ finishedAt }) => !finishedAt)
    .map(brief);
}

function brief({ jobId, status, waitingFor, attempt, ticket, laneTicket, sharesResultOf, dueAt }: Job) {
  return { jobId, status, waitingFor, attempt, ticket, laneTicket, sharesResultOf, dueAt };
}
