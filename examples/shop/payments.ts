import { PaymentDeclined, PaymentProviderError } from './errors.js';
import type { Order } from './orders.js';

const PROVIDER_URL = process.env.PAYMENT_PROVIDER_URL ?? 'http://localhost:8083/';

/** Asks the payment provider to charge the card. */
export async function charge({ order, card }: { readonly order: Order; readonly card: string }): Promise<void> {
  const answer = await fetch(new URL('charges', PROVIDER_URL), {
    method: 'POST',
    body: JSON.stringify({ order: order.id, amount: order.total, card }),
  });
  const reason = await answer.text();
  const attributes = { 'order.id': order.id, 'order.sku': order.sku, 'payment.amount': order.total };
  if (answer.status === 402) {
    throw new PaymentDeclined(`the bank declined the card: ${reason}`, {
      ...attributes,
      'payment.card_last4': card.slice(-4),
    });
  }
  if (!answer.ok) {
    throw new PaymentProviderError(`the payment provider answered ${answer.status}: ${reason}`, {
      ...attributes,
      'server.address': 'payment-provider',
    });
  }
}
