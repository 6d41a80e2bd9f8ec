import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import type { ConnectionCard as Card } from '@/api/contract.ts';
import { cx } from '@/components/ui/classes.ts';
import { useNow } from '@/components/useNow.ts';
import { formatAge, formatInstant, formatRange, formatUntil } from '@/format/dates.ts';
import {
  accessText,
  lastRunText,
  percentOf,
  restatedText,
  secondsSince,
  statusOf,
  type Tone,
} from '../states.ts';
import { troubleOf } from '../trouble.ts';
import { CardActions } from './CardActions.tsx';
import { INKS, StateMark } from './StateMark.tsx';

interface Props {
  card: Card;
  platform: string;
  /** The workspace's, in which instants are told. */
  zone: string;
  /** Whether who looks may act on it. */
  acting: boolean;
}

/** One connected account: how it does, how far its figures reach, what to do. */
export function ConnectionCard({ card, platform, zone, acting }: Props) {
  const id = useId();
  const now = useNow(5_000);
  const { word, tone, detail } = statusOf(card, platform, now, zone);
  const about = [card.account_id, card.currency, card.zone].filter(Boolean).join(' · ');
  return (
    <article
      aria-labelledby={id}
      data-connection={card.state}
      className={cx(
        'flex min-w-0 flex-col rounded-xl border bg-surface shadow-card',
        tone === 'bad' ? 'border-bad/50' : 'border-line',
      )}
    >
      <div className="flex flex-1 flex-col gap-3 p-4 sm:p-5">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            <h3 id={id} className="font-semibold text-[15px] leading-6">
              {card.label}
            </h3>
            <p className="figures text-[12.5px] text-muted">{about}</p>
          </div>
          <StateMark state={card.state} word={word} tone={tone} />
        </div>
        {card.state === 'backfilling' && <Progress percent={percentOf(card)} />}
        {detail && <p className="text-[13px] text-soft">{detail}</p>}
        {(card.reason || card.next_step) && <Trouble card={card} tone={tone} zone={zone} />}
        <Facts card={card} now={now} zone={zone} />
      </div>
      {acting && <CardActions card={card} platform={platform} />}
    </article>
  );
}

function Progress({ percent }: { percent: number }) {
  return (
    <div
      role="progressbar"
      aria-label="History read"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${percent} %`}
      className="h-2 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-500"
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}

function Trouble({ card, tone, zone }: { card: Card; tone: Tone; zone: string }) {
  const { meaning, said } = troubleOf(card);
  return (
    <div
      className={cx(
        'rounded-lg px-3 py-2 text-[13px]',
        tone === 'bad' ? 'bg-bad-soft text-bad' : 'bg-sunken text-soft',
      )}
    >
      {meaning && <p className="font-medium">{meaning}</p>}
      {card.next_step && <p>{card.next_step}</p>}
      {card.retry_at && (
        <p>metricx tries again by itself at {formatInstant(card.retry_at, zone)}.</p>
      )}
      {said && (
        <details className="mt-1">
          <summary className="min-h-6 cursor-pointer">What the platform said</summary>
          <p className="wrap-anywhere">{said}</p>
        </details>
      )}
    </div>
  );
}

function Facts({ card, now, zone }: { card: Card; now: number; zone: string }) {
  const { last_success_at, data_from, data_through, next_run_at, last_run } = card;
  const access = accessText(card, now, zone);
  if (card.state === 'ready-soon')
    return (
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2.5 text-[13px]">
        <Fact name="Access" said={access.text} tone={access.tone} />
      </dl>
    );
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-2.5 text-[13px]">
      <Fact
        name="Last success"
        said={last_success_at ? formatAge(secondsSince(last_success_at, now)) : 'None yet'}
        title={last_success_at ? formatInstant(last_success_at, zone) : undefined}
      />
      <Fact
        name="Data"
        said={data_from && data_through ? formatRange(data_from, data_through) : 'None yet'}
      />
      <Fact
        name="Next run"
        said={next_run_at ? formatUntil((new Date(next_run_at).getTime() - now) / 1_000) : 'None'}
      />
      <Fact
        name="Last run"
        said={lastRunText(card)}
        tone={last_run?.outcome === 'failed' ? 'bad' : undefined}
      />
      <Fact name="Read again" said={restatedText(card.restated_days)} />
      <Fact name="Access" said={access.text} tone={access.tone} />
    </dl>
  );
}

interface FactProps {
  name: string;
  said: string;
  tone?: Tone;
  title?: string;
}

function Fact({ name, said, tone = 'neutral', title }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="text-[12.5px] text-muted">{name}</dt>
      <dd title={title} className={cx('figures font-medium', tone === 'neutral' ? '' : INKS[tone])}>
        {(tone === 'warn' || tone === 'bad') && (
          <TriangleAlert aria-hidden="true" size={13} className="mr-1 inline align-[-2px]" />
        )}
        {said}
      </dd>
    </div>
  );
}
