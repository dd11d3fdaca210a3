import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { testCloud } from "../support/cloud.ts";
import {
  consoleBrowser,
  endlessVideo,
  jobRows,
  signInToConsole,
  signOutOfConsole,
  submitComments,
  submitVideo,
} from "../support/console-page.ts";
import { waitFor } from "../support/wait-for.ts";

/** Where a reader is after each step: what the tab is called, and what has the focus. */
describe("the title and the focus of the console", () => {
  const { newPage } = consoleBrowser();

  it("names the tab, and puts the focus on its heading when the user comes to it", async () => {
    const page = await newPage();
    await page.goto(testCloud().consoleUrl);
    await page.getByLabel("Name").waitFor();
    assert.deepEqual(await standOf(page), ["Sign in · Baton", "INPUT"]);
    await signInToConsole(page);
    await stands(page, "New analysis · Baton", "New video analysis");
    await submitComments(page, "Great video!");
    await page.getByTestId("result").waitFor();
    await stands(page, "Completed: Analysis of 1 comment · Baton", "Analysis of 1 comment");
    await page.keyboard.press("n");
    await stands(page, "New analysis · Baton", "New video analysis");
    await jobRows(page).first().getByRole("link").click();
    await stands(page, "Completed: Analysis of 1 comment · Baton", "Analysis of 1 comment");
    await page.goBack();
    await stands(page, "New analysis · Baton", "New video analysis");
    await page.goto(`${testCloud().consoleUrl}/jobs/gone`);
    await page.getByText("This job cannot be shown").waitFor();
    assert.deepEqual(await standOf(page), ["No such job · Baton", "BODY"], "a page that was loaded takes no focus");
    await page.getByRole("link", { name: "New job" }).first().click();
    await stands(page, "New analysis · Baton", "New video analysis");
    await signOutOfConsole(page);
    await stands(page, "Sign in · Baton", "INPUT");
  });

  it("names the tab by what its job is doing", async () => {
    const page = await newPage();
    await signInToConsole(page);
    const videoId = endlessVideo();
    await submitVideo(page, videoId);
    await waitFor("the title", async () => (await page.title()) === `Processing: ${videoId} · Baton`);
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await waitFor("the title", async () => (await page.title()) === `Cancelled: ${videoId} · Baton`);
  });

  it("keeps a focus that the user moved while a job loads", async () => {
    const page = await newPage();
    await signInToConsole(page);
    await submitComments(page, "Great video!");
    await page.getByTestId("result").waitFor();
    await page.getByRole("link", { name: "New job" }).click();
    const row = jobRows(page).first().getByRole("link");
    await row.focus();
    await row.click();
    const all = page.getByRole("radio", { name: "All" });
    await all.focus();
    await page.getByTestId("result").waitFor();
    assert.equal(await all.evaluate((element) => element === document.activeElement), true);
  });
});

/** The tab's title, and what has the focus: a heading by its text, anything else by its tag. */
function standOf(page: Page): Promise<[string, string]> {
  return page.evaluate(() => {
    const at = document.activeElement;
    return [document.title, at instanceof HTMLHeadingElement ? at.innerText : (at?.tagName ?? "")];
  });
}

async function stands(page: Page, title: string, focus: string): Promise<void> {
  let stand: unknown;
  await waitFor(
    `the title "${title}" and the focus on "${focus}"`,
    async () => {
      stand = await standOf(page);
      return JSON.stringify(stand) === JSON.stringify([title, focus]);
    },
    20_000,
  ).catch(() => assert.deepEqual(stand, [title, focus]));
}
