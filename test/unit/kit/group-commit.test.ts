import assert from "node:assert/strict";
import sinon from "sinon";
import { groupCommit } from "../../../engine/src/kit/group-commit.ts";

/** Work that ends when the test says so. */
function heldWork() {
  const groups: { key: string; questions: readonly number[]; end: (error?: Error) => void }[] = [];
  const answerAll = (key: string, questions: readonly number[]) =>
    new Promise<{ doubled: number }[]>((resolve, reject) => {
      const answers = questions.map((n) => ({ doubled: 2 * n }));
      groups.push({ key, questions, end: (error) => (error ? reject(error) : resolve(answers)) });
    });
  return { groups, answerAll };
}

/** Lets everything that is ready happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("questions in groups", () => {
  it("answer the first at once, and together those that arrive meanwhile, each with its own answer", async () => {
    const { groups, answerAll } = heldWork();
    const ask = groupCommit(2, answerAll);
    const answers = [1, 2, 3, 4].map((n) => ask("a", n));
    for (let group = 0; group < 3; group++) {
      groups[group]?.end();
      await settle();
    }
    assert.deepEqual(await Promise.all(answers), [{ doubled: 2 }, { doubled: 4 }, { doubled: 6 }, { doubled: 8 }]);
    assert.deepEqual(
      groups.map(({ questions }) => questions),
      [[1], [2, 3], [4]],
    );
  });

  it("do not delay calls of another key", async () => {
    const { groups, answerAll } = heldWork();
    const ask = groupCommit(2, answerAll);
    void ask("a", 1);
    const other = ask("b", 2);
    groups[1]?.end();
    assert.deepEqual(await other, { doubled: 4 });
  });

  it("fail each of a group when it fails, and none of the next", async () => {
    const { groups, answerAll } = heldWork();
    const ask = groupCommit(9, answerAll);
    const first = assert.rejects(ask("a", 1), /away/);
    const next = ask("a", 2);
    groups[0]?.end(new Error("away"));
    await first;
    await settle();
    groups[1]?.end();
    assert.deepEqual(await next, { doubled: 4 });
  });

  it("reject what was left without an answer", async () => {
    const ask = groupCommit(9, sinon.fake.resolves<[string, readonly number[]], Promise<object[]>>([]));
    await assert.rejects(ask("a", 1), /without an answer/);
  });

  it("halve a group that is refused until only the faulty one is left, and answer all others", async () => {
    const groups: string[] = [];
    const ask = groupCommit<number, { doubled: number }>(9, async (_, questions) => {
      groups.push(questions.join());
      if (questions.includes(5)) throw new Error("5 is at fault");
      return questions.map((n) => ({ doubled: 2 * n }));
    });
    const answers = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((n) => ask("a", n)));
    const told = answers.map((answer) =>
      answer.status === "fulfilled" ? answer.value.doubled : answer.reason.message,
    );
    assert.deepEqual(told, [2, 4, 6, 8, "5 is at fault", 12, 14]);
    assert.deepEqual(groups, ["1", "2,3,4,5,6,7", "2,3,4", "5,6,7", "5,6", "5", "6", "7"]);
  });

  it("are not asked again one by one when the error is no member's fault", async () => {
    const asked: number[] = [];
    const ask = groupCommit<number, object>(
      9,
      async (_, questions) => {
        asked.push(questions.length);
        if (questions.includes(2)) throw new Error("away");
        return questions.map(() => ({}));
      },
      () => true,
    );
    const answers = await Promise.allSettled([1, 2, 3].map((n) => ask("a", n)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      ["fulfilled", "rejected", "rejected"],
    );
    assert.deepEqual(asked, [1, 2]);
  });
});
