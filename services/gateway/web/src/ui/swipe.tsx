// A card that can be pushed aside with a finger: right means yes, left means no. The same can be done by its buttons.
import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import style from './ui.module.css';

export interface Swipe {
  yes: { label: string; run: () => void };
  no: { label: string; run: () => void };
}

const FAR_PX = 96;
const BEGIN_PX = 12;

export function SwipeCard({ swipe, onClick, children }: { swipe?: Swipe; onClick: () => void; children: ReactNode }) {
  const [by, setBy] = useState(0);
  const from = useRef<{ x: number; y: number; isOn: boolean }>(undefined);
  const moved = useRef(false);

  function down(event: PointerEvent) {
    moved.current = false;
    if (swipe && event.pointerType !== 'mouse') from.current = { x: event.clientX, y: event.clientY, isOn: false };
  }
  function move(event: PointerEvent<HTMLElement>) {
    const start = from.current;
    if (!start) return;
    const x = event.clientX - start.x;
    if (!start.isOn && Math.abs(x) > BEGIN_PX && Math.abs(x) > Math.abs(event.clientY - start.y)) {
      start.isOn = true;
      moved.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    if (start.isOn) setBy(x);
  }
  function up() {
    if (from.current?.isOn && Math.abs(by) >= FAR_PX) (by > 0 ? swipe?.yes : swipe?.no)?.run();
    from.current = undefined;
    setBy(0);
  }
  return (
    <>
      {by !== 0 && swipe && (
        <div className={`${style.swipe} ${by > 0 ? style.swipeYes : style.swipeNo}`} aria-hidden="true">{(by > 0 ? swipe.yes : swipe.no).label}</div>
      )}
      <div className={style.cardBox} style={{ transform: by ? `translateX(${by}px)` : undefined }} onPointerDown={down} onPointerMove={move}
        onPointerUp={up} onPointerCancel={() => { from.current = undefined; setBy(0); }} onClick={() => moved.current || onClick()}>
        {children}
      </div>
    </>
  );
}
