import type { CompanyProfile } from "../../functions/src/jobs/company-scrape/schemas.ts";
import { type Paint, section, shorten, wrap } from "./paint.ts";

const LABEL_WIDTH = 12;

/** A `company.scrape` output as a person reads it in a terminal; parts that were not found are left out. */
export function renderProfile(profile: CompanyProfile, width: number, paint: Paint): string[] {
  const { name, domain, description, pages } = profile;
  const read = pages.map(({ kind, url, error }) => `${kind.padEnd(LABEL_WIDTH)}${error ? error.message : url}`);
  return [
    ...section(name?.value ?? domain, wrap(description?.value ?? "", width - 2), paint),
    ...section("Facts", factLines(profile, width, paint), paint),
    ...section("Pages", read, paint),
    ...section(
      "Stages that failed",
      profile.stageErrors.map(({ stage, message }) => `${stage}: ${message}`),
      paint,
    ),
  ];
}

interface Fact {
  text: string;
  source: string;
}

function factLines(profile: CompanyProfile, width: number, paint: Paint): string[] {
  return factsOf(profile).flatMap(([label, facts]) =>
    facts.map(({ text, source }, index) => {
      const path = URL.parse(source)?.pathname ?? source;
      const fact = shorten(text, width - LABEL_WIDTH - path.length - 8);
      return `${(index === 0 ? label : "").padEnd(LABEL_WIDTH)}${fact} ${paint("dim", `from ${path}`)}`;
    }),
  );
}

function factsOf(profile: CompanyProfile): [label: string, facts: Fact[]][] {
  const of = <Value>(found: readonly { value: Value; source: string }[], textOf: (value: Value) => string): Fact[] =>
    found.map(({ value, source }) => ({ text: textOf(value), source }));
  const plain = (value: string) => value;
  return [
    ["Legal name", of(profile.legalName ? [profile.legalName] : [], plain)],
    ["Address", of(profile.addresses, ({ text }) => text)],
    ["E-mail", of(profile.emails, plain)],
    ["Phone", of(profile.phones, plain)],
    ["Profiles", of(profile.social, ({ network, url }) => `${network}: ${url}`)],
    ["Offers", of(profile.offers, ({ name, price, currency }) => `${name}: ${price} ${currency}`)],
    ["Made with", of(profile.technologies, (technology) => technology.name)],
    ["People", of(profile.people, ({ name, role }) => [name, role].filter(Boolean).join(", "))],
    ["Openings", of(profile.jobOpenings, ({ title }) => title)],
    ["News", of(profile.news, ({ title }) => title)],
  ];
}
