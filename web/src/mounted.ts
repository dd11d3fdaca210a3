import { type RefObject, useEffect, useRef } from "react";

/** Gives a ref that is true while the component is mounted, for code that waits for an answer. */
export function useMounted(): RefObject<boolean> {
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  return isMounted;
}
