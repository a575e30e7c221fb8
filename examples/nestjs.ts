// A NestJS app. Compile it like any Nest app, and start it with
//   node --import opentelemetry-exporter-slack/register dist/main.js
import 'reflect-metadata';
import { ConsoleLogger, Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { logs } from '@opentelemetry/api-logs';

/** Nest's own logger writes directly to stdout and stderr, not to the console. This logger also emits each error. */
class AlertingLogger extends ConsoleLogger {
  override error(message: unknown, ...rest: unknown[]): void {
    super.error(message as string, ...(rest as string[]));
    // Nest passes an exception, or a text and perhaps a stack. The last argument is the name of the class that logs.
    const scope = String(rest.at(-1) ?? this.context ?? 'nest');
    const body = message instanceof Error ? message.message : String(message);
    const exception = message instanceof Error ? { exception: message } : {};
    logs.getLogger(scope).emit({ severityNumber: 17, severityText: 'ERROR', body, ...exception });
  }
}

@Controller('carts')
class CartsController {
  @Get(':id')
  find(): never {
    // Nest answers an exception that is not an HttpException with 500, and passes it to its logger.
    throw new RangeError('the cart is empty');
  }
}

@Module({ controllers: [CartsController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: new AlertingLogger() });
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
console.log(await app.getUrl());
