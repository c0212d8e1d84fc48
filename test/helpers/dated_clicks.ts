import {generator, integers} from './random';

const DAYS = 8;
const ROWS_A_DAY = 1000;

/** Eight days, 28 September to 5 October, in an order of chance; clicks where site and hour fit. */
export function datedClicks(dayOf = (day: number) => `${day < 3 ? `${28 + day}.09` : `0${day - 2}.10`}.2014`): string {
  const next = generator(3);
  const lines = Array.from({length: DAYS * ROWS_A_DAY}, (_, i) => {
    const [site, hour, device, chance] = [6, 8, 3, 10].map(size => integers(next, 1, size)[0]);
    const click = chance === 0 ? device === 0 : (site + hour) % 3 === 0;
    return `${click ? 1 : 0},s${site},${hour},d${device},${dayOf((i * 5) % DAYS)}`;
  });
  return `clicked,site,hour,device,day\n${lines.join('\n')}\n`;
}
