// Where postal codes are, as far as their places are known, in the colours of the territories they lie in. No tiles: the
// places themselves draw the country.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { placesQuery } from './data';
import { type Leaf, territoryOf } from './logic';
import style from './routing.module.css';

const WIDTH = 400;
const MOST_HIGH = 340;
const COLOURS = ['#2b8a7d', '#c9622b', '#5b6fd0', '#b5468f', '#7a8a1f', '#2f86c4', '#a6752a', '#8a5bd0', '#3f9a4a', '#cc4a5a'];
const NONE = 'var(--mantine-color-gray-5)';
const E6 = 1_000_000;

export function PlacesMap({ tree }: { tree: Leaf[] }) {
  const { t } = useTranslation();
  const { data } = useQuery(placesQuery);
  const { data: people } = useQuery(peopleQuery);
  const places = data?.found ?? [];
  if (places.length === 0) return null;
  const lats = places.map((p) => p.latitudeE6 / E6);
  const lons = places.map((p) => p.longitudeE6 / E6);
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const wide = Math.max(0.2, (east - west) * narrow);
  const high = Math.max(0.2, north - south);
  const scale = Math.min((WIDTH - 20) / wide, (MOST_HIGH - 20) / high);
  const height = high * scale + 20;
  const x = (lon: number) => 10 + ((lon - west) * narrow * scale) + (WIDTH - 20 - wide * scale) / 2;
  const y = (lat: number) => 10 + (north - lat) * scale;
  const colours = new Map(tree.map(({ territory }, i) => [territory.id, COLOURS[i % COLOURS.length]]));
  const lies = places.map((p) => territoryOf(tree, p));
  const used = tree.filter(({ territory }) => lies.some((one) => one?.id === territory.id));
  const homes = [...(people?.values() ?? [])].filter((u) => u.latitudeE6 !== 0 || u.longitudeE6 !== 0);
  return (
    <section className={style.card} aria-label={t('routing.map')}>
      <h2 className={style.h}>{t('routing.map')}</h2>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={t('routing.mapOf', { count: places.length })} className={style.map}>
        {places.map((p, i) => <circle key={p.id} cx={x(p.longitudeE6 / E6)} cy={y(p.latitudeE6 / E6)} r={places.length > 400 ? 2 : 4} fill={colours.get(lies[i]?.id ?? '') ?? NONE}><title>{`${p.postalCode} ${p.name}`}</title></circle>)}
        {homes.map((u) => <path key={u.id} d={`M${x(u.longitudeE6 / E6)} ${y(u.latitudeE6 / E6) - 6}l5 9h-10z`} className={style.home}><title>{u.name}</title></path>)}
      </svg>
      <ul className={style.legend}>
        {used.map(({ territory }) => <li key={territory.id}><i style={{ background: colours.get(territory.id) }} />{territory.name}</li>)}
        {lies.some((one) => !one) && <li><i style={{ background: NONE }} />{t('routing.nowhere')}</li>}
      </ul>
      {data?.isCut && <p className={style.dim}>{t('routing.mapCut')}</p>}
    </section>
  );
}
