export const dynamic = 'force-dynamic';

export function GET(): Response {
  throw new RangeError('the cart is empty');
}
