import { CarrierUnavailable } from './errors.js';
import type { Order } from './orders.js';

const CARRIER_URL = process.env.CARRIER_URL ?? 'http://localhost:8081/';
const TIMEOUT_MILLIS = 1_200;

/** Asks the carrier for the price of a parcel. */
export async function quote(order: Order): Promise<unknown> {
  try {
    return await askCarrier(order);
  } catch (error) {
    throw new CarrierUnavailable(
      'no shipping quote',
      { 'order.id': order.id, 'server.address': 'carrier' },
      { cause: error },
    );
  }
}

async function askCarrier({ id }: Order): Promise<unknown> {
  const url = new URL(`quotes/${id}`, CARRIER_URL);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    return await answer.json();
  } catch (error) {
    throw new Error(`carrier did not answer within ${TIMEOUT_MILLIS} ms`, { cause: error });
  }
}
