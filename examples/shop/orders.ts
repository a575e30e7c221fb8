import { randomUUID } from 'node:crypto';
import { BadRequest, OrderNotFound } from './errors.js';
import { logger } from './logger.js';
import { charge } from './payments.js';
import { priceOf } from './prices.js';

/** A paid order. */
export interface Order {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly total: number;
}

const orders = new Map<string, Order>([['1001', { id: '1001', sku: 'teapot', quantity: 1, total: 39 }]]);
const stock = new Map<string, number>([
  ['teapot', 40],
  ['mug', 12],
]);
const LOW_STOCK = 10;

/** Validates an order that a client sent. */
export async function placeOrder(request: Readonly<Record<string, unknown>>): Promise<Order> {
  const { sku, quantity = 1, card } = request;
  if (typeof sku !== 'string' || typeof card !== 'string' || typeof quantity !== 'number' || !(quantity > 0)) {
    throw new BadRequest('an order needs sku, card and quantity', {});
  }
  const order = { id: randomUUID().slice(0, 8), sku, quantity, total: quantity * priceOf(sku) };
  await charge({ order, card });
  orders.set(order.id, order);
  takeFromStock(order);
  return order;
}

export function findOrder(id: string): Order {
  const order = orders.get(id);
  if (!order) throw new OrderNotFound('no such row in orders', { 'order.id': id, 'db.operation.name': 'SELECT' });
  return order;
}

function takeFromStock({ id, sku, quantity }: Order): void {
  const left = Math.max(0, (stock.get(sku) ?? 0) - quantity);
  stock.set(sku, left);
  logger.info({ 'order.id': id, sku, left }, 'order placed');
  if (left < LOW_STOCK) logger.warn({ sku, left }, 'stock is low');
}
