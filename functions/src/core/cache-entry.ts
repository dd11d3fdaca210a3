/** The document `cache/{key}`: which job runs, or ran, for everybody with an equal input. */
export interface CacheEntry {
  key: string;
  /** The job that leads; its result is the output once `isDone`. */
  jobId: string;
  isDone: boolean;
  /** Until when the output counts; while the job has not ended, until when this document is kept. */
  expireAt: Date;
}
