import assert from "node:assert/strict";
import {
  deadLetterAttributes,
  documentEventRequest,
  messagePublishedRequest,
} from "../../../local/bridge/cloud-event.ts";

const MESSAGE = { messageId: "7", publishTime: "2026-03-01T10:00:00.000Z", data: "aGk=", attributes: { jobId: "j1" } };
const ROUTE = { projectId: "demo-baton", topic: "baton-jobs-default", subscription: "eventarc-worker-sub" };

describe("the bridge's CloudEvents", () => {
  it("carry a Pub/Sub message in Eventarc's headers", () => {
    assert.deepEqual(messagePublishedRequest(MESSAGE, ROUTE, 3).headers, {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
      "ce-source": "//pubsub.googleapis.com/projects/demo-baton/topics/baton-jobs-default",
      "ce-id": "7",
      "ce-time": "2026-03-01T10:00:00.000Z",
    });
  });

  it("carry a Pub/Sub message in the body of a push, with the number of the delivery", () => {
    const body: unknown = JSON.parse(Buffer.from(messagePublishedRequest(MESSAGE, ROUTE, 3).body).toString());
    assert.deepEqual(body, {
      message: {
        data: "aGk=",
        attributes: { jobId: "j1" },
        messageId: "7",
        message_id: "7",
        publishTime: "2026-03-01T10:00:00.000Z",
        publish_time: "2026-03-01T10:00:00.000Z",
      },
      subscription: "projects/demo-baton/subscriptions/eventarc-worker-sub",
      deliveryAttempt: 3,
    });
  });

  it("keep a message's ordering key", () => {
    const { body } = messagePublishedRequest({ ...MESSAGE, orderingKey: "lane-1" }, ROUTE, 1);
    assert.match(Buffer.from(body).toString(), /"orderingKey":"lane-1"/);
  });

  it("hand a document event on with its protobuf decoded and production's source", () => {
    const headers = {
      host: "127.0.0.1:1",
      "content-length": "8",
      "content-type": "application/protobuf",
      "ce-id": "e1",
      "ce-source": "//firestore.googleapis.com/projects/projects/demo-baton/databases/(default)",
      "ce-document": "batonResults/abc",
    };
    const request = documentEventRequest(headers, "CgECAw==");
    assert.deepEqual([...request.body], [10, 1, 2, 3]);
    assert.deepEqual(request.headers, {
      "content-type": "application/protobuf",
      "ce-id": "e1",
      "ce-source": "//firestore.googleapis.com/projects/demo-baton/databases/(default)",
      "ce-document": "batonResults/abc",
    });
  });

  it("mark a dead letter with where it comes from and how often it was tried", () => {
    assert.deepEqual(deadLetterAttributes(MESSAGE, ROUTE, 100), {
      jobId: "j1",
      CloudPubSubDeadLetterSourceDeliveryCount: "100",
      CloudPubSubDeadLetterSourceSubscription: "eventarc-worker-sub",
      CloudPubSubDeadLetterSourceSubscriptionProject: "demo-baton",
      CloudPubSubDeadLetterSourceTopicPublishTime: "2026-03-01T10:00:00.000Z",
    });
  });
});
