import type { MadeSite } from "../made-site.ts";

/** Sites of several languages and scripts. */
export const LANGUAGE_SITES: readonly MadeSite[] = [
  {
    name: "atelier",
    habit: "French, mentions légales, a phone in national form",
    pages: {
      "/": `<!doctype html><html lang="fr-FR"><head><meta charset="utf-8"><title>Atelier Morel – Menuiserie à Lyon</title>
<meta name="description" content="Menuiserie sur mesure à Lyon : escaliers, cuisines et fenêtres en bois."></head><body>
<header><img src="/images/logo-atelier-morel.png" alt="Atelier Morel"></header><nav><a href="/a-propos">À propos</a>
<a href="/nous-contacter">Nous contacter</a><a href="/mentions-legales">Mentions légales</a></nav></body></html>`,
      "/a-propos": `<html lang="fr"><title>À propos</title><h1>À propos</h1><p>Trois générations de menuisiers.</p>`,
      "/nous-contacter": `<html lang="fr"><title>Contact</title><h1>Nous contacter</h1><p>Tél. : 04 78 12 34 56<br>
Courriel : contact@ateliermorel.example</p><p>27 rue des Tables Claudiennes<br>69001 Lyon</p>`,
      "/mentions-legales": `<html lang="fr"><title>Mentions légales</title><h1>Mentions légales</h1><p>Éditeur du site :
Atelier Morel SARL au capital de 10 000 €, RCS Lyon 123 456 789.</p><p>Directeur de la publication : Julien Morel</p>
<p>Hébergeur : OVH SAS, 2 rue Kellermann, 59100 Roubaix</p>`,
    },
    truth: {
      name: "Atelier Morel",
      legalName: "Atelier Morel SARL",
      description: "Menuiserie sur mesure à Lyon : escaliers, cuisines et fenêtres en bois.",
      logo: "/images/logo-atelier-morel.png",
      languages: ["fr"],
      addresses: ["69001"],
      emails: ["contact@ateliermorel.example"],
      phones: ["+33478123456"],
      people: ["Julien Morel"],
    },
  },
  {
    name: "sakura",
    habit: "Japanese in UTF-8, a company profile as a table",
    pages: {
      "/": `<!DOCTYPE html><html lang="ja"><head><meta charset="UTF-8"><title>株式会社さくら精機｜精密部品の製造</title>
<meta name="description" content="さくら精機は精密部品を製造しています。"><meta property="og:site_name"
content="さくら精機"></head><body><ul><li><a href="/company/">会社概要</a></li><li><a href="/contact/">お問い合わせ</a></li>
<li><a href="/recruit/">採用情報</a></li></ul></body></html>`,
      "/company/": `<html lang="ja"><meta charset="UTF-8"><title>会社概要</title><h1>会社概要</h1><table><tr><th>会社名</th>
<td>株式会社さくら精機</td></tr><tr><th>代表者</th><td>代表取締役 山田 太郎</td></tr><tr><th>所在地</th><td>〒144-0052
東京都大田区蒲田1-2-3</td></tr><tr><th>電話番号</th><td>03-1234-5678</td></tr></table>`,
      "/contact/": `<html lang="ja"><meta charset="UTF-8"><title>お問い合わせ</title><p>TEL 03-1234-5678</p><p>
info@sakura-seiki.example</p>`,
      "/recruit/": `<html lang="ja"><meta charset="UTF-8"><title>採用情報</title><h1>採用情報</h1><p>現在募集はありません。</p>`,
    },
    truth: {
      name: "さくら精機",
      legalName: "株式会社さくら精機",
      description: "さくら精機は精密部品を製造しています。",
      languages: ["ja"],
      addresses: ["144-0052"],
      emails: ["info@sakura-seiki.example"],
      phones: ["+81312345678"],
    },
  },
  {
    name: "volga",
    habit: "Russian, no structured data, requisites on the contact page",
    pages: {
      "/": `<html lang="ru"><head><meta charset="utf-8"><title>Волга-Сталь — металлопрокат в Самаре</title>
<meta name="description" content="Металлопрокат со склада в Самаре."></head><body><a href="/o-kompanii">О компании</a>
<a href="/kontakty">Контакты</a><a href="/vakansii">Вакансии</a></body></html>`,
      "/o-kompanii": `<html lang="ru"><meta charset="utf-8"><title>О компании</title><h1>О компании</h1>`,
      "/kontakty": `<html lang="ru"><meta charset="utf-8"><title>Контакты</title><p>ООО «Волга-Сталь»</p><p>443013, г. Самара,
ул. Дачная, д. 24</p><p>Телефон: 8 (846) 200-12-34</p><p>Почта: sale@volga-stal.example</p>
<a href="https://vk.com/volgastal">ВКонтакте</a><a href="https://t.me/volgastal">Telegram</a>`,
      "/vakansii": `<html lang="ru"><meta charset="utf-8"><title>Вакансии</title><h1>Вакансии</h1><h3>Менеджер по продажам</h3>
<p>от 80 000 ₽</p><h3>Кладовщик</h3><p>от 60 000 ₽</p>`,
    },
    truth: {
      name: "Волга-Сталь",
      legalName: "ООО «Волга-Сталь»",
      description: "Металлопрокат со склада в Самаре.",
      languages: ["ru"],
      addresses: ["443013"],
      emails: ["sale@volga-stal.example"],
      phones: ["+78462001234"],
      social: ["https://vk.com/volgastal", "https://t.me/volgastal"],
      jobOpenings: ["Менеджер по продажам", "Кладовщик"],
    },
  },
  {
    name: "fjord",
    habit: "Norwegian and English by hreflang",
    pages: {
      "/": `<html lang="nb"><head><title>Fjordkraft Bygg</title><link rel="alternate" hreflang="en" href="{origin}/en/">
<link rel="alternate" hreflang="nb" href="{origin}/"><link rel="alternate" hreflang="x-default" href="{origin}/">
<meta property="og:site_name" content="Fjordbygg"></head><body><a href="/om-oss">Om oss</a><a href="/kontakt">Kontakt</a>
<a href="/en/">English</a></body></html>`,
      "/om-oss": `<html lang="nb"><title>Om oss</title><h1>Om oss</h1><p>Vi bygger hytter.</p>`,
      "/kontakt": `<html lang="nb"><title>Kontakt</title><p>Fjordbygg AS, org.nr. 912 345 678</p><p>Strandgaten 5, 5013 Bergen
</p><p>Tlf: 55 12 34 56</p><p>post@fjordbygg.example</p>`,
    },
    truth: {
      name: "Fjordbygg",
      legalName: "Fjordbygg AS",
      languages: ["nb", "en"],
      addresses: ["5013"],
      emails: ["post@fjordbygg.example"],
      phones: ["+4755123456"],
    },
  },
  {
    name: "shorouk",
    habit: "Arabic, right to left, digits of the script",
    isHeldOut: true,
    pages: {
      "/": `<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>شركة الشروق للأثاث</title><meta name="description"
content="أثاث منزلي ومكتبي في القاهرة."></head><body><a href="/about">من نحن</a><a href="/contact">اتصل بنا</a></body>`,
      "/about": `<html lang="ar" dir="rtl"><meta charset="utf-8"><title>من نحن</title><h1>من نحن</h1>`,
      "/contact": `<html lang="ar" dir="rtl"><meta charset="utf-8"><title>اتصل بنا</title><p>هاتف: <a href="tel:+20223456789">
٠٢٢٣٤٥٦٧٨٩</a></p><p>info@alshorouk.example</p>`,
    },
    truth: {
      name: "شركة الشروق للأثاث",
      description: "أثاث منزلي ومكتبي في القاهرة.",
      languages: ["ar"],
      emails: ["info@alshorouk.example"],
      phones: ["+20223456789"],
    },
  },
  {
    name: "marmor",
    habit: "Italian, partita IVA, addresses in a footer",
    pages: {
      "/": `<html lang="it"><head><title>Marmi Bianchi | Marmo di Carrara</title><meta name="description"
content="Lavorazione del marmo di Carrara dal 1954."></head><body><nav><a href="chi-siamo.html">Chi siamo</a>
<a href="contatti.html">Contatti</a></nav><footer>Marmi Bianchi S.r.l. - Via Roma 10, 54033 Carrara (MS) - P.IVA
01234567890 - Tel. +39 0585 123456 - <a href="mailto:info@marmibianchi.example">info@marmibianchi.example</a></footer>`,
      "/chi-siamo.html": `<html lang="it"><title>Chi siamo</title><h1>Chi siamo</h1><p>Tre generazioni.</p>`,
      "/contatti.html": `<html lang="it"><title>Contatti</title><h1>Contatti</h1><form></form>`,
    },
    truth: {
      name: "Marmi Bianchi",
      legalName: "Marmi Bianchi S.r.l.",
      description: "Lavorazione del marmo di Carrara dal 1954.",
      languages: ["it"],
      addresses: ["54033"],
      emails: ["info@marmibianchi.example"],
      phones: ["+390585123456"],
    },
  },
];
