import { type ComponentType, lazy } from "react";

const PREFIX = "baton.reloaded.";

/**
 * Creates a component whose code loads when it is first shown. Code that cannot be loaded most often belongs to an
 * older deployment: the page reloads, once per part and tab until the part loads again. After a second failure the
 * error reaches the nearest `ErrorBoundary`.
 */
export function lazyPart<Props extends object>(name: string, load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await loadOrReload(PREFIX + name, load) }));
}

async function loadOrReload<Part>(key: string, load: () => Promise<Part>): Promise<Part> {
  try {
    const part = await load();
    forget(key);
    return part;
  } catch (error) {
    if (!remember(key)) throw error;
    window.location.reload();
    // The reload replaces this page; the part stays in its loading state until then.
    return new Promise(() => {});
  }
}

/** Stores the key. False when it exists, or cannot be stored: a reload that leaves no trace could repeat for ever. */
function remember(key: string): boolean {
  try {
    if (sessionStorage.getItem(key) !== null) return false;
    sessionStorage.setItem(key, "1");
    return true;
  } catch {
    return false;
  }
}

function forget(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Forbidden storage holds nothing to remove.
  }
}
