/** The purposes of pages of a company's site. */
export const PAGE_KINDS = [
  "about",
  "contact",
  "legal",
  "pricing",
  "careers",
  "team",
  "news",
  "investors",
  "terms",
] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

/**
 * Words of links and paths by kind, in the languages of the sites: as they stand in a link, and, in ASCII, in a path.
 */
const WORDS: Readonly<Record<PageKind, string>> = {
  about: [
    "about|about us|who we are|our story|company|the company|our company|company profile|mission|über uns",
    "ueber uns|uber uns|unternehmen|firma|wir über uns|à propos|a propos|qui sommes nous|qui sommes-nous",
    "entreprise|notre histoire|sobre nosotros|quiénes somos|quienes somos|nosotros|empresa|sobre nós",
    "sobre nos|sobre|quem somos|chi siamo|azienda|over ons|bedrijf|om oss|om os|about-us|tietoa meistä|meistä",
    "yritys|o nas|o firmie|o nás|o společnosti|rólunk|despre noi|hakkımızda|hakkimizda|kurumsal|о компании",
    "о нас|o-kompanii|o kompanii|про нас|за нас|σχετικά|会社概要|企業情報|会社案会|会社案内|私たちについて|company-profile|회사소개",
    "회사 소개|关于我们|公司简介|關於我們|من نحن|عن الشركة|אודות|เกี่ยวกับเรา|tentang kami|về chúng tôi|kompania",
  ].join("|"),
  contact: [
    "contact|contact us|contacts|get in touch|reach us|find us|kontakt|kontaktieren sie uns|nous contacter",
    "contactez-nous|contactez nous|contacto|contáctanos|contactanos|contáctenos|contato|fale conosco",
    "contactos|contatti|contattaci|dove siamo|contacteer ons|kontakta oss|kontakt oss|kontakt os|yhteystiedot",
    "ota yhteyttä|kontakty|kontakti|kapcsolat|iletişim|iletisim|bize ulaşın|контакты|контакти|связаться",
    "επικοινωνία|お問い合わせ|お問合せ|アクセス|inquiry|문의|문의하기|연락처|오시는 길|오시는길|联系我们|聯絡我們|联系方式|اتصل بنا|تواصل معنا|צור קשר",
    "ติดต่อเรา|hubungi kami|liên hệ",
  ].join("|"),
  legal: [
    "impressum|imprint|legal notice|legal|mentions légales|mentions legales|aviso legal|nota legal",
    "note legali|colofon|juridische informatie|impresum|rechtliches|anbieterkennzeichnung|legal information",
    "特定商取引法に基づく表記|特定商取引法|tokushoho|реквизиты|rekvizity|правовая информация|法律声明|legal-notice",
  ].join("|"),
  pricing: [
    "pricing|prices|plans|plans & pricing|plans and pricing|preise|preisliste|tarife|tarifs|nos tarifs",
    "precios|tarifas|planes|preços|planos|prezzi|listino|piani|prijzen|tarieven|priser|hinnat|hinnasto|cennik",
    "ceník|cenik|árak|fiyatlar|fiyatlandırma|цены|тарифы|прайс|料金|価格|料金プラン|가격|요금|价格|定价|الأسعار|מחירים",
  ].join("|"),
  careers: [
    "careers|career|jobs|join us|join our team|work with us|work at|we're hiring|we are hiring|vacancies",
    "open positions|karriere|stellenangebote|offene stellen|stellen|recrutement|nous rejoindre|carrières",
    "offres d'emploi|carrieres|empleo|trabaja con nosotros|carreras|trabalhe conosco|carreiras|vagas",
    "lavora con noi|carriere|werken bij|vacatures|jobba hos oss|lediga jobb|karriär|ledige stillinger|ura",
    "työpaikat|kariera|praca|kariéra|volná místa|karrier|kariyer|вакансии|карьера|vakansii|採用情報|採用|リクルート",
    "recruit|recruitment|채용|채용정보|招聘|加入我们|وظائف|דרושים|hiring",
  ].join("|"),
  team: [
    "team|our team|the team|meet the team|people|our people|leadership|management|management team|board",
    "unser team|das team|geschäftsführung|ansprechpartner|équipe|notre équipe|l'équipe|equipe|equipo",
    "nuestro equipo|nossa equipe|equipa|il team|chi siamo team|ons team|medarbetare|ansatte|medarbejdere",
    "tiimi|henkilöstö|zespół|náš tým|tým|csapat|ekibimiz|команда|руководство|チーム|役員|팀|团队",
  ].join("|"),
  news: [
    "news|newsroom|press|press releases|media|blog|press room|aktuelles|presse|neuigkeiten|actualités",
    "actualites|espace presse|noticias|prensa|sala de prensa|notícias|imprensa|novità|notizie|stampa|nieuws",
    "pers|nyheter|nyheder|pressrum|uutiset|aktualności|aktuality|hírek|haberler|basın|новости|пресс-центр",
    "novosti|ニュース|お知らせ|プレスリリース|뉴스|보도자료|新闻|新闻中心|أخبار|חדשות",
  ].join("|"),
  investors: [
    "investors|investor relations|for investors|ir|investoren|investisseurs|inversores|inversionistas",
    "investidores|investitori|beleggers|investerare|investorer|inwestorzy|инвесторам|株主・投資家情報|ir情報|투자정보|投资者关系",
  ].join("|"),
  terms: [
    "terms|terms of service|terms of use|terms and conditions|terms & conditions|privacy policy|privacy|agb",
    "datenschutz|datenschutzerklärung|conditions générales|cgv|cgu|términos y condiciones|termos de uso",
    "condizioni|privacybeleid|algemene voorwaarden|user agreement|利用規約|プライバシーポリシー",
  ].join("|"),
};

const KINDS = new Map(PAGE_KINDS.flatMap((kind) => WORDS[kind].split("|").map((word) => [plain(word), kind] as const)));

/** A kind with how sure it is: 1 is a link that says nothing else. */
export interface RatedKind {
  kind: PageKind;
  score: number;
}

/** Tells the kind of a page by the text of a link to it and by its path; undefined for every other page. */
export function kindOf(linkText: string, path: string): RatedKind | undefined {
  return best([kindOfText(linkText), kindOfPath(path)]);
}

function best(rated: readonly (RatedKind | undefined)[]): RatedKind | undefined {
  const known = rated.flatMap((one) => one ?? []);
  const [text, other] = known;
  if (text && other && text.kind === other.kind) return { kind: text.kind, score: text.score + other.score / 2 };
  return known.toSorted((one, another) => another.score - one.score)[0];
}

function kindOfText(text: string): RatedKind | undefined {
  const bare = plain(text);
  if (bare === "" || bare.length > 60) return undefined;
  const exact = KINDS.get(bare);
  if (exact) return { kind: exact, score: 1 };
  // `About Gearbase`, `Contact our team`: a word of a kind at the beginning or the end of a short text.
  const words = bare.split(" ");
  if (words.length > 4) return undefined;
  for (let length = words.length - 1; length >= 1; length--) {
    const kind = KINDS.get(words.slice(0, length).join(" ")) ?? KINDS.get(words.slice(-length).join(" "));
    if (kind) return { kind, score: 0.5 + length / 20 };
  }
  return undefined;
}

function kindOfPath(path: string): RatedKind | undefined {
  const segments = path.split("/").flatMap((segment) => (segment === "" ? [] : [plain(decoded(segment))]));
  const last = segments
    .at(-1)
    ?.replace(/\.(html?|php|aspx?|jsp)$/, "")
    .replace(/ \d$/, "");
  if (last === undefined) return undefined;
  const kind = KINDS.get(last);
  const depth = segments.length - 1;
  if (kind) return { kind, score: 0.9 - depth / 10 };
  const above = segments.slice(0, -1).findLast((segment) => KINDS.has(segment));
  const inherited = above === undefined ? undefined : KINDS.get(above);
  return inherited ? { kind: inherited, score: 0.2 - depth / 100 } : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A lone percent sign in the path: the segment as it stands.
    return segment;
  }
}

/** Lower case, without accents and signs, words divided by one space. */
function plain(text: string): string {
  const bare = text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replaceAll(/\p{M}(?<![\u3099\u309a])/gu, "");
  return bare
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{M}\p{N}.&']+/gu, " ")
    .trim();
}
