/**
 * Runs works of one key one after the other, in the order of the calls, and works of different keys side by side. So
 * writers in this process do not conflict with each other. Each call settles as its own work does; a rejected one does
 * not stop the next.
 */
export function keyedMutex(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    const forget = () => {
      if (last.get(key) === mine) last.delete(key);
    };
    mine.then(forget, forget);
    return mine;
  };
}
