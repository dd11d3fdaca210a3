import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { testCloud } from "../support/cloud.ts";
import {
  consoleBrowser,
  endlessVideo,
  freshName,
  jobRows,
  signInToConsole,
  signOutOfConsole,
  submitComments,
  submitVideo,
} from "../support/console-page.ts";
import { openFirestore } from "../support/firestore.ts";
import { makeBrowserOld } from "../support/older-browser.ts";
import { waitFor } from "../support/wait-for.ts";

const PHONE = { width: 390, height: 844 };

/** Every page of the console: its title, a place for the focus, contrast, and room on a small screen. */
describe("each page of the console", () => {
  const { newPage } = consoleBrowser();

  for (const colorScheme of ["light", "dark"] as const) {
    for (const viewport of [{ width: 1280, height: 860 }, PHONE]) {
      it(`has no fault that axe finds, ${colorScheme}, ${viewport.width} pixels wide`, async () => {
        const page = await newPage({ colorScheme, viewport, reducedMotion: "reduce" });
        const faults: string[] = [];
        const check = async (where: string) => {
          faults.push(...(await faultsOf(page)).map((fault) => `${where}: ${fault}`));
        };
        await page.goto(testCloud().consoleUrl);
        await page.getByLabel("Name").waitFor();
        await check("sign-in");
        const uid = await signInToConsole(page);
        await page.getByText("No jobs yet").waitFor();
        await page.getByText("Advanced").click();
        await check("form");
        await page.getByRole("button", { name: "Start analysis" }).click();
        await page.getByText("Give a video, or comments below.").waitFor();
        await check("refused form");
        await page.getByRole("button", { name: "Use 60 real sample comments" }).click();
        await page.getByText("60 comments", { exact: true }).waitFor();
        await page.getByRole("button", { name: "Start analysis" }).click();
        await page.getByTestId("result").waitFor();
        await check("result");
        await page.goto(testCloud().consoleUrl);
        await submitVideo(page, "https://example.com/not-a-video");
        await page.getByText("This job failed").waitFor();
        await check("failed job");
        const videoId = endlessVideo();
        await page.goto(testCloud().consoleUrl);
        await submitVideo(page, videoId);
        await page.getByTestId("activity").getByText("Fetching comments").waitFor();
        await check("running job");
        await page.getByRole("button", { name: "Cancel", exact: true }).click();
        await page.getByText("This job was cancelled").waitFor();
        await check("cancelled job");
        await page.goto(`${testCloud().consoleUrl}/?type=test.cached`);
        await page.getByText("Schema of the input").click();
        await check("form of any job type");
        await page.getByLabel("Input", { exact: true }).fill('{"text": "Great video!"}');
        await page.getByRole("button", { name: "Submit job" }).click();
        await page.getByTestId("result").waitFor();
        await check("result of any job type");
        await page.goto(`${testCloud().consoleUrl}/jobs/gone`);
        await page.getByText("This job cannot be shown").waitFor();
        await check("no such job");
        await notify(uid);
        await page.goto(testCloud().consoleUrl);
        await page.getByRole("region", { name: "Alerts" }).getByText("About a webhook endpoint").waitFor();
        await page.getByRole("button", { name: /^Account of/ }).click();
        await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
        await check("list, alerts and menu");
        assert.deepEqual(faults, []);
      });
    }
  }

  it("has the jobs above the form on a phone, three of them until all are asked for", async () => {
    const page = await newPage({ viewport: PHONE });
    const uid = await signInToConsole(page);
    await page.getByText("No jobs yet").waitFor();
    for (const n of [1, 2, 3, 4, 5]) await storeStrangeJob(uid, `strange-${n}`);
    await page.getByRole("button", { name: "Show all jobs" }).click();
    await waitFor("all rows", async () => (await visibleRows(page)) === 5);
    await page.getByRole("button", { name: "Show fewer" }).click();
    await waitFor("three rows", async () => (await visibleRows(page)) === 3);
    const [list, form] = await Promise.all([
      page.getByRole("list", { name: "Jobs" }).boundingBox(),
      page.getByRole("heading", { name: "New video analysis" }).boundingBox(),
    ]);
    assert.ok(list && form && list.y < form.y && form.y < PHONE.height, JSON.stringify({ list, form }));
    await page.getByRole("link", { name: "New job" }).click();
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent),
      "New video analysis",
      "the button leads to the form",
    );
  });

  it("shows a job and an alert of kinds that this version does not know", async () => {
    const page = await newPage();
    const uid = await signInToConsole(page);
    await notify(uid);
    const jobId = await storeStrangeJob(uid, "A job of tomorrow");
    await page.getByText("The endpoint e1 was moved to the moon.").waitFor();
    const row = jobRows(page).filter({ hasText: "A job of tomorrow" });
    await row.getByText("Hibernating").waitFor();
    await row.getByRole("link").click();
    await page.getByRole("heading", { name: "A job of tomorrow" }).waitFor();
    assert.equal(await page.getByTestId("job").getAttribute("data-status"), "hibernating");
    assert.equal(await page.title(), "Hibernating: A job of tomorrow · Baton");
    assert.ok(page.url().endsWith(`/jobs/${jobId}`));
  });

  it("works in a browser that has only what the oldest supported ones have", async () => {
    const page = await newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await makeBrowserOld(page);
    await signInToConsole(page, freshName());
    assert.deepEqual(
      await page.evaluate(() => ["size" in URLSearchParams.prototype, "any" in AbortSignal, "union" in Set.prototype]),
      [false, false, false],
    );
    await submitComments(page, "Great video!\nWhat song is this?");
    await page.getByTestId("result").waitFor();
    await page.getByRole("region", { name: "Classes", exact: true }).waitFor();
    await signOutOfConsole(page);
    await page.getByLabel("Name").waitFor();
    assert.deepEqual(errors, []);
  });
});

/** Each fault of the page by axe's rules, with the elements that have it. */
async function faultsOf(page: Page): Promise<string[]> {
  // The page's policy allows no script of others; what the browser's protocol evaluates is not held to it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`,
  );
}

async function visibleRows(page: Page): Promise<number> {
  const rows = await jobRows(page).all();
  return (await Promise.all(rows.map((row) => row.isVisible()))).filter(Boolean).length;
}

/** Stores an alert of a kind that no version knows. */
async function notify(owner: string): Promise<void> {
  await storeDocument(`batonAlerts/${randomUUID()}`, {
    owner,
    endpointId: "e1",
    kind: "moved",
    message: "The endpoint e1 was moved to the moon.",
    createdAt: new Date("2026-03-01"),
    expireAt: new Date("2036-01-01"),
  });
}

/** Stores a job whose type, status and reasons no version knows; answers with its id. */
async function storeStrangeJob(owner: string, title: string): Promise<string> {
  const jobId = randomUUID();
  const at = new Date("2026-01-01");
  await storeDocument(`batonJobs/${jobId}`, {
    jobId,
    owner,
    type: "moon.landing",
    queue: "default",
    status: "hibernating",
    progress: 0.5,
    attempt: 1,
    maxAttempts: 5,
    tags: [],
    metadata: { title },
    createdAt: at,
    updatedAt: at,
    history: [{ status: "hibernating", at, attempt: 1, reason: "cold" }],
  });
  return jobId;
}

async function storeDocument(path: string, fields: Record<string, unknown>): Promise<void> {
  const db = openFirestore();
  await db.doc(path).set(fields);
  await db.terminate();
}
