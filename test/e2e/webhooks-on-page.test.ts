import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { consoleBrowser, isSubmission, submitComments } from "../support/console-page.ts";
import { openFirestore } from "../support/firestore.ts";
import { waitFor } from "../support/wait-for.ts";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";

describe("webhooks on the page of the console", () => {
  const { signedIn } = consoleBrowser();

  it("says at the webhook's field why it was refused, and sends a webhook once it is right", async () => {
    const receiver = await startWebhookReceiver();
    try {
      const page = await signedIn("ada");
      await page.getByText("Advanced").click();
      const field = page.getByLabel("Webhook URL");
      const start = page.getByRole("button", { name: "Start analysis" });
      await page.getByLabel("Comments", { exact: true }).fill("Great video!");
      await field.fill("example.com/webhooks");
      await start.click();
      await page.getByRole("alert").filter({ hasText: "Give a whole address" }).waitFor();
      await field.fill("http://169.254.169.254/webhooks");
      // The refusal is shown, also to a user who closed the disclosure.
      await page.getByText("Advanced").click();
      await start.click();
      await page.getByRole("alert").filter({ hasText: "has to be reachable on the public internet" }).waitFor();
      assert.equal(await field.getAttribute("aria-invalid"), "true");
      await field.fill(`${receiver.url}/hook`);
      await start.click();
      await page.getByTestId("result").waitFor();
      const webhook = await waitFor("the webhook", async () => receiver.received[0]);
      assert.equal(webhook.path, "/hook");
      assert.match(webhook.body, /"job\.completed"/);
    } finally {
      await receiver.stop();
    }
  });

  it("shows an owner's alerts as they come, newest first, until they are dismissed, and no other owner's", async () => {
    const page = await signedIn("ada");
    const sent = page.waitForResponse((answer) => isSubmission(answer.request()));
    await submitComments(page, "I love this");
    const { owner } = await (await sent).json();
    const stranger = await signedIn("bob");
    const db = openFirestore();
    const notify = (alertId: string, kind: string, message: string, createdAt: Date) =>
      db
        .doc(`batonAlerts/${alertId}`)
        .set({ owner, endpointId: "e1", kind, message, createdAt, expireAt: new Date("2036-01-01") });
    const [first, second] = [randomUUID(), randomUUID()];
    await notify(first, "failing", "The endpoint e1 has failed <b>every</b> attempt.", new Date("2026-03-01"));
    const alerts = page.getByRole("region", { name: "Alerts" });
    await alerts.getByText("The endpoint e1 has failed <b>every</b> attempt.", { exact: true }).waitFor();
    await notify(second, "disabled", "The endpoint e1 was disabled.", new Date("2026-03-02"));
    await alerts.getByText("The endpoint e1 was disabled.").waitFor();
    await db.terminate();
    const shown = alerts.getByRole("alert");
    assert.match(String(await shown.first().textContent()), /was disabled/);
    await shown.first().getByRole("button", { name: "Dismiss" }).click();
    await alerts.getByText("The endpoint e1 was disabled.").waitFor({ state: "detached" });
    await page.reload();
    await alerts.getByText("The endpoint e1 has failed").waitFor();
    assert.equal(await shown.count(), 1);
    assert.equal(await stranger.getByRole("region", { name: "Alerts" }).count(), 0);
  });
});
