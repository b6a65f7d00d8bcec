/* SPDX-License-Identifier: MIT */
/* whatsapp-chat-parser over one file: CPU seconds, the best of three, and the peak of memory. */
import { readFileSync } from 'node:fs';
import { parseString } from 'whatsapp-chat-parser';

const path = process.argv[2];
let best = Infinity;
let messages = 0;
for (let i = 0; i < 3; i++) {
  const before = process.cpuUsage();
  messages = parseString(readFileSync(path, 'utf8')).length;
  const used = process.cpuUsage(before);
  best = Math.min(best, (used.user + used.system) / 1e6);
}
const megabytes = readFileSync(path).length / 1e6;
const peak = process.resourceUsage().maxRSS * 1024 / 1e6;
console.log(
  `whatsapp-chat-parser ${String(messages).padStart(9)} messages ${(megabytes / best).toFixed(0).padStart(7)} MB/s  ` +
  `peak ${peak.toFixed(0)} MB (${(peak / megabytes).toFixed(2)} times the file)`);
