package tg.gouv.messagerie.mail.james;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/*
 * James asks for the name of every client: for its log context, for Received fields. Each question would wait for the DNS, on
 * a thread that serves others, and tell it who our clients are. The JVM finds this class by META-INF/services.
 */
/** Never asks the DNS for the name of an address: {@code getHostName} answers the address. */
public final class NoReverseLookups extends InetAddressResolverProvider {
    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver names = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                return names.lookupByName(host, policy);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return InetAddress.getByAddress(address).getHostAddress();
            }
        };
    }

    @Override
    public String name() {
        return "no reverse look-ups";
    }
}
