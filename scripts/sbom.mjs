/**
 * Writes the bill of materials of the package, dist/sbom.json (CycloneDX): what npm installs with it, by
 * package-lock.json. `npm pack` runs it. Without a time and a serial number, so that equal packages are equal.
 *
 *     npm run sbom
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {run} from './processes.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

async function npm(args, cwd) {
  const {code, out, err} = await run('npm', args, {cwd, shell: process.platform === 'win32'});
  if (code === 0) return out;
  console.error(`${err}\nnpm ${args[0]} failed; see its messages above. It needs npm 10 or later.`);
  process.exit(1);
}

// In a project without the dependencies for development: by --omit=dev npm also leaves out what both kinds need.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-sbom-'));
try {
  const {name, version, license, description, dependencies} = JSON.parse(
    fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  const shipped = {name, version, license, description, dependencies};
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(shipped));
  fs.copyFileSync(path.join(root, 'package-lock.json'), path.join(folder, 'package-lock.json'));
  await npm(['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--offline'], folder);
  const bill = JSON.parse(await npm(['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], folder));
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  bill.metadata.component.name = name;
  fs.writeFileSync(path.join(root, 'dist', 'sbom.json'), `${JSON.stringify(bill, null, 1)}\n`);
} finally {
  fs.rmSync(folder, {recursive: true, force: true});
}
