import type { Page } from "../../../web-pages/read/page.ts";
import type { Address, Notes, Origin } from "../facts.ts";
import { emailIn, phoneOf } from "./contact-values.ts";
import { countryCodeOf } from "./country.ts";
import { type Item, itemsAt, jsonLdItems, microdataItems, type PlacedItem, textAt, textsAt } from "./items.ts";
import { priceOf } from "./prices.ts";
import { socialProfileOf } from "./social.ts";

/** Types whose items are no company, although they have names and pictures. */
const OTHER_THINGS =
  /^(Web(Site|Page|Application)|.*Page|Person|.*Article|.*Posting|BlogPost|Blog|Product.*|Offer.*|.*Offer|.*List|ListItem|.*Object|.*Action|.*Event|Review|AggregateRating|Rating|Question|Answer|.*Address|.*Point|.*Coordinates|Place|.*Specification|.*Value|Brand|Thing|Recipe|Book|Course|Movie|Country|City|Language|Service)$/;
const COMPANY =
  /(Organization|Corporation|Business|Company|NGO|Store|Restaurant|Hotel|Shop|Agency|Service|Clinic|School)$/;
/** Types of schema.org that name a form, and no trade. */
const NO_TRADE =
  /^(Organization|Corporation|LocalBusiness|ProfessionalService|Store|OnlineBusiness|OnlineStore|Place|NGO)$/;

/** Notes what the JSON-LD and the Microdata of a page say about the company. */
export function noteStructured(page: Page, notes: Notes, country: string | undefined): void {
  noteItems(page, jsonLdItems(page), "json-ld", notes, country);
  noteItems(page, microdataItems(page), "microdata", notes, country);
}

function noteItems(page: Page, placed: PlacedItem[], from: Origin, notes: Notes, country: string | undefined): void {
  const sites = placed.flatMap(({ item }) => (item.types.includes("WebSite") ? [item] : []));
  const publishers = sites.flatMap((site) => itemsAt(site, "publisher", "author"));
  const tops = placed.filter(({ item, isTop }) => isTop && isCompany(item)).map(({ item }) => item);
  const [company = publishers.find(isCompany)] = tops.toSorted((one, other) => weightOf(other) - weightOf(one));
  if (company) noteCompany(page, company, from, notes, country);
  for (const name of sites.flatMap((site) => textsAt(site, "name"))) notes.add("names", name, company ? "meta" : from);
  for (const { item } of placed) noteOther(page, item, from, notes);
}

function isCompany({ types, properties }: Item): boolean {
  if (types.some((type) => COMPANY.test(type))) return true;
  const isLike = ["legalName", "telephone", "address", "sameAs"].some((name) => properties.has(name));
  return isLike && types.length > 0 && !types.some((type) => OTHER_THINGS.test(type));
}

/** The company itself has more to say than the companies that the page mentions. */
function weightOf(item: Item): number {
  const telling = [
    "legalName",
    "logo",
    "address",
    "sameAs",
    "telephone",
    "email",
    "url",
    "contactPoint",
    "description",
  ];
  return telling.filter((name) => item.properties.has(name)).length;
}

function noteCompany(page: Page, item: Item, from: Origin, notes: Notes, country: string | undefined): void {
  const first = (field: "names" | "legalNames" | "descriptions", ...names: string[]) => {
    const value = textAt(item, ...names);
    if (value !== undefined) notes.add(field, value, from);
  };
  first("names", "name");
  first("legalNames", "legalName");
  first("descriptions", "description", "disambiguatingDescription");
  const logo = page.resolve(textAt({ types: [], properties: logoOf(item) }, "logo"));
  if (logo) notes.add("logos", logo, from);
  for (const type of item.types) {
    if (!NO_TRADE.test(type) && !/Organization$/.test(type)) notes.add("industries", wordsOf(type), from);
  }
  for (const industry of textsAt(item, "industry", "knowsAbout").slice(0, 5)) {
    if (item.properties.has("industry") && industry.length < 60) notes.add("industries", industry.toLowerCase(), from);
  }
  for (const language of textsAt(item, "knowsLanguage", "inLanguage")) {
    if (/^[a-z]{2,3}(-|$)/i.test(language))
      notes.add("languages", language.slice(0, 3).replace("-", "").toLowerCase(), from);
  }
  noteContacts(page, item, from, notes, country);
  const ticker = textAt(item, "tickerSymbol");
  if (ticker) notes.add("tickers", tickerOf(ticker), from);
}

/** A logo is a URL, or a picture whose URL counts and not its caption. */
function logoOf(item: Item): Item["properties"] {
  const picture = itemsAt(item, "logo").flatMap((logo) => textsAt(logo, "url", "contentUrl"))[0];
  const url = picture ?? textsAt(item, "logo").find((text) => /[/.]/.test(text));
  return new Map(url === undefined ? [] : [["logo", [url]]]);
}

function wordsOf(type: string): string {
  return type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function noteContacts(page: Page, item: Item, from: Origin, notes: Notes, country: string | undefined): void {
  const points = [item, ...itemsAt(item, "contactPoint", "contactPoints", "location", "department", "subOrganization")];
  for (const point of points) {
    const addresses = [...itemsAt(point, "address")].map(addressOf);
    const own = addresses.find((address) => address.country)?.country;
    for (const address of addresses) if (address.text !== "") notes.add("addresses", address, from);
    for (const text of textsAt(point, "email")) {
      const email = emailIn(text);
      if (email) notes.add("emails", email, from);
    }
    for (const text of textsAt(point, "telephone")) {
      const phone = phoneOf(text, [own, country]);
      if (phone) notes.add("phones", phone, from);
    }
  }
  for (const link of textsAt(item, "sameAs")) {
    const profile = socialProfileOf(page.resolve(link));
    if (profile) notes.add("social", profile, from);
  }
}

function addressOf(item: Item): Address {
  const street = textAt(item, "streetAddress");
  const [locality, region] = [textAt(item, "addressLocality"), textAt(item, "addressRegion")];
  const postalCode = textAt(item, "postalCode");
  const named = textAt(item, "addressCountry");
  const country = named && (countryCodeOf(named) ?? named);
  const text = [street, [postalCode, locality].filter(Boolean).join(" "), region, named].filter(Boolean).join(", ");
  return {
    text,
    ...(street && { street }),
    ...(locality && { locality }),
    ...(region && { region }),
    ...(postalCode && { postalCode }),
    ...(country && { country }),
  };
}

function tickerOf(text: string) {
  const [symbol = text, exchange] = text
    .split(":")
    .map((part) => part.trim())
    .toReversed();
  return { symbol, ...(exchange && { exchange }) };
}

/** Notes the things beside the company itself: people, openings, offers, articles. */
function noteOther({ resolve }: Page, item: Item, from: Origin, notes: Notes): void {
  const [name, url] = [textAt(item, "name", "headline"), resolve(textAt(item, "url", "mainEntityOfPage"))];
  const isA = (pattern: RegExp) => item.types.some((type) => pattern.test(type));
  if (isA(/^JobPosting$/)) {
    const title = textAt(item, "title", "name");
    const place = itemsAt(item, "jobLocation").flatMap((where) => itemsAt(where, "address"))[0];
    const location = place && textsAt(place, "addressLocality", "addressRegion", "addressCountry").join(", ");
    if (title) notes.add("jobOpenings", { title, ...(url && { url }), ...(location && { location }) }, from);
  } else if (isA(/^(NewsArticle|BlogPosting|PressRelease)$/) && name) {
    const publishedAt = textAt(item, "datePublished");
    notes.add("news", { title: name, ...(url && { url }), ...(publishedAt && { publishedAt }) }, from);
  } else if (isA(/^(Product|Service|SoftwareApplication|WebApplication)$/)) {
    for (const offer of itemsAt(item, "offers")) noteOffer(offer, name, from, notes);
  } else {
    for (const person of itemsAt(item, "founder", "founders", "employee", "employees", "member", "ceo")) {
      const [personName, role] = [textAt(person, "name"), textAt(person, "jobTitle", "roleName")];
      if (personName) notes.add("people", { name: personName, ...(role && { role }) }, from);
    }
  }
}

function noteOffer(offer: Item, product: string | undefined, from: Origin, notes: Notes): void {
  for (const one of itemsAt(offer, "offers")) noteOffer(one, product, from, notes);
  const name = textAt(offer, "name") ?? product;
  const amount = textAt(offer, "price", "lowPrice");
  const currency = textAt(offer, "priceCurrency");
  const price = amount === undefined ? undefined : priceOf(amount);
  if (name && price !== undefined && currency && /^[A-Z]{3}$/.test(currency)) {
    notes.add("offers", { name, price, currency }, from);
  }
}
