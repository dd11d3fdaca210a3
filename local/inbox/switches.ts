import { answerText, type Behaviour } from "./behaviour.ts";
import { type Html, html } from "./html.ts";

/** The form that says how a path answers, and what it was told so far. `paths` are offered for choice. */
export function switchesHtml(paths: readonly string[], told: readonly { path: string; behaviour: Behaviour }[]): Html {
  return html`<section aria-label="Answers"><h2>Answers</h2>
<form method="post" action="/_inbox/behaviour">
<label>Path <input name="path" required pattern="/.*" maxlength="2048" list="paths" value="${paths[0] ?? "/"}" autocomplete="off"></label>
<label>Answer <select name="answer">
<option value="500">500: failed, try again</option>
<option value="410">410: gone, never again</option>
<option value="429">429 with Retry-After</option>
<option value="slow">200, slowly</option>
<option value="never">never: hang</option>
<option value="200">200: as usual</option>
</select></label>
<label>Seconds <input name="seconds" type="number" min="0" max="3600" value="30" title="of Retry-After, and of a slow answer"></label>
<label>For <select name="times">
<option value="1">the next request</option>
<option value="3">the next 3</option>
<option value="5">the next 5</option>
<option value="10">the next 10</option>
<option value="always">all, until switched back</option>
</select></label>
<button>Answer so</button>
<datalist id="paths">${paths.map((path) => html`<option value="${path}"></option>`)}</datalist>
</form>
${told.map(behaviourHtml)}</section>`;
}

function behaviourHtml({ path, behaviour }: { path: string; behaviour: Behaviour }): Html {
  const { times } = behaviour;
  const extent = times === "always" ? "every request" : times === 1 ? "the next request" : `the next ${times} requests`;
  return html`<form method="post" action="/_inbox/behaviour" class="told">
<code>${path}</code><span>${answerText(behaviour)}</span><span>for ${extent}</span>
<input type="hidden" name="path" value="${path}"><input type="hidden" name="answer" value="200"><input type="hidden" name="times" value="always">
<button>Switch back</button></form>`;
}
