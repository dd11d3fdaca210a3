import { Title, type TitleProps } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useEffect, useRef } from "react";

/** The heading of the page that is shown. */
let heading: HTMLElement | null = null;
/** True from the moment the user leaves a page until the next heading is drawn. */
let isExpected = false;
/** Has the focus meanwhile. */
let holder: HTMLElement | null = null;

/** The first heading of a page. Names the browser's tab, and takes the focus when the user came from another page: it would fall to the body. */
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

/** Names the browser's tab, for as long as the component is shown. */
export function useTabTitle(title: string): void {
  useDocumentTitle(`${title} · Baton`);
}

/** Moves the focus to the heading of the page. */
export function focusHeading(): void {
  heading?.focus();
}

/** Lets the next heading take the focus: the user leaves this page. */
export function expectHeading(): void {
  isExpected = true;
  holder = null;
}

/** Moves the focus to `element` until the expected heading is drawn. Does nothing when none is expected. */
export function holdFocus(element: HTMLElement | null): void {
  if (!isExpected) return;
  holder = element;
  element?.focus();
}

/** False when the user has moved the focus while the page loaded. */
function mayTakeFocus(): boolean {
  return holder === null || document.activeElement === holder || document.activeElement === document.body;
}
