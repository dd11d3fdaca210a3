import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { consoleBrowser, policyViolations, signInToConsole } from "../support/console-page.ts";
import { waitFor } from "../support/wait-for.ts";

const CONTENT = "Fresh coffee from the hills of Ethiopia, roasted in Oslo. Order it today.";

/** Opens the form of `pipeline.run` as a fresh user. */
async function openForm(page: Page): Promise<void> {
  await signInToConsole(page);
  await page.goto(`${new URL(page.url()).origin}/?type=pipeline.run`);
  await page.getByRole("radio", { name: "quick-social" }).waitFor();
}

describe("a job of pipeline.run in the console", () => {
  const { newPage } = consoleBrowser();

  it("goes from a preset to a video with its states and its quality, within the page's policy", async () => {
    const page = await newPage();
    const violations = await policyViolations(page);
    await openForm(page);
    await page.getByText("720×1280").waitFor();
    await page.getByLabel("Text", { exact: true }).fill(CONTENT);
    await page.getByLabel("Title").fill("Coffee of the hills");
    await page.getByLabel("More about it").fill("campaign: spring");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByTestId("activity").getByText("Making the video").waitFor({ timeout: 60_000 });
    await page.getByTestId("result").waitFor({ timeout: 150_000 });

    const video = page.locator("video");
    await waitFor("the video to be known", () =>
      video.evaluate(
        (element: HTMLVideoElement) => element.readyState >= 1 && element.videoHeight > element.videoWidth,
      ),
    );
    const times = page.getByRole("region", { name: "Where the time went" });
    const stages = await times.getByRole("row").allTextContents();
    assert.deepEqual(
      stages.slice(1).map((row) => row.replace(/[\d.]+ s/g, "_")),
      [
        ...["StartWaiting for a worker__", "AnalysisAnalysis__", "CreationScript__", "GenerationNarration__"],
        ...["Sound__", "Video__", "ReviewReview__", "DeliveryDelivery__"],
      ],
    );
    assert.doesNotMatch(stages.at(-1) ?? "", /Delivery0\.00 s/, "the last stage begins after the others");
    await times.getByText(/from the submission to the end\. Video took the most/).waitFor();
    await page.getByRole("region", { name: "Quality" }).getByText("passed").first().waitFor();
    await page.getByRole("button", { name: "Download manifest.json" }).waitFor();
    assert.deepEqual(violations, []);
  });

  it("shows what is wrong at the field that it is about", async () => {
    const page = await newPage();
    await openForm(page);
    const send = () => page.getByRole("button", { name: "Make it" }).click();
    const text = page.getByLabel("Text", { exact: true });
    await send();
    await page.getByRole("alert").getByText("Give the text that is said and shown.").waitFor();
    await text.fill("Buy. ".repeat(1001));
    await send();
    await page.getByRole("alert").getByText("has 5004 characters; the most for quick-social is 5000").waitFor();
    await page.getByRole("radio", { name: "brand-campaign" }).click();
    await page.getByLabel("Author").fill("O".repeat(81));
    await send();
    await page.getByRole("alert").getByText("80").waitFor();
    assert.equal(await page.getByLabel("Author").getAttribute("aria-invalid"), "true");
    assert.equal(await text.getAttribute("aria-invalid"), null);
  });

  it("says that the presets cannot be listed, and sends nothing", async () => {
    const page = await newPage();
    await signInToConsole(page);
    await page.route("**/v1/presets", (route) => route.abort());
    await page.goto(`${new URL(page.url()).origin}/?type=pipeline.run`);
    await page.getByText("The presets cannot be listed").waitFor();
    await page.getByLabel("Text", { exact: true }).fill(CONTENT);
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("alert").getByText("Choose a preset.").waitFor();
  });
});
