import { type RefObject, useEffect, useRef } from "react";

/** Tells, when an answer arrives, whether the component that asked is still shown. */
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
