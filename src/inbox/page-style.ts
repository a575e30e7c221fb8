/** System fonts and no pictures: the page fetches nothing. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: light-dark(#fff, #1a1d21); --text: light-dark(#1d1c1d, #d1d2d3); --dim: light-dark(#616061, #ababad);
  --line: light-dark(#ddd, #42464b); --box: light-dark(#f8f8f8, #222529); --link: light-dark(#1264a3, #4aa8e8);
  --code: light-dark(#b8123b, #e8a06c); --mention: light-dark(#fff1c2, #4d4019); --own: light-dark(#e3effa, #17364f);
  --mono: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box; }
body { display: flex; flex-direction: column; height: 100dvh; margin: 0;
  font: 15px/1.46 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; background: var(--back); color: var(--text); }
header { display: flex; align-items: baseline; gap: .75rem; padding: .6rem 1.25rem; border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 18px; }
header p { margin: 0; color: var(--dim); font-size: 13px; }
/* Reversed, a box keeps its end in view by itself, and the reader's place when they scrolled up. */
main { display: flex; flex: 1; flex-direction: column-reverse; min-height: 0; overflow-y: auto; }
main:focus { outline: none; }
#log { margin-bottom: auto; padding: .5rem 0 1rem; }
h2 { display: flex; align-items: center; gap: .75rem; margin: .5rem 1.25rem; font-size: 13px; }
h2::before, h2::after { content: ''; flex: 1; border-top: 1px solid var(--line); }
article { display: grid; grid-template-columns: minmax(0, 1fr) auto; padding: .5rem 1.25rem; overflow-wrap: anywhere; contain: content; }
.linked { background: var(--mention); }
.thread { margin: 0 0 .5rem 1.5rem; border-left: 2px solid var(--line); }
.thread > summary { width: fit-content; padding: .1rem 1.25rem; color: var(--link); font-size: 13px; font-weight: 700; }
.gone { margin: .5rem 1.25rem; color: var(--dim); font-style: italic; }
summary { cursor: pointer; }
.reactions { display: flex; flex-wrap: wrap; align-items: start; gap: .3rem; margin-top: .25rem; }
.answers { display: contents; }
/* Nothing there yet: the offer stands beside the head. In the flow: browsers lose the reader's place when positions change. */
.reactions:has(> .answers:empty) { grid-area: 1 / 2; margin-block: -2px; }
.picker[open] { min-width: 13.5rem; }
.reactions button, .picker > summary { min-width: 2rem; height: 26px; padding: 0 .55rem;
  border: 1px solid var(--line); border-radius: 13px; background: var(--box); color: inherit; font: 13px/24px system-ui, sans-serif; text-align: center; cursor: pointer; }
.reactions button:hover, .picker > summary:hover { border-color: var(--dim); }
.reactions button[aria-pressed=true] { border-color: var(--link); background: var(--own); }
.picker > summary { float: left; margin-right: .3rem; list-style: none; color: var(--dim); background: none; }
.picker > summary::-webkit-details-marker { display: none; }
.picker > button { margin-right: .3rem; vertical-align: top; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.head { margin: 0; }
.content, .reactions { grid-column: 1 / -1; min-width: 0; }
.head > * + * { color: var(--dim); font-size: 12px; }
.text, .item, .context, blockquote, td { white-space: pre-wrap; }
.text, .fields, .context, .row, .wide { margin: .25rem 0; }
h3 { margin: .25rem 0; font-size: 18px; line-height: 1.35; }
hr { margin: .75rem 0; border: 0; border-top: 1px solid var(--line); }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem 1rem; }
.context, .row { display: flex; flex-wrap: wrap; gap: .25rem .75rem; }
.context, .image { color: var(--dim); font-size: 13px; }
.item { min-width: 0; }
.attachment { max-width: 44rem; margin: .35rem 0; padding-left: .75rem; border-left: 4px solid var(--line); border-radius: 4px; }
.button { padding: .2rem .7rem; border: 1px solid var(--line); border-radius: 4px; font-size: 13px; font-weight: 700; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
a.button { color: inherit; }
.mention { padding: 0 2px; border-radius: 3px; background: var(--mention); color: var(--link); }
code, pre { border: 1px solid var(--line); border-radius: 3px; background: var(--box); font: 12px/1.5 var(--mono); }
code { padding: 1px 3px; color: var(--code); }
pre { margin: .25rem 0; padding: .5rem; overflow-x: auto; white-space: pre; overflow-wrap: normal; border-radius: 4px; }
blockquote { margin: .25rem 0; padding-left: .75rem; border-left: 4px solid var(--line); border-radius: 4px; }
ul, ol { margin: .25rem 0; padding-left: 1.75rem; }
.indent { padding-left: 1.75rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
td { padding: .25rem .6rem; border: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; }
@media (max-width: 480px) {
  header, article, .thread > summary { padding-inline: .9rem; }
  .thread { margin-left: 1rem; }
  .fields { grid-template-columns: 1fr; }
}
`;
