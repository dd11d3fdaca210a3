import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { BrowserContextOptions, Page } from "playwright-core";
import { testCloud } from "../support/cloud.ts";
import {
  consoleBrowser,
  freshName,
  isSubmission,
  jobRows,
  signInToConsole,
  submitComments,
  submitVideo,
} from "../support/console-page.ts";
import { type Fault, faultyProxy } from "../support/faulty-proxy.ts";

/** A browser whose way to the console, the API and Firestore breaks: what the client promises, where it matters. */
describe("the console on a network that breaks", () => {
  const { newPage } = consoleBrowser();
  const api = faultyProxy(() => new URL(testCloud().consoleUrl).host);
  const firestore = faultyProxy(() => testCloud().firestoreHost);
  const auth = faultyProxy(() => testCloud().authHost);

  afterEach(() => {
    for (const proxy of [api, firestore, auth]) {
      proxy.restore();
      proxy.faults = [];
    }
  });

  for (const fault of ["cut", "unavailable", "lost"] satisfies Fault[]) {
    it(`submits one job when its answer is ${fault} twice`, async () => {
      const page = await signedIn();
      api.faults = [1, 2].map(() => ({ matching: /^POST \/v1\/jobs/, fault }));
      const sent: (string | undefined)[] = [];
      page.on("request", (request) => isSubmission(request) && sent.push(request.headers()["idempotency-key"]));
      await submitComments(page, "Great video!");
      await page.getByTestId("result").waitFor();
      assert.deepEqual([sent.length, new Set(sent).size, await jobRows(page).count()], [3, 1, 1]);
    });
  }

  it("submits one job when the first answer never ends", async () => {
    const page = await signedIn();
    api.faults = [{ matching: /^POST \/v1\/jobs/, fault: "stall" }];
    await page.getByLabel("Comments", { exact: true }).fill("Great video!");
    await page.getByRole("button", { name: "Start analysis" }).click();
    // The client gives a request up after 30 s.
    await page.getByTestId("result").waitFor({ timeout: 90_000 });
    assert.deepEqual([api.faults, await jobRows(page).count()], [[], 1]);
  });

  for (const fault of ["cut", "unavailable", "lost"] satisfies Fault[]) {
    it(`shows a result of the API when its answer is ${fault} twice`, async () => {
      const page = await signedIn();
      api.faults = [1, 2].map(() => ({ matching: /^GET \/v1\/jobs\/[^/]+\/result/, fault }));
      // A result above 100 KiB is not in its document: the page asks the API for it.
      const comments = Array.from({ length: 400 }, (_, n) => ({
        text: `Great video ${n}! ${"Wonderful. ".repeat(40)}`,
      }));
      const videoId = randomUUID().slice(0, 11);
      testCloud().youtube.video(videoId, { comments });
      await submitVideo(page, videoId);
      await page.getByTestId("result").waitFor();
      assert.deepEqual(api.faults, []);
    });
  }

  it("starts by the button that is offered, once the server answers again", async () => {
    const page = await newPage();
    let isAway = true;
    await page.route("**/__/firebase/init.json", (route) =>
      isAway ? route.fulfill({ status: 503, body: "away" }) : route.continue(),
    );
    await page.goto(testCloud().consoleUrl);
    const broken = page.getByRole("alert").filter({ hasText: "The console cannot start" });
    await broken.getByText("answered 503").waitFor();
    await broken.getByRole("button", { name: "Try again" }).click();
    await broken.getByText("answered 503").waitFor();
    isAway = false;
    await broken.getByRole("button", { name: "Try again" }).click();
    await page.getByLabel("Name").waitFor();
  });

  it("says that there is no connection while the browser is offline, and no more when it is back", async () => {
    const page = await signedIn();
    await page.getByText("No jobs yet").waitFor();
    const banner = page.getByText("No connection", { exact: true });
    assert.equal(await banner.count(), 0);
    await page.context().setOffline(true);
    await banner.waitFor();
    await page.context().setOffline(false);
    await banner.waitFor({ state: "detached" });
    await submitComments(page, "Great video!");
    await page.getByTestId("result").waitFor();
  });

  it("says that there is no connection while Firestore is away, and shows what happened meanwhile", async () => {
    const page = await signedIn();
    await page.getByText("No jobs yet").waitFor();
    firestore.cut();
    // The SDK tries for a while before it says so.
    await page.getByText("No connection", { exact: true }).waitFor({ timeout: 100_000 });
    await page.getByLabel("Comments", { exact: true }).fill("Great video!");
    const answered = page.waitForResponse((response) => isSubmission(response.request()));
    await page.getByRole("button", { name: "Start analysis" }).click();
    await answered;
    firestore.restore();
    await page.getByText("No connection", { exact: true }).waitFor({ state: "detached", timeout: 100_000 });
    await page.getByTestId("result").waitFor();
  });

  it("follows a job to its result when the network is away for two seconds just after its submission", async () => {
    const page = await signedIn();
    await page.getByLabel("Comments", { exact: true }).fill("Great video!");
    const answered = page.waitForResponse((response) => isSubmission(response.request()));
    await page.getByRole("button", { name: "Start analysis" }).click();
    await answered;
    for (const proxy of [api, firestore, auth]) proxy.cut();
    // The length of the fault, not a wait for something.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    for (const proxy of [api, firestore, auth]) proxy.restore();
    await page.getByTestId("result").waitFor();
    assert.equal(await page.getByTestId("job").getAttribute("data-status"), "completed");
  });

  it("says that the sign-in service cannot be reached, and signs in once it can", async () => {
    const page = await newPage({ bypassCSP: true });
    await throughProxies(page);
    await page.goto(testCloud().consoleUrl);
    await page.getByLabel("Name").fill(freshName());
    auth.cut();
    const signIn = page.getByRole("button", { name: "Sign in", exact: true });
    await signIn.click();
    await page.getByRole("alert").getByText("The sign-in service cannot be reached").waitFor();
    auth.restore();
    await signIn.click();
    await page.getByRole("heading", { name: "New video analysis" }).waitFor();
  });

  async function signedIn(options: BrowserContextOptions = {}): Promise<Page> {
    // The policy lets a page connect to the cloud's own doors only.
    const page = await newPage({ bypassCSP: true, ...options });
    await throughProxies(page);
    await signInToConsole(page);
    return page;
  }

  /** Leads the page's requests to the API, Firestore and Auth through the proxies. */
  async function throughProxies(page: Page): Promise<void> {
    await page.route("**/__/firebase/init.json", async (route) => {
      const init = await (await route.fetch()).json();
      const emulators = { authHost: auth.host, firestoreHost: firestore.host };
      await route.fulfill({ json: { ...init, emulators, apiUrl: `http://${api.host}` } });
    });
  }
});
