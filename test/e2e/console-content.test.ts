import assert from "node:assert/strict";
import { consoleBrowser, policyViolations, signInToConsole } from "../support/console-page.ts";
import { PHOTOSYNTHESIS } from "../support/learning-sources.ts";
import { waitFor } from "../support/wait-for.ts";

describe("a job of content.generate in the console", () => {
  const { newPage } = consoleBrowser();

  it("goes from the form to a video that plays with its transcript, within the page's policy", async () => {
    const page = await newPage();
    const violations = await policyViolations(page);
    await signInToConsole(page);
    await page.goto(`${new URL(page.url()).origin}/?type=content.generate`);
    await page.getByLabel("Question").fill("How do plants make food from sunlight?");
    await page.getByLabel("Source texts").fill(PHOTOSYNTHESIS.map(({ text }) => text).join("\n---\n"));
    await page.getByLabel("Length").fill("10");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByTestId("result").waitFor({ timeout: 150_000 });

    const video = page.locator("video");
    const isReady = () => video.evaluate((element: HTMLVideoElement) => element.readyState >= 1);
    await waitFor("the video to be known", isReady);
    const lines = page.getByRole("list", { name: "Transcript" }).getByRole("listitem");
    await lines.last().getByRole("button").click();
    await waitFor("the last line", async () => (await lines.last().getAttribute("aria-current")) === "true");
    const seconds = await video.evaluate((element: HTMLVideoElement) => [element.duration, element.currentTime]);
    assert.ok(
      seconds.every((value) => value > 1 && value < 12),
      seconds.join(", "),
    );

    await page
      .getByRole("link", { name: /^Source \d: Document \d/ })
      .first()
      .click();
    const cited = await page.locator("blockquote:focus mark").textContent();
    assert.ok(PHOTOSYNTHESIS.some(({ text }) => cited && text.includes(cited)));

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download video.mp4" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "video.mp4");
    assert.deepEqual(violations, []);
  });
});
