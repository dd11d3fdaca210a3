interface Entry<Question, Answer> {
  question: Question;
  settle: (answer: Promise<Answer>) => void;
}

/**
 * Group commit per key: calls that arrive in this process while a batch is in flight form the next batch, in their
 * order. A batch has at most `maxGroup` calls, or as many as a function of them says, at least one. So writers of one
 * document do not conflict with each other. `answerAll` gives an answer for each call. When it rejects, the batch is
 * halved and each half is tried again, down to single calls: the fault of one call rejects that call only. Where
 * `isEverybodys` says that the error is no call's fault, it rejects each call of the batch.
 */
export function groupCommit<Question, Answer extends object>(
  maxGroup: number | ((waiting: readonly Question[]) => number),
  answerAll: (key: string, questions: readonly Question[]) => Promise<readonly Answer[]>,
  isEverybodys: (error: unknown) => boolean = () => false,
): (key: string, question: Question) => Promise<Answer> {
  const waiting = new Map<string, Entry<Question, Answer>[]>();

  async function answerGroup(key: string, group: readonly Entry<Question, Answer>[]): Promise<void> {
    const answers = answerAll(
      key,
      group.map(({ question }) => question),
    );
    try {
      await answers;
    } catch (error) {
      if (group.length > 1 && !isEverybodys(error)) {
        const half = Math.ceil(group.length / 2);
        await answerGroup(key, group.slice(0, half));
        await answerGroup(key, group.slice(half));
        return;
      }
    }
    for (const [index, { settle }] of group.entries()) settle(answers.then((all) => all[index] ?? neverAnswered()));
  }

  async function drain(key: string, entries: Entry<Question, Answer>[]): Promise<void> {
    while (entries.length > 0) {
      const questions = entries.map(({ question }) => question);
      await answerGroup(key, entries.splice(0, typeof maxGroup === "number" ? maxGroup : maxGroup(questions)));
    }
    waiting.delete(key);
  }

  return (key, question) =>
    new Promise((resolve) => {
      const entry = { question, settle: resolve };
      const entries = waiting.get(key);
      if (entries) {
        entries.push(entry);
        return;
      }
      const started = [entry];
      waiting.set(key, started);
      void drain(key, started);
    });
}

function neverAnswered(): never {
  throw new Error("a question of a group was left without an answer");
}
