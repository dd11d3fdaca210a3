import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { testCloud } from "../support/cloud.ts";
import {
  consoleBrowser,
  enterName,
  isSubmission,
  jobRows,
  policyViolations,
  signInToConsole,
  submitComments,
} from "../support/console-page.ts";

/** The console where its parts do not load, its network is away, or a key is held down. */
describe("the console where something fails", () => {
  const { newPage } = consoleBrowser();

  it("breaks no rule of its Content-Security-Policy from sign-in to result", async () => {
    const page = await newPage();
    const violations = await policyViolations(page);
    await signInToConsole(page);
    await page.getByText("Advanced").click();
    await submitComments(page, "Great video!\nWhat song is this?");
    await page.getByTestId("result").waitFor();
    await page.getByRole("region", { name: "Classes", exact: true }).waitFor();
    assert.deepEqual(violations, []);
    const answer = await page.request.get(`${testCloud().consoleUrl}/assets/console-gone.js`);
    assert.equal(answer.status(), 404);
  });

  it("reloads once when a part of an older deployment is gone, and works with the newer one", async () => {
    const page = await newPage();
    let failures = 0;
    await page.route(/\/assets\/console-.*\.js$/, (route) => {
      failures += 1;
      return failures === 1 ? route.fulfill({ status: 404 }) : route.continue();
    });
    await signInToConsole(page);
    assert.equal(failures, 2);
  });

  it("says that the console cannot be shown when it never loads, and shows it after the reload that is offered", async () => {
    const page = await newPage();
    let tries = 0;
    await page.route(/\/assets\/console-.*\.js$/, (route) => {
      tries += 1;
      return route.fulfill({ status: 404 });
    });
    await enterName(page);
    await page.getByText("The console cannot be shown").waitFor();
    assert.equal(tries, 2, "one reload, and no more");
    await page.unroute(/\/assets\/console-.*\.js$/);
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByRole("heading", { name: "New video analysis" }).waitFor();
  });

  it("keeps the job's page when the result's part does not load", async () => {
    const page = await newPage();
    await signInToConsole(page);
    await page.route(/\/assets\/analysis-result-.*\.js$/, (route) => route.abort());
    await submitComments(page, "Great video!");
    await page.getByText("The result cannot be shown").waitFor();
    assert.equal(await page.getByRole("region", { name: "History", exact: true }).count(), 1);
    assert.equal(await page.getByRole("list", { name: "Jobs" }).getByText("Completed").count(), 1);
  });

  it("says so when the sample does not load, and keeps what the form holds", async () => {
    const page = await newPage();
    await signInToConsole(page);
    await page.route(/\/assets\/sample-comments-.*\.js$/, (route) => route.abort());
    await page.getByLabel("YouTube video").fill("dQw4w9WgXcQ");
    const button = page.getByRole("button", { name: "Use 60 real sample comments" });
    await button.click();
    await page.getByText("The sample did not load").waitFor();
    assert.deepEqual(
      [await button.isEnabled(), await page.getByLabel("YouTube video").inputValue()],
      [true, "dQw4w9WgXcQ"],
    );
  });

  it("offers a reload when the console's own script does not load", async () => {
    const page = await newPage();
    await page.route(/\/assets\/index-.*\.js$/, (route) => route.fulfill({ status: 404 }));
    await page.goto(testCloud().consoleUrl);
    await page.getByRole("alert").getByText("The console did not load").waitFor();
    await page.unroute(/\/assets\/index-.*\.js$/);
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByLabel("Name").waitFor();
  });

  it("submits one job while Ctrl+Enter is held, and when it is pressed fast", async () => {
    const page = await newPage();
    await signInToConsole(page);
    const keys = submittedKeys(page);
    const comments = page.getByLabel("Comments", { exact: true });
    await comments.fill("Great video!");
    await page.keyboard.down("Control");
    for (let n = 0; n < 6; n++) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.keyboard.up("Control");
    await page.getByTestId("result").waitFor();
    await page.getByRole("link", { name: "New job" }).click();
    await comments.fill("Another one");
    await comments.evaluate((field) => {
      const press = { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true };
      for (let n = 0; n < 6; n++) field.dispatchEvent(new KeyboardEvent("keydown", press));
    });
    await page.getByTestId("result").waitFor();
    assert.deepEqual([keys().length, await jobRows(page).count()], [2, 2]);
  });

  it("finds the job it submitted when the answer was lost and the button is pressed again", async () => {
    const page = await newPage();
    await signInToConsole(page);
    const keys = submittedKeys(page);
    await page.route("**/v1/jobs", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByLabel("Comments", { exact: true }).fill("Great video!");
    const start = page.getByRole("button", { name: "Start analysis" });
    await start.click();
    await page.getByRole("alert").getByText("No answer arrived").waitFor();
    await page.unroute("**/v1/jobs");
    await start.click();
    await page.getByTestId("result").waitFor();
    assert.deepEqual([keys().length >= 2, new Set(keys()).size], [true, 1]);
    assert.equal(await jobRows(page).count(), 1);
  });
});

/** Collects the idempotency keys of the page's submissions. */
function submittedKeys(page: Page): () => string[] {
  const keys: string[] = [];
  page.on("request", (request) => {
    const key = isSubmission(request) && request.headers()["idempotency-key"];
    if (key) keys.push(key);
  });
  return () => keys;
}
