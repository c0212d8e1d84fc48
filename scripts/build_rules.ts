/** Writes python/tfjs_autofis/rules.json from src/data/sql/rule_macros.ts: `npm run build:rules`. */
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {pythonRules} from '../src/data/sql/rule_macros';

writeFileSync(path.join(__dirname, '../python/tfjs_autofis/rules.json'), pythonRules());
