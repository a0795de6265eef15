// Makes encodings.bin from the tables of the WHATWG Encoding Standard: node make-encodings.mjs <folder of whatwg/encoding>
// Layout (Brotli over it): encodings (name, labels), then indexes (name, count, code points as signed differences; 0 where there is none).
import fs from 'fs';
import zlib from 'zlib';

const folder = process.argv[2];
const bytes = [];
const varint = n => { while (n > 127) { bytes.push((n & 127) | 128); n = Math.floor(n / 128); } bytes.push(n); };
const signed = n => varint(n < 0 ? -2 * n - 1 : 2 * n);
const string = s => { varint(s.length); bytes.push(...Buffer.from(s, 'latin1')); };

const notDecoders = ['replacement', 'x-user-defined'];
const encodings = JSON.parse(fs.readFileSync(`${folder}/encodings.json`, 'utf8')).flatMap(group => group.encodings)
  .filter(encoding => !notDecoders.includes(encoding.name));
varint(encodings.length);
for (const { name, labels } of encodings) { string(name.toLowerCase()); string(labels.join(' ')); }

const indexes = Object.entries(JSON.parse(fs.readFileSync(`${folder}/indexes.json`, 'utf8'))).filter(([name]) => name !== 'iso-2022-jp-katakana');
varint(indexes.length);
for (const [name, values] of indexes) {
  const flat = values.flat().map(value => value ?? 0);
  string(name);
  varint(flat.length);
  let last = 0;
  for (const value of flat) { signed(value - last); last = value; }
}

const packed = zlib.brotliCompressSync(Buffer.from(bytes), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 22 } });
fs.writeFileSync(new URL('encodings.bin', import.meta.url), packed);
console.log(`${encodings.length} encodings, ${indexes.length} indexes, ${bytes.length} bytes, ${packed.length} packed`);
