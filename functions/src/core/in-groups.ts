interface Entry<Question, Answer> {
  question: Question;
  settle: (answer: Promise<Answer>) => void;
}

/**
 * Answers questions about one key in groups: those that arrive in this process while the group before them is being answered make
 * up the next one, in their order: at most `maxGroup`, or as many as a function of them says, at least one. Writers of one document
 * do not meet themselves this way. `answerAll` gives an answer a question; when it rejects, each question of the group does, and the
 * next group tries by itself.
 */
export function inGroups<Question, Answer extends object>(
  maxGroup: number | ((waiting: readonly Question[]) => number),
  answerAll: (key: string, questions: readonly Question[]) => Promise<readonly Answer[]>,
): (key: string, question: Question) => Promise<Answer> {
  const waiting = new Map<string, Entry<Question, Answer>[]>();

  async function drain(key: string, entries: Entry<Question, Answer>[]): Promise<void> {
    while (entries.length > 0) {
      const questions = entries.map(({ question }) => question);
      const group = entries.splice(0, typeof maxGroup === "number" ? maxGroup : maxGroup(questions));
      const answers = answerAll(key, questions.slice(0, group.length));
      for (const [index, { settle }] of group.entries()) settle(answers.then((all) => all[index] ?? neverAnswered()));
      await answers.catch(() => undefined);
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
