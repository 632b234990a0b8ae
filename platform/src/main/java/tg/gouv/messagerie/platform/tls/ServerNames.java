package tg.gouv.messagerie.platform.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;

/**
 * Under which names clients reach this server.
 *
 * @param dns in lower case, in the order asked, {@code localhost} last
 * @param addresses in the order asked, the loopback addresses last
 */
record ServerNames(Set<String> dns, Set<InetAddress> addresses) {
    /** RFC 1035 section 2.3.4 allows 253 characters; a SAN of many such names would not fit a TLS record. */
    private static final int NAMES_MAX = 100;

    private static final Pattern DNS =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern DIGITS = Pattern.compile("[0-9.]+");

    /** RFC 6761 section 6.4: nothing is ever named so; permitting it alone forbids every real name of its kind. */
    private static final String NOBODY = "invalid";

    /** X.509: the numbers of {@code dNSName} and {@code iPAddress} in a subject alternative name. */
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    /**
     * The names asked for, and this machine's own.
     *
     * @throws IllegalArgumentException if one is neither a DNS name nor an IP address
     */
    static ServerNames of(List<String> asked) {
        if (asked.size() > NAMES_MAX) {
            throw new IllegalArgumentException("names may hold " + NAMES_MAX + " names, found " + asked.size());
        }
        Set<String> dns = new LinkedHashSet<>();
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (String name : asked) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (IPV4.matcher(lower).matches() || lower.indexOf(':') >= 0) {
                addresses.add(address(lower));
            } else if (DNS.matcher(lower).matches() && !DIGITS.matcher(lower).matches()) {
                dns.add(lower);
            } else {
                throw new IllegalArgumentException(
                        "names must hold DNS names without wildcards, or IP addresses; found \"" + name + "\"");
            }
        }
        dns.add("localhost");
        addresses.add(InetAddress.ofLiteral("127.0.0.1"));
        addresses.add(InetAddress.ofLiteral("::1"));
        return new ServerNames(dns, addresses);
    }

    /** The name a person would recognise: the first asked for. */
    String first() {
        return dns.iterator().next();
    }

    /** Whether a certificate is for exactly these names. */
    boolean areThoseOf(X509Certificate certificate) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            Set<String> dnsFound = new HashSet<>();
            Set<InetAddress> addressesFound = new HashSet<>();
            for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (each.get(0).equals(DNS_NAME)) {
                    dnsFound.add((String) each.get(1));
                } else if (each.get(0).equals(IP_ADDRESS)) {
                    addressesFound.add(InetAddress.ofLiteral((String) each.get(1)));
                }
            }
            return dnsFound.equals(dns) && addressesFound.equals(addresses);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** RFC 5280 section 4.2.1.6. */
    GeneralNames alternativeNames() {
        List<GeneralName> all = new ArrayList<>();
        dns.forEach(name -> all.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(
                address -> all.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress()))));
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }

    /** RFC 5280 section 4.2.1.10: these names and no other, nor any mailbox or URI. */
    NameConstraints constraints() {
        List<GeneralSubtree> permitted = new ArrayList<>();
        dns.forEach(name -> permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, name))));
        addresses.forEach(address -> permitted.add(
                new GeneralSubtree(new GeneralName(GeneralName.iPAddress, new DEROctetString(withMask(address))))));
        permitted.add(new GeneralSubtree(new GeneralName(GeneralName.rfc822Name, NOBODY)));
        permitted.add(new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, NOBODY)));
        return new NameConstraints(permitted.toArray(GeneralSubtree[]::new), null);
    }

    private static byte[] withMask(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] both = Arrays.copyOf(bytes, bytes.length * 2);
        Arrays.fill(both, bytes.length, both.length, (byte) 0xff);
        return both;
    }

    private static InetAddress address(String literal) {
        if (literal.indexOf('%') >= 0) {
            throw new IllegalArgumentException("names must hold addresses without a zone, found \"" + literal + "\"");
        }
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("names holds \"" + literal + "\", which is not an IP address", e);
        }
    }
}
