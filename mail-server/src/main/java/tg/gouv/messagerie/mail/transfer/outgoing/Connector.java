package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Opens connections to other servers. */
@FunctionalInterface
public interface Connector {
    /**
     * A connected socket, the caller's to close.
     *
     * @throws IOException if nobody takes the connection in time
     */
    Socket connect(InetAddress address, int port, Duration patience) throws IOException;

    /** TCP. */
    static Connector tcp() {
        return (address, port, patience) -> {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), Math.toIntExact(patience.toMillis()));
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        };
    }
}
