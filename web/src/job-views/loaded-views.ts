import { type ComponentType, useCallback, useSyncExternalStore } from "react";
import { lazyPart } from "../lazy-part.ts";
import { genericView } from "./generic/view.ts";
import { VIEWS } from "./registry.ts";
import type { TypeFormProps, TypeResultProps, TypeView } from "./type-view.ts";

/** Stands for a view that is not loaded: no words, and no part of the page that the view itself may leave out. */
const pendingView: TypeView = { ...genericView, isInputShown: false };

const loaded = new Map<string, TypeView>();
const loading = new Map<string, Promise<TypeView>>();
const changed = new EventTarget();

/**
 * Loads the view of a job type: its own, else the generic one. Rejects when its code does not load; the next call tries
 * again.
 */
function loadView(type: string): Promise<TypeView> {
  const load = VIEWS.get(type);
  if (!load) return Promise.resolve(genericView);
  const view = loading.get(type) ?? load();
  loading.set(type, view);
  view.then(
    (value) => {
      loaded.set(type, value);
      changed.dispatchEvent(new Event("change"));
    },
    () => loading.delete(type),
  );
  return view;
}

/**
 * Gives the view of a job type for its words, and loads it. Gives no words until it is loaded, and when it cannot be.
 */
export function useTypeView(type: string): TypeView {
  const subscribe = useCallback(
    (listener: () => void) => {
      changed.addEventListener("change", listener);
      // A view that does not load leaves the job without words. The form and the result of the type report the failure.
      if (!loaded.has(type)) loadView(type).catch(() => undefined);
      return () => changed.removeEventListener("change", listener);
    },
    [type],
  );
  return useSyncExternalStore(subscribe, () => loaded.get(type) ?? (VIEWS.has(type) ? pendingView : genericView));
}

const forms = new Map<string, ComponentType<TypeFormProps>>();
const results = new Map<string, ComponentType<TypeResultProps>>();

/** Gives the form of a job type, the same component each time; it loads when it is first drawn. */
export function formOf(type: string): ComponentType<TypeFormProps> {
  return kept(forms, type, () => lazyPart(`form ${type}`, async () => (await loadView(type)).loadForm()));
}

/** Gives the view of a result of a job type, the same component each time; it loads when it is first drawn. */
export function resultOf(type: string): ComponentType<TypeResultProps> {
  return kept(results, type, () => lazyPart(`result ${type}`, async () => (await loadView(type)).loadResult()));
}

function kept<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const value = values.get(key) ?? make();
  values.set(key, value);
  return value;
}
