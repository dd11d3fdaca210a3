import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { consoleHandler } from "../../local/console-server.ts";
import { type Listening, listen } from "../../local/http.ts";
import { startBrowser } from "../support/browser.ts";
import { type BuiltWebApp, buildWebApp } from "../support/built-web-app.ts";
import { testCloud } from "../support/cloud.ts";
import { endlessVideo } from "../support/console-page.ts";

/** The web app of docs/web-app.md, with the settings of its `.env.development` at the addresses of the test cloud. */
describe("the web app of examples/web-app, in a browser", () => {
  let app: BuiltWebApp;
  let server: Listening;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const { apiUrl, authHost, firestoreHost } = testCloud();
    app = await buildWebApp("development", {
      VITE_BATON_URL: apiUrl,
      VITE_AUTH_EMULATOR: `http://${authHost}`,
      VITE_FIRESTORE_EMULATOR: `http://${firestoreHost}`,
    });
    const noApi = () => assert.fail("the app asks the address of its settings");
    server = await listen(consoleHandler(app.folder, testCloud(), noApi), 0, { name: "web app" });
    browser = await startBrowser();
  });

  beforeEach(async () => {
    const context = await browser.newContext({ viewport: { width: 900, height: 780 } });
    page = await context.newPage();
    await page.goto(server.url);
  });

  afterEach(() => page.context().close());

  after(async () => {
    await browser?.close();
    await server?.close();
    await app?.remove();
  });

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const job = () => page.getByRole("region", { name: "Job" });

  async function enter(email: string, password: string, submit: string): Promise<void> {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(password);
    await button(submit).click();
  }

  async function signUp(): Promise<string> {
    const email = `${randomUUID()}@local.test`;
    await button("I am new here").click();
    await enter(email, "local-cloud", "Create account");
    await page.getByText(email).waitFor();
    return email;
  }

  async function analyse(text: string): Promise<void> {
    await page.getByRole("textbox").fill(text);
    await button("Analyse").click();
  }

  it("signs up, submits comments, and shows the result and the job in the list", async () => {
    await signUp();
    await analyse("I love this song!\nI hate the sound.");
    await job().getByText("50% positive", { exact: true }).waitFor();
    await job().getByText("50% negative", { exact: true }).waitFor();
    await job()
      .getByText(/^2 comments/)
      .waitFor();
    await page.getByRole("navigation", { name: "Recent jobs" }).getByText("completed").waitFor();
  });

  it("shows live progress, and cancels", async () => {
    await signUp();
    await analyse(`https://youtu.be/${endlessVideo()}`);
    await job().getByText("fetching").waitFor();
    assert.equal(await page.getByRole("progressbar").getAttribute("value"), "0.2");
    await button("Cancel").click();
    await job().getByText("cancelled").waitFor();
    assert.equal(await page.getByRole("progressbar").count(), 0);
  });

  it("shows why a job failed", async () => {
    await signUp();
    await analyse("https://youtu.be/nosuchvideo");
    await job().getByText("failed").waitFor();
    assert.equal(await page.getByRole("alert").textContent(), "YouTube has no such video, or it is private.");
  });

  it("shows why a submission is refused", async () => {
    await signUp();
    await analyse("x".repeat(10_001));
    const refusal = await page.getByRole("alert").textContent();
    assert.match(refusal ?? "", /10000/);
    assert.equal(await job().count(), 0);
  });

  it("keeps the user through a reload, signs out, and signs in again by the password", async () => {
    const email = await signUp();
    await analyse("I love this song!");
    await job().getByText("completed").waitFor();
    await page.reload();
    await page.getByRole("navigation", { name: "Recent jobs" }).getByRole("button").click();
    await job().getByText("100% positive", { exact: true }).waitFor();
    await button("Sign out").click();
    await enter(email, "wrong-password", "Sign in");
    assert.equal(await page.getByRole("alert").textContent(), "The e-mail address or the password is wrong.");
    await enter(email, "local-cloud", "Sign in");
    await page.getByText(email).waitFor();
  });
});

describe("the web app of examples/web-app, built for production", () => {
  it("has the settings of .env.production, and no address of this machine", async () => {
    const app = await buildWebApp("production");
    try {
      const code = await app.code();
      assert.ok(code.includes("my-project.firebaseapp.com"));
      assert.ok(!code.includes("127.0.0.1"));
    } finally {
      await app.remove();
    }
  });
});
