import { Title, type TitleProps } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useEffect, useRef } from "react";

/** The heading of the current page. */
let heading: HTMLElement | null = null;
/** True from the moment the user leaves a page until the next heading is rendered. */
let isExpected = false;
/** Has the focus until then. */
let holder: HTMLElement | null = null;

/** The first heading of a page. Sets the title of the tab, and takes the focus when the user came from another page. */
export function PageHeading({ tabTitle, ...props }: TitleProps & { tabTitle: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useTabTitle(tabTitle);
  useEffect(() => {
    heading = ref.current;
    if (isExpected && mayTakeFocus()) heading?.focus();
    isExpected = false;
  }, []);
  return <Title order={1} ref={ref} tabIndex={-1} {...props} />;
}

/** Sets the title of the tab while the component is mounted. */
export function useTabTitle(title: string): void {
  useDocumentTitle(`${title} · Baton`);
}

/** Moves the focus to the heading of the page. */
export function focusHeading(): void {
  heading?.focus();
}

/** Lets the next heading take the focus. Call it when the user leaves a page. */
export function expectHeading(): void {
  isExpected = true;
  holder = null;
}

/** Moves the focus to `element` until the expected heading is rendered. Does nothing when no heading is expected. */
export function holdFocus(element: HTMLElement | null): void {
  if (!isExpected) return;
  holder = element;
  element?.focus();
}

/** False when the user moved the focus while the page loaded. */
function mayTakeFocus(): boolean {
  return holder === null || document.activeElement === holder || document.activeElement === document.body;
}
