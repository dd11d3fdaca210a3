import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { testCloud } from "../support/cloud.ts";
import {
  consoleBrowser,
  freshName,
  isSubmission,
  jobRows,
  signInToConsole,
  signOutOfConsole,
  submitComments,
} from "../support/console-page.ts";
import { waitFor } from "../support/wait-for.ts";

/** One user in two tabs, and the next user of a tab. */
describe("the users of one browser", () => {
  const { newPage } = consoleBrowser();

  it("shows in one tab what is submitted in another, and follows its sign-out", async () => {
    const first = await newPage();
    const uid = await signInToConsole(first);
    const second = await secondTab(first.context());
    await second.getByText("No jobs yet").waitFor();
    await submitComments(first, "Great video!");
    await jobRows(second).getByText("Completed").waitFor();
    await jobRows(second).getByRole("link").click();
    await second.getByText("Text not kept in this tab").waitFor();
    await signOutOfConsole(first);
    await second.getByLabel("Name").waitFor();
    assert.deepEqual(await traces(second, uid), []);
    assert.equal(await second.title(), "Sign in · Baton");
  });

  it("leaves nothing of a user to the next one of the tab", async () => {
    const page = await newPage();
    const ada = await signInToConsole(page);
    await submitComments(page, "A sentence of mine");
    await page.getByTestId("result").waitFor();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""}`));
    await signOutOfConsole(page);
    await page.getByLabel("Name").waitFor();
    assert.deepEqual(await traces(page, ada), []);
    const bob = await signInToConsole(page, freshName("bob"));
    await page.getByText("No jobs yet").waitFor();
    assert.deepEqual(await traces(page, ada), []);
    assert.doesNotMatch(await page.locator("body").innerText(), new RegExp(`A sentence of mine|${ada}`));
    const later = asked.slice(asked.findIndex((request) => request.includes(bob)));
    assert.deepEqual(
      later.filter((request) => request.includes(ada)),
      [],
      "no listener of the former user is left",
    );
  });

  it("leaves the address of a job to the same user, and takes it from another", async () => {
    const page = await newPage();
    const ada = await signInToConsole(page);
    await submitComments(page, "Great video!");
    await page.getByTestId("result").waitFor();
    const address = page.url();
    const other = await secondTab(page.context());
    await signOutOfConsole(other);
    await enterHere(page, ada);
    await page.getByTestId("result").waitFor();
    assert.equal(page.url(), address);
    const again = await secondTab(page.context());
    await signOutOfConsole(again);
    await enterHere(page, freshName("bob"));
    await page.getByRole("heading", { name: "New video analysis" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/");
  });

  it("drops an answer that comes after its user signed out", async () => {
    const page = await newPage();
    const ada = await signInToConsole(page);
    let answer = () => {};
    await page.route("**/v1/jobs", async (route) => {
      const response = await route.fetch();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      await route.fulfill({ response });
    });
    await page.getByLabel("Comments", { exact: true }).fill("A sentence of mine");
    const sent = page.waitForRequest(isSubmission);
    await page.getByRole("button", { name: "Start analysis" }).click();
    await sent;
    await signOutOfConsole(page);
    await page.getByLabel("Name").waitFor();
    const arrived = page.waitForResponse((response) => isSubmission(response.request()));
    await waitFor("the answer to be there", async () => answer.name !== "answer");
    answer();
    await (await arrived).finished();
    await signInToConsole(page, freshName("bob"));
    assert.equal(new URL(page.url()).pathname, "/");
    assert.deepEqual(await traces(page, ada), []);
  });

  it("makes two users of two names that are not Latin, and one of a name in two Unicode forms", async () => {
    const seen: string[] = [];
    for (const name of [`Зоя-${freshName("")}`, `李-${freshName("")}`]) {
      const page = await newPage();
      seen.push(await uidOf(page, name));
    }
    assert.notEqual(seen[0], seen[1]);
    const zoe = freshName("Zoé".normalize("NFC"));
    const forms = [await uidOf(await newPage(), zoe), await uidOf(await newPage(), zoe.normalize("NFD"))];
    assert.deepEqual(forms, [zoe, zoe]);
  });

  it("makes the same user of a name as the terminal's token", async () => {
    const name = freshName("ada");
    const { signIn } = await import("../../local/users.ts");
    const token = await signIn(testCloud().authHost, name);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const page = await newPage();
    assert.deepEqual([claims.sub, await uidOf(page, name)], [name, name]);
    await fetch(`${testCloud().apiUrl}/v1/jobs`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        type: "video.analysis",
        input: { comments: [] },
        metadata: { title: "From the terminal" },
      }),
    });
    await page.getByRole("list", { name: "Jobs" }).getByText("From the terminal").waitFor();
  });

  async function secondTab(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(testCloud().consoleUrl);
    await page.getByRole("heading", { name: "New video analysis" }).waitFor();
    return page;
  }
});

/** Signs in where the page stands, without loading it again. */
async function enterHere(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in and gives the owner of a job that the page submits. */
async function uidOf(page: Page, name: string): Promise<string> {
  await signInToConsole(page, name);
  const sent = page.waitForResponse((answer) => isSubmission(answer.request()));
  await submitComments(page, "Great video!");
  return (await (await sent).json()).owner;
}

/** Keys of the tab's storage that hold something of a user, and the address of a job. */
function traces(page: Page, uid: string): Promise<string[]> {
  return page.evaluate(
    (owner) => [
      ...Object.entries(sessionStorage).flatMap(([key, value]) =>
        key.startsWith("baton.inputs.") || `${key}${value}`.includes(owner) ? [key] : [],
      ),
      ...Object.entries(localStorage).flatMap(([key, value]) => (`${key}${value}`.includes(owner) ? [key] : [])),
    ],
    uid,
  );
}
