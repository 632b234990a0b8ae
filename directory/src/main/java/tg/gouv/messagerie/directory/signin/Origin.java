package tg.gouv.messagerie.directory.signin;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Where an attempt comes from, in three widths, each written as PostgreSQL's {@code cidr}.
 *
 * @param host the address alone
 * @param network /24, or /64 for IPv6: about one building
 * @param site /24, or /48 for IPv6, which is what one customer is given (RFC 6177): its wrong secrets count together
 */
public record Origin(String host, String network, String site) {
    /** The origin of a connection; an IPv4 address mapped into IPv6 is an IPv4 address. */
    public static Origin of(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean old = address instanceof Inet4Address;
        return new Origin(cidr(bytes, old ? 32 : 128), cidr(bytes, old ? 24 : 64), cidr(bytes, old ? 24 : 48));
    }

    private static String cidr(byte[] address, int bits) {
        byte[] network = Arrays.copyOf(Arrays.copyOf(address, bits / Byte.SIZE), address.length);
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
