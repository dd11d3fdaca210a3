import { z } from "zod";
import type { Figure, Financial } from "../schemas.ts";

const Entry = z.object({
  start: z.string().optional(),
  end: z.string(),
  val: z.number(),
  accn: z.string(),
  fy: z.number().nullish(),
  form: z.string(),
  filed: z.string(),
});
type Entry = z.infer<typeof Entry>;

const Concept = z.object({ units: z.record(z.string(), z.array(z.unknown())) });

/** Company facts of EDGAR: taxonomy, concept, unit, entries (https://www.sec.gov/edgar/sec-api-documentation). */
export const CompanyFacts = z.object({
  entityName: z.string(),
  facts: z.record(z.string(), z.record(z.string(), z.unknown())),
});
type CompanyFacts = z.infer<typeof CompanyFacts>;

/** Concepts of one figure, as companies have tagged it over the years; the newest period counts. */
const REVENUE = [
  ["us-gaap", "RevenueFromContractWithCustomerExcludingAssessedTax"],
  ["us-gaap", "Revenues"],
  ["us-gaap", "RevenueFromContractWithCustomerIncludingAssessedTax"],
  ["us-gaap", "SalesRevenueNet"],
  ["us-gaap", "RevenuesNetOfInterestExpense"],
  ["ifrs-full", "Revenue"],
  ["ifrs-full", "RevenueFromContractsWithCustomers"],
] as const;
const NET_INCOME = [
  ["us-gaap", "NetIncomeLoss"],
  ["us-gaap", "ProfitLoss"],
  ["us-gaap", "NetIncomeLossAvailableToCommonStockholdersBasic"],
  ["ifrs-full", "ProfitLossAttributableToOwnersOfParent"],
  ["ifrs-full", "ProfitLoss"],
] as const;
const EMPLOYEES = [
  ["dei", "EntityNumberOfEmployees"],
  ["us-gaap", "NumberOfEmployees"],
  ["ifrs-full", "NumberOfEmployees"],
  ["ifrs-full", "AverageNumberOfEmployees"],
] as const;

const ANNUAL = /^(10-K|20-F|40-F)(T|\/A)?$/;
/** A fiscal year of 52 or 53 weeks. */
const [LEAST_DAYS, MOST_DAYS] = [350, 380];
const DAY_MS = 24 * 3_600_000;

/** Reads revenue, net income and employees of the last fiscal year. `source` is the URL of the facts. */
export function readCompanyFacts(facts: CompanyFacts, cik: string, source: string): Financial {
  const revenue = figureOf(facts, REVENUE, true, source);
  const netIncome = figureOf(facts, NET_INCOME, true, source);
  const employees = figureOf(facts, EMPLOYEES, false, source);
  const last = [revenue, netIncome].flatMap((figure) => figure ?? []).toSorted((one, other) => compare(other, one))[0];
  const isOfLastYear = (figure: Figure | undefined) => figure && figure.value.asOf === last?.value.asOf;
  return {
    cik,
    companyName: facts.entityName,
    ...(last?.value.fiscalYear !== undefined && { fiscalYear: last.value.fiscalYear }),
    // A figure that the last reports do not have any more is of no use beside those of the last year.
    ...(revenue && isOfLastYear(revenue) && { revenue }),
    ...(netIncome && isOfLastYear(netIncome) && { netIncome }),
    ...(employees && { employees }),
  };
}

function compare(one: Figure, other: Figure): number {
  return one.value.asOf.localeCompare(other.value.asOf);
}

type ConceptName = readonly [taxonomy: string, name: string];

function figureOf(
  facts: CompanyFacts,
  names: readonly ConceptName[],
  isOfYear: boolean,
  source: string,
): Figure | undefined {
  const figures = names.flatMap(([taxonomy, name]) => {
    const concept = Concept.safeParse(facts.facts[taxonomy]?.[name]);
    if (!concept.success) return [];
    return Object.entries(concept.data.units).flatMap(([unit, raw]) => lastOf(entriesOf(raw), unit, isOfYear, source));
  });
  // Of concepts with the same last period the first one counts: sorting keeps their order.
  return figures.toSorted((one, other) => compare(other, one))[0];
}

function entriesOf(raw: readonly unknown[]): Entry[] {
  return raw.flatMap((entry) => Entry.safeParse(entry).data ?? []).filter(({ form }) => ANNUAL.test(form));
}

function lastOf(entries: readonly Entry[], unit: string, isOfYear: boolean, source: string): Figure[] {
  const fitting = entries.filter((entry) => !isOfYear || isYear(entry));
  const end = fitting
    .map((entry) => entry.end)
    .toSorted()
    .at(-1);
  const ofPeriod = fitting
    .filter((entry) => entry.end === end)
    .toSorted((one, other) => one.filed.localeCompare(other.filed));
  // The first report of a period names its year; a later one may correct its figure, and `fy` is then the later
  // report's.
  const [first, last] = [ofPeriod[0], ofPeriod.at(-1)];
  if (!first || !last) return [];
  const currency = /^[A-Z]{3}$/.test(unit) ? { currency: unit } : {};
  const fiscalYear = first.fy ? { fiscalYear: first.fy } : {};
  const { val: value, end: asOf, accn: accession, form } = last;
  return [{ value: { value, asOf, accession, form, ...currency, ...fiscalYear }, source, from: "filing" }];
}

function isYear({ start, end }: Entry): boolean {
  const days = start === undefined ? 0 : (Date.parse(end) - Date.parse(start)) / DAY_MS;
  return days >= LEAST_DAYS && days <= MOST_DAYS;
}
