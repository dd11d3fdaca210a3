import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { testCloud } from "../support/cloud.ts";
import {
  consoleBrowser,
  isSubmission,
  jobRows,
  signInToConsole,
  submitComments,
  submitVideo,
} from "../support/console-page.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob } from "../support/jobs.ts";
import { waitFor } from "../support/wait-for.ts";

const FIRST_SAMPLE_COMMENT = {
  text: "hey guys!! visit my channel pleaase (i'm searching a dream)",
  publishedAt: "2014-08-06T21:14:15",
};

/** One browser with one context per user, as two people on two machines. */
describe("the console in a browser", () => {
  const { newPage, signedIn } = consoleBrowser();

  it("shows a submitted sample's result without a reload", async () => {
    const page = await signedIn("ada");
    await page.getByText("No jobs yet").waitFor();
    const loads = countLoads(page);
    await page.getByRole("button", { name: "Use 60 real sample comments" }).click();
    await page.getByText("60 comments", { exact: true }).waitFor();
    const sent = submissionFrom(page);
    await page.getByRole("button", { name: "Start analysis" }).click();
    const { comments } = (await sent).input;
    assert.deepEqual([comments[0], comments.length], [FIRST_SAMPLE_COMMENT, 60]);
    await page.getByTestId("result").waitFor();
    assert.equal(await page.getByTestId("job").getAttribute("data-status"), "completed");
    for (const section of ["Summary", "Sentiment", "Classes", "Themes", "Top questions", "Comments", "History"]) {
      assert.equal(await page.getByRole("region", { name: section, exact: true }).count(), 1, section);
    }
    const table = page.getByRole("region", { name: "Comments", exact: true });
    await table.getByText("60 in all").waitFor();
    assert.equal(await table.getByRole("row").count(), 26, "the head and the first 25 comments");
    assert.equal(await page.getByRole("list", { name: "Jobs" }).getByText("Completed").count(), 1);
    assert.equal(loads(), 0);
  });

  it("moves progress and shows the result of a fetched video without a reload", async () => {
    const videoId = describedVideo({ delayMs: 1_500 });
    const page = await signedIn("ada");
    const loads = countLoads(page);
    await submitVideo(page, videoId);
    const seen = await progressSeenUntilCompleted(page);
    await page.getByTestId("result").waitFor();
    assert.ok(new Set(seen).size >= 2, `progress was ${seen.join(", ")}`);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
      "progress never goes back",
    );
    assert.equal(seen.at(-1), 1);
    await page.getByRole("link", { name: "A film about bridges" }).waitFor();
    const table = page.getByRole("region", { name: "Comments", exact: true });
    await table.getByRole("cell", { name: "The drone shots are wonderful" }).waitFor();
    await table.getByRole("cell", { name: "Which bridge is the third one?" }).waitFor();
    assert.equal(loads(), 0);
  });

  it("submits a job of a type without a view of its own, and shows its input and output as trees", async () => {
    const page = await signedIn("ada");
    const loads = countLoads(page);
    await page.getByRole("combobox", { name: "Job type" }).click();
    await page.getByRole("option", { name: "test.cached", exact: true }).click();
    await page.getByRole("heading", { name: "New job: test.cached" }).waitFor();
    assert.equal(new URL(page.url()).search, "?type=test.cached");
    const input = page.getByLabel("Input", { exact: true });
    assert.equal(await input.inputValue(), '{\n  "text": "",\n  "ms": 0\n}', "an example from the schema");
    const submit = page.getByRole("button", { name: "Submit job" });
    await input.fill('{"text": ');
    await submit.click();
    await page.getByText("This is not JSON").waitFor();
    await input.fill('{"text": 5}');
    await submit.click();
    await page.getByRole("alert").filter({ hasText: "/input/text" }).waitFor();
    await input.fill('{"text": "A word of mine"}');
    await submit.click();
    const output = page.getByRole("region", { name: "Output", exact: true });
    await output.getByText("run", { exact: true }).waitFor();
    await page.getByRole("region", { name: "Input", exact: true }).getByText("A word of mine").waitFor();
    assert.equal(await page.getByRole("region", { name: "History", exact: true }).count(), 1);
    await output.getByRole("button", { name: "Copy the output" }).click();
    await page.goBack();
    await page.getByRole("heading", { name: "New job: test.cached" }).waitFor();
    assert.equal(loads(), 0);
  });

  it("shows a second user nothing of another's job, neither in the list nor by its address", async () => {
    const ada = await signedIn("ada");
    await submitComments(ada, "Great video!\nWhat song is this?");
    await ada.getByTestId("result").waitFor();
    const address = ada.url();
    assert.match(address, /\/jobs\/[A-Za-z0-9]{20}$/);

    const bob = await signedIn("bob");
    await bob.getByText("No jobs yet").waitFor();
    await bob.goto(address);
    await bob.getByRole("heading", { name: "This job cannot be shown" }).waitFor();
    await bob.getByText("or it belongs to another user").waitFor();
    await bob.getByText("No jobs yet").waitFor();
    assert.equal(await bob.getByTestId("result").count(), 0);
    assert.doesNotMatch(await bob.locator("body").innerText(), /What song is this|Analysis of 2 comments/);
  });

  it("shows a running job as cancelled after its button is pressed", async () => {
    const videoId = describedVideo({ delayMs: "forever" });
    const page = await signedIn("ada");
    await submitVideo(page, videoId);
    await page.getByTestId("activity").getByText("Fetching comments").waitFor();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.getByText("This job was cancelled").waitFor();
    assert.equal(await page.getByTestId("job").getAttribute("data-status"), "cancelled");
    assert.equal(await page.getByRole("button", { name: /^Cancel/ }).count(), 0);
  });

  it("says why a job failed and what to do", async () => {
    const page = await signedIn("ada");
    await submitVideo(page, "https://example.com/not-a-video");
    const alert = page.getByRole("alert").filter({ hasText: "This job failed" });
    await alert.getByText("is not a YouTube video").waitFor();
    await alert.getByText("Copy the address of the video from YouTube").waitFor();
  });

  it("asks for a video or comments before anything is sent", async () => {
    const page = await signedIn("ada");
    const requests: string[] = [];
    page.on("request", (request) => request.method() === "POST" && requests.push(new URL(request.url()).pathname));
    await page.getByRole("button", { name: "Start analysis" }).click();
    await page.getByText("Give a video, or comments below.").waitFor();
    assert.equal(requests.filter((path) => path.startsWith("/v1/")).length, 0);
  });

  it("lists the newest 50 jobs, and the others when asked for more", async () => {
    const page = await signedIn("ada");
    const sent = page.waitForResponse((answer) => isSubmission(answer.request()));
    await submitComments(page, "I love this");
    await storeOldJobs((await (await sent).json()).owner, 60);
    const rows = jobRows(page);
    await waitFor("50 rows", async () => (await rows.count()) === 50);
    await page.getByRole("button", { name: "Show more" }).click();
    await waitFor("all 61 rows", async () => (await rows.count()) === 61);
    assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  });

  it("loads nothing from beyond this machine", async () => {
    const foreign: string[] = [];
    const page = await newPage();
    page.on("request", (request) => isForeign(request.url()) && foreign.push(request.url()));
    await signInToConsole(page);
    await submitComments(page, "I love this");
    await page.getByTestId("result").waitFor();
    assert.deepEqual(foreign, []);
  });

  it("fits a screen of 380 pixels, with the form, the list and a result", async () => {
    const page = await newPage({ viewport: { width: 380, height: 860 } });
    await signInToConsole(page);
    await page.getByText("No jobs yet").waitFor();
    await page.getByText("Advanced").click();
    await page.getByLabel("Webhook URL").waitFor();
    assert.equal(await overflowOf(page), 0);
    await submitComments(page, `Great video!\n${"averyverylongword".repeat(20)}`);
    await page.getByTestId("result").waitFor();
    assert.equal(await overflowOf(page), 0);
  });
});

/** Describes a video with two comments to the YouTube server; answers with its id. */
function describedVideo(how: { delayMs: number | "forever" }): string {
  const videoId = randomUUID().replaceAll("-", "").slice(0, 11);
  const comments = [{ text: "The drone shots are wonderful" }, { text: "Which bridge is the third one?" }];
  testCloud().youtube.video(videoId, { title: "A film about bridges", comments, ...how });
  return videoId;
}

/** Waits for the next submission of the page, and answers its body. */
async function submissionFrom(page: Page) {
  return (await page.waitForRequest(isSubmission)).postDataJSON();
}

/** Stores queued jobs of 2026-01-01, which no worker runs, and which are not due for the sweep. */
async function storeOldJobs(owner: string, count: number): Promise<void> {
  const db = openFirestore();
  const store = openJobStore(db);
  const far = new Date("2036-01-01");
  await Promise.all(Array.from({ length: count }, () => store.put(aJob({ owner, dueAt: far, expireAt: far }), {})));
  await db.terminate();
}

/**
 * Reads every progress value that the page shows, in order, until the job is final. Fails with the job as stored when
 * it does not complete.
 */
async function progressSeenUntilCompleted(page: Page): Promise<number[]> {
  const seen: number[] = [];
  const job = page.getByTestId("job");
  const status = await waitFor("the job to be final", async () => {
    const progress = Number(await job.getAttribute("data-progress"));
    if (progress !== seen.at(-1)) seen.push(progress);
    const shown = await job.getAttribute("data-status");
    return shown !== null && ["completed", "failed", "cancelled"].includes(shown) && shown;
  }).catch((cause: unknown) => `not final: ${String(cause)}`);
  if (status !== "completed") assert.fail(`The page shows ${status}; Firestore has ${await storedJob(page)}`);
  const last = Number(await job.getAttribute("data-progress"));
  return last === seen.at(-1) ? seen : [...seen, last];
}

/** The job of the page as Firestore has it: tells a job that did not end from a page that was not told. */
async function storedJob(page: Page): Promise<string> {
  const db = openFirestore();
  const job = (await db.doc(`batonJobs/${page.url().split("/").at(-1)}`).get()).data();
  await db.terminate();
  return JSON.stringify({ status: job?.status, error: job?.error, attempt: job?.attempt, history: job?.history });
}

/** Counts the documents the page loads from now on: a reload, or a link that leaves the page, is one. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on("domcontentloaded", () => {
    loads += 1;
  });
  return () => loads;
}

/** Pixels by which the page is wider than the screen. */
function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

function isForeign(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return /^(https?|wss?):$/.test(protocol) && hostname !== "127.0.0.1" && hostname !== "localhost";
}
