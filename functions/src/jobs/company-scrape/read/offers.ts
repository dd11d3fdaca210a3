import { oneLine, type Page, textOf } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";
import { priceIn } from "./prices.ts";

const CARDS =
  "[class*=plan i], [class*=tier i], [class*=price i], [class*=pricing i], [class*=package i], [class*=card i], [class*=col i], li, article, section > div";
const HEADINGS = "h2, h3, h4, h5, h6, [class*=name i], [class*=title i], strong";

/** Notes the offers of a page of prices: cards with a heading and a price, and columns of tables. */
export function noteOffers(page: Page, notes: Notes): void {
  const seen = new Set<string>();
  const add = (name: string, text: string) => {
    const found = /^(free|gratis|kostenlos|gratuit)$/i.test(text) ? undefined : priceIn(text);
    if (!found || name === "" || name.length > 60 || priceIn(name) || seen.has(name)) return;
    seen.add(name);
    notes.add("offers", { name, ...found }, "text");
  };
  for (const { name, text } of [...cardsOf(page), ...columnsOf(page)]) add(name, text);
}

interface NamedText {
  name: string;
  text: string;
}

function cardsOf({ $ }: Page): NamedText[] {
  const cards = $(CARDS).toArray().slice(0, 1000);
  return cards.flatMap((card) => {
    const headings = $(card)
      .find(HEADINGS)
      .filter((_, heading) => !priceIn(oneLine($(heading).text())))
      .toArray();
    const titles = $(card).find("h2, h3, h4").length;
    const [first] = headings;
    const text = first && titles <= 1 ? textOf(card) : "";
    return first && text !== "" && text.length < 1500
      ? [{ name: textOf(first), text: text.replace(textOf(first), "") }]
      : [];
  });
}

/** Tables have a plan in each column, or one in each row. */
function columnsOf({ $ }: Page): NamedText[] {
  return $("table")
    .toArray()
    .slice(0, 20)
    .flatMap((table) => {
      const rows = $(table)
        .find("tr")
        .toArray()
        .slice(0, 100)
        .map((row) =>
          $(row)
            .children("th, td")
            .toArray()
            .map((cell) => textOf(cell)),
        );
      const [head = [], ...rest] = rows;
      const prices = rest.find((row) => row.filter((cell) => priceIn(cell)).length >= 2);
      if (prices) return head.map((name, column) => ({ name, text: prices[column] ?? "" }));
      return rows.map(([name = "", ...cells]) => ({ name, text: cells.find((cell) => priceIn(cell)) ?? "" }));
    });
}
