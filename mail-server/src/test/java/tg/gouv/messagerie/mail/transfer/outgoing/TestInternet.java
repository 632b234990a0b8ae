package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A DNS that a test writes, and addresses behind which are servers of this machine. Whatever is not written is not there. */
public final class TestInternet implements Names, Connector {
    private final Map<String, Answer<Mx>> mx = new ConcurrentHashMap<>();
    private final Map<String, Answer<InetAddress>> hosts = new ConcurrentHashMap<>();
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private final List<String> tried = new CopyOnWriteArrayList<>();

    /** A domain with these servers, each as {@code 10 mx.example}. */
    public TestInternet domain(String domain, String... servers) {
        mx.put(
                domain,
                new Answer.Found<>(Arrays.stream(servers)
                        .map(each -> each.split(" ", -1))
                        .map(each -> new Mx(Integer.parseInt(each[0]), each[1]))
                        .toList()));
        return this;
    }

    public TestInternet unknown(String domain) {
        mx.put(domain, new Answer.Unknown<>("the test says so"));
        return this;
    }

    /** A host at these addresses. */
    public TestInternet host(String host, String... addresses) {
        List<InetAddress> all = new ArrayList<>();
        for (String each : addresses) {
            all.add(InetAddress.ofLiteral(each));
        }
        hosts.put(host, new Answer.Found<>(all));
        mx.putIfAbsent(host, new Answer.None<>(true));
        return this;
    }

    /** What is behind an address. */
    public TestInternet behind(String address, PeerServer server) {
        ports.put(InetAddress.ofLiteral(address).getHostAddress(), server.port());
        return this;
    }

    /** A domain with one server behind one address. */
    public TestInternet simple(String domain, String address, PeerServer server) {
        return domain(domain, "10 mx." + domain).host("mx." + domain, address).behind(address, server);
    }

    /** The addresses and ports to which it was tried to connect, in order. */
    public List<String> tried() {
        return tried;
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return mx.getOrDefault(domain, new Answer.None<>(false));
    }

    @Override
    public Answer<InetAddress> addresses(String host) {
        return hosts.getOrDefault(host, new Answer.None<>(false));
    }

    @Override
    public Socket connect(InetAddress address, int port, Duration patience) throws IOException {
        tried.add(address.getHostAddress() + ":" + port);
        Integer real = ports.get(address.getHostAddress());
        if (real == null) {
            throw new ConnectException("nobody is at " + address.getHostAddress());
        }
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), real), Math.toIntExact(patience.toMillis()));
        return socket;
    }
}
