import {readFile} from 'node:fs/promises';
import {configKeys, SettingKey, settings, SettingValues} from './settings';
import {flagOf, parseSetting, Setting} from './setting';
import {didYouMean, UsageError} from './usage_error';

/** The settings of a YAML or JSON file. JSON is YAML, so one reader serves both. */
export async function readConfig(file: string): Promise<SettingValues> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `--config: ${file} ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`}.`,
    );
  });
  const {parseDocument} = await import('yaml');
  const document = parseDocument(content, {prettyErrors: true});
  if (document.errors.length > 0) {
    const format = /^\s*[{[]/.test(content) || /\.json$/i.test(file) ? 'JSON' : 'YAML';
    throw new UsageError(`${file} is not ${format}: ${document.errors[0].message.trim()}`);
  }
  const keys = document.toJS() as unknown;
  if (keys === null) return {};
  if (typeof keys !== 'object' || Array.isArray(keys))
    throw new UsageError(`${file} must hold settings, such as \`label: clicked\`.`);
  return Object.fromEntries(
    Object.entries(keys).map(([key, value]) => {
      if (Object.hasOwn(settings, key) && !configKeys.includes(key as SettingKey))
        throw new UsageError(`${file}: \`${key}\` is a flag alone. Give ${flagOf(key)}, and remove it from the file.`);
      if (!configKeys.includes(key as SettingKey))
        throw new UsageError(`${file}: unknown setting \`${key}\`. ${didYouMean(key, configKeys)}`);
      return [key, parseSetting(settings[key as SettingKey] as Setting, value, `${file}: \`${key}\``)];
    }),
  );
}
