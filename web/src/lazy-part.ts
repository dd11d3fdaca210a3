import { type ComponentType, lazy } from "react";

const PREFIX = "baton.reloaded.";

/**
 * Loads a part of the page when it is first shown. A part that cannot be loaded most often belongs to an older deployment: the page reloads,
 * once per part and tab until that part loads again. After that the error reaches the nearest `ErrorBoundary`.
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
    // The reload ends this page: nothing is to be shown until then.
    return new Promise(() => {});
  }
}

/** False when the key is there already, or cannot be kept: a reload that is not remembered could repeat for ever. */
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
    // Forbidden storage keeps nothing that is to be forgotten.
  }
}
