import iconv from "iconv-lite";
import type { MadeSite } from "../made-site.ts";

const encoded = (charset: string, html: string, contentType = "text/html") => ({
  headers: { "content-type": contentType },
  body: iconv.encode(html, charset),
});

const POLISH = `<html lang="pl"><head><title>Żółw Zabawki</title><meta name="description"
content="Drewniane zabawki z Łodzi."></head><body><p>ul. Piotrkowska 99, 90-425 Łódź</p><p>tel. 42 123 45 67</p></body>`;

/** Sites whose bytes are not what their declaration says, or that have none. */
export const CHARSET_SITES: readonly MadeSite[] = [
  {
    name: "cp1251",
    habit: "windows-1251, declared in a meta element",
    pages: {
      "/": encoded(
        "windows-1251",
        `<html lang="ru"><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>Хлебный дом
</title><meta name="description" content="Пекарня в Туле. Хлеб каждый день."></head><body><p>Тел.: +7 (4872) 33-44-55</p>`,
      ),
    },
    truth: {
      name: "Хлебный дом",
      description: "Пекарня в Туле. Хлеб каждый день.",
      languages: ["ru"],
      phones: ["+74872334455"],
    },
  },
  {
    name: "sjis",
    habit: "Shift_JIS, declared in the header only",
    pages: {
      "/": encoded(
        "shift_jis",
        `<html><head><title>有限会社みどり園芸</title><meta name="description" content="庭木と草花の店です。"></head>
<body><p>〒604-8005 京都府京都市中京区1-2</p><p>電話 075-123-4567</p></body></html>`,
        "text/html; charset=Shift_JIS",
      ),
    },
    truth: {
      name: "みどり園芸",
      legalName: "有限会社みどり園芸",
      description: "庭木と草花の店です。",
      languages: ["ja"],
      addresses: ["604-8005"],
      phones: ["+81751234567"],
    },
  },
  {
    name: "latin1",
    habit: "ISO-8859-1 bytes that declare UTF-8",
    pages: {
      "/": encoded(
        "latin1",
        `<html lang="de"><head><meta charset="utf-8"><title>Bäckerei Müller</title><meta name="description"
content="Frische Brötchen für Göttingen."></head><body><p>Große Straße 1, 37073 Göttingen</p></body></html>`,
        "text/html; charset=utf-8",
      ),
    },
    truth: {
      name: "Bäckerei Müller",
      description: "Frische Brötchen für Göttingen.",
      languages: ["de"],
      addresses: ["37073"],
    },
  },
  {
    name: "utf8as1252",
    habit: "UTF-8 bytes that declare ISO-8859-1",
    pages: {
      "/": encoded(
        "utf8",
        `<html lang="pt-BR"><head><title>Café São João</title><meta name="description" content="Torrefação própria em Maringá.">
</head><body><p>Telefone: (44) 3025-1234</p></body></html>`,
        "text/html; charset=ISO-8859-1",
      ),
    },
    truth: {
      name: "Café São João",
      description: "Torrefação própria em Maringá.",
      languages: ["pt"],
      phones: ["+554430251234"],
    },
  },
  {
    name: "undeclared",
    habit: "windows-1251 without any declaration",
    isHeldOut: true,
    pages: {
      "/": encoded(
        "windows-1251",
        `<html lang="ru"><head><title>Мебельный двор</title><meta name="description" content="Мебель на заказ для дома и
офиса. Собственное производство, доставка и сборка по всей области."></head><body><h1>Мебель на заказ</h1><p>Мы делаем
кухни, шкафы и столы из массива дуба и берёзы. Замер и проект бесплатно.</p></body></html>`,
      ),
    },
    truth: {
      name: "Мебельный двор",
      description: "Мебель на заказ для дома и офиса. Собственное производство, доставка и сборка по всей области.",
      languages: ["ru"],
    },
  },
  {
    name: "latin2",
    habit: "ISO-8859-2 with a wrong name in the meta element, and the right one in the header",
    pages: { "/": encoded("iso-8859-2", POLISH, "text/html; charset=iso-8859-2") },
    truth: {
      name: "Żółw Zabawki",
      description: "Drewniane zabawki z Łodzi.",
      languages: ["pl"],
      addresses: ["90-425"],
      phones: ["+48421234567"],
    },
  },
];
