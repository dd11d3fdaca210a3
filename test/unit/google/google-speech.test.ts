import assert from "node:assert/strict";
import { googleSpeech } from "../../../functions/src/google/google-speech.ts";
import { toWav } from "../../../functions/src/media/pcm.ts";
import { type GoogleServer, refusal, startGoogleServer } from "../../support/google-server.ts";

const SOUND = { samples: Int16Array.from([0, 1000, -1000, 32_767]), sampleRate: 24_000 };
const SPOKEN = { status: 200, body: { audioContent: toWav(SOUND).toString("base64") } };

describe("the adapter of Google Cloud Text-to-Speech", () => {
  let server: GoogleServer;
  before(async () => {
    server = await startGoogleServer();
  });
  after(() => server.stop());

  const voice = () =>
    googleSpeech({
      name: "The speech service",
      baseUrl: server.baseUrl,
      apiKey: "key-2",
      timeoutMs: 5000,
      retryDelaysMs: [1],
    });
  const options = { language: "de", rate: 1.1, signal: new AbortController().signal } as const;

  it("asks for each text in its language and speed, and gives its samples in the order of the texts", async () => {
    server.answer(SPOKEN);
    const texts = ["Eins.", "Zwei.", "Drei.", "Vier.", "Fünf."];
    const speeches = await voice().speak(texts, options);
    assert.deepEqual(
      speeches,
      texts.map(() => ({ pcm: SOUND, words: [] })),
    );
    const { path, key, body } = server.requests[0] ?? {};
    assert.deepEqual([path, key], ["/v1/text:synthesize", "key-2"]);
    assert.deepEqual(body, {
      input: { text: "Eins." },
      voice: { languageCode: "de-DE" },
      audioConfig: { audioEncoding: "LINEAR16", sampleRateHertz: 24_000, speakingRate: 1.1 },
    });
    assert.equal(server.requests.length, 5);
  });

  it("tries again when the service is busy", async () => {
    server.answer({ status: 503, body: refusal(503, "UNAVAILABLE") }, SPOKEN);
    assert.equal((await voice().speak(["Eins."], options)).length, 1);
  });

  it("fails for good when the key is refused, and for another attempt when the sound cannot be read", async () => {
    server.answer({ status: 403, body: refusal(403, "PERMISSION_DENIED") });
    await assert.rejects(voice().speak(["Eins."], options), { code: "service-rejected" });
    server.answer({ status: 200, body: { audioContent: Buffer.from("no sound").toString("base64") } });
    await assert.rejects(voice().speak(["Eins."], options), { code: "unreadable-audio" });
  });
});
