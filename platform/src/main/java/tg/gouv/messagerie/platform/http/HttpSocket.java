package tg.gouv.messagerie.platform.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import tg.gouv.messagerie.platform.settings.Endpoint;

/**
 * Where an HTTP server will listen, taken before the server is made: its port is known to whoever must tell it to clients, and
 * nobody else gets it meanwhile. Who connects waits until the server starts.
 */
public final class HttpSocket implements AutoCloseable {
    private static final int ACCEPT_QUEUE = 256;

    private final ServerSocketChannel channel;

    private HttpSocket(ServerSocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes an address.
     *
     * @param listen with port 0, a free one is chosen
     * @throws HttpRefused if the address is not free or not this machine's
     */
    public static HttpSocket open(Endpoint listen) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(HttpServer.address(listen), listen.port()), ACCEPT_QUEUE);
                return new HttpSocket(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new HttpRefused(
                    "HTTP cannot listen on " + listen + ": " + e.getMessage()
                            + ". End the other program there, or choose another address or port in http.listen.",
                    e);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return channel.socket().getLocalPort();
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Gives the address back; a server that started here has done so by its own end. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
