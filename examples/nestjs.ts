// A NestJS app. It is compiled as every Nest app, and started with
//   node --import opentelemetry-exporter-slack/register dist/main.js
import 'reflect-metadata';
import { ConsoleLogger, Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { logs } from '@opentelemetry/api-logs';

/** Nest's own logger writes to stdout and stderr, past the console: what shall reach Slack has to be told here. */
class AlertingLogger extends ConsoleLogger {
  override error(message: unknown, ...rest: unknown[]): void {
    super.error(message as string, ...(rest as string[]));
    // Nest hands over an exception, or a text and perhaps a stack; last comes the name of the class that speaks.
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
    // Whatever is no HttpException, Nest answers with 500 and gives to its logger.
    throw new RangeError('the cart is empty');
  }
}

@Module({ controllers: [CartsController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: new AlertingLogger() });
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
console.log(await app.getUrl());
