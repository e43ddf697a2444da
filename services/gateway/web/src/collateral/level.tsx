// How much is left of an item, as a picture: what is filled, and where it begins to be little.
import { useTranslation } from '../i18n/words';
import type { CollateralStock } from '../gen/baton/v1/collateral_pb';
import { useFormat } from '../i18n/format';
import { looseOf, partsOf } from './logic';
import style from './collateral.module.css';

export function Level({ stock }: { stock: CollateralStock }) {
  const { t } = useTranslation();
  const format = useFormat();
  const left = looseOf(stock.total);
  const low = stock.item?.lowLevel ?? 0;
  if (!low) return <span className="num">{format.number(left)}</span>;
  const isLow = left < low;
  const { filled, mark } = partsOf(left, low);
  return (
    <div className={style.level}>
      <div className={style.meter} data-low={isLow || undefined} role="meter" aria-label={t('collateral.left')} aria-valuemin={0} aria-valuemax={low * 3} aria-valuenow={Math.min(left, low * 3)}
        aria-valuetext={t(isLow ? 'collateral.tooLittle' : 'collateral.enough', { left: format.number(left), low: format.number(low) })}><i style={{ width: `${filled}%` }} /><b style={{ width: `${mark}%` }} /></div>
      <span className={isLow ? style.late : undefined}>{format.number(left)}</span>
    </div>
  );
}
