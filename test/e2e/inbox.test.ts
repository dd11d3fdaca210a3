import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { startBrowser } from "../support/browser.ts";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";

const Messages = z.object({
  messages: z.array(
    z.object({
      type: z.string().optional(),
      signature: z.object({ outcome: z.string(), signedWith: z.string().optional(), problem: z.string().optional() }),
    }),
  ),
});

const HOSTILE = `{"type": "</title><img src=x onerror='document.title=1'><script>document.title=2</script>", "data": {}}`;

/** The inbox of the local cloud, with endpoints whose secrets only the functions and the inbox can open. */
describe("the webhook inbox", () => {
  async function arrived(path: string, count: number) {
    return waitFor(`${count} webhooks at ${path}`, async () => {
      const answer = await fetch(`${testCloud().inboxUrl}/_inbox/messages?path=${path}`);
      const { messages } = Messages.parse(await answer.json());
      return messages.length >= count && messages;
    });
  }

  async function call(token: string, path: string, body?: object) {
    const response = await fetch(testCloud().apiUrl + path, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${path} answered ${response.status}: ${await response.clone().text()}`);
    return response.json();
  }

  for (const scheme of ["v1", "v1a"]) {
    it(`verifies what an endpoint of scheme ${scheme} is sent, before and after its secret was rotated`, async () => {
      const { token } = await testCloud().newUser();
      const path = `/${randomUUID()}`;
      const { endpointId } = await call(token, "/v1/endpoints", { url: testCloud().inboxUrl + path, scheme });
      await call(token, `/v1/endpoints/${endpointId}/test`);
      await arrived(path, 1);
      await call(token, `/v1/endpoints/${endpointId}/rotate`, { overlapSeconds: 0 });
      await call(token, `/v1/endpoints/${endpointId}/test`);
      const verified = { outcome: "verified", signedWith: `endpoint ${endpointId}` };
      assert.deepEqual(await arrived(path, 2), [
        { type: "endpoint.test", signature: verified },
        { type: "endpoint.test", signature: verified },
      ]);
    });
  }

  describe("in a browser", () => {
    let browser: Browser;
    let page: Page;
    before(async () => {
      browser = await startBrowser();
      page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    });
    after(() => browser.close());

    const post = (path: string, body: string, id: string) =>
      fetch(testCloud().inboxUrl + path, { method: "POST", headers: { "webhook-id": id }, body });

    it("shows the attempts of a webhook together, and a hostile body as the text it is", async () => {
      const [path, id] = [`/${randomUUID()}`, `msg_${randomUUID()}<b>`];
      await post(path, HOSTILE, id);
      await post(path, HOSTILE, id);
      const problems: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      await page.goto(testCloud().inboxUrl);
      const webhook = page.locator("details:not(.attempt)").filter({ hasText: path });
      assert.equal(await webhook.count(), 1);
      await webhook.locator(":scope > summary").click();
      await webhook.getByText("2 attempts").waitFor();
      await webhook.getByText(id, { exact: true }).waitFor();
      await webhook.getByText("Attempt 2").click();
      await webhook.getByText("<script>document.title=2</script>").first().waitFor();
      assert.equal(await page.title(), "Webhook inbox");
      assert.equal(await page.locator("script, img").count(), 0);
      assert.deepEqual(problems, [], "nothing was even tried that the policy forbids");
    });

    it("answers as its form says, and as usual once it is switched back", async () => {
      const path = `/${randomUUID()}`;
      await post(path, "{}", "msg_1");
      await page.goto(testCloud().inboxUrl);
      await page.getByRole("combobox", { name: "Path" }).fill(path);
      await page.getByRole("combobox", { name: "Answer" }).selectOption("429");
      await page.getByRole("spinbutton", { name: "Seconds" }).fill("120");
      await page.getByRole("combobox", { name: "For" }).selectOption("always");
      await page.getByRole("button", { name: "Answer so" }).click();
      const told = page.locator("form.told").filter({ hasText: path });
      await told.getByText("429, Retry-After: 120").waitFor();
      const throttled = await post(path, "{}", "msg_1");
      assert.deepEqual([throttled.status, throttled.headers.get("retry-after")], [429, "120"]);
      await told.getByRole("button", { name: "Switch back" }).click();
      await told.waitFor({ state: "detached" });
      assert.equal((await post(path, "{}", "msg_1")).status, 200);
    });
  });
});
