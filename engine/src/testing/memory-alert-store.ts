import type { NoticeStore } from "../webhooks/ports.ts";
import type { Notice } from "../webhooks/rules/alert.ts";

/** What a test sees of the notice store in memory: `given` are the notices as they are, in the order they came in. */
export interface MemoryNoticeStore extends NoticeStore {
  given: Notice[];
  put(notice: Notice): void;
}

/** The notice store in memory; held to the contract of `test/contract/alerts-and-rate-limiter.test.ts`. */
export function memoryNoticeStore(): MemoryNoticeStore {
  const given: Notice[] = [];
  const indexOf = (noticeId: string) => given.findIndex((notice) => notice.noticeId === noticeId);
  return {
    given,
    put(notice) {
      const index = indexOf(notice.noticeId);
      given.splice(index < 0 ? given.length : index, 1, structuredClone(notice));
    },
    read: async (noticeId) => structuredClone(given[indexOf(noticeId)]),
    async settle(noticeId) {
      delete given[indexOf(noticeId)]?.dueAt;
    },
  };
}
