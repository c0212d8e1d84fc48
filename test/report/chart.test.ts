import * as echarts from 'echarts';
import {drawSvg} from '../../src/report/chart';
import {intervalPlot} from '../../src/report/pictures/interval_plot';

it('marks have their numbers as titles, whatever names hold', () => {
  const option = {
    xAxis: {show: false, min: 0, max: 1},
    yAxis: {show: false, min: 0, max: 1},
    series: [
      {
        type: 'custom',
        data: [0, 1].map(at => [at, at]),
        renderItem: () => ({type: 'circle', shape: {cx: 9, cy: 9, r: 5}, style: {fill: '#000000'}}),
      },
    ],
  };
  const words = {title: 'Two marks', description: 'Both are circles.'};
  const svg = drawSvg(echarts, 'own', words, {width: 40, height: 40, option, tips: [['a\u0000b', '<c>']]});
  const titles = [...svg.matchAll(/data-tip=""><title>([^<]*)<\/title><\/circle>/g)].map(([, title]) => title);
  expect(titles).toEqual(['a\\u0000b', '&#60;c&#62;']);
});

it('ticks of noise are round numbers, and names keep their letters', () => {
  const name = 'chosen: 4 of 28 pairs and 16 larger sets of fields';
  const intervals = [{value: 0, low: -6e-4, high: 2e-4, text: '0', tip: ''}];
  const chart = intervalPlot([{title: 'g'}], [{name, color: '#000000', isPale: false, intervals}], {width: 600});
  const svg = drawSvg(echarts, 'own', {title: 't', description: 'd'}, chart);
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts.filter(text => /^[−\d.e]+$/.test(text))).toEqual(['−0.0006', '−0.0004', '−0.0002', '0', '0.0002', '0']);
  expect(texts.join('').replaceAll(' ', '')).toContain(name.replaceAll(' ', ''));
});
