import { setTimeout as sleep } from 'node:timers/promises';
import { PaymentDeclined } from './errors.js';
import type { Order } from './orders.js';

/** Test cards, as payment providers have them: the number decides what happens. */
const DECLINED: Readonly<Record<string, string>> = {
  '4000000000009995': 'insufficient funds',
  '4000000000000069': 'card expired',
};

export async function charge({ order, card }: { readonly order: Order; readonly card: string }): Promise<void> {
  await sleep(20);
  const reason = DECLINED[card];
  if (reason === undefined) return;
  throw new PaymentDeclined(`the bank declined the card: ${reason}`, {
    'order.id': order.id,
    'order.sku': order.sku,
    'payment.amount': order.total,
    'payment.card_last4': card.slice(-4),
  });
}
