import * as echarts from 'echarts';
import {drawSvg} from '../../src/report/chart';

it('marks have their numbers as titles, whatever names hold', () => {
  const option = {
    xAxis: {show: false, min: 0, max: 1},
    yAxis: {show: false, min: 0, max: 1},
    series: [
      {
        type: 'custom',
        data: [
          [0, 0],
          [1, 1],
        ],
        renderItem: () => ({type: 'circle', shape: {cx: 9, cy: 9, r: 5}, style: {fill: '#000000'}}),
      },
    ],
  };
  const words = {title: 'Two marks', description: 'Both are circles.'};
  const svg = drawSvg(echarts, 'own', words, {width: 40, height: 40, option, tips: [['a\u0000b', '<c>']]});
  const titles = [...svg.matchAll(/data-tip=""><title>([^<]*)<\/title><\/circle>/g)].map(([, title]) => title);
  expect(titles).toEqual(['a\\u0000b', '&#60;c&#62;']);
});
