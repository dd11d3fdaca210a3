/**
 * Does what is asked about one key one after the other, in the order of asking, and about different keys side by side. Writers in this
 * process that would each undo the other's try do not meet this way. Each call settles as its own work does; the next one runs after a rejected one, too.
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
