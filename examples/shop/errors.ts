/** An error with the HTTP status to answer with, and the attributes to log. */
export abstract class ShopError extends Error {
  abstract readonly status: number;
  /** Attributes of the log record. */
  readonly attributes: Readonly<Record<string, unknown>>;

  constructor(message: string, attributes: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.attributes = attributes;
  }
}

export class BadRequest extends ShopError {
  readonly status = 400;
}

export class OrderNotFound extends ShopError {
  readonly status = 404;
}

export class PaymentDeclined extends ShopError {
  readonly status = 402;
}

export class PaymentProviderError extends ShopError {
  readonly status = 502;
}

export class CarrierUnavailable extends ShopError {
  readonly status = 504;
}

export class SupplierUnavailable extends ShopError {
  readonly status = 502;
}
