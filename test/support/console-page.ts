import { randomUUID } from "node:crypto";
import { after, afterEach, before } from "mocha";
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from "playwright-core";
import { startBrowser } from "./browser.ts";
import { testCloud } from "./cloud.ts";

/** Opens pages of the console, each of its own context as on a machine of its own. */
interface ConsoleBrowser {
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** Opens a page and signs in as a fresh user whose name begins with `name`. */
  signedIn(name: string): Promise<Page>;
}

/** Starts the browser of one `describe`. Its pages are closed after each test. */
export function consoleBrowser(): ConsoleBrowser {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  before(async () => {
    // Unpacking the browser takes some seconds, once per machine.
    browser = await startBrowser();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  after(() => browser.close());

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    contexts.push(context);
    return context.newPage();
  }
  return {
    newPage,
    async signedIn(name) {
      const page = await newPage();
      await signInToConsole(page, freshName(name));
      return page;
    },
  };
}

/** A name, and therefore a uid, that no other test has. */
export const freshName = (prefix = "ada"): string => `${prefix}-${randomUUID().slice(0, 8)}`;

/**
 * Opens the console and signs in by the form; does not wait for what comes. Gives the name, which is the user's uid.
 */
export async function enterName(page: Page, name = freshName()): Promise<string> {
  await page.goto(testCloud().consoleUrl);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  return name;
}

/** Signs in as a user that no other test has, and waits for the form. Gives the uid. */
export async function signInToConsole(page: Page, name = freshName()): Promise<string> {
  await enterName(page, name);
  await page.getByRole("heading", { name: "New video analysis" }).waitFor();
  return name;
}

/** Signs out by the menu. */
export async function signOutOfConsole(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}

/** Submits comments by the form, and waits for the job's page. */
export async function submitComments(page: Page, comments: string): Promise<void> {
  await page.getByLabel("Comments", { exact: true }).fill(comments);
  await page.getByRole("button", { name: "Start analysis" }).click();
  await page.getByTestId("job").waitFor();
}

/** Submits a video by the form, and waits for the job's page. */
export async function submitVideo(page: Page, video: string): Promise<void> {
  await page.getByLabel("YouTube video").fill(video);
  await page.getByRole("button", { name: "Start analysis" }).click();
  await page.getByTestId("job").waitFor();
}

/** True for the request that submits a job. */
export const isSubmission = (request: Request): boolean =>
  request.method() === "POST" && request.url().endsWith("/v1/jobs");

/** The rows of the list of jobs. */
export const jobRows = (page: Page) => page.getByRole("list", { name: "Jobs" }).getByRole("listitem");

/** Describes a video whose comments never come; answers with its id. */
export function endlessVideo(): string {
  const videoId = randomUUID().replaceAll("-", "").slice(0, 11);
  testCloud().youtube.video(videoId, { delayMs: "forever" });
  return videoId;
}

/** Collects what the page does against its policy, caught errors included, on this page and on those it reloads. */
export async function policyViolations(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction("tellViolation", (violation: string) => violations.push(violation));
  await page.addInitScript(`addEventListener("securitypolicyviolation", (event) =>
    window.tellViolation(event.violatedDirective + " " + event.blockedURI))`);
  return violations;
}
