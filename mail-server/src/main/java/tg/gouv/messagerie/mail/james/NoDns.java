package tg.gouv.messagerie.mail.james;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import org.apache.james.dnsservice.api.DNSService;

/** The DNS, for a server that sends nothing outside: it knows addresses, and asks nobody. */
final class NoDns implements DNSService {
    private final String hostName;

    NoDns(String hostName) {
        this.hostName = hostName;
    }

    @Override
    public Collection<String> findMXRecords(String domain) {
        return List.of();
    }

    @Override
    public Collection<String> findTXTRecords(String domain) {
        return List.of();
    }

    @Override
    public Collection<InetAddress> getAllByName(String host) throws UnknownHostException {
        return List.of(getByName(host));
    }

    @Override
    public InetAddress getByName(String host) throws UnknownHostException {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw new UnknownHostException(host);
        }
    }

    @Override
    public InetAddress getLocalHost() throws UnknownHostException {
        return InetAddress.getByAddress(
                hostName, InetAddress.ofLiteral("127.0.0.1").getAddress());
    }

    @Override
    public String getHostName(InetAddress address) {
        return address.getHostAddress();
    }
}
