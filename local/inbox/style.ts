/** The page's style sheet. It names no file: the page may load none. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#e5e7eb, #2a2f3a); --soft: light-dark(#6b7280, #9aa3b2); --card: light-dark(#fff, #161a22); --accent: light-dark(#1d4ed8, #7aa2ff) }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 960px; padding: 40px 20px 80px; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#f7f8fa, #0e1116) }
header { display: flex; gap: 16px; justify-content: space-between; align-items: flex-start }
h1 { font-size: 22px; margin: 0 } h2 { font-size: 15px; margin: 28px 0 10px } h3 { font-size: 12px; margin: 0; padding: 10px 16px 0; color: var(--soft) }
header p { color: var(--soft); margin: 4px 0 0 }
code { font-size: 13px; overflow-wrap: anywhere }
form { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-end; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin-bottom: 10px }
form.told { align-items: center; padding: 8px 16px; border-color: var(--accent) } form.told button { margin-left: auto } form.told span { color: var(--soft); font-size: 13px }
label { display: grid; gap: 2px; font-size: 12px; color: var(--soft) }
input, select, button, .button { font: inherit; font-size: 14px; color: inherit; padding: 5px 10px; border: 1px solid var(--line); border-radius: 7px; background: light-dark(#fff, #0e1116); text-decoration: none }
input, select { color: light-dark(#111, #eee) } input[type=number] { width: 90px } input[name=path] { width: 220px; max-width: 100% }
button { cursor: pointer; font-weight: 600 }
details { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin-bottom: 10px; overflow: hidden }
summary { display: flex; gap: 4px 12px; align-items: center; padding: 12px 16px; cursor: pointer; flex-wrap: wrap }
summary::before { content: "\\25b8"; color: var(--soft) } details[open] > summary::before { content: "\\25be" }
summary b { font-weight: 600 } summary span { color: var(--soft); font-size: 13px; overflow-wrap: anywhere } summary .end { margin-left: auto }
.attempt { border: 0; border-top: 1px solid var(--line); border-radius: 0; margin: 0 } .attempt summary { padding: 9px 16px 9px 28px; font-size: 14px }
summary .badge { border-radius: 99px; padding: 1px 10px; font-size: 12px; font-weight: 600; color: #fff; white-space: nowrap }
.verified { background: #15803d } .failed { background: #b91c1c } .missing { background: #6b7280 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0; padding: 0 16px 12px; font-size: 13px } dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
pre { margin: 0; padding: 6px 16px 12px; font-size: 12.5px; overflow: auto; max-height: 380px; white-space: pre-wrap; overflow-wrap: anywhere }
.empty { border: 1px dashed var(--line); border-radius: 10px; padding: 48px; text-align: center; color: var(--soft) }`;
