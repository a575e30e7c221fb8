import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay to a server on this machine. It can be cut and restored on the same port. */
export interface Relay {
  readonly port: number;
  /** Returns the URL through the relay. */
  through(url: string): string;
  /** Stops listening and closes all connections. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Opens a {@link Relay} to the server of a URL. */
export async function openRelay(serverUrl: string): Promise<Relay> {
  const target = Number(new URL(serverUrl).port);
  const sockets = new Set<Socket>();
  let server = relayTo(target, sockets);
  const port = await listen(server, 0);
  return {
    port,
    through(url) {
      const through = new URL(url);
      through.port = String(port);
      return through.href;
    },
    async cut() {
      if (!server.listening) return;
      const closed = new Promise<unknown>((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async mend() {
      server = relayTo(target, sockets);
      await listen(server, port);
    },
  };
}

function relayTo(target: number, sockets: Set<Socket>): Server {
  return createServer((near) => {
    const far = connect(target, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
}

/** Listens on this machine and returns the port. */
export async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
