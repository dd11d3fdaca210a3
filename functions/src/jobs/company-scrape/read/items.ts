import { type Element, isTag } from "domhandler";
import { oneLine, type Page } from "../../../web-pages/read/page.ts";

/** A thing of schema.org: its types without the vocabulary, and its properties. */
export interface Item {
  types: readonly string[];
  properties: ReadonlyMap<string, readonly ItemValue[]>;
}
export type ItemValue = string | Item;

/** An item and where it stands: those of the top describe the page, the others belong to an item. */
export interface PlacedItem {
  item: Item;
  isTop: boolean;
}

/** Items of one page that are read; hostile pages have more. */
const MAX_ITEMS = 2000;
const MAX_READS = 10_000;
const MAX_DEPTH = 12;
const MAX_VALUE_CHARACTERS = 4000;

/** Reads all JSON-LD of a page: every item, also those within others. A script that is not JSON is left out. */
export function jsonLdItems({ $ }: Page): PlacedItem[] {
  const roots = $('script[type*="ld+json" i]')
    .toArray()
    .flatMap((script) => parsed($(script).text()));
  const nodes = roots.flatMap((root) => graphOf(root));
  const byId = new Map(nodes.flatMap((node) => (typeof node["@id"] === "string" ? [[node["@id"], node]] : [])));
  const reading: Reading = { byId, placed: [], left: MAX_READS };
  for (const node of nodes) readNode(node, reading, true, 0);
  return reading.placed;
}

interface Reading {
  byId: ReadonlyMap<unknown, JsonObject>;
  placed: PlacedItem[];
  /** Nodes that are still read: nodes that refer to each other in circles would have no end. */
  left: number;
}

type JsonObject = { [name: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown[] {
  const bare = text.replaceAll(/^\s*(<!--|\/\/<!\[CDATA\[|<!\[CDATA\[)|(\/\/\]\]>|\]\]>|-->)\s*;?\s*$/g, "");
  // Two habits of hand-written JSON: line breaks in a text, and a comma after the last entry.
  const repaired = bare.replaceAll(/\p{Cc}+/gu, " ").replaceAll(/,\s*([}\]])/g, "$1");
  for (const attempt of [bare, repaired]) {
    try {
      return [JSON.parse(attempt)];
    } catch {
      // The next attempt, or the page's other sources.
    }
  }
  return [];
}

function graphOf(root: unknown): JsonObject[] {
  const nodes = [root].flat().filter(isObject);
  return nodes.flatMap((node) => [node, ...[node["@graph"] ?? []].flat().filter(isObject)]).slice(0, MAX_ITEMS);
}

/** Reads a node with all below it. A mere reference (`{"@id": ...}`) is read as what it names. */
function readNode(given: JsonObject, reading: Reading, isTop: boolean, depth: number, isCopy = false): Item {
  const isReference = given["@type"] === undefined && typeof given["@id"] === "string";
  const node = (isReference && reading.byId.get(given["@id"])) || given;
  const properties = new Map<string, ItemValue[]>();
  const item: Item = { types: textsIn(node["@type"]).map(bareType), properties };
  reading.left -= 1;
  const isRepeated = isReference || isCopy;
  if (!isRepeated && reading.placed.length < MAX_ITEMS) reading.placed.push({ item, isTop });
  for (const [name, value] of Object.entries(node)) {
    if (name.startsWith("@") || depth >= MAX_DEPTH) continue;
    const values = [value]
      .flat()
      .slice(0, 200)
      .flatMap((one): ItemValue[] => {
        if (!isObject(one)) return textsIn(one);
        if (one["@value"] !== undefined) return textsIn(one["@value"]);
        return reading.left > 0 ? [readNode(one, reading, false, depth + 1, isRepeated)] : [];
      });
    if (values.length > 0) properties.set(name, values);
  }
  return item;
}

function textsIn(value: unknown): string[] {
  return [value].flat().flatMap((one) => {
    if (typeof one === "number" || typeof one === "boolean") return [String(one)];
    const text = typeof one === "string" ? clean(one) : "";
    return text === "" ? [] : [text];
  });
}

function bareType(type: string): string {
  return type.replace(/^.*[/#:]/, "");
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** JSON-LD made by templates often has entities and markup in its texts. */
function clean(text: string): string {
  const bare = text.slice(0, MAX_VALUE_CHARACTERS).replaceAll(/<[a-z/][^>]{0,200}>/gi, " ");
  const decoded = bare.replaceAll(/&(?:#(\d{1,7})|(\w{2,4}));/g, (whole, code, name) => {
    if (code !== undefined) return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole;
    return ENTITIES[name] ?? whole;
  });
  return oneLine(decoded);
}

/** Reads the Microdata of a page: every item (HTML, section 5.2). */
export function microdataItems(page: Page): PlacedItem[] {
  const { $ } = page;
  const elements = $("[itemscope]").toArray().filter(isTag).slice(0, MAX_ITEMS);
  const items = new Map(
    elements.map((element) => [
      element,
      { types: typesOf($(element).attr("itemtype")), properties: new Map<string, ItemValue[]>() },
    ]),
  );
  for (const element of $("[itemprop]")
    .toArray()
    .filter(isTag)
    .slice(0, 10 * MAX_ITEMS)) {
    const around = $(element).parent().closest("[itemscope]").get(0);
    const owner = around && isTag(around) ? items.get(around) : undefined;
    const own = items.get(element);
    const value: ItemValue = own ?? microdataValue(page, element);
    for (const name of ($(element).attr("itemprop") ?? "").split(/\s+/)) {
      if (owner && value !== "") owner.properties.set(name, [...(owner.properties.get(name) ?? []), value]);
    }
  }
  return elements.flatMap((element) => {
    const item = items.get(element);
    return item ? [{ item, isTop: $(element).attr("itemprop") === undefined }] : [];
  });
}

function typesOf(itemtype = ""): string[] {
  return itemtype
    .split(/\s+/)
    .filter((type) => type !== "")
    .map(bareType);
}

function microdataValue({ $, resolve }: Page, element: Element): string {
  const node = $(element);
  const content = node.attr("content") ?? node.attr("datetime");
  if (content !== undefined) return clean(content);
  const link = node.attr("src") ?? (node.is("a, link, area") ? node.attr("href") : undefined);
  if (link !== undefined && /^(tel|mailto):/i.test(link)) return clean(link);
  if (link !== undefined && !/telephone|email|name/i.test(node.attr("itemprop") ?? "")) return resolve(link) ?? "";
  return clean(node.text());
}

/** Gives the texts of a property; of an item within it, its name or URL. */
export function textsAt(item: Item, ...names: readonly string[]): string[] {
  return names.flatMap((name) =>
    (item.properties.get(name) ?? []).flatMap((value) =>
      typeof value === "string" ? [value] : textsAt(value, "name", "url", "contentUrl", "value").slice(0, 1),
    ),
  );
}

/** Gives the first text of the properties, in the order of their names. */
export function textAt(item: Item, ...names: readonly string[]): string | undefined {
  return textsAt(item, ...names)[0];
}

/** Gives the items within a property. */
export function itemsAt(item: Item, ...names: readonly string[]): Item[] {
  return names.flatMap((name) => (item.properties.get(name) ?? []).filter((value) => typeof value !== "string"));
}
