import {fromQuery, RANGES, type Settings, toQuery} from '../settings';
import {words} from '../strings';
import {byId, write} from './element';

/** The settings of a run, which a link can carry. */
export class SettingsForm {
  private readonly form = byId<HTMLFormElement>('settings');

  /** Whether a link has brought the settings. A page that is loaded again is as it was left. */
  readonly linked =
    toQuery(fromQuery(location.search)) !== '' &&
    (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined)?.type !== 'reload';

  constructor(onStart: (settings: Settings) => void) {
    for (const [name, range] of Object.entries(RANGES)) Object.assign(this.input(name), range);
    this.set(fromQuery(location.search));
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      onStart(this.get());
    });
    byId('link').addEventListener('click', () => void this.copyLink());
  }

  get(): Settings {
    const number = (name: keyof typeof RANGES) => Number(this.input(name).value);
    return {
      strength: number('strength'),
      dimension: number('dimension'),
      passes: number('passes'),
      seed: number('seed'),
      order: this.input('order').value === 'both' ? 'both' : 2,
      mlp: this.input('mlp').value === 'true',
    };
  }

  set(settings: Settings): void {
    for (const [name, value] of Object.entries(settings)) this.input(name).value = String(value);
  }

  private input(name: string): HTMLInputElement | HTMLSelectElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  private async copyLink(): Promise<void> {
    if (!this.form.reportValidity()) return;
    const query = toQuery(this.get());
    history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
    const status = byId('settings-status');
    await navigator.clipboard.writeText(location.href).then(
      () => write(status, words.settings.copied),
      () => write(status, words.settings.notCopied),
    );
  }
}
